"""A scan in three pieces is the scan in one; a piece that is missing is never taken for clean."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.drift_scanner.end_to_end import reading
from tests.drift_scanner.end_to_end.oracle import Oracle, remember
from tests.drift_scanner.end_to_end.world import EU, FINE, KINDS, ME, OTHER, US

from tagwright_drift.history.records import AgeBasis
from tagwright_drift.scanning.sharding import shard_of

TYPES = [word for kind in KINDS for word in ("--type", kind)]
WHERE = ("--account", ME, "--account", OTHER, "--role", "scan", *TYPES)


@pytest.fixture
def estate(world):
    for kind in KINDS:
        for account, region in ((ME, US), (ME, EU), (OTHER, US), (OTHER, EU)):
            for name, tags in (("bare", {}), ("half", {"owner": "x"}), ("fine", FINE)):
                world.make(kind, f"{name}-{account[0]}{region[:2]}-{kind[4:6]}", tags, account=account, region=region)
    remember(world)
    return world


def timeless(record):
    created = record.age_basis is AgeBasis.CREATED
    return replace(record, first_seen=record.first_seen if created else reading.LONG_AGO, last_seen=reading.LONG_AGO)


def scan_shards(drift, run, out="shards"):
    return [drift("scan", *WHERE, "--shard", f"{n}/3", "--out", out, "--run-id", run) for n in (1, 2, 3)]


def cells(url):
    (run,) = reading.runs(url)
    return {
        cell: replace(each, calls=0, started=None, ended=None) for cell, each in reading.ledger(run.id, url).items()
    }


def test_three_shards_are_one_scan(estate, drift, tmp_path):
    """Findings, ledger and numbers; each cell is in one shard, and nothing is asked twice."""
    assert drift("scan", *WHERE, "--state", "whole").code == 1
    said = scan_shards(drift, "r1")
    assert [each.code for each in said] == [0, 0, 0]
    merged = drift("merge", "shards", "--state", "parts", "--format", "json")
    assert merged.code == 0
    one, three = (tmp_path / name / "history.db" for name in ("whole", "parts"))
    assert [timeless(each) for each in reading.records(three)] == [timeless(each) for each in reading.records(one)]
    assert cells(three) == cells(one)
    (first,), (second,) = reading.runs(one), reading.runs(three)
    assert second.metrics == first.metrics
    assert second.coverage == first.coverage
    assert json.loads(merged.out)["findings"]["new"] == len(reading.records(three))
    oracle = Oracle()
    oracle.scan(estate, full=False)
    assert reading.standing(three) == oracle.standing
    # The same report, but for whose run it was.
    texts = []
    for state in ("whole", "parts"):
        document = json.loads(drift("report", "--state", state, "--format", "json").out)
        texts.append(
            [
                {k: v for k, v in row.items() if k not in ("first_seen", "last_seen", "due")}
                for row in document["findings"]
            ]
        )
    assert texts[0] == texts[1]


def test_a_missing_shard_is_refused_or_unseen(estate, drift, tmp_path):
    """After a whole scan: what the missing shard was to see is unseen, and its findings stay open although mended."""
    scan_shards(drift, "r1", "first")
    assert drift("merge", "first").code == 0
    before = reading.standing()
    for thing in estate.things.values():
        estate.tag(thing, owner="x", cost_center="cc-4100")
    scan_shards(drift, "r2", "second")
    there = ["second/r2.1-of-3", "second/r2.3-of-3"]
    refused = drift("merge", *there)
    assert refused.code == 2
    assert "shard 2 is missing" in refused.err
    assert "--partial" in refused.err
    assert reading.standing() == before
    assert len(reading.runs()) == 1
    said = drift("merge", *there, "--partial")
    assert said.code == 4
    assert "shard 2" in said.out
    told = reading.ledger("r2")
    missed = {cell for cell, each in reading.ledger("r1").items() if shard_of(each.cell, 3) == 2}
    assert missed
    assert {cell for cell, each in told.items() if str(each.state) == "unseen"} == {
        cell for cell in missed if cell[1] != "me-central-1" or str(told[cell].state) == "unseen"
    }
    after = reading.standing()
    for (arn, key), state in after.items():
        cell = estate.things[arn].cell
        assert state == (before[arn, key] if cell in missed else "resolved"), (arn, key)
    assert drift("report").code == 4


def test_a_shard_whose_scan_was_killed_is_merged_for_what_it_saw(estate, drift, tmp_path):
    """Its end is missing: the run counts as killed, and what it did not finish as unseen."""
    scan_shards(drift, "r1")
    (tmp_path / "shards/r1.2-of-3/end.json").unlink()
    said = drift("merge", "shards")
    assert said.code in (0, 4)
    (run,) = reading.runs()
    assert run.killed
    report = drift("report", "--format", "json")
    assert report.code == 4
    assert json.loads(report.out)["whole"] is False


def test_a_run_that_began_first_and_is_merged_last_is_not_called_clean(estate, drift, tmp_path):
    """As of two scans at once: what the second told first is open for the first one too."""
    for run, moment in (("late", "2026-11-26T10:00:00+00:00"), ("early", "2026-11-26T11:00:00+00:00")):
        drift("scan", *WHERE, "--out", "runs", "--run-id", run, "--now", moment)
    for run in ("early", "late"):
        assert drift("merge", f"runs/{run}").code == 0
    oracle = Oracle()
    oracle.scan(estate, full=False)
    for arguments in (("--run", "late"), ("--run", "early"), ()):
        said = drift("report", "--format", "json", *arguments)
        rows = json.loads(said.out)["findings"]
        assert said.code == 1, arguments
        assert {(row["resource"]["address"], row["key"]) for row in rows} == set(oracle.open())
