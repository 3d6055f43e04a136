"""The patterns of `fileset` (doublestar): `*`, `?`, `[a-z]`, `{a,b}` within a name, `**` for any directories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tagwright_iac.terraform.values import EvalError

_META = "*?[{\\"


def is_pattern(component: str) -> bool:
    """Whether a component of a path is more than a name."""
    return any(char in component for char in _META)


def matcher(components: Sequence[str]) -> Callable[[str], bool]:
    """A test of whether a relative POSIX path matches the pattern. EvalError for a malformed pattern."""
    tests = [None if part == "**" else _component(part) for part in components]

    def matches(path: str) -> bool:
        names = path.split("/")
        reached = {0}  # positions in the pattern that the names so far lead to
        for count, name in enumerate(names, 1):
            last = count == len(names)
            reached = _step(tests, reached, name, last=last)
        return len(tests) in reached

    return matches


def _step(tests: Sequence[Any], reached: set[int], name: str, *, last: bool) -> set[int]:
    following: set[int] = set()
    for position in _closure(tests, reached):
        if position == len(tests):
            continue
        test = tests[position]
        if test is None:
            following.add(position)
            if last and position == len(tests) - 1:
                following.add(len(tests))
        elif test.fullmatch(name):
            following.add(position + 1)
    return following


def _closure(tests: Sequence[Any], reached: set[int]) -> set[int]:
    """Positions reachable without a name: `**` may stand for no directory, unless it comes last."""
    found = set(reached)
    for position in range(len(tests) - 1):
        if position in found and tests[position] is None:
            found.add(position + 1)
    return found


def _component(pattern: str) -> Any:
    import re2  # noqa: PLC0415  # linear time whatever the pattern; most configurations need none

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(f"(?s:{_translate(pattern)})", options=options)
    except re2.error:
        raise EvalError(f"failed to glob pattern {pattern!r}: syntax error in pattern") from None


def _translate(pattern: str) -> str:
    out = []
    position = 0
    while position < len(pattern):
        char = pattern[position]
        position += 1
        if char == "*":
            out.append(".*")
        elif char == "?":
            out.append(".")
        elif char == "\\":
            if position >= len(pattern):
                raise EvalError("syntax error in pattern")
            out.append(_literal(pattern[position]))
            position += 1
        elif char == "[":
            end = _closing(pattern, position, "]")
            out.append(_class(pattern[position:end]))
            position = end + 1
        elif char == "{":
            end = _closing(pattern, position, "}")
            options = _options(pattern[position:end])
            out.append("(?:" + "|".join(_translate(option) for option in options) + ")")
            position = end + 1
        else:
            out.append(_literal(char))
    return "".join(out)


def _literal(char: str) -> str:
    return f"\\x{{{ord(char):x}}}"


def _closing(pattern: str, position: int, mark: str) -> int:
    while position < len(pattern):
        if pattern[position] == "\\":
            position += 1
        elif pattern[position] == mark:
            return position
        position += 1
    raise EvalError("syntax error in pattern")


def _options(text: str) -> list[str]:
    options = [""]
    position = 0
    while position < len(text):
        if text[position] == "\\":
            options[-1] += text[position : position + 2]
            position += 2
        elif text[position] == ",":
            options.append("")
            position += 1
        else:
            options[-1] += text[position]
            position += 1
    return options


def _class(text: str) -> str:
    negated = text.startswith("^")
    body = text[1:] if negated else text
    if not body:
        raise EvalError("syntax error in pattern")
    out = []
    position = 0
    while position < len(body):
        low, position = _member(body, position)
        high = low
        if body[position : position + 1] == "-":
            high, position = _member(body, position + 1)
        if low <= high:
            out.append(f"{_literal(low)}-{_literal(high)}")
    if not out:  # only empty ranges: nothing is in the class
        return "." if negated else "[^\\x{0}-\\x{10ffff}]"
    return f"[{'^' if negated else ''}{''.join(out)}]"


def _member(body: str, position: int) -> tuple[str, int]:
    if body[position : position + 1] == "-":
        raise EvalError("syntax error in pattern")
    if body[position : position + 1] == "\\":
        position += 1
    if position >= len(body):
        raise EvalError("syntax error in pattern")
    return body[position], position + 1
