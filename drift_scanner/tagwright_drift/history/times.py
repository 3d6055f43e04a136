"""UTC times as the history stores them: whole microseconds since 1970, the same in every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """A time without an offset counts as UTC."""
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (known - EPOCH) // _MICROSECOND


def moment_of(stored: int) -> datetime:
    return EPOCH + timedelta(microseconds=stored)


def micros_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else micros(moment)


def moment_or_none(stored: int | None) -> datetime | None:
    return None if stored is None else moment_of(stored)
