"""What an issue says. Nothing in it changes by itself from one scan to the next: an age would update every issue
every week, and a date does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from tagwright_dictionary.judging.text import plain
from tagwright_drift.report.model import Item, ReportData
from tagwright_drift.report.owning import subject_of
from tagwright_drift.report.words import counted, day_words, money
from tagwright_drift.tickets.escaping import code, prose

LONGEST = 60_000
"""GitHub refuses a body of more than 65,536 characters."""
_TITLE = 200


def title_of(group: str, by: str, items: Sequence[Item]) -> str:
    """`tagwright: 12 live resources of ml-vision@acme.example need tags`."""
    many = counted(len({subject_of(item.record) for item in items}), "live resource")
    of = {"owner": f" of {group}", "account": f" in {group}", "type": f" of type {group}"}[by]
    verb = "needs" if many.startswith("1 ") else "need"
    # A title is plain text on GitHub, but for mentions.
    return plain(f"tagwright: {many}{of} {verb} tags", _TITLE).replace("@", "@\u2060")


def body_of(data: ReportData, items: Sequence[Item], link: str = "") -> str:
    """A table, a row a finding, most urgent first; what does not fit is counted."""
    dictionary = f"{data.run.dictionary_name} {data.run.dictionary_version}"
    lines = [
        f"These live resources do not carry the tags that {prose(dictionary)} asks for."
        + (f" The whole report: {link}" if link else ""),
        "",
        "| resource | finding | due | dollars a day |",
        "| --- | --- | --- | ---: |",
    ]
    tail = ["", "This issue is kept by `tagwright drift tickets`: it is updated in place, and closed when a scan has"]
    tail[-1] += " seen that all of it is mended."
    room = LONGEST - sum(len(line) + 1 for line in (*lines, *tail)) - 200
    for number, item in enumerate(items):
        row = _row(item)
        room -= len(row) + 1
        if room < 0:
            lines += ["", f"and {counted(len(items) - number, 'more finding')}."]
            break
        lines.append(row)
    return "\n".join([*lines, *tail])


def closing_of(data: ReportData) -> str:
    """The comment that closes an issue."""
    when = f"the scan {prose(data.run.id)} of {day_words(data.run.started)}"
    return f"Nothing of this is open any more after {when}: mended, gone, exempt, or now in another issue."


def _row(item: Item) -> str:
    record = item.record
    members = f" ({record.members:,} members)" if record.members > 1 else ""
    place = f"{code(record.name)}{members}<br>{code(record.type)} {code(record.region)}<br>{code(record.address)}"
    fix = f"<br>{code(item.fix.command, 600)}" if item.fix.command else ""
    due = day_words(item.clock.due) if item.clock.due is not None else ""
    usd = money(record.usd_per_day) if record.usd_per_day is not None else ""
    if usd and record.usd_basis == "estimate":
        usd += " (estimate)"
    chain = f"<br>{prose(record.chain)}" if record.chain else ""
    return f"| {place} | {prose(record.message)}{chain}{fix} | {due} | {usd} |"
