"""A change before its effects are known: what happened, and where the search for witnesses should look."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tagwright_dictionary.dictionary import Dictionary, Selector
from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.lifecycle.changes import Kind
from tagwright_dictionary.lifecycle.focus import Focus
from tagwright_dictionary.lifecycle.versions import Bump

_SHOWN = 8


@dataclass(slots=True)
class Draft:
    """`tightens` are focuses to try with the old dictionary passing, `loosens` with the new one passing; `owner` is
    the requirement or key that the change belongs to ("requirement:x", "key:y").
    """

    kind: Kind
    path: str
    message: str
    bump: Bump = Bump.MINOR
    before: str = ""
    after: str = ""
    touches: tuple[str, ...] = ()
    owner: str = ""
    tightens: list[Focus] = field(default_factory=list)
    loosens: list[Focus] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pair:
    """The two dictionaries and the day they are compared on."""

    old: Dictionary
    new: Dictionary
    today: date


def reworded(path: str, what: str, before: str, after: str, touches: tuple[str, ...] = ()) -> Draft:
    """A change that only people read."""
    return Draft(Kind.REWORDED, path, f"{what} is reworded", Bump.PATCH, before, after, touches)


def listed(items: tuple[str, ...] | list[str], nothing: str = "nothing") -> str:
    """`a, b, c` for a message."""
    shown = ", ".join(plain(item) for item in items[:_SHOWN])
    more = len(items) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown or nothing


def selected(selector: Selector) -> str:
    """A selector in words."""
    return "everything" if selector.everything else listed([*selector.classes, *selector.types])


def conditions(terms: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """A condition in words."""
    return " and ".join(f"{plain(key)} is {' or '.join(map(plain, values))}" for key, values in terms) or "always"
