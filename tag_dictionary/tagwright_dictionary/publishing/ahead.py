"""Tomorrow beside today: what the dictionary itself changes on a day that is already known, and the next version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tagwright_dictionary.dictionary import Dictionary, Value
from tagwright_dictionary.model import Severity
from tagwright_dictionary.publishing import words
from tagwright_dictionary.publishing.history import Chapter, Line


@dataclass(frozen=True, slots=True)
class Turn:
    """One such change. From `day` on `then` holds in place of `now`; `keys`, `value`, `requirement` and `exemption` say
    what it is about (the value is one of the only key).
    """

    day: date
    now: str
    then: str
    keys: tuple[str, ...] = ()
    value: str = ""
    requirement: str = ""
    exemption: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """`turns`, soonest first; `coming` is the next version, compared with the present one, where there is one."""

    turns: tuple[Turn, ...] = ()
    coming: Chapter | None = None
    _turns: dict[str, list[Turn]] = field(default_factory=dict, repr=False, compare=False)
    _lines: dict[tuple[str, str], list[Line]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, dictionary: Dictionary, day: date, coming: Chapter | None = None) -> Ahead:
        """What is ahead of a dictionary after `day`."""
        found = tuple(sorted(_turns(dictionary, day), key=lambda turn: turn.day))
        made = cls(found, coming)
        for turn in found:
            for key in turn.keys:
                made._turns.setdefault(key, []).append(turn)
        for line in made.lines:
            for key in (line.key,) if line.key else line.touches:
                made._lines.setdefault((key, line.value), []).append(line)
        return made

    @property
    def lines(self) -> tuple[Line, ...]:
        """What the next version changes."""
        return self.coming.comparison.lines if self.coming is not None and self.coming.comparison is not None else ()

    def turns_of(self, key: str) -> Sequence[Turn]:
        """What changes on its day about a key or its values."""
        return self._turns.get(key, ())

    def lines_of(self, key: str, value: str) -> Sequence[Line]:
        """What the next version changes about a value; about a key itself, rules included, where the value is ""."""
        return self._lines.get((key, value), ())


def _turns(dictionary: Dictionary, day: date) -> Iterator[Turn]:
    for each in dictionary.requirements:
        first = each.becomes_error
        if first is not None and first > day and each.severity is not Severity.ERROR:
            now, then = words.strength(each.severity), words.strength(Severity.ERROR)
            yield Turn(first, now, then, tuple(dict.fromkeys(each.require)), requirement=each.id)
    for key in dictionary.keys:
        for value in key.values or ():
            first = refused_from(value)
            if first is not None and first > day:
                yield Turn(first, "accepted with a warning", "refused", (key.name,), value.value)
    for exemption in dictionary.exemptions:
        first = _after(exemption.until)
        if first is not None and first > day:
            yield Turn(first, "exempt", "judged like every other", exemption=exemption.id)


def refused_from(value: Value) -> date | None:
    """The first day on which a value is not accepted any more; None where no end is set."""
    return _after(value.until) if value.status == "deprecated" else None


def _after(last: date | None) -> date | None:
    return last + timedelta(days=1) if last is not None and last < date.max else None


def sides(line: Line) -> tuple[str, str]:
    """The two sides of a change in a few words, for columns beside each other."""
    before, after = line.before.removeprefix("is "), line.after.removeprefix("is ")
    if line.requirement and line.field.startswith("require."):
        return ("not required", "required") if after else ("required", "not required")
    if line.kind in ("added", "removed", "renamed"):
        own = line.value or line.key
        there = "approved" if line.value else "there" if before in ("", own) else before
        if line.kind == "added":
            return f"not {'approved' if line.value else 'there'}", there if after in ("", own) else after
        return there, f"gone, use {after}" if after else "gone"
    return before or "nothing", after or "nothing"
