"""How two versions differ, as `lifecycle.diff` has it, in the words of the changelog."""

from __future__ import annotations

from datetime import date

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.text import quoted
from tagwright_dictionary.lifecycle.changes import Change
from tagwright_dictionary.lifecycle.diff import diff
from tagwright_dictionary.publishing.history import Comparison, Line


def compare(old: Dictionary, new: Dictionary, day: date) -> Comparison:
    """What `new` changes, on the day it comes into force."""
    found = diff(old, new, day)
    return Comparison(found.bump.word, tuple(map(_line, found.changes)))


def _line(change: Change) -> Line:
    key = change.touches[0] if len(change.touches) == 1 else ""
    start = f"keys.{key}.values."
    value = change.path.removeprefix(start) if key and change.path.startswith(start) else ""
    # The page shows the value itself, as a link, in front of the text.
    text = change.message.removeprefix(f"{quoted(value)} ") if value else change.message
    return Line(change.kind.value, text, key, value, tuple(effect.value for effect in change.effects))
