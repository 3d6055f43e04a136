"""What happened to findings between two points in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tagwright_drift.history.records import EventKind, HistoryReader, RunRecord


@dataclass(frozen=True, slots=True)
class Window:
    """The net effect of several runs: `kinds` by identity. What came and went within the window is not in it."""

    kinds: dict[str, EventKind]


def window_of(history: HistoryReader, runs: Sequence[RunRecord], *, after: datetime | None, upto: RunRecord) -> Window:
    """Every event of the runs that started after `after` (None: of all) up to and with `upto`, in order."""
    kinds: dict[str, EventKind] = {}
    for run in runs:
        if run.started > upto.started or (after is not None and run.started <= after):
            continue
        for event in history.events(run.id):
            before, now = kinds.get(event.identity), event.kind
            if before is None:
                kinds[event.identity] = now
            elif before is EventKind.RESOLVED:
                # It was open before the window, and is open again after it.
                kinds[event.identity] = EventKind.REGRESSED if now is not EventKind.RESOLVED else now
            elif now is EventKind.RESOLVED and before is EventKind.NEW:
                del kinds[event.identity]
            else:
                kinds[event.identity] = now
    return Window(kinds)
