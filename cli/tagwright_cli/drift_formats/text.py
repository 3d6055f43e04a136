"""The report a person reads in a terminal: what was seen, the shares, red first, who, and what was not seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tagwright_cli.drift_formats import Look
from tagwright_cli.drift_formats.sentences import change_words, measure_words, owner_words, provenance_words
from tagwright_cli.sanitise import clean, columns, short
from tagwright_cli.terminal import Style
from tagwright_cli.wrapping import PROSE, wrap
from tagwright_drift.levels import Standing
from tagwright_drift.report import words
from tagwright_drift.report.model import Item, Light, ReportData
from tagwright_drift.report.subjects import Subject, subjects

_OWNERS = 10
_UNPLANNED = 6
_HEAD = 11
_COLOURS = {Standing.BREACHED: "bold red", Standing.DUE_SOON: "yellow"}
_LIGHTS = {Light.RED: "bold red", Light.YELLOW: "yellow", Light.GREEN: "green"}


def render(data: ReportData, look: Look, /) -> str:
    """Fits 80 columns and stretches; ARNs and commands stand on lines of their own, unbroken, to be copied."""
    writer = _Writer(data, look.style)
    lines = [
        *writer.head(),
        "",
        *writer.findings(look.most),
        *writer.owners(),
        *writer.money(),
        *writer.unseen(),
        *writer.foot(),
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


class _Writer:
    def __init__(self, data: ReportData, style: Style) -> None:
        self._data = data
        self._style = style
        self._prose = min(style.width, PROSE)

    def head(self) -> Iterator[str]:
        data = self._data
        yield from self._labelled("seen", clean(words.seen_words(data)), "bold" if data.whole else "bold red")
        verdict = clean(words.verdict_words(data))
        yield from self._labelled("", verdict)
        for name, measure in (
            ("spend", data.measure("spend_compliance")),
            ("resources", data.measure("count_compliance")),
        ):
            if measure.share is not None:
                yield from self._labelled(name, measure_words(data, measure), _LIGHTS.get(measure.light, ""))
        if not data.basis:
            yield from self._labelled("dollars", "not known: add an export with tagwright drift costs", "dim")
        yield from self._labelled("changes", change_words(data))
        due = f"{data.counts.breached:,} overdue, {data.counts.due_soon:,} due soon."
        yield from self._labelled("due", due, "bold red" if data.counts.breached else "")

    def findings(self, most: int) -> Iterator[str]:
        """Resource by resource; `most` counts resources, because that is what a person works through."""
        everything = subjects(self._data.items)
        shown = everything[: most or None]
        for subject in shown:
            yield from self._subject(subject)
            yield ""
        left = len(everything) - len(shown)
        if left:
            of = words.counted(sum(len(each.items) for each in everything[len(shown) :]), "finding")
            more = words.counted(left, "more resource")
            rest = f"and {more} with {of}: --most 0 shows all, --format html=report.html filters them."
            yield from wrap(rest, self._prose)
            yield ""

    def _subject(self, subject: Subject) -> Iterator[str]:
        record, now = subject.first.record, self._data.now
        members = f" and {record.members - 1:,} more of its group" if record.members > 1 else ""
        made_of = [
            short(record.type),
            *(short(value) for _, value in record.attributes[:1]),
            *map(short, record.classes),
        ]
        name = clean(record.name, 60)
        yield from self._two(f"{self._style.paint(name, 'bold')}{members}", columns(name + members), ", ".join(made_of))
        before = ""
        for said in subject.said:
            item = said.items[0]
            standing = item.clock.standing
            undecided = item.record.certainty == "undecided"
            word = "undecided" if undecided else _standing_word(standing, item.record.severity)
            colour = "blue" if undecided else _COLOURS.get(standing, "")
            yield from self._labelled(word, f"{clean(said.message, 400)}{_because(item)}", colour, indent=2)
            timing = self._timing(item, now)
            if timing != before:  # said once, where it is the same for all
                yield from self._labelled("", timing, indent=2)
            before = timing
        yield from self._labelled("owner", owner_words(subject.first), indent=2)
        for chain in dict.fromkeys(item.record.chain for item in subject.items if item.record.chain):
            yield from self._labelled("way", clean(chain, 400), indent=2)
        yield from self._mending(subject)

    def _timing(self, item: Item, now: datetime) -> str:
        record = item.record
        due = words.due_words(item.clock, now)
        open_ = f"open {words.age_words(item, now)}{f', {short(due)}' if due else ''}"
        again = f"; came back {words.counted(record.regressions, 'time')}" if record.regressions else ""
        word = "verified" if item.planned else "looked for"
        stale = f"; not {word} since {words.day_words(record.last_seen.astimezone(now.tzinfo))}" if item.stale else ""
        return f"{open_}{self._cost(item)}{again}{stale}."

    def _mending(self, subject: Subject) -> Iterator[str]:
        """Each line of code and each advice once, then one command where one is enough, and the ARN to paste."""
        advice: dict[tuple[str, str], None] = {}
        for item in subject.items:
            if item.fix.value:
                basis = f"  (from {short(item.fix.basis)})" if item.fix.basis else ""
                advice[f"{clean(item.fix.code, 300)}{basis}", "green"] = None
            elif item.record.help:
                advice[clean(item.record.help.removesuffix(" Add it here."), 600), "green"] = None
        label = "fix"
        for text, colour in advice:
            yield from self._labelled(label, text, colour if label else "", indent=2)
            label = ""
        commands = [subject.command] if subject.command else [item.fix.command for item in subject.items]
        for text in (*dict.fromkeys(commands), subject.first.record.address):
            if text:
                yield f"  {'':<{_HEAD}}{self._style.paint(clean(text), 'dim')}"

    def _cost(self, item: Item) -> str:
        usd = item.record.usd_per_day
        if usd is None:
            return ""
        spent = f", {words.money(item.usd_so_far)} since it began" if item.usd_so_far is not None else ""
        estimate = " (estimate)" if item.record.usd_basis == "estimate" else ""
        rate = f"{words.money(usd / 24)} an hour" if usd >= 24 else f"{words.money(usd)} a day"
        return f"; {rate}{spent}{estimate}"

    def money(self) -> Iterator[str]:
        slices = self._data.slices
        if not slices:
            return
        yield self._style.paint("where a day's spend goes", "bold")
        rows = [(words.money(each.usd), words.share_words(each.share), words.slice_words(each.name)) for each in slices]
        wide = [max(len(row[at]) for row in rows) for at in range(2)]
        for usd, share, name in rows:
            yield f"  {usd:>{wide[0]}}  {share:>{wide[1]}}  {name}"
        yield ""

    def owners(self) -> Iterator[str]:
        data = self._data
        if not data.owners:
            return
        yield self._style.paint("owners by untagged spend" if data.basis else "owners by open findings", "bold")
        rows = [
            (
                "" if row.untagged_usd is None else f"{words.money(row.untagged_usd)} a day",
                words.counted(row.findings, "finding"),
                f"{row.breached:,} overdue" if row.breached else "",
            )
            for row in data.owners[:_OWNERS]
        ]
        wide = [max(len(row[at]) for row in rows) for at in range(3)]
        room = max(min(self._style.width - sum(wide) - 8, 60), 16)
        names = [_cut(row.owner, room) for row in data.owners[:_OWNERS]]
        longest = max(map(columns, names))
        for name, (usd, number, late) in zip(names, rows, strict=True):
            pad = " " * (longest - columns(name))
            yield f"  {name}{pad}  {usd:>{wide[0]}}  {number:>{wide[1]}}  {late:>{wide[2]}}"
        if len(data.owners) > _OWNERS:
            yield f"  and {words.counted(len(data.owners) - _OWNERS, 'more owner')}"
        yield ""

    def unseen(self) -> Iterator[str]:
        data = self._data
        if data.unseen or data.unplanned:
            yield self._style.paint("not seen", "bold")
        for group in data.unseen:
            what = f"{words.counted(group.cells, 'cell')} {words.lost_words(group)}"
            reason = f": {clean(group.reason, 200)}" if group.reason else ""
            yield from wrap(f"{what}{reason}", self._prose, first="  ", rest="    ")
            where = f"{short(words.some_of(group.types, group.type_count))} in "
            where += f"{words.counted(group.account_count, 'account')}, {words.counted(group.region_count, 'region')}"
            yield from wrap(where, self._prose, first="    ", rest="    ")
        for row in data.unplanned[:_UNPLANNED]:
            yield from wrap(clean(words.unplanned_words(row)), self._prose, first="  ", rest="    ")
        if len(data.unplanned) > _UNPLANNED:
            yield f"  and {words.counted(len(data.unplanned) - _UNPLANNED, 'more account')} like these"
        if data.skipped:
            skipped = f"{words.counted(data.skipped, 'more cell')} cannot hold anything: the region is off, or the "
            yield from wrap(f"{skipped}service is not there.", self._prose, first="  ", rest="  ")
        if data.unseen or data.unplanned or data.skipped:
            yield ""

    def foot(self) -> Iterator[str]:
        for sentence in provenance_words(self._data):
            yield from wrap(clean(sentence), self._prose, rest="  ")

    def _labelled(self, label: str, text: str, colour: str = "", *, indent: int = 0) -> Iterator[str]:
        lines = wrap(text, self._prose - _HEAD - indent)
        head = f"{label:<{_HEAD}}"
        if colour and label:
            head = self._style.paint(label, colour) + " " * (_HEAD - len(label))
        yield f"{' ' * indent}{head}{lines[0]}"
        for line in lines[1:]:
            yield f"{' ' * (indent + _HEAD)}{line}"

    def _two(self, left: str, size: int, right: str) -> Iterator[str]:
        if size + 2 + columns(right) <= self._style.width:
            yield f"{left}  {right}"
        else:
            yield left
            yield from wrap(right, self._prose, first="  ", rest="  ")


def _standing_word(standing: Standing, severity: str) -> str:
    return {Standing.BREACHED: "overdue", Standing.DUE_SOON: "due soon"}.get(standing, severity)


def _because(item: Item) -> str:
    return f", because {short(item.record.cause)}" if item.record.cause else ""


def _cut(name: str, room: int) -> str:
    """A name in at most `room` columns."""
    text = clean(name) or "nobody known"
    if columns(text) <= room:
        return text
    kept = text[: room - 1]
    while columns(kept) > room - 1:
        kept = kept[:-1]
    return f"{kept}…"
