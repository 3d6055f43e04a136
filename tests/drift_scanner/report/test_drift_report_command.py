"""`tagwright drift report`, as a user calls it, on a history that real scans wrote."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.drift_scanner.fake import NOW, Fake, estate, ticking

from tagwright_cli.main import main
from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.discovery import discover
from tagwright_drift.cells import CellState
from tagwright_drift.history.applying import apply
from tagwright_drift.history.store import open_history
from tagwright_drift.inventories.contract import CellTrouble
from tagwright_drift.judging import plain_judging
from tagwright_drift.runs.model import RunEnd, RunHeader
from tagwright_drift.runs.reading import open_run
from tagwright_drift.runs.writing import RunWriter
from tagwright_drift.scanning.engine import Scan
from tagwright_drift.scanning.executors import Threads


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """An empty folder to work in, and the time zone of the examples."""
    monkeypatch.chdir(tmp_path)
    for name in ("TAGWRIGHT_STATE", "TAGWRIGHT_HISTORY", "TAGWRIGHT_DICTIONARY", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TAGWRIGHT_NOW", "2026-11-27T09:00:00+01:00")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Zurich")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def scan(tmp_path):
    """scan(inventory, days): looks, and merges into the history of the state folder; the run's id."""
    dictionary = load(discover(tmp_path, explicit=None, environ={}).source, cache=False)

    def run(inventory, days=0):
        started = NOW + timedelta(days=days)
        header = RunHeader(
            f"{started:%Y%m%dT%H%M%SZ}-00000001", started, "full", "fake", "0.1.0", dictionary.name,
            dictionary.version, dictionary.digest, judged_on=started.date().isoformat(),
        )  # fmt: skip
        judging = plain_judging(dictionary, date(2026, 11, 26))
        with RunWriter(tmp_path / ".tagwright/drift/runs", header, inventory.plan()) as writer:
            Scan(inventory, judging, Threads(2), ticking(started)).run(writer, threading.Event())
            writer.end(RunEnd(started + timedelta(minutes=5)))
        history = open_history(tmp_path / ".tagwright/drift/history.db", create=True)
        apply(history, [open_run(writer.path)])
        history.close()
        return header.id

    return run


def say(capsys, *arguments):
    """The exit code, stdout and stderr of `drift report`."""
    code = main(["drift", "report", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def small():
    return estate(accounts=1, regions=("eu-west-1",), each=10)


def refused(held):
    """One cell of it is denied by an organization's policy."""
    first = min(held)
    return Fake(
        held, {first: (0, CellTrouble(CellState.DENIED, "explicit deny for ec2:DescribeInstances", refused_by="scp"))}
    )


def test_open_errors_block(scan, capsys):
    """Everything seen, errors open: 1, coverage first, the deadline of the dictionary, the run and the time."""
    run = scan(Fake(small()))
    code, out, err = say(capsys)
    lines = out.splitlines()
    assert code == 1
    assert lines[0] == "seen       All 3 cells seen."
    assert "first scan" in out
    assert run in out
    assert "+01:00" in out
    assert "shipped AI/ML dictionary applies" in err


def test_incomplete_outweighs_and_says_both(scan, capsys):
    """A denied cell: 4, even though errors are open as well; the gap, its cause, and never the word clean."""
    scan(refused(small()))
    code, out, _ = say(capsys)
    assert code == 4
    assert out.splitlines()[0] == "seen       2 of 3 cells seen; 1 not: 1 blocked by policy."
    assert "Incomplete: not everything was seen;" in out
    assert "errors" in out
    assert "explicit deny for ec2:DescribeInstances" in out


def test_clean_is_clean(scan, capsys):
    """Every resource in order, every cell seen: 0, and that in so many words; with a gap it is 4."""
    held = {cell: [each for each in some if each.resource.tags.items] for cell, some in small().items()}
    scan(Fake(held))
    code, out, _ = say(capsys)
    assert (code, "Clean: everything was seen, and nothing is open." in out) == (0, True)
    scan(refused(held), days=1)
    code, out, _ = say(capsys)
    assert (code, "Clean" in out) == (4, False)


def test_several_formats_at_once(scan, capsys, tmp_path):
    """One to stdout, the others into files, all about the same findings."""
    scan(Fake(small()))
    code, out, err = say(
        capsys, "-q", "-f", "json", "-f", "html=r.html", "-f", "csv=r.csv", "-f", "markdown=r.md", "-f", "text=r.txt"
    )
    assert (code, err) == (1, "")
    found = json.loads(out)
    identities = [row["identity"] for row in found["findings"]]
    assert len(identities) == found["counts"]["open"] > 0
    table = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text("utf-8"))))
    assert [row["identity"] for row in table] == identities
    assert "All 3 cells seen." in (tmp_path / "r.txt").read_text("utf-8")
    assert "All 3 cells seen" in (tmp_path / "r.md").read_text("utf-8")
    assert "All 3 cells seen." in (tmp_path / "r.html").read_text("utf-8")


def test_documents_leave_coverage_to_stderr(scan, capsys):
    """Whoever pipes rows away still reads what was not seen."""
    scan(refused(small()))
    code, out, err = say(capsys, "--format", "csv")
    assert code == 4
    assert out.startswith("standing,")
    assert "2 of 3 cells seen; 1 not: 1 blocked by policy." in err


def test_the_second_scan_tells_what_changed(scan, capsys):
    """Fixed ones are resolved, new ones new, and --run and --since look further back."""
    held = small()
    first = scan(Fake(held))
    mended = {cell: [each for each in some if each.resource.tags.items] for cell, some in held.items()}
    target = max(mended)
    fresh = replace(held[target][0], name="fresh")
    mended[target].append(replace(fresh, resource=replace(fresh.resource, address=f"{fresh.resource.address}-fresh")))
    scan(Fake(mended), days=7)
    before = json.loads(say(capsys, "-f", "json", "--run", first)[1])
    after = json.loads(say(capsys, "-f", "json")[1])
    assert after["changes"]["resolved"] == before["counts"]["open"]
    assert after["changes"]["new"] == after["counts"]["open"] > 0
    assert {row["resource"]["name"] for row in after["findings"]} == {"fresh"}
    assert after["changes"]["since"] == "2026-11-26T12:00:00Z"
    wide = json.loads(say(capsys, "-f", "json", "--since", "30d")[1])
    assert (wide["changes"]["resolved"], wide["changes"]["new"]) == (0, after["changes"]["new"])


def test_targets_and_levels_are_those_of_the_dictionary(scan, capsys, tmp_path):
    """A dictionary with a low target and a short service level: on target, and everything overdue; it is said whose."""
    scan(Fake(small()))
    (tmp_path / "d.yaml").write_text(
        "schema: 1\nname: mine\nversion: 1.0.0\nkeys: {owner: {}}\n"
        "service_levels: [{for: all, remediate_within: 1h, severity: critical}]\n"
        "targets: {count_compliance: {green: 10, yellow: 5}}\n"
    )
    code, out, err = say(capsys, "-f", "json", "--dictionary", "d.yaml")
    found = json.loads(out)
    assert code == 1
    assert found["measures"]["count_compliance"]["light"] == "green"
    assert {row["standing"] for row in found["findings"]} == {"breached"}
    assert {row["level"] for row in found["findings"]} == {"critical"}
    assert "those of mine 1.0.0" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "there is no history"),
        (("--history", "nowhere/h.db"), "there is no history"),
    ],
)
def test_no_history(arguments, words, capsys, tmp_path):
    """2 and the next step, and none is begun."""
    code, out, err = say(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "help:" in err
    assert not (tmp_path / ".tagwright").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "pdf"), "there is no output format 'pdf'"),
        (("--format", "json", "--format", "csv"), "only one report can go to stdout"),
        (("--since", "yesterday"), "neither a day nor a number of days"),
        (("--since", "9999d"), ""),
        (("--run", "2019"), "there is no run '2019'"),
        (("--output", "no/such/folder/r.txt"), "the report cannot be written"),
    ],
)
def test_wrong_input(arguments, words, scan, capsys):
    """2, one line with the reason, the next step, no traceback; nothing half-written."""
    scan(Fake(small()))
    code, _, err = say(capsys, *arguments)
    assert code == (2 if words else 1)
    assert words in err
    assert "Traceback" not in err


def test_a_damaged_history_is_named(scan, capsys, tmp_path):
    scan(Fake(small()))
    file = tmp_path / ".tagwright/drift/history.db"
    for more in tmp_path.glob(".tagwright/drift/history.db-*"):
        more.unlink()
    file.write_bytes(b"not a database" * 1000)
    code, out, err = say(capsys)
    assert (code, out) == (2, "")
    assert "history.db" in err


def test_colour_only_where_it_is_wanted(scan, capsys, monkeypatch):
    """None in a pipe; on demand; NO_COLOR counts."""
    scan(Fake(small()))
    assert "\x1b" not in say(capsys)[1]
    assert "\x1b[" in say(capsys, "--color", "always")[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in say(capsys)[1]
    assert "\x1b" not in say(capsys, "--color", "never")[1]
