"""`tagwright drift merge`, `replay` and `history`, as a user calls them."""

from __future__ import annotations

import json
import time

import pytest
from tests.drift_scanner.history.kit import CELL, WHOLE, run, seen

from tagwright_cli.main import main
from tagwright_drift.cells import Cell, CellState
from tagwright_drift.history.applying import apply
from tagwright_drift.history.store import open_history
from tagwright_drift.identity import identity as identity_of
from tagwright_drift.identity import subject

OTHER = Cell("444455556666", "us-east-1", "aws_s3_bucket")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """An empty folder to work in, and the time zone of the examples."""
    monkeypatch.chdir(tmp_path)
    for name in ("TAGWRIGHT_STATE", "TAGWRIGHT_HISTORY"):
        monkeypatch.delenv(name, raising=False)
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def say(capsys, *arguments):
    """The exit code, stdout and stderr."""
    code = main(["drift", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def shards(folder, one):
    return [
        one.write(folder / str(number), (number, len(one.cells)), [told]) for number, told in enumerate(one.cells, 1)
    ]


def test_shards_are_merged_into_the_history_of_the_state_folder(tmp_path, capsys):
    one = run(0, (CELL, WHOLE, [seen()]), (OTHER, WHOLE, [seen("b", cell=OTHER)]))
    shards(tmp_path / "shards", one)
    code, out, err = say(capsys, "merge", "shards/1", "shards/2")
    assert (code, err) == (0, "")
    assert out == (f"{one.id}: All 2 cells seen.\n  2 new, 0 regressed, 0 resolved, 0 persisting\n")
    assert say(capsys, "merge", "shards/2", "shards/1")[:2] == (
        0, f"{one.id}: All 2 cells seen.\n  in the history already; nothing changed\n",
    )  # fmt: skip
    assert len(list(open_history(tmp_path / ".tagwright/drift/history.db").findings())) == 2


def test_a_missing_shard_is_refused_and_begins_no_history(tmp_path, capsys):
    one = run(0, (CELL, WHOLE, [seen()]), (OTHER, WHOLE, []))
    shards(tmp_path / "shards", one)
    code, out, err = say(capsys, "merge", "shards/1")
    assert (code, out) == (2, "")
    assert "shard 2 is missing" in err
    assert "--partial" in err
    assert not (tmp_path / ".tagwright").exists()
    code, out, _ = say(capsys, "merge", "--partial", "shards/1", "--format", "json")
    document = json.loads(out)
    assert code == 4
    assert document["missing_shards"] == [2]
    assert document["coverage"] == {
        "planned": 2,
        "required": 2,
        "complete": 1,
        "lost": {"unseen": 1},
        "resources": 1,
        "unknown_tags": 0,
        "suspect": 0,
    }
    assert document["findings"] == {"new": 1, "persisting": 0, "regressed": 0, "resolved": 0}


def test_a_run_that_did_not_see_everything_is_4_also_the_second_time(tmp_path, capsys):
    one = run(0, (CELL, WHOLE, [seen()]), (OTHER, CellState.DENIED, []))
    one.write(tmp_path / "runs")
    for _ in range(2):
        code, out, _ = say(capsys, "merge", f"runs/{one.id}")
        assert code == 4
        assert out.startswith(f"{one.id}: 1 of 2 cells seen; 1 not: 1 not permitted to the scanner.\n")


def test_what_is_no_run_is_named(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    for name in ("empty", "none"):
        code, _, err = say(capsys, "merge", name)
        assert code == 2
        assert f"there is no run in {name}" in err
    code, _, err = say(capsys, "replay", "empty", "--history", "new.db")
    assert code == 2
    assert "there is no run in empty" in err
    assert not (tmp_path / "new.db").exists()


def test_accept_shrink(tmp_path, capsys):
    many = run(0, (CELL, WHOLE, [seen(f"q{number}") for number in range(40)]))
    none = run(1, (CELL, WHOLE, []))
    again = run(2, (CELL, WHOLE, []))
    for one in (many, none, again):
        one.write(tmp_path)
    assert say(capsys, "merge", many.id)[0] == 0
    code, out, _ = say(capsys, "merge", none.id)
    assert code == 4
    assert "0 resolved" in out
    assert "--accept-shrink" in out
    other = ("--history", "other.db")
    assert say(capsys, "merge", many.id, *other)[0] == 0
    code, out, _ = say(capsys, "merge", none.id, "--accept-shrink", *other)
    assert code == 0
    assert "40 resolved" in out


def test_a_history_is_replayed_the_same(tmp_path, capsys):
    live = open_history(tmp_path / "live.db", create=True)
    runs = [run(number, (CELL, WHOLE, [seen(f"q{number}"), seen("q")])) for number in range(3)]
    for one in runs:
        apply(live, [one.write(tmp_path / "runs")])
    code, out, err = say(capsys, "replay", "runs", "--history", "new.db")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "3 runs merged, 0 in the history already"
    again = open_history(tmp_path / "new.db")
    assert list(again.findings(open_only=False)) == list(live.findings(open_only=False))
    assert again.runs() == live.runs()
    assert say(capsys, "replay", "runs", "--history", "new.db")[1].endswith("0 runs merged, 3 in the history already\n")


def test_a_damaged_history_is_named_with_the_way_out(tmp_path, capsys):
    run(0, (CELL, WHOLE, [seen()])).write(tmp_path / "runs")
    (tmp_path / "history.db").write_bytes(b"no database at all" * 500)
    before = (tmp_path / "history.db").read_bytes()
    for arguments in (
        ("history", "--history", "history.db"),
        ("merge", "runs", "--history", "history.db"),
        ("replay", "runs", "--history", "history.db"),
    ):
        code, out, err = say(capsys, *arguments)
        assert (code, out) == (2, "")
        assert "the history in history.db is damaged" in err
        assert "tagwright drift replay RUNS --history NEW" in err
    assert (tmp_path / "history.db").read_bytes() == before


class TestHistory:
    @pytest.fixture
    def two(self, tmp_path):
        history = open_history(tmp_path / "h.db", create=True)
        runs = [
            run(0, (CELL, WHOLE, [seen("queue")]), (OTHER, CellState.DENIED, [])),
            run(1, (CELL, WHOLE, [seen("queue", "compliant")]), (OTHER, WHOLE, [])),
        ]
        for one in runs:
            apply(history, [one.write(tmp_path / "runs")])
        return runs

    def test_the_runs(self, two, capsys):
        text = (
            f"{two[0].id}  full  2026-11-01 12:00+00:00, ended 2026-11-01 13:00+00:00\n"
            "  1 of 2 cells seen; 1 not: 1 not permitted to the scanner.\n"
            "  1 open, 1 new, 0 regressed, 0 resolved; dictionary acme 2.3.0\n"
            f"{two[1].id}  full  2026-11-02 12:00+00:00, ended 2026-11-02 13:00+00:00\n"
            "  All 2 cells seen.\n"
            "  0 open, 0 new, 0 regressed, 1 resolved; dictionary acme 2.3.0\n"
            "2 runs.\n"
        )
        assert say(capsys, "history", "--history", "h.db") == (0, text, "")

    def test_the_life_of_a_finding(self, two, capsys):
        identity = identity_of(subject(seen("queue").live), "missing-tag", "owner")
        code, out, _ = say(capsys, "history", "--history", "h.db", "queue")
        assert code == 0
        assert out == (
            "queue  aws_sqs_queue, 111122223333 eu-west-1\n"
            "  arn:aws:sqs:eu-west-1:111122223333:queue\n"
            "  missing-tag owner (error, definite): owner is required\n"
            "  resolved 2026-11-02 12:00+00:00, was open since 2026-11-01 12:00+00:00\n"
            f"  2026-11-01 12:00+00:00  first seen  {two[0].id}\n"
            f"  2026-11-02 12:00+00:00  resolved: the resource is in order  {two[1].id}\n"
            f"  identity {identity}\n"
        )
        document = json.loads(say(capsys, "history", "--history", "h.db", identity[:10], "--format", "json")[1])
        assert [each["identity"] for each in document["findings"]] == [identity]
        assert [each["kind"] for each in document["findings"][0]["events"]] == ["new", "resolved"]

    def test_what_it_does_not_know(self, two, capsys):
        code, _, err = say(capsys, "history", "--history", "h.db", "nobody")
        assert code == 2
        assert "knows no finding 'nobody'" in err
        code, _, err = say(capsys, "history")
        assert code == 2
        assert "there is no history in" in err
        assert say(capsys, "history", "--keep", "3", "queue", "--history", "h.db")[0] == 2

    def test_keep(self, two, capsys):
        code, out, _ = say(capsys, "history", "--history", "h.db", "--keep", "1")
        assert code == 0
        assert out.endswith("2 runs.\ndetails of 1 older run forgotten.\n")

    def test_hostile_text_is_harmless_on_a_terminal(self, tmp_path, capsys):
        text = "\x1b[31mred\x1b[0m\n::error::owned"
        history = open_history(tmp_path / "h.db", create=True)
        apply(history, [run(0, (CELL, WHOLE, [seen(text, message=text)])).write(tmp_path / "runs")])
        (record,) = history.findings()
        code, out, _ = say(capsys, "history", "--history", "h.db", record.identity)
        assert code == 0
        assert "\x1b" not in out
        assert "\n::error" not in out
        assert "\\x1b[31mred" in out
