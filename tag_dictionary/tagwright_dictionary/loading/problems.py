"""Collecting every mistake of a file in one pass, with did-you-mean."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice

from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.model import Location

MAX_PROBLEMS = 500
"""More mistakes than this in one load are counted, not shown: nobody mends them one by one."""

MAX_GUESSES = 50
MAX_CANDIDATES = 1_000
# difflib compares every pair; both bounds keep a hostile file from turning help into hours.


class Problems:
    """The mistakes found so far, in the order they were met."""

    def __init__(self) -> None:
        self._found: list[DictionaryError] = []
        self._seen: set[tuple[str, Location | None]] = set()
        self._dropped = 0
        self._guesses = 0

    def __bool__(self) -> bool:
        return bool(self._found)

    def __len__(self) -> int:
        return len(self._found) + self._dropped

    def add(self, message: str, hint: str = "", location: Location | None = None) -> None:
        if (message, location) in self._seen:
            return
        if len(self._found) >= MAX_PROBLEMS:
            self._dropped += 1
            return
        self._seen.add((message, location))
        self._found.append(DictionaryError(message, hint=hint, location=location))

    def take(self, error: DictionaryError) -> None:
        """Adds an error raised elsewhere, with all those related to it."""
        for each in flatten(error):
            self.add(each.message, each.hint, each.location)

    def did_you_mean(self, found: str, candidates: Iterable[str]) -> str:
        """The nearest candidate as `did you mean "x"?`, or "" when nothing is near or guessing got too dear."""
        nearest = self.nearest(found, candidates)
        return f'did you mean "{nearest}"?' if nearest else ""

    def nearest(self, found: str, candidates: Iterable[str]) -> str:
        if self._guesses >= MAX_GUESSES or len(found) > 100:
            return ""
        self._guesses += 1
        pool = islice(candidates, MAX_CANDIDATES)
        folded: dict[str, str] = {}
        for candidate in pool:
            folded.setdefault(_fold(candidate), candidate)
        if same := folded.get(_fold(found)):
            return same
        from difflib import get_close_matches  # noqa: PLC0415 - only on the error path

        close = get_close_matches(_fold(found), list(folded), n=1, cutoff=0.6)
        return folded[close[0]] if close else ""

    def errors(self) -> tuple[DictionaryError, ...]:
        """All of them in file, line and column order."""
        ordered = sorted(self._found, key=_position)
        if self._dropped:
            ordered.append(DictionaryError(f"and {self._dropped} more mistakes, not shown"))
        return tuple(ordered)

    def raise_if_any(self) -> None:
        """Raises the first error, the others in its `related`."""
        errors = self.errors()
        if errors:
            first = errors[0]
            raise DictionaryError(first.message, hint=first.hint, location=first.location, related=errors[1:])


def flatten(error: DictionaryError) -> tuple[DictionaryError, ...]:
    """The error and its related ones, each on its own."""
    alone = DictionaryError(error.message, hint=error.hint, location=error.location)
    related = tuple(each for each in error.related if isinstance(each, DictionaryError))
    return (alone, *(single for each in related for single in flatten(each)))


def listing(names: Collection[str], limit: int = 12) -> str:
    """`a, b, c` for a message; long lists are cut and say so."""
    more = f", ... ({len(names) - limit} more)" if len(names) > limit else ""
    return ", ".join(islice(names, limit)) + more


def quoted(text: str, limit: int = 60) -> str:
    """Text of the user for a message: one line, escaped, bounded."""
    cut = text if len(text) <= limit else text[: limit - 3] + "..."
    if cut.isprintable():
        return f'"{cut}"'
    inner = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut)
    return f'"{inner}"'


def _fold(text: str) -> str:
    return text.casefold().replace("_", "-")


def _position(error: DictionaryError) -> tuple[str, int, int, str]:
    where = error.location or Location("")
    return (where.path, where.line, where.column, error.message)
