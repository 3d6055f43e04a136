r"""Regular expressions of a dictionary in the common subset of Python, RE2 (Go, Terraform, OPA) and ECMAScript.

The dictionary's patterns are Python's, with ASCII classes. What comes out here has only literals, explicit classes,
groups without capture, alternatives and quantifiers. Characters stand for themselves (no `\x`, `\d`, `\p`); only
characters with a meaning are escaped, so that every engine, ECMAScript's strict `u` mode included, reads the same.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]  # the only parser that reads what `re` reads
from typing import Any

LAST = 0x10FFFF
MAX_NESTED = 1_000
"""RE2 refuses repeats whose product is larger."""

_UNLIMITED = int(_constants.MAXREPEAT)
_META = frozenset("\\^$.|?*+()[]{}/")
_IN_CLASS = frozenset("\\^-[]")
Ranges = list[tuple[int, int]]

_CLASSES: dict[str, Ranges] = {
    "CATEGORY_DIGIT": [(0x30, 0x39)],
    "CATEGORY_WORD": [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)],
    "CATEGORY_SPACE": [(0x09, 0x0D), (0x20, 0x20)],
}


@dataclass(frozen=True, slots=True)
class Portable:
    """A pattern for whole values, without anchors. `problem` says why there is none; `ascii_only` that no value with
    another character can match.
    """

    text: str
    problem: str = ""
    ascii_only: bool = True


class _NotPortableError(ValueError):
    pass


@lru_cache(maxsize=1024)
def portable(pattern: str) -> Portable:
    """The pattern in the common subset. Never raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # `[[` may come to mean something else: here it does not
            tree = _parser.parse(pattern, re.ASCII)
        writer = _Writer()
        text = writer.sequence(tree, 1)
    except (re.error, OverflowError, RecursionError):
        return Portable("", "is not a regular expression")
    except _NotPortableError as error:
        return Portable("", str(error))
    return Portable(text, "", writer.ascii_only)


def literal(text: str) -> str:
    """A pattern that matches exactly `text`."""
    return "".join(f"\\{char}" if char in _META else char for char in text)


def glob(pattern: str) -> str:
    """A shell glob (`fnmatch`) as a portable pattern."""
    import fnmatch  # noqa: PLC0415 - only some dictionaries have globs

    parts = []
    for part in re.split(r"(\*+|\?|\[!?\]?[^\]]*\])", pattern):
        if part.startswith("*"):
            parts.append("[^\n]*")
        elif part == "?":
            parts.append("[^\n]")
        elif part.startswith("[") and part.endswith("]") and len(part) > 2:
            inner = fnmatch.translate(part).removeprefix("(?s:").removesuffix(")\\Z").removesuffix(")\\z")
            parts.append(portable(inner).text or "[^\n]")
        else:
            parts.append(literal(part))
    return "".join(parts)


def folded(text: str) -> str:
    """A pattern that matches `text` in any case of its ASCII letters."""
    return "".join(
        f"[{char.upper()}{char.lower()}]" if char.isascii() and char.isalpha() else literal(char) for char in text
    )


def alternatives(parts: Iterator[str] | list[str]) -> str:
    """One group that matches any of the patterns."""
    return f"(?:{'|'.join(parts)})"


def words(choices: list[str], between: str) -> str:
    """A pattern for any of the words with `between` allowed after each letter, written as a trie."""
    return _trie(sorted(set(choices)), between)


def _trie(choices: list[str], between: str) -> str:
    heads: dict[str, list[str]] = {}
    for word in choices:
        heads.setdefault(word[:1], []).append(word[1:])
    branches = [
        f"{literal(head)}{between}{_trie(tails, between)}" if tails != [""] else f"{literal(head)}{between}"
        for head, tails in heads.items()
        if head
    ]
    if "" in heads:
        return f"(?:{'|'.join(branches)})?" if branches else ""
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def char_class(ranges: Ranges) -> str:
    """A class of the characters in `ranges` (sorted, apart)."""
    if ranges and ranges[-1][1] == LAST:
        gaps = _complement(ranges)
        return f"[^{''.join(map(_range, gaps))}]" if gaps else f"[{chr(0)}-{chr(LAST)}]"
    return f"[{''.join(map(_range, ranges))}]" if ranges else f"[^{chr(0)}-{chr(LAST)}]"


def _range(pair: tuple[int, int]) -> str:
    low, high = pair
    if low == high:
        return _member(low)
    return _member(low) + ("" if high == low + 1 else "-") + _member(high)


def _member(point: int) -> str:
    char = chr(point)
    return f"\\{char}" if char in _IN_CLASS else char


def _complement(ranges: Ranges) -> Ranges:
    result, start = [], 0
    for low, high in ranges:
        if low > start:
            result.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        result.append((start, LAST))
    return result


def _union(ranges: Ranges) -> Ranges:
    result: Ranges = []
    for low, high in sorted(ranges):
        if result and low <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(result[-1][1], high))
        else:
            result.append((low, high))
    return result


class _Writer:
    def __init__(self) -> None:
        self.ascii_only = True

    def sequence(self, tree: Any, repeats: int) -> str:
        return "".join(self._one(str(operator), argument, repeats) for operator, argument in tree)

    def _one(self, name: str, argument: Any, repeats: int) -> str:
        match name:
            case "LITERAL":
                return self._set([(argument, argument)])
            case "NOT_LITERAL":
                return self._set(_complement([(argument, argument)]))
            case "ANY":
                return self._set(_complement([(0x0A, 0x0A)]))
            case "IN":
                return self._set(_members(argument))
            case "SUBPATTERN":
                return f"(?:{self.sequence(argument[3], repeats)})"
            case "BRANCH":
                return f"(?:{'|'.join(self.sequence(branch, repeats) for branch in argument[1])})"
            case "MAX_REPEAT" | "MIN_REPEAT":
                low, high, body = argument
                return self._repeat(low, high, body, repeats)
            case "AT" if str(argument) in ("AT_BEGINNING", "AT_BEGINNING_STRING"):
                return "^"
            case "AT" if str(argument) in ("AT_END", "AT_END_STRING"):
                return "$"
        raise _NotPortableError(f"uses what other engines lack ({name.lower()})")

    def _repeat(self, low: int, high: int, body: Any, repeats: int) -> str:
        most = low if high == _UNLIMITED else high
        if max(most, 1) * repeats > MAX_NESTED:
            raise _NotPortableError(f"repeats more than {MAX_NESTED:,} times, which RE2 refuses")
        inner = self.sequence(body, max(most, 1) * repeats)
        if not inner:
            return ""
        group = inner if len(body) == 1 and str(body[0][0]) != "MAX_REPEAT" and inner[-1:] not in "*+?}" else ""
        group = group or f"(?:{inner})"
        if (low, high) == (0, 1):
            return f"{group}?"
        if high == _UNLIMITED:
            return f"{group}{ {0: '*', 1: '+'}.get(low, f'{{{low},}}') }"
        return group if (low, high) == (1, 1) else f"{group}{{{low},{high}}}" if low != high else f"{group}{{{low}}}"

    def _set(self, ranges: Ranges) -> str:
        if ranges and ranges[-1][1] > 0x7F:
            self.ascii_only = False
        if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
            return literal(chr(ranges[0][0]))
        return char_class(ranges)


def _members(items: Any) -> Ranges:
    found: Ranges = []
    negated = False
    for operator, argument in items:
        match str(operator):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found.append((argument, argument))
            case "RANGE":
                found.append(tuple(argument))
            case "CATEGORY":
                name = str(argument)
                positive = _CLASSES.get(name.replace("_NOT_", "_"))
                if positive is None:
                    raise _NotPortableError("uses a class that other engines lack")
                found += _complement(positive) if "_NOT_" in name else positive
            case other:
                raise _NotPortableError(f"uses what other engines lack ({other.lower()})")
    merged = _union(found)
    return _complement(merged) if negated else merged
