"""The report for an issue, a wiki or a chat that reads Markdown. Text from outside can neither format nor link."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_cli.drift_formats import Look
from tagwright_cli.drift_formats.sentences import change_words, measure_words, owner_words, provenance_words
from tagwright_cli.formats.markdown import code, prose
from tagwright_drift.levels import Standing
from tagwright_drift.report import words
from tagwright_drift.report.model import Item, ReportData

LONGEST = 65_000
"""GitHub refuses an issue or comment of more than 65,536 characters."""
_OWNERS = 10
_UNPLANNED = 6


def render(data: ReportData, look: Look, /) -> str:
    """At most 65,000 characters; findings that do not fit are counted."""
    head = list(_head(data))
    tail = [
        *_owners(data),
        *_money(data),
        *_unseen(data),
        *(f"<sub>{prose(text)}</sub>  " for text in provenance_words(data)),
    ]
    room = LONGEST - sum(len(line) + 1 for line in (*head, *tail)) - 400
    rows: list[str] = []
    for item in data.items[: look.most or None]:
        row = _row(item, data)
        room -= len(row) + 1
        if room < 0:
            break
        rows.append(row)
    body = [
        "### Act first",
        "",
        "| resource | finding | open | cost | owner |",
        "| --- | --- | --- | --- | --- |",
        *rows,
        "",
    ]
    left = len(data.items) - len(rows)
    if left:
        body += [f"and {left:,} more: see the HTML, CSV or JSON form of this report.", ""]
    return "\n".join([*head, *(body if rows else []), *tail]) + "\n"


def _head(data: ReportData) -> Iterator[str]:
    yield "## Tag report"
    yield ""
    yield f"**{prose(words.seen_words(data))}**  "
    yield prose(words.verdict_words(data))
    yield ""
    for measure in (data.measure("spend_compliance"), data.measure("count_compliance")):
        if measure.share is not None:
            yield f"- {prose(measure_words(data, measure))}"
    if not data.basis:
        yield "- Dollars are not known: add an export with `tagwright drift costs`."
    yield f"- Changes: {prose(change_words(data))}"
    yield f"- {data.counts.breached:,} overdue, {data.counts.due_soon:,} due soon."
    yield ""


def _row(item: Item, data: ReportData) -> str:
    record, due = item.record, words.due_words(item.clock, data.now)
    marks = {Standing.BREACHED: "**overdue**", Standing.DUE_SOON: "**due soon**"}
    mark = "undecided" if record.certainty == "undecided" else marks.get(item.clock.standing, record.severity)
    more = f" x {record.members:,}" if record.members > 1 else ""
    name = f"{code(record.name)}{more}<br>{code(record.type)} {code(record.region)} {code(record.account)}"
    fix = (
        f"<br>fix: {code(item.fix.code)}"
        if item.fix.value
        else f"<br>{prose(record.help[:300])}"
        if record.help
        else ""
    )
    found = f"{mark} {prose(record.message[:300])}{fix}<br>{code(record.address)}"
    open_ = prose(f"{words.age_words(item, data.now)}{f', {due}' if due else ''}")
    usd = record.usd_per_day
    cost = (
        "not known"
        if usd is None
        else f"{words.money(usd)} a day{' (estimate)' if record.usd_basis == 'estimate' else ''}"
    )
    return f"| {name} | {found} | {open_} | {cost} | {prose(owner_words(item))} |"


def _owners(data: ReportData) -> Iterator[str]:
    if not data.owners:
        return
    yield f"### Owners by {'untagged spend' if data.basis else 'open findings'}"
    yield ""
    yield "| owner | untagged | findings | overdue |"
    yield "| --- | ---: | ---: | ---: |"
    for row in data.owners[:_OWNERS]:
        usd = "not known" if row.untagged_usd is None else f"{words.money(row.untagged_usd)} a day"
        yield f"| {code(row.owner) or 'nobody known'} | {usd} | {row.findings:,} | {row.breached:,} |"
    if len(data.owners) > _OWNERS:
        yield f"| and {len(data.owners) - _OWNERS:,} more | | | |"
    yield ""


def _money(data: ReportData) -> Iterator[str]:
    if not data.slices:
        return
    yield "### Where a day's spend goes"
    yield ""
    yield "| spend | a day | share |"
    yield "| --- | ---: | ---: |"
    for each in data.slices:
        yield f"| {prose(words.slice_words(each.name))} | {words.money(each.usd)} | {words.share_words(each.share)} |"
    yield ""


def _unseen(data: ReportData) -> Iterator[str]:
    if not data.unseen and not data.unplanned:
        return
    yield "### Not seen"
    yield ""
    for group in data.unseen:
        what = f"{words.counted(group.cells, 'cell')} {words.lost_words(group)}"
        where = f"{words.counted(group.account_count, 'account')}, {words.counted(group.region_count, 'region')}"
        reason = f": {code(group.reason)}" if group.reason else ""
        yield f"- **{what}**{reason} ({code(words.some_of(group.types, group.type_count))} in {where})"
    for row in data.unplanned[:_UNPLANNED]:
        yield f"- {prose(words.unplanned_words(row))}"
    if len(data.unplanned) > _UNPLANNED:
        yield f"- and {words.counted(len(data.unplanned) - _UNPLANNED, 'more account')} like these"
    yield ""
