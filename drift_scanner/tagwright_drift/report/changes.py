"""What happened to findings between two points in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tagwright_dictionary.errors import InputError
from tagwright_drift.history.records import FORGOTTEN, RETIRED, EventKind, HistoryReader, RunRecord


@dataclass(frozen=True, slots=True)
class Window:
    """The net effect of several runs: `kinds` by identity. What came and went within the window is not in it, and
    neither is what was retired, which is only counted: nobody has seen it mended.
    """

    kinds: dict[str, EventKind]
    retired: int = 0


def comparable(run: RunRecord, about: RunRecord) -> bool:
    """Whether figures of two runs can stand side by side: they set out to see the same. Narrowed scans each look at
    something else.
    """
    return run.scope == about.scope and about.scope != "narrowed"


def needed(wanted: Sequence[RunRecord], what: str, runs: Sequence[RunRecord]) -> Sequence[RunRecord]:
    """The same runs. Raises InputError where the details of one are gone: half of them would be no answer."""
    if any(run.metric(FORGOTTEN) for run in wanted):
        oldest = next((run for run in reversed(runs) if run.metric(FORGOTTEN)), None)
        kept = next((run for run in runs if oldest is not None and run.started > oldest.started), None)
        raise InputError(
            f"{what} cannot be told: details that it takes were forgotten (tagwright drift history --keep)",
            hint=f"details begin with the run {kept.id}" if kept else "a later run has details again",
        )
    return wanted


def window_of(history: HistoryReader, runs: Sequence[RunRecord], *, after: datetime | None, upto: RunRecord) -> Window:
    """Every event of the runs that started after `after` (None: of all) up to and with `upto`, in order.

    Raises InputError where what one of them did was forgotten.
    """
    within = [run for run in runs if run.started <= upto.started and (after is None or run.started > after)]
    first: dict[str, EventKind] = {}
    last: dict[str, EventKind] = {}
    retired: set[str] = set()
    for run in needed(within, f"the changes up to {upto.id}", runs):
        for event in history.events(run.id):
            first.setdefault(event.identity, event.kind)
            last[event.identity] = event.kind
            if event.kind is EventKind.RESOLVED and event.reason.startswith(RETIRED):
                retired.add(event.identity)
            else:
                retired.discard(event.identity)
    kinds = {identity: _net(kind, last[identity]) for identity, kind in first.items() if identity not in retired}
    return Window({identity: kind for identity, kind in kinds.items() if kind is not None}, len(retired))


def _net(first: EventKind, last: EventKind) -> EventKind | None:
    """What a window did to a finding whose first and last event in it these are. Resolved first: open before it."""
    if first is EventKind.RESOLVED:
        return EventKind.RESOLVED if last is EventKind.RESOLVED else EventKind.REGRESSED
    return None if last is EventKind.RESOLVED else first
