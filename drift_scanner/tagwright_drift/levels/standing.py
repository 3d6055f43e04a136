"""How a finding stands against its deadline at a given moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from tagwright_drift.levels.deadlines import Deadline

SOON = timedelta(hours=24)
LAST_PART = 0.25
"""A finding is due soon in the last quarter of the time allowed, and in the last 24 hours in any case."""


class Standing(StrEnum):
    BREACHED = "breached"
    DUE_SOON = "due soon"
    OPEN = "open"
    NO_DEADLINE = "no deadline"


def standing(deadline: Deadline | None, now: datetime) -> Standing:
    """At `now`. The moment it is due is still in time."""
    if deadline is None:
        return Standing.NO_DEADLINE
    left = deadline.due - now
    if left < timedelta(0):
        return Standing.BREACHED
    if left < SOON or left <= timedelta(hours=deadline.hours * LAST_PART):
        return Standing.DUE_SOON
    return Standing.OPEN
