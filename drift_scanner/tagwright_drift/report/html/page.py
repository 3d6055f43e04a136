"""The report as one self-contained page: no request leaves it, and its own policy forbids any.

Needs the extra `report` (jinja2, vl-convert-python). The same data gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import sys
from datetime import timedelta
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

from tagwright_dictionary.errors import MissingExtraError
from tagwright_dictionary.judging.text import plain
from tagwright_drift.history.records import EventKind, FindingRecord
from tagwright_drift.levels import Standing
from tagwright_drift.report import words
from tagwright_drift.report.html.charts import Series, Words, share_chart
from tagwright_drift.report.html.rows import rows_json
from tagwright_drift.report.leading import Lead, leads
from tagwright_drift.report.model import Light, Point, ReportData

_HERE = "tagwright_drift.report.html"
ACT_FIRST = 5
OWNERS = 8
UNSEEN = 6
RESOLVED = 5
_OTHERS = 4
_LONGEST = 160
# Icons by meaning; each stands beside the word it stands for.
_ICONS = {
    "red": "M8 1.2 15.2 14H.8L8 1.2Zm-.8 4.6v4h1.6v-4Zm0 5.2v1.6h1.6V11Z",
    "yellow": "M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8Zm-.8 3.4v4.2l3 2.4 1-1.25-2.4-1.9V4.2Z",
    "green": "M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8Zm3.6 4.3L7 9.7 4.7 7.4 3.6 8.5 7 11.9l5.7-5.7Z",
    "none": "M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8ZM4 7.2v1.6h8V7.2Z",
}


def check_installed() -> None:
    """Raises MissingExtraError. To be asked before a scan, not after it."""
    for module in ("jinja2", "vl_convert"):
        # A module that is switched off (None in sys.modules) has no specification either.
        if sys.modules.get(module, module) is None or find_spec(module) is None:
            raise MissingExtraError("report", "the HTML report")


def page(data: ReportData) -> str:
    """The whole HTML document. Raises MissingExtraError without the extra."""
    check_installed()
    import jinja2  # noqa: PLC0415 - an extra

    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FunctionLoader(_template),
    )
    environment.filters.update(
        t=_visible,
        money=words.money,
        share=words.share_words,
        moment=words.moment,
        day=words.day_words,
    )
    environment.globals.update(words=words, icon=_icon)
    style, script = _asset("report.css"), _asset("report.js")
    theme = _asset("theme.js")
    return environment.get_template("page.html.j2").render(
        data=data,
        view=_view(data),
        style=style,
        script=script,
        theme=theme,
        rows=rows_json(data.items),
        policy=_policy((script, theme), style),
        Light=Light,
        Standing=Standing,
        EventKind=EventKind,
    )


def _visible(text: object) -> str:
    """Text from outside: nothing hidden, not too long for a summary, and never nothing at all."""
    return plain(str(text), _LONGEST) if str(text).strip() else "(blank)"


def _template(name: str) -> str:
    return (files(_HERE) / "templates" / name).read_text(encoding="utf-8")


def _asset(name: str) -> str:
    return (files(_HERE) / "assets" / name).read_text(encoding="utf-8")


def _policy(scripts: tuple[str, ...], style: str) -> str:
    """Only what is written in the page itself may run or dress it; nothing may be fetched, framed or sent."""
    ours = " ".join(f"'sha256-{_sha256(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {ours}; style-src 'sha256-{_sha256(style)}'; base-uri 'none'; "
        "form-action 'none'"
    )


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _icon(name: str) -> Any:
    from markupsafe import Markup  # noqa: PLC0415 - comes with jinja2

    return Markup(  # noqa: S704 - a constant of this module
        f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="{_ICONS[name]}"/></svg>'
    )


def _view(data: ReportData) -> dict[str, Any]:
    """What the template needs beside the data: texts that take more than a filter."""
    lights = {
        Standing.BREACHED: "red",
        Standing.DUE_SOON: "yellow",
        Standing.OPEN: "none",
        Standing.NO_DEADLINE: "none",
    }
    return {
        "act": [_act(lead, data, lights) for lead in leads(data.items, ACT_FIRST)],
        "owners": data.owners[:OWNERS],
        "more_owners": max(len(data.owners) - OWNERS, 0),
        "owner_top": max((row.untagged_usd or 0.0 for row in data.owners), default=0.0),
        "unseen": data.unseen[:UNSEEN],
        "more_unseen": max(len(data.unseen) - UNSEEN, 0),
        "unplanned": data.unplanned[:UNSEEN],
        "more_unplanned": max(len(data.unplanned) - UNSEEN, 0),
        "resolved": [_resolved(each) for each in data.changes.resolved_items[:RESOLVED]],
        "charts": _charts(data),
        "points": data.trend.points,
        "offset": int((data.now.utcoffset() or timedelta(0)).total_seconds() // 60),
        "made": int(data.now.timestamp()),
    }


def _act(lead: Lead, data: ReportData, lights: dict[Standing, str]) -> dict[str, Any]:
    item, record = lead.item, lead.item.record
    others = list(dict.fromkeys(each.record.key or each.record.rule for each in lead.others))
    return {
        "item": item,
        "record": record,
        "others": words.some_of(others[:_OTHERS], len(others)),
        "light": lights[item.clock.standing],
        "made_of": ", ".join((*(value for _, value in record.attributes[:1]), *record.classes[:2])),
        "age": words.age_words(item, data.now),
        "due": words.due_words(item.clock, data.now),
        "hourly": None if record.usd_per_day is None or record.usd_per_day < 24 else record.usd_per_day / 24,
    }


def _resolved(record: FindingRecord) -> dict[str, Any]:
    return {"name": record.name, "message": record.message, "usd": record.usd_per_day}


def _charts(data: ReportData) -> list[str]:
    """The trend, wide and narrow; [] where there are fewer than two points to draw a line through."""
    points = data.trend.points
    series = _series(points)
    if all(sum(value is not None for value in each.values) < 2 for each in series):
        return []
    target = data.headline.target
    said = "; ".join(
        f"{each.name} from {words.share_words(known[0])} to {words.share_words(known[-1])}"
        for each in series
        if (known := [value for value in each.values if value is not None])
    )
    title = f"Compliance from {words.day_words(points[0].at)} to {words.day_words(points[-1].at)}"
    green = None if target is None else target.green
    aim = "" if green is None else f" The target is {green:g}%."
    return [
        share_chart(points, series, green, Words(name, title, f"{said}.{aim}"), narrow=name == "narrow")
        for name in ("wide", "narrow")
    ]


def _series(points: tuple[Point, ...]) -> tuple[Series, ...]:
    spend = Series("share of spend", "accent", tuple(point.spend_share for point in points))
    counts = tuple(point.count_share for point in points)
    if all(value is None for value in spend.values):
        return (Series("share of resources", "accent", counts),)
    return (Series("share of resources", "quiet", counts), spend)
