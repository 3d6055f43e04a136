"""Values that a reader would take for one another: `vision`, `Vision`, `visions`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from tagwright_dictionary.dictionary import Key, Value
from tagwright_dictionary.judging.lookalikes import skeleton

_SEPARATOR = re.compile(r"(?<![0-9])[\W_]+|[\W_]+(?![0-9])")
"""What is between words. Between digits it counts: 3.1 is not 31."""

_ACCENTS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
"""Marks on Latin letters only: in other scripts a mark makes another letter (a Cyrillic short i)."""

_LONGEST = 256


@dataclass(frozen=True, slots=True)
class Near:
    """A new value that is nearly another approved value (or an alias of one) of the same key."""

    key: str
    value: str
    other: str
    why: str

    def __str__(self) -> str:
        return f'{self.key}: "{self.value}" is nearly "{self.other}": {self.why}'


def folded(value: str) -> str:
    """Equal for values that differ only in case, separators or look-alike letters."""
    return _SEPARATOR.sub("", skeleton(value[:_LONGEST]).casefold())


def singular(word: str) -> str:
    """A folded word without the ending that makes it plural, as far as English lets one tell."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else word[:-1]


def _bare(word: str) -> str:
    """A folded word without accents: an English keyboard has none, and whoever types the value leaves them out."""
    return word if word.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFD", word))


def _form(value: str) -> str:
    return singular(_bare(folded(value)))


def why_near(value: str, other: str) -> str:
    """Why two different values look like one; "" when they do not."""
    one, two = folded(value), folded(other)
    if value.casefold() == other.casefold():
        return "they differ only in case"
    if one == two:
        return "they differ only in separators or look-alike letters"
    if _bare(one) == _bare(two):
        return "they differ only in accents"
    return "one is the plural of the other" if _form(value) == _form(other) else ""


def near_duplicates(key: Key, added: Collection[str]) -> tuple[Near, ...]:
    """The near duplicates among the values of a key that involve an added one.

    A deprecated value that names the added one as its successor is no rival: that is how a spelling is corrected.
    """
    rivals: dict[str, list[tuple[str, Value]]] = {}
    for value in key.values or ():
        for name in (value.value, *value.aliases):
            rivals.setdefault(_form(name), []).append((name, value))
    found: dict[tuple[str, str], Near] = {}
    for value in key.values or ():
        if value.value not in added:
            continue
        for name, rival in rivals.get(_form(value.value), ()):
            succeeds = rival.status == "deprecated" and rival.replaced_by == value.value
            if rival.value == value.value or succeeds:
                continue
            why = why_near(value.value, name)
            pair = (min(value.value, name), max(value.value, name))
            if why and pair not in found:
                found[pair] = Near(key.name, value.value, name, why)
    return tuple(found.values())
