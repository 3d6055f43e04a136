"""The changelog: releases, newest first, each with what it changed. How two dictionaries differ is for
`tagwright_dictionary.lifecycle` to say; this module only asks for it in the few words that pages and feeds need.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.lifecycle.versions import parse_version
from tagwright_dictionary.publishing.facts import Release


@dataclass(frozen=True, slots=True)
class Line:
    """One change in words. `kind` groups lines ("added", "removed", ...); `effects` say what it does to verdicts
    ("tightened", "loosened"); `key`, `value` and `requirement` what it is about, `before` and `after` the two sides in
    a few words, `field` which part of a requirement ("" where there is nothing to say), `touches` all keys it concerns,
    `between` what stands between its name and the text.
    """

    kind: str
    text: str
    key: str = ""
    value: str = ""
    effects: tuple[str, ...] = ()
    requirement: str = ""
    before: str = ""
    after: str = ""
    field: str = ""
    touches: tuple[str, ...] = ()
    between: str = " "

    @property
    def sentence(self) -> str:
        """The whole of it, names included."""
        name = " ".join(filter(None, (self.requirement or self.key, self.value)))
        return f"{name}{self.between}{self.text}" if name else self.text


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a version changed, and the step of the version number that such changes demand (major | minor | patch)."""

    level: str
    lines: tuple[Line, ...]


Compare = Callable[[Dictionary, Dictionary, date], Comparison]
"""From the older to the newer, as of the day on which the newer one comes into force."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One version. `before` is the version it is compared with, None for the first one known."""

    release: Release
    before: Dictionary | None = None
    comparison: Comparison | None = None

    @property
    def anchor(self) -> str:
        return f"v{self.release.dictionary.version}"


def chapters(current: Release, previous: Sequence[Release], compare: Compare, today: date) -> tuple[Chapter, ...]:
    """Newest first. `previous` in any order: versions decide. Versions whose day is not known are compared as of the
    day of the next newer one, at last of `today`.
    """
    order = sorted(previous, key=lambda each: parse_version(each.dictionary.version).order, reverse=True)
    releases = [current, *order]
    told = []
    for newer, older in zip(releases, [*order, None], strict=True):
        today = newer.day or today
        if older is None:
            told.append(Chapter(newer))
        else:
            comparison = compare(older.dictionary, newer.dictionary, today)
            told.append(Chapter(newer, older.dictionary, comparison))
    return tuple(told)


def dated(told: Sequence[Chapter], fallback: date) -> tuple[date, ...]:
    """A day for each chapter, newest first, for formats that demand one: its own, else that of the next newer one."""
    days = []
    for chapter in told:
        fallback = chapter.release.day or fallback
        days.append(fallback)
    return tuple(days)
