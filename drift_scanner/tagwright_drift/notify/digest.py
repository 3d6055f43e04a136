"""What is told: coverage, what is new and what is due, and one line when nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tagwright_drift.history.records import EventKind
from tagwright_drift.levels.standing import Standing
from tagwright_drift.report.model import Item, ReportData
from tagwright_drift.report.subjects import Subject, subjects
from tagwright_drift.report.words import counted, coverage_words, due_words, money, share_words

_COMMAND = 250  # characters of a command that a message still carries
SHOWN = 10
"""Findings that a digest lists of each sort."""

ROOM = 6_000
"""Characters that a list of one sort may take: Teams refuses messages of more than 28 kB, and Slack cuts off 40,000."""

Speak = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Digest:
    """`title` and `body` are ready to send, in the dialect of their channel. `changed` False: there is nothing new."""

    owner: str
    title: str
    body: str
    changed: bool


@dataclass(frozen=True, slots=True)
class _Sorted:
    breached: tuple[Item, ...]
    soon: tuple[Item, ...]
    new: tuple[Item, ...]
    open: int
    undecided: int


def digest(
    data: ReportData,
    items: Sequence[Item],
    speak: Speak,
    *,
    owner: str = "",
    link: str = "",
    title_speak: Speak | None = None,
) -> Digest:
    """The digest of some of a report's items. `owner` is whom it is for, "" for everybody; `link` where the whole
    report can be read; `speak` and `title_speak` make a value harmless where it goes (`dialects`).
    """
    sorts = _sort(items)
    coverage = coverage_words(data.run.coverage)
    changed = bool(sorts.breached or sorts.soon or sorts.new) or not data.whole
    title = _title(sorts, owner and (title_speak or speak)(owner))
    lines = [speak(coverage)]
    if data.run.killed:
        lines.append("The scan was cut off: what it did not reach is not in this digest.")
    if not changed:
        resolved = f", {data.changes.resolved:,} resolved" if data.changes.resolved and not owner else ""
        body = f"Nothing new, nothing due: {counted(sorts.open, 'finding')} open{resolved}. {speak(coverage)}"
        return Digest(owner, title, body + (f" {link}" if link else ""), changed=False)
    if not owner and data.headline.share is not None:
        what = "of taggable spend" if data.headline.name == "spend_compliance" else "of resources"
        lines.append(f"{share_words(data.headline.share)} {what} complies.")
    for head, some in (("Overdue", sorts.breached), ("Due soon", sorts.soon), ("New", sorts.new)):
        if some:
            lines += ["", f"{head}: {counted(len(some), 'finding')}", *_listed(some, data, speak)]
    rest = f"{counted(sorts.open, 'finding')} open"
    if sorts.undecided:
        rest += f", {sorts.undecided:,} undecided"
    lines += ["", rest + (f". {link}" if link else ".")]
    return Digest(owner, title, "\n".join(lines), changed=True)


def by_owner(data: ReportData, owners: Sequence[str] = ()) -> dict[str, tuple[Item, ...]]:
    """The items of each owner, by name; "" for those nobody is known of. `owners`: only those that match a glob."""
    found: dict[str, list[Item]] = {}
    for item in data.items:
        if not owners or any(fnmatchcase(item.owner, glob) for glob in owners):
            found.setdefault(item.owner, []).append(item)
    return {owner: tuple(found[owner]) for owner in sorted(found)}


def _sort(items: Sequence[Item]) -> _Sorted:
    """Each finding once, under the first head that it fits. Breaches of what is undecided are no breaches yet."""
    certain = [item for item in items if item.record.certainty != "undecided"]
    breached = tuple(item for item in certain if item.clock.standing is Standing.BREACHED)
    soon = tuple(item for item in certain if item.clock.standing is Standing.DUE_SOON)
    said = {item.record.identity for item in (*breached, *soon)}
    fresh = (EventKind.NEW, EventKind.REGRESSED)
    new = tuple(item for item in certain if item.change in fresh and item.record.identity not in said)
    return _Sorted(breached, soon, new, len(items), len(items) - len(certain))


def _title(sorts: _Sorted, owner: str) -> str:
    parts = [
        f"{len(some):,} {word}"
        for some, word in ((sorts.breached, "overdue"), (sorts.soon, "due soon"), (sorts.new, "new"))
        if some
    ]
    what = ", ".join(parts) or "nothing new"
    return f"tagwright: {what}" + (f" ({owner})" if owner else "")


def _listed(items: Sequence[Item], data: ReportData, speak: Speak) -> list[str]:
    """One line a resource: a person fixes a resource, not a finding."""
    found = subjects(items)
    lines: list[str] = []
    room = ROOM
    for subject in found[:SHOWN]:
        line = _line(subject, data, speak)
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    if len(found) > len(lines):
        lines.append(f"and {counted(len(found) - len(lines), 'more resource', 'more resources')}")
    return lines


def _line(subject: Subject, data: ReportData, speak: Speak) -> str:
    first = subject.first
    record = first.record
    many = f" ({record.members:,} members)" if record.members > 1 else ""
    said = "; ".join(speak(each.message) for each in subject.said[:3])
    if len(subject.said) > 3:
        said += f"; and {len(subject.said) - 3} more"
    facts = [due_words(first.clock, data.now)]
    if record.usd_per_day is not None:
        facts.append(f"{money(record.usd_per_day)} a day" + (" (estimate)" if record.usd_basis == "estimate" else ""))
    where = f"{speak(record.type)}, account {speak(record.account)}, {speak(record.region)}"
    tail = ", ".join(fact for fact in facts if fact)
    command = subject.command or first.fix.command
    fix = f" Fix: {speak(command)}" if command and len(command) <= _COMMAND else ""
    return f"- {speak(record.name)}{many}: {said} [{where}]" + (f" {tail}." if tail else ".") + fix
