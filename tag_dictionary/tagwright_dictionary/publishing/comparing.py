"""How two versions differ, as `lifecycle.diff` has it, in the words of the changelog."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tagwright_dictionary.dictionary import Dictionary, Value
from tagwright_dictionary.judging.text import quoted
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
    return Comparison(found.bump.word, tuple(_line(change, names) for change in found.changes))


def _values(dictionary: Dictionary, name: str) -> tuple[Value, ...]:
    key = dictionary.key(name)
    return (key.values if key is not None else None) or ()


def _line(change: Change, names: _Names) -> Line:
    key = change.touches[0] if len(change.touches) == 1 else ""
    value = _value(change, key, names)
    # The page shows the value itself, as a link, in front of the text.
    text = change.message.removeprefix(f"{quoted(value)} ") if value else change.message
    return Line(change.kind.value, text, key, value, tuple(effect.value for effect in change.effects))


def _value(change: Change, key: str, names: _Names) -> str:
    """The value that a path like `keys.team.values.vision` or `keys.team.values.vision.owner` is about."""
    start = f"keys.{key}.values."
    if not key or not change.path.startswith(start):
        return ""
    rest = change.path.removeprefix(start)
    return next((name for name in (rest, rest.rpartition(".")[0]) if name in names.get(key, ())), "")
