"""The words that every format of the report shares: coverage first, durations, money, shares, times."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import datetime, timedelta

from tagwright_drift.cells import Coverage
from tagwright_drift.history.records import AgeBasis, RunRecord
from tagwright_drift.levels import Standing, duration
from tagwright_drift.report.model import Clock, Item, Light, Measure, ReportData, Unplanned, Unseen

CELL = "A cell is one resource type in one region of one account."
_LOST = {
    "denied:scp": "blocked by policy",
    "denied:iam": "not permitted to the scanner",
    "denied": "refused",
    "throttled": "throttled",
    "timeout": "timed out",
    "partial": "seen only in part",
    "error": "failed",
    "unseen": "never reached",
}
_RUN_SCOPES = {"full": "full scan", "hot": "scan of accelerators", "narrowed": "narrowed scan"}
_LOOKED_AT = {"hot": "accelerators were looked for", "narrowed": "some regions or types were looked at"}


def counted(number: float, noun: str, plural: str = "") -> str:
    """`1 resource`, `2,000 resources`."""
    return f"{number:,.0f} {noun if number == 1 else plural or noun + 's'}"


def coverage_words(coverage: Coverage) -> str:
    """`31,204 of 34,000 cells seen; 2,796 not: 2,640 blocked by policy, 156 throttled.`"""
    if not coverage.required:
        return "Nothing was seen: no cell was planned that could hold a resource."
    missing = coverage.required - coverage.complete
    doubted = (
        f" {counted(coverage.suspect, 'cell')} shrank so much that what is gone is not believed."
        if coverage.suspect
        else ""
    )
    if not missing:
        every = "the one cell" if coverage.required == 1 else f"all {coverage.required:,} cells"
        return f"{every[0].upper()}{every[1:]} seen.{doubted}"
    lost = ", ".join(
        f"{number:,} {_LOST.get(name) or _LOST.get(name.partition(':')[0], name)}" for name, number in coverage.lost
    )
    detail = f": {lost}" if lost else ""
    return f"{coverage.complete:,} of {coverage.required:,} cells seen; {missing:,} not{detail}.{doubted}"


def seen_words(data: ReportData) -> str:
    """Everything about coverage: the sentence of the run, and what else kept the scan from seeing all."""
    told = [coverage_words(data.run.coverage)]
    if data.run.killed:
        told.append("The scan was cut off.")
    if data.run.coverage.unknown_tags:
        told.append(f"The tags of {counted(data.run.coverage.unknown_tags, 'resource')} could not be read.")
    later = data.newest
    if later is not None and (later.killed or not later.coverage.whole):
        cut = " It was cut off." if later.killed else ""
        told.append(f"The later {run_words(later)}: {coverage_words(later.coverage)}{cut}")
    return " ".join(told)


def lost_words(group: Unseen) -> str:
    """`blocked by policy`; for a cell that was seen whole, `shrank too much to be believed`."""
    if group.state.seen:
        return "shrank too much to be believed"
    name = f"{group.state}:{group.refused_by}" if group.refused_by else str(group.state)
    return _LOST.get(name) or _LOST.get(str(group.state), str(group.state))


def unplanned_words(row: Unplanned) -> str:
    """`3 findings of account 4444 were not looked for: ...`: what it means, and what to do."""
    many = f"{counted(row.findings, 'finding')} of account {row.account}"
    were, their = ("was", "its cell") if row.findings == 1 else ("were", "their cells")
    return (
        f"{many} {were} not looked for: the scan no longer plans {their} (last seen {day_words(row.last_seen)}). "
        "Scan the account again, or retire what is no longer yours: tagwright drift history --retire "
        f"{shlex.quote(row.account)} --reason ..."
    )


def verdict_words(data: ReportData) -> str:
    """The state of things in a sentence. Never clean when anything was not seen."""
    counts = data.counts
    severe = [
        counted(number, noun)
        for number, noun in ((counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "note"))
        if number
    ]
    if counts.undecided:
        severe.append(f"{counts.undecided:,} undecided")
    of = f" of {data.owner}" if data.owner else ""
    found = (
        f"{counted(counts.open, 'finding')}{of} open ({', '.join(severe)})" if counts.open else f"no finding{of} open"
    )
    if not data.whole:
        killed = "the scan was cut off" if data.run.killed else "not everything was seen"
        return f"Incomplete: {killed}; {found} in what was."
    if data.clean:
        return "Clean: everything was seen, and nothing is open."
    only = _LOOKED_AT.get(data.run.scope, "")
    return f"{found[0].upper()}{found[1:]}{f'; only {only}' if only else ''}."


def age(item: Item, now: datetime) -> timedelta:
    return max(now - item.record.first_seen, timedelta(0))


def age_words(item: Item, now: datetime) -> str:
    """`31 hours`; `at least 9 days` where it may have begun before a scan first saw it."""
    words = duration(age(item, now))
    return words if item.record.age_basis is AgeBasis.CREATED else f"at least {words}"


def due_words(clock: Clock, now: datetime) -> str:
    """`17 hours left`, `3 days over`, `17 hours left if environment is prod`; "" without a level."""
    if clock.due is None:
        return ""
    words = f"{duration(clock.due - now)} {'over' if clock.standing is Standing.BREACHED else 'left'}"
    if clock.certain:
        return words
    return f"{words} {clock.provided}" if clock.provided.startswith("if ") else f"{words} ({clock.provided})"


def money(usd: float) -> str:
    """`$0.0042`, `$9.80`, `$214`, `$48,210`: no more digits than anybody reads."""
    if usd < 0:
        return f"-{money(-usd)}"
    if usd and usd < 0.01:
        return f"${usd:.4f}".rstrip("0") if usd >= 0.0001 else "under $0.0001"
    return f"${usd:,.2f}" if usd < 100 else f"${usd:,.0f}"


def share_words(share: float | None) -> str:
    """`91.4%`, never rounded up to 100% and never down to 0%; `not known` without a figure."""
    if share is None:
        return "not known"
    if 99.95 <= share < 100:
        return "over 99.9%"
    if 0 < share < 0.05:
        return "under 0.1%"
    return f"{share:.0f}%" if share in (0, 100) else f"{share:.1f}%"


def points_words(change: float | None) -> str:
    """`up 2.1 points`, `down 0.4 points`, `unchanged`; "" without a figure."""
    if change is None:
        return ""
    if abs(change) < 0.05:
        return "unchanged"
    return f"{'up' if change > 0 else 'down'} {abs(change):.1f} points"


def light_word(light: Light) -> str:
    """Words, because colour never carries meaning alone."""
    return {Light.GREEN: "on target", Light.YELLOW: "below target", Light.RED: "far below target", Light.NONE: ""}[
        light
    ]


def gap_words(measure: Measure) -> str:
    """`6.6 points to go`; "" on target or without a figure."""
    if measure.share is None or measure.target is None or measure.share >= measure.target.green:
        return ""
    return f"{max(measure.target.green - measure.share, 0.1):.1f} points to go"


def moment(when: datetime) -> str:
    """`Thu 26 Nov 2026, 14:05 +01:00`: local, with the offset, in English whatever the locale."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return f"{days[when.weekday()]} {day_words(when)}, {when:%H:%M} {_offset(when)}"


def day_words(when: datetime) -> str:
    """`26 Nov 2026`."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{when.day} {months[when.month - 1]} {when.year}"


def _offset(when: datetime) -> str:
    text = f"{when:%z}"
    return f"{text[:3]}:{text[3:5]}" if text else ""


def run_words(run: RunRecord) -> str:
    """`full scan of Thu 26 Nov 2026, 14:05 +01:00`."""
    return f"{_RUN_SCOPES.get(run.scope, f'{run.scope} scan')} of {moment(run.started)}"


def dictionary_words(run: RunRecord) -> str:
    """`acme-ml 2.3.0 (1f2e3d4c)`."""
    digest = f" ({run.dictionary_digest[:8]})" if run.dictionary_digest else ""
    return f"{run.dictionary_name} {run.dictionary_version}{digest}"


def some_of(names: Iterable[str], count: int) -> str:
    """`a, b, c and 4 more`."""
    shown = list(names)
    rest = count - len(shown)
    return ", ".join(shown) + (f" and {rest:,} more" if rest > 0 else "")


_SLICES = {
    "compliant": "attributable",
    "exempt": "exempt",
    "untagged": "untagged",
    "mis_tagged": "tagged wrongly",
    "undecided": "not decided: tags could not be read",
    "not_subject": "needs no tags",
    "unseen": "on resources that no scan saw",
    "unattributed": "on no resource: support, tax, transfer",
}


def slice_words(name: str) -> str:
    """What a part of the bill is, for somebody who pays it."""
    return _SLICES.get(name, name.replace("_", " "))


def basis_words(data: ReportData) -> str:
    """Where the dollars are from: `as billed, 1 Oct 2026 to 31 Oct 2026`; "" where there are none."""
    words = {
        "billed": "as billed",
        "estimate": "estimated from a price file",
        "mixed": "partly billed, partly estimated from a price file",
    }.get(data.basis, "")
    if not words or data.period is None:
        return words
    first, last = data.period[0], data.period[1] - timedelta(microseconds=1)
    return f"{words}, {day_words(first)}{f' to {day_words(last)}' if last.date() != first.date() else ''}"
