"""How an open finding stands against its service level."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from tagwright_drift.history.records import FindingRecord
from tagwright_drift.report.model import Clock, Standing

_SOON = timedelta(hours=24)
_LAST_PART = 0.25


class DeadlineLike(Protocol):
    """A deadline as `tagwright_drift.levels` makes it."""

    @property
    def due(self) -> datetime: ...
    @property
    def hours(self) -> float: ...
    @property
    def severity(self) -> str: ...
    @property
    def certain(self) -> bool: ...


Deadlines = Callable[[FindingRecord], DeadlineLike | None]
"""The deadline of a finding, or None where no service level applies."""


def no_deadlines(record: FindingRecord) -> None:  # noqa: ARG001 - `Deadlines`
    """For a dictionary without service levels."""
    return


def clock(deadline: DeadlineLike | None, now: datetime) -> Clock:
    """Breached, due soon (the last quarter of the time allowed, or the last day), or open."""
    if deadline is None:
        return Clock()
    left = deadline.due - now
    if left < timedelta(0):
        standing = Standing.BREACHED
    elif left <= max(_SOON, timedelta(hours=deadline.hours * _LAST_PART)):
        standing = Standing.DUE_SOON
    else:
        standing = Standing.OPEN
    due = deadline.due.astimezone(now.tzinfo)
    return Clock(standing, due, deadline.hours, deadline.severity, deadline.certain)
