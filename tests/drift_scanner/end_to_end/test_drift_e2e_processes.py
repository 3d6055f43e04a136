"""The real process: killed at any point, stopped by signals, two at once. Nothing is lost, nothing passes for seen."""

from __future__ import annotations

import signal
import sqlite3
import time
from dataclasses import replace

import pytest
from tests.drift_scanner.end_to_end import reading
from tests.drift_scanner.end_to_end.completed import regions_are
from tests.drift_scanner.end_to_end.oracle import Oracle, remember
from tests.drift_scanner.end_to_end.processes import finish, start, wait_for
from tests.drift_scanner.end_to_end.world import FINE, KINDS, US
from tests.drift_scanner.faults import Fault

from tagwright_drift.history.records import AgeBasis

TYPES = [word for kind in KINDS for word in ("--type", kind)]
SCAN = ("scan", "--max-tps", "0", "--threads", "2")


@pytest.fixture
def estate(world):
    """Six of each kind in one region, of which two lack tags; every answer takes its time."""
    regions_are(US)
    for kind in KINDS:
        for number in range(6):
            tags = ({}, {"owner": "x"}, FINE)[min(number, 2)]
            world.make(kind, f"r{number}-{kind[4:6]}", tags)
    remember(world)
    return world


def slowly(world, seconds):
    world.cloud.plan(Fault("slow", seconds=seconds))


def same(record):
    """A finding without what a run of another time may have put there."""
    created = record.age_basis is AgeBasis.CREATED
    return replace(record, first_seen=record.first_seen if created else reading.LONG_AGO, last_seen=reading.LONG_AGO)


def test_killed_at_any_point_and_scanned_again_it_is_the_same_history(estate, drift, chance, tmp_path):
    """Before the plan, among the cells, after the last one, in the merge: then one undisturbed scan."""
    drift("scan", "--state", "calm")
    calm = {each.identity: same(each) for each in reading.records(tmp_path / "calm/history.db")}
    assert len(calm) == 4 * 3
    slowly(estate, 0.03)
    killed = 0
    for number in range(7):
        process = start(*SCAN)
        ended = f".tagwright/drift/runs/*/{'end' if number % 3 == 2 else 'run'}.json"
        before = set(tmp_path.glob(".tagwright/drift/runs/*"))
        if number % 3 == 0:
            time.sleep(chance.uniform(0.2, 1.5))
        else:
            pattern = ended.replace("*", "[!.]*")
            while process.poll() is None and not any(each.parent not in before for each in tmp_path.glob(pattern)):
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 2.0 if number % 3 == 1 else 0.05))
        process.kill()
        code, _, _ = finish(process)
        killed += code == -signal.SIGKILL
        if not (tmp_path / reading.STATE / "history.db").exists():
            continue
        with sqlite3.connect(tmp_path / reading.STATE / "history.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        known = {each.identity: same(each) for each in reading.records()}
        assert known.items() <= calm.items(), f"kill {number}"
    assert killed >= 3, "the scans were over before they were killed"
    estate.cloud.plan()
    said = drift("scan")
    assert said.code == 1
    assert {each.identity: same(each) for each in reading.records()} == calm
    told = reading.runs()
    assert [each.killed for each in told][-1] is False
    assert told[-1].coverage.whole
    # Every run that was begun is in the history; one that was killed says so, and is not called whole.
    begun = {each.parent.name for each in tmp_path.glob(".tagwright/drift/runs/*/run.json")}
    assert {each.id for each in told} == begun
    for each in told:
        ended = (tmp_path / reading.STATE / "runs" / each.id / "end.json").exists()
        assert each.killed is not ended
        if each.killed:
            assert each.metric("resolved") == 0
    # A finding began no later than the first run that could have seen it, and never after it was last seen.
    assert all(each.first_seen <= each.last_seen for each in reading.records())


def test_a_killed_scan_resolves_nothing_and_its_successor_says_what_became_of_it(estate, drift, tmp_path):
    """All is mended before the killed scan: whatever it did not finish stays open; then all is resolved."""
    assert drift("scan", *TYPES).code == 1
    for thing in estate.things.values():
        estate.tag(thing, owner="x", cost_center="cc-4100")
    slowly(estate, 0.1)
    process = start(*SCAN, *TYPES)
    (before,) = [each.name for each in (tmp_path / reading.STATE / "runs").iterdir()]
    while not any(each.parent.name != before for each in tmp_path.glob(".tagwright/drift/runs/*/run.json")):
        time.sleep(0.002)
    time.sleep(0.3)
    process.kill()
    assert finish(process)[0] == -signal.SIGKILL
    report = drift("report")
    assert report.code == 1  # the killed run is not in the history yet, and nothing of it is believed
    estate.cloud.plan()
    again = drift("scan", *TYPES)
    (name,) = [each.id for each in reading.runs() if each.killed]
    assert f"recovered the scan {name}: " in again.err
    assert "never reached" in again.err
    assert set(reading.standing().values()) == {"resolved"}
    assert again.code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_scan_in_good_order(estate, drift, tmp_path, number):
    """130; what was seen is kept and merged, the rest is unseen, and the next scan has nothing to recover."""
    slowly(estate, 0.1)
    process = start(*SCAN)
    assert wait_for(process, ".tagwright/drift/runs/*/run.json")
    time.sleep(1.0)
    process.send_signal(number)
    code, out, err = finish(process)
    assert code == 130
    assert "stopping: what was seen is kept" in err
    assert "Traceback" not in err
    (run,) = reading.runs()
    assert not run.killed
    assert run.ended is not None
    told = reading.ledger(run.id)
    states = {str(each.state) for each in told.values()}
    assert states in ({"complete", "unseen"}, {"unseen"})
    assert f"{run.coverage.complete:,} of {run.coverage.required:,} cells seen" in " ".join(out.split())
    estate.cloud.plan()
    said = drift("scan")
    assert said.code == 1
    assert "recovered" not in said.err
    oracle = Oracle()
    oracle.scan(estate)
    assert reading.standing() == oracle.standing


@pytest.mark.parametrize("where", ["sqlite", "postgres"])
def test_two_scans_at_once(estate, drift, request, where, tmp_path):
    """On one state folder, and on one Postgres from two: both runs are in the history, and every finding once."""
    url = [] if where == "sqlite" else ["--history", request.getfixturevalue("postgres")()]
    slowly(estate, 0.02)
    states = ["one", "one"] if where == "sqlite" else ["one", "two"]
    both = [start(*SCAN, *TYPES, "--state", state, *url) for state in states]
    ends = [finish(process) for process in both]
    assert [(code, err.count("Traceback")) for code, _, err in ends] == [(1, 0), (1, 0)], ends
    place = url[1] if url else tmp_path / "one/history.db"
    runs = reading.runs(place)
    assert len(runs) == 2
    assert all(each.coverage.whole and not each.killed for each in runs)
    oracle = Oracle()
    oracle.scan(estate, full=False)
    assert reading.standing(place) == oracle.standing
    assert len(reading.records(place)) == len(oracle.standing)
    if where == "sqlite":
        with sqlite3.connect(place) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def test_a_second_signal_does_not_wait_for_answers_that_do_not_come(estate, drift, tmp_path):
    """AWS hangs for a minute a call: the first signal lets what runs come in, the second ends at once."""
    estate.cloud.plan(Fault("slow", service="sqs", seconds=40))
    process = start(*SCAN, *TYPES)
    assert wait_for(process, ".tagwright/drift/runs/*/run.json")
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    code, _, err = finish(process)
    assert time.monotonic() - began < 20
    assert code == 130
    assert "Traceback" not in err
    estate.cloud.plan()
    said = drift("scan", *TYPES)
    assert said.code == 1
    oracle = Oracle()
    oracle.scan(estate, full=False)
    assert reading.standing() == oracle.standing
