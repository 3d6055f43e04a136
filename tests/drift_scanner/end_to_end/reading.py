"""Reading what commands left behind: the history's findings and a run's ledger, as plain values."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tagwright_drift.history.store import open_history
from tagwright_drift.runs.reading import RunFolder, find_runs

STATE = Path(".tagwright/drift")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def standing(url=STATE / "history.db"):
    """(ARN, key) to "open", "undecided" or "resolved", of every missing tag that the history knows."""
    with closing(open_history(url)) as history:
        return {
            (each.address, each.key): _word(each)
            for each in history.findings(open_only=False)
            if each.rule == "missing-tag"
        }


def _word(record):
    if str(record.state) == "resolved":
        return "resolved"
    return "open" if record.certainty == "definite" else "undecided"


def records(url=STATE / "history.db"):
    with closing(open_history(url)) as history:
        return tuple(history.findings(open_only=False))


def runs(url=STATE / "history.db"):
    with closing(open_history(url)) as history:
        return history.runs()


def ledger(run: str, url=STATE / "history.db"):
    """(account, region, type) to the cell's result."""
    with closing(open_history(url)) as history:
        return {(each.cell.account, each.cell.region, each.cell.type): each for each in history.cells(run)}


def newest(state=STATE) -> RunFolder:
    """The run that was begun last."""
    return max(find_runs(state / "runs"), key=lambda each: (each.header.started, each.header.id))
