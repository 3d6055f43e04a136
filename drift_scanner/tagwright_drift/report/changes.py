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
    first: dict[str, EventKind] = {}
    last: dict[str, EventKind] = {}
    for run in runs:
        if run.started > upto.started or (after is not None and run.started <= after):
            continue
        for event in history.events(run.id):
            first.setdefault(event.identity, event.kind)
            last[event.identity] = event.kind
    kinds = {identity: _net(kind, last[identity]) for identity, kind in first.items()}
    return Window({identity: kind for identity, kind in kinds.items() if kind is not None})


def _net(first: EventKind, last: EventKind) -> EventKind | None:
    """What a window did to a finding whose first and last event in it these are. Resolved first: open before it."""
    if first is EventKind.RESOLVED:
        return EventKind.RESOLVED if last is EventKind.RESOLVED else EventKind.REGRESSED
    return None if last is EventKind.RESOLVED else first
