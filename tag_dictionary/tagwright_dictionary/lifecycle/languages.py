"""Texts that some keys accept and others do not: the shortest ones, found by walking their automata together.

A pattern or format is turned into its position automaton (the one that `pattern_safety` builds). All automata read the
same text at once, each as the set of positions it may be at, so that "accepted here, refused there" is a state that a
breadth-first walk reaches or never reaches. Bounded: a walk that is given up says so.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from re import _parser  # type: ignore[attr-defined]  # the only parser that reads what `re` reads
from typing import Any

from tagwright_dictionary.dictionary import Key
from tagwright_dictionary.loading.pattern_safety import UnsafePatternError, _accepts, _Automaton, _cuts

MAX_STEPS = 60_000
MAX_VISITS = 4
"""How often a state is entered: more than once, because the shortest text may be a placeholder ("aa")."""

_PREFERRED = "abcdefghijklmnopqrstuvwxyz0123456789-_.ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FEW = 3
"""Characters tried of each kind that all automata treat alike."""

# Formats as patterns: what is surely inside (used to find texts) and what is perhaps inside (used to leave them out).
# The finder's caller checks every text with the format itself.
_WORD = "[a-z0-9]+"
_INSIDE = {
    "email": rf"{_WORD}([.]{_WORD})?@{_WORD}([.]{_WORD})+",
    "slug": f"{_WORD}(-{_WORD})*",
    "date": "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])",
    "url": rf"https?://{_WORD}([.]{_WORD})*(/{_WORD})?",
    "arn": f"arn:aws:{_WORD}:{_WORD}:[0-9]*:{_WORD}",
    "integer": "-?[0-9]+",
}
_LOCAL_PART = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+([.][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_OUTSIDE = {
    **_INSIDE,
    "email": f"{_LOCAL_PART}@[A-Za-z0-9.-]+",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "url": "https?://[!-~]+",
    "arn": "arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[!-~]+",
}


@dataclass(frozen=True, slots=True)
class Texts:
    """Candidates, shortest first; `complete`: the walk ended, so a text of a kind not among them does not exist."""

    found: tuple[str, ...]
    complete: bool


class _Machine:
    """One automaton that is simulated by sets of positions. -1 is the end of an empty text."""

    def __init__(self, pattern: str) -> None:
        automaton = _Automaton()
        part = automaton.build(_parser.parse(pattern, re.ASCII))
        self.items = automaton.classes
        self.start = frozenset(part.first)
        self.last = frozenset(part.last)
        self.empty = part.empty
        self.follow = [frozenset(targets) for targets in automaton.follow]

    def step(self, waiting: frozenset[int], accepting: frozenset[int]) -> tuple[frozenset[int], bool]:
        """After a character that the positions `accepting` take: what may come next, and whether the text may end."""
        hit = waiting & accepting
        following: set[int] = set()
        for position in hit:
            following |= self.follow[position]
        return frozenset(following), bool(hit & self.last)


@lru_cache(maxsize=128)
def _machine(pattern: str) -> _Machine | None:
    """None for what is no pattern: it accepts nothing (as when judging)."""
    try:
        return _Machine(pattern)
    except (re.error, UnsafePatternError, OverflowError, RecursionError):
        return None


def texts(inside: Iterable[Key], outside: Key | None = None, most: int = 40) -> Texts:
    """Texts that have the form of every key of `inside` and, where `outside` is given, not its form.

    Lists of values and placeholders are not looked at: the caller knows them.
    """
    wanted = tuple(pattern for key in inside for pattern in _patterns(key, _INSIDE))
    if outside is None:
        return _walk(wanted, "", most)
    found: list[str] = []
    complete = True
    for pattern in _patterns(outside, _OUTSIDE):
        part = _walk(wanted, pattern, most)
        found += part.found
        complete = complete and part.complete
    return Texts(tuple(dict.fromkeys(found))[:most], complete)


def _patterns(key: Key, formats: dict[str, str]) -> tuple[str, ...]:
    found = [key.pattern] if key.pattern else []
    if key.format == "email" and key.domains:
        local = _WORD if formats is _INSIDE else _LOCAL_PART
        found.append(f"{local}@({'|'.join(re.escape(domain) for domain in key.domains)})")
    elif key.format in formats:
        found.append(formats[key.format])
    return tuple(found)


def _walk(wanted: tuple[str, ...], unwanted: str, most: int) -> Texts:
    machines = [_machine(pattern) for pattern in wanted]
    if any(machine is None for machine in machines):
        return Texts((), complete=True)
    refusing = _machine(unwanted) if unwanted else None
    every = [machine for machine in (*machines, refusing) if machine is not None]
    letters = list(_letters(every))
    start = tuple(machine.start for machine in every)
    found: list[str] = []
    visits: dict[tuple[frozenset[int], ...], int] = {start: 1}
    queue: deque[tuple[str, tuple[frozenset[int], ...]]] = deque([("", start)])
    steps = 0
    while queue:
        text, state = queue.popleft()
        for char, accepting in letters:
            steps += 1
            if steps > MAX_STEPS:
                return Texts(tuple(found), complete=False)
            moved = [machine.step(at, takes) for machine, at, takes in zip(every, state, accepting, strict=True)]
            inside, last = moved[: len(machines)], moved[len(machines) :]
            longer = text + char
            if all(ends for _, ends in inside) and not any(ends for _, ends in last):
                found.append(longer)
                if len(found) >= most:
                    return Texts(tuple(found), complete=True)
            following = tuple(at for at, _ in moved)
            if all(at for at, _ in inside) and visits.get(following, 0) < MAX_VISITS and len(longer) < 256:
                visits[following] = visits.get(following, 0) + 1
                queue.append((longer, following))
    return Texts(tuple(found), complete=True)


def _letters(machines: list[_Machine]) -> Iterator[tuple[str, tuple[frozenset[int], ...]]]:
    """Characters to try, with the positions of each machine that take them; a few of each kind."""
    few: dict[tuple[frozenset[int], ...], int] = {}
    for char in _samples(item for machine in machines for item in machine.items):
        takes = tuple(
            frozenset(
                position
                for position, (operator, argument) in enumerate(machine.items)
                if _accepts(operator, argument, ord(char))
            )
            for machine in machines
        )
        if few.get(takes, 0) < _FEW:
            few[takes] = few.get(takes, 0) + 1
            yield char, takes


def _samples(items: Iterable[tuple[Any, Any]]) -> list[str]:
    """Every printable ASCII character, letters first, and beyond them one of each stretch that is treated alike."""
    ascii_rest = [chr(code) for code in range(33, 127) if chr(code) not in _PREFERRED]
    cuts = {cut for operator, argument in items for cut in _cuts(operator, argument) if 128 <= cut <= 0x10FFFF}
    beyond = [chr(cut) for cut in sorted(cuts) if chr(cut).isprintable()]
    return [*_PREFERRED, *ascii_rest, " ", *beyond, "é"]
