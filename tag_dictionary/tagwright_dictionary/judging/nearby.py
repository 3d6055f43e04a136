"""Did-you-mean: the approved values nearest to a typed one, in bounded time however long the list is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

LONGEST = 64
"""Longer values get no near miss: nobody mistypes them by a letter or two."""

_COMPARED = 200
"""Candidates whose distance is computed, after the cheap filters."""


class Nearby:
    """An index of spellings, each standing for an approved value. Building it is linear in their number."""

    __slots__ = ("_by_length",)

    def __init__(self, spellings: Iterable[tuple[str, str]]) -> None:
        self._by_length: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
        for spelling, value in spellings:
            if 0 < len(spelling) <= LONGEST:
                folded = spelling.casefold()
                self._by_length[len(folded)].append((_letters(folded), folded, value))

    def find(self, typed: str, limit: int = 3) -> tuple[str, ...]:
        """Up to `limit` values, nearest first, equal distances in the order of their names."""
        if not 1 < len(typed) <= LONGEST:
            return ()
        folded = typed.casefold()
        allowed = 1 if len(folded) <= 4 else 2
        letters = _letters(folded)
        candidates = []
        for length in range(len(folded) - allowed, len(folded) + allowed + 1):
            for mask, spelling, value in self._by_length.get(length, ()):
                different = (mask ^ letters).bit_count()
                if different <= 2 * allowed:
                    candidates.append((different, spelling[0] != folded[0], spelling, value))
        if len(candidates) > _COMPARED:
            candidates = sorted(candidates)[:_COMPARED]
        best: dict[str, int] = {}
        for _, _, spelling, value in candidates:
            found = distance(folded, spelling, allowed)
            if found <= allowed:
                best[value] = min(found, best.get(value, found))
        return tuple(sorted(best, key=lambda value: (best[value], value)))[:limit]


def distance(left: str, right: str, limit: int) -> int:
    """Edits (insert, delete, replace, swap of neighbours) between two words; `limit + 1` when there are more."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    current = list(range(len(right) + 1))
    for row, char in enumerate(left, 1):
        before, previous, current = current, before, [row]
        for column, other in enumerate(right, 1):
            cost = min(before[column] + 1, current[column - 1] + 1, before[column - 1] + (char != other))
            if previous and column > 1 and char == right[column - 2] and left[row - 2] == other:
                cost = min(cost, previous[column - 2] + 1)
            current.append(cost)
        if min(current) > limit and min(before) > limit:
            return limit + 1
    return min(current[-1], limit + 1)


def _letters(word: str) -> int:
    mask = 0
    for char in word:
        mask |= 1 << (ord(char) & 63)
    return mask
