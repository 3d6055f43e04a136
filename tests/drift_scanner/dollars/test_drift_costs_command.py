"""`tagwright drift costs` from run folders and exports on disk to a report and a history."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.drift_scanner.dollars import making
from tests.drift_scanner.dollars.making import ACCOUNT, GOOD, RUN, focus, instance, live

from tagwright_cli.commands import drift
from tagwright_cli.main import main
from tagwright_dictionary.dictionary import Dictionary
from tagwright_drift.cells import Cell, CellResult, CellState
from tagwright_drift.history.applying import apply
from tagwright_drift.history.store import open_history
from tagwright_drift.runs.reading import open_run

HOSTILE = "=cmd()<b>\x1b[31m ::error::"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setitem(drift.command.lazy, "costs", ("tagwright_cli.commands.drift_costs:command", ""))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TAGWRIGHT_NOW", "2026-11-03T06:00:00Z")

    def invoke(*arguments: str) -> tuple[int, str, str]:
        code = main(["drift", "costs", *arguments])
        out, err = capfd.readouterr()
        return code, out, err

    return invoke


@pytest.fixture
def state(acme: Dictionary, tmp_path: Path) -> Path:
    """A run in which one of two cells was seen, merged into a history."""
    seen = making.judged(
        acme,
        [
            live(instance(1), GOOD, name="trainer"),
            live(instance(2), {"owner": "ml@acme.example"}, name=HOSTILE),
            live(instance(3), {**GOOD, "workload": "x"}, name="typo"),
        ],
    )
    lost = CellResult(Cell(ACCOUNT, "us-east-1", "aws_sqs_queue"), CellState.DENIED, "AccessDenied", "iam")
    folder = making.write_run(tmp_path / "state" / "runs", acme, seen, extra=[lost])
    history = open_history(f"sqlite:///{tmp_path / 'state' / 'history.db'}", create=True)
    apply(history, [open_run(folder)])
    history.close()
    rows = [
        focus(instance(1), 60.0),
        focus(f"i-{2:017x}", 30.0, tags={"cost-center": HOSTILE}),
        focus(instance(3), 8.0),
        focus(None, 2.0),
        focus("i-0123456789", 1.0, service=HOSTILE),
    ]
    making.parquet(tmp_path / "bill.parquet", rows)
    return tmp_path / "state"


def test_text(run: Run, state: Path) -> None:
    code, out, err = run("bill.parquet", "--state", str(state))
    assert (code, err) == (0, "")
    assert "1 of 2 cells seen; 1 not" in out
    assert "all                                            $101.00    100.0%" in out
    assert "59.4% of all spend is on resources with right tags, 61.2% of the spend that needs tags." in " ".join(
        out.split()
    )
    assert "$30.00  ml@acme.example, $8.00 mis-tagged, 2 resources" in out
    assert "value-not-allowed workload; $16.00 since 2026-11-01" in " ".join(out.split())
    assert "\x1b" not in out
    assert "::error::" not in out
    assert all(len(line) <= 80 for line in out.splitlines())
    assert run("bill.parquet", "--state", str(state)) == (code, out, err)


def test_json_adds_up_and_the_history_keeps_it(run: Run, state: Path) -> None:
    code, out, _ = run("bill.parquet", "--state", str(state), "--format", "json")
    assert code == 0
    document = json.loads(out)
    assert sum(map(float, document["spend"].values())) == float(document["total"]) == 101
    assert document["run"]["id"] == RUN
    assert document["basis"] == "billed"
    costs = {(each["key"], each["address"]): each["per_day"] for each in document["findings"]}
    assert costs == {
        ("cost-center", instance(2)): "30",
        ("workload", instance(2)): "30",
        ("workload", instance(3)): "8",
    }
    assert document["billed_tags"][0]["value"] == HOSTILE
    assert [each["since"] for each in document["findings"]] == [
        {"billed": "0", "projected": amount} for amount in ("60", "60", "16")
    ]
    history = open_history(f"sqlite:///{state / 'history.db'}")
    kept = {(each.key, each.address): (each.usd_per_day, each.usd_basis) for each in history.findings()}
    assert kept == {name: (float(value), "billed") for name, value in costs.items()}
    (record,) = history.runs()
    assert record.metric("spend_untagged") == 30.0
    assert record.metric("spend_total") == 101.0
    history.close()


def test_csv_cells_are_no_formulas(run: Run, state: Path) -> None:
    code, out, _ = run("bill.parquet", "--state", str(state), "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [row["usd_per_day"] for row in rows] == ["30", "30", "8"]
    assert rows[0]["name"].startswith("'=cmd()")
    assert "\x1b" not in out


def test_nothing_is_kept_when_told_so(run: Run, state: Path) -> None:
    assert run("bill.parquet", "--state", str(state), "--no-save")[0] == 0
    history = open_history(f"sqlite:///{state / 'history.db'}")
    assert {each.usd_per_day for each in history.findings()} == {None}
    history.close()


def test_without_a_history_costs_are_shown_all_the_same(run: Run, state: Path) -> None:
    (state / "history.db").unlink()
    code, out, err = run("bill.parquet", "--state", str(state))
    assert code == 0
    assert "$101.00" in out
    assert "nothing is kept, for there is no history" in err


def test_an_estimate_says_so_everywhere(run: Run, state: Path, tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text("type,usd_per_hour\naws_instance,2\n")
    code, out, _ = run("--prices", "prices.csv", "--state", str(state))
    assert code == 0
    assert out.startswith("An estimate from a price file")
    assert "note: estimate: 3 of 3 resources have a price" in out
    assert json.loads(run("--prices", "prices.csv", "--state", str(state), "-f", "json")[1])["basis"] == "estimate"
    rows = csv.DictReader(io.StringIO(run("--prices", "prices.csv", "--state", str(state), "-f", "csv")[1]))
    assert {row["basis"] for row in rows} == {"estimate"}
    history = open_history(f"sqlite:///{state / 'history.db'}")
    assert {(each.usd_per_day, each.usd_basis) for each in history.findings()} == {(48.0, "estimate")}
    history.close()


def test_a_file_and_a_period(run: Run, state: Path, tmp_path: Path) -> None:
    code, out, _ = run(
        "bill.parquet", "--state", str(state), "-o", "costs.txt", "--from", "2026-10-01", "--to", "2026-10-01"
    )
    assert (code, out) == (0, "")
    assert "$101.00" in (tmp_path / "costs.txt").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "neither a bill nor a price file"),
        (("bill.parquet", "--prices", "p.yaml"), "a bill and a price file at once"),
        (("--prices", "p.yaml"), "the price file cannot be read"),
        (("--prices", "p.yaml", "--from", "2026-10-01"), "are about a bill"),
        (("none.parquet",), "does not exist"),
        (("bill.parquet", "--from", "October"), "is not a day"),
        (("bill.parquet", "--from", "2027-01-01"), "no charge in the period"),
        (("bill.parquet", "--currency", "EUR"), "no row of the exports is in EUR"),
        (("bill.parquet", "--run", "2025"), "begins with '2025'"),
        (("bill.parquet", "--state", "elsewhere"), "there is no run in"),
    ],
)
def test_bad_input(arguments: tuple[str, ...], words: str, run: Run, state: Path) -> None:
    where = () if "--state" in arguments else ("--state", str(state))
    code, out, err = run(*arguments, *where)
    assert (code, out) == (2, "")
    assert words in " ".join(err.split())
    assert "help:" in err
    assert "Traceback" not in err


def test_which_run_it_is_about(run: Run, state: Path, acme: Dictionary, tmp_path: Path) -> None:
    """The newest full one, all of its shards; another by the beginning of its id, or by a folder of it."""
    newer, hot = "20261108T060000Z-00000001", "20261109T060000Z-00000002"
    runs = state / "runs"
    one = making.judged(acme, [live(instance(1), GOOD)])
    two = making.judged(acme, [live(instance(2), GOOD)])
    shards = [making.write_run(runs, acme, seen, run=newer, shard=(n, 3)) for n, seen in ((1, one), (2, two))]
    making.write_run(runs, acme, two, run=hot, scope="hot")

    def about(*arguments: str) -> tuple[str, int, str]:
        code, out, err = run("bill.parquet", "--state", str(state), "--no-save", "-f", "json", *arguments)
        assert code == 0, err
        document = json.loads(out)
        return document["run"]["id"], document["resources"]["seen"], " ".join(err.split())

    assert about() == (newer, 2, f"tagwright: shards 3 of {newer} are not there")
    assert about("--run", str(shards[1]))[:2] == (newer, 2)
    assert about("--run", "20261109")[:2] == (hot, 1)
    assert about("--run", RUN)[:2] == (RUN, 3)
    code, _, err = run("bill.parquet", "--state", str(state), "--run", "2026")
    assert (code, "3 runs begin with '2026'" in err) == (2, True)


def test_a_bill_of_another_time_says_so(run: Run, state: Path, tmp_path: Path) -> None:
    """What is gone since is no tag's fault; a bill of last month needs no such word."""
    long_ago = making.DAY - timedelta(days=90)
    making.parquet(tmp_path / "old.parquet", [focus(instance(1), 60.0, start=long_ago)])
    code, out, _ = run("old.parquet", "--state", str(state), "--no-save")
    assert code == 0
    assert "note: the bill ends 120 days before the scan" in " ".join(out.split())
    assert "note: the bill" not in run("bill.parquet", "--state", str(state), "--no-save")[1]


def test_the_report_says_which_days_were_billed(run: Run, state: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A rate without its time is no figure: last month's bill beside this week's scan must be seen to be that."""
    run("bill.parquet", "--state", str(state))
    assert main(["drift", "report", "--state", str(state), "--quiet"]) == 4
    assert "a day is untagged, as billed, 1 Oct 2026." in " ".join(capfd.readouterr().out.split())
    assert main(["drift", "report", "--state", str(state), "--quiet", "--format", "json"]) == 4
    period = json.loads(capfd.readouterr().out)["cost_period"]
    assert period == {"start": "2026-10-01T00:00:00Z", "end": "2026-10-02T00:00:00Z"}


@pytest.mark.parametrize(
    ("scope", "said"), [("narrowed", "some regions or types only"), ("hot", "accelerators only"), ("full", "")]
)
def test_a_scan_of_a_part_says_so(run: Run, state: Path, scope: str, said: str) -> None:
    """Its shares are of what it looked at, and the whole bill stands below them."""
    (header,) = (state / "runs").glob("*/run.json")
    header.write_text(header.read_text().replace('"full"', f'"{scope}"'))
    code, out, _ = run("bill.parquet", "--state", str(state), "--no-save")
    assert code == 0
    assert ("this scan looked at" in out) is bool(said)
    assert said in " ".join(out.split())


def test_a_copy_of_an_export_is_not_counted_twice(run: Run, state: Path, tmp_path: Path) -> None:
    """Downloaded twice, or into two folders: refused, and named. Another file of the same size is another file."""
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "copy.parquet").write_bytes((tmp_path / "bill.parquet").read_bytes())
    code, out, err = run("bill.parquet", "again", "--state", str(state), "--no-save")
    assert (code, out) == (2, "")
    assert "the same file as " in err
    assert "its money would count twice" in err
    for name, cost in (("one.csv", 10.0), ("two.csv", 20.0)):
        making.written_csv(tmp_path / name, [focus(instance(1), cost)])
    assert (tmp_path / "one.csv").stat().st_size == (tmp_path / "two.csv").stat().st_size
    code, out, _ = run("one.csv", "two.csv", "--state", str(state), "--no-save", "--format", "json")
    assert (code, json.loads(out)["total"]) == (0, "30")
