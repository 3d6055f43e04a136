"""The dead man's switch: a schedule that stops is silent, so somebody else has to notice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tagwright_dictionary.errors import InputError
from tagwright_drift.history.records import RunRecord
from tagwright_drift.levels.words import duration
from tagwright_drift.report.words import moment

_SPAN = re.compile(r"(\d{1,5})\s*([hdw])")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Missing:
    """A scan that did not come. `last` is the newest of its scope that ended; None: there never was one."""

    scope: str
    within: timedelta
    last: RunRecord | None

    def words(self, now: datetime) -> str:
        """`No full scan has ended within 8 days: the last was 12 days ago (Thu ...).`"""
        what = {"full": "full scan", "hot": "scan of accelerators"}.get(self.scope, f"{self.scope} scan")
        if self.last is None or self.last.ended is None:
            return f"No {what} has ended within {duration(self.within)}: there never was one."
        ago, within = duration(now - self.last.ended), duration(self.within)
        when = moment(self.last.ended.astimezone(now.tzinfo))
        # Rounded down both are the same at first: "8 days ago" is no reason for "not within 8 days".
        ago = "a little longer ago" if ago == within else f"{ago} ago"
        return f"No {what} has ended within {within}: the last one ended {ago} ({when})."


def missing(runs: Sequence[RunRecord], now: datetime, expected: Sequence[tuple[str, timedelta]]) -> tuple[Missing, ...]:
    """Which of the expected scans, (scope, within), did not come. A scan that was cut off has not come; a full scan
    stands in for a hot one, which is a part of it.
    """
    found = []
    for scope, within in expected:
        fits = [run for run in runs if run.ended is not None and not run.killed and run.scope in (scope, "full")]
        last = max(fits, key=lambda run: (run.ended or run.started, run.id), default=None)
        if last is None or last.ended is None or now - last.ended > within:
            found.append(Missing(scope, within, last))
    return tuple(found)


def span(text: str, option: str) -> timedelta:
    """`36h`, `8d`, `2w`. Raises InputError."""
    match = _SPAN.fullmatch(text.strip())
    if match is None or not int(match[1]):
        raise InputError(f"{option} {text!r} is no span of time", hint=f"{option} 8d (h hours, d days, w weeks)")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
