"""How the figures moved over 30 and 90 days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tagwright_drift.history.records import RunRecord
from tagwright_drift.report.changes import comparable
from tagwright_drift.report.lights import share_of
from tagwright_drift.report.model import Point, Trend

_WINDOW = timedelta(days=90)
# A weekly scan is rarely exactly 30 days old; half a week counts as that.
_SLACK = timedelta(days=3.5)


def trend(runs: Sequence[RunRecord], upto: RunRecord, now: datetime) -> Trend:
    """The runs of the same scope up to and with `upto`; none of narrowed scans, which each look at something else. A
    run without any figure is no point.

    The change is that of spend where both ends have costs, else that of resources.
    """
    ours = [run for run in runs if comparable(run, upto) and run.started <= upto.started]
    points = [point for point in (_point(run, now) for run in ours) if _has_figures(point)]
    if not points:
        return Trend((), None, None)
    end = points[-1].at
    oldest = end - _WINDOW - _SLACK
    return Trend(
        tuple(point for point in points if point.at >= oldest),
        _change(points, end - timedelta(days=30) + _SLACK),
        _change(points, end - timedelta(days=90) + _SLACK),
    )


def _point(run: RunRecord, now: datetime) -> Point:
    good, bad, undecided = (run.metric(name) for name in ("compliant", "non_compliant", "undecided"))
    judged = None if good is None or bad is None else good + bad + (undecided or 0)
    return Point(
        run.id,
        run.started.astimezone(now.tzinfo),
        share_of(run.metric("spend_compliant"), run.metric("spend_taggable")),
        share_of(good, judged),
        run.metric("open"),
        run.metric("spend_untagged"),
        run.coverage.whole and not run.killed,
    )


def _has_figures(point: Point) -> bool:
    return any(each is not None for each in (point.spend_share, point.count_share, point.open))


def _change(points: Sequence[Point], before: datetime) -> float | None:
    old = next((point for point in reversed(points) if point.at <= before), None)
    if old is None:
        return None
    new = points[-1]
    if old.spend_share is not None and new.spend_share is not None:
        return new.spend_share - old.spend_share
    if new.spend_share is None and old.count_share is not None and new.count_share is not None:
        return new.count_share - old.count_share
    return None
