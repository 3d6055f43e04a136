"""How an open finding stands against its service level."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tagwright_drift.history.records import FindingRecord
from tagwright_drift.levels import Deadline, standing
from tagwright_drift.report.model import Clock

Deadlines = Callable[[FindingRecord], Deadline | None]
"""The deadline of a finding, or None where no service level applies: `Levels(dictionary).deadline`."""


def no_deadlines(record: FindingRecord) -> None:  # noqa: ARG001 - `Deadlines`
    """For a dictionary without service levels."""
    return


def clock(deadline: Deadline | None, now: datetime) -> Clock:
    """The deadline in the zone of `now`, and how it stands then."""
    if deadline is None:
        return Clock()
    return Clock(
        standing(deadline, now),
        deadline.due.astimezone(now.tzinfo),
        deadline.hours,
        deadline.severity,
        deadline.certain,
        deadline.provided,
    )
