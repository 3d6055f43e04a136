"""Durations in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from tagwright_drift.levels.deadlines import Deadline

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def duration(span: timedelta) -> str:
    """As a person says it: "45 minutes", "31 hours", "12 days"; rounded down."""
    span = abs(span)
    if span < 2 * _HOUR:
        return _count(span // timedelta(minutes=1), "minute")
    if span < 3 * _DAY:
        return _count(span // _HOUR, "hour")
    return _count(span // _DAY, "day")


def time_open(first_seen: datetime, deadline: Deadline | None, now: datetime) -> str:
    """How old a finding is and what remains: "31 hours old, 17 hours left", "3 days old, 24 hours over", "5 days old".

    A deadline that is not certain says what it hangs on: "..., if environment is prod".
    """
    old = f"{duration(max(now - first_seen, timedelta(0)))} old"
    if deadline is None:
        return old
    left = deadline.due - now
    rest = f"{duration(left)} {'over' if left < timedelta(0) else 'left'}"
    provided = f" ({deadline.provided})" if deadline.provided else ""
    return f"{old}, {rest}{provided}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
