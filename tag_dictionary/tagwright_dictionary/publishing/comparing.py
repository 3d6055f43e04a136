"""How two versions differ, as `lifecycle.diff` has it, in the words of the changelog."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tagwright_dictionary.dictionary import Dictionary, Value
from tagwright_dictionary.judging.text import plain, quoted
from tagwright_dictionary.lifecycle.changes import Change
from tagwright_dictionary.lifecycle.diff import diff
from tagwright_dictionary.publishing.history import Comparison, Line

_Names = Mapping[str, frozenset[str]]


def compare(old: Dictionary, new: Dictionary, day: date) -> Comparison:
    """What `new` changes, on the day it comes into force."""
    found = diff(old, new, day)
    names = {
        key.name: frozenset(value.value for side in (old, new) for value in _values(side, key.name))
        for key in (*old.keys, *new.keys)
    }
    rules = frozenset(each.id for side in (old, new) for each in side.requirements)
    return Comparison(found.bump.word, tuple(_line(change, names, rules) for change in found.changes))


def _values(dictionary: Dictionary, name: str) -> tuple[Value, ...]:
    key = dictionary.key(name)
    return (key.values if key is not None else None) or ()


def _line(change: Change, names: _Names, rules: frozenset[str]) -> Line:
    rule = _requirement(change.path, rules)
    field = change.path.removeprefix(f"requirements.{rule}").removeprefix(".") if rule else ""
    touches = change.touches[:1] if field.startswith("require.") else change.touches
    key = touches[0] if len(touches) == 1 and not rule else ""
    value = _value(change, key, names)
    text, between = _said(change.message, rule or key, value)
    return Line(
        change.kind.value,
        text,
        key,
        value,
        tuple(effect.value for effect in change.effects),
        rule,
        change.before,
        change.after,
        field,
        touches,
        between,
    )


def _said(message: str, about: str, value: str) -> tuple[str, str]:
    """The message without the name it begins with, which the page shows as a link in front of it, and what stands
    between the two.
    """
    starts = [(f"{quoted(value)} ", " ")] if value else []
    starts += [(f"{plain(about)}: ", ": "), (f"{plain(about)} ", " ")] if about and not value else []
    for start, between in starts:
        if message.startswith(start):
            return message.removeprefix(start), between
    return message, ": " if about else ""


def _requirement(path: str, rules: frozenset[str]) -> str:
    """The id of the requirement that a path like `requirements.some.id.require.owner` is about: ids may hold dots."""
    parts = path.split(".")
    if parts[0] != "requirements":
        return ""
    ends = range(len(parts), 1, -1)
    return next((name for name in (".".join(parts[1:end]) for end in ends) if name in rules), "")


def _value(change: Change, key: str, names: _Names) -> str:
    """The value that a path like `keys.team.values.vision` or `keys.team.values.vision.owner` is about."""
    start = f"keys.{key}.values."
    if not key or not change.path.startswith(start):
        return ""
    rest = change.path.removeprefix(start)
    return next((name for name in (rest, rest.rpartition(".")[0]) if name in names.get(key, ())), "")
