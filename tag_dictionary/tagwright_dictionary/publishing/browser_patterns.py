r"""A pattern as JavaScript reads it.

The page that tells which tags are needed warns of a value that breaks its pattern. Both languages write expressions
alike and mean different things (`.`, `$`, `\s`, escapes), so the pattern is read as Python reads it and written anew.
"""

from __future__ import annotations

import re
from re import _parser  # type: ignore[attr-defined]  # the only parser that reads what `re` reads
from typing import Any, Final

_CATEGORIES: Final = {
    "CATEGORY_DIGIT": "0-9",
    "CATEGORY_WORD": "A-Za-z0-9_",
    "CATEGORY_SPACE": " \\t\\n\\r\\f\\v",
}
_PLACES: Final = {
    "AT_BEGINNING": "^",
    "AT_BEGINNING_STRING": "^",
    "AT_END": "(?=\\n?$)",
    "AT_END_STRING": "$",
}
_UNLIMITED: Final = int(_parser.MAXREPEAT)


class _ForeignError(ValueError):
    """Something that JavaScript does not have, or has otherwise."""


def browser_pattern(pattern: str) -> str:
    """The source of an equivalent JavaScript expression (flag `u`, to be matched against the whole value); "" where
    there is none, and for no pattern.
    """
    try:
        parsed = _parser.parse(pattern, re.ASCII)
        return "" if parsed.state.flags & ~re.ASCII.value else _sequence(parsed)
    except (re.error, _ForeignError, OverflowError, RecursionError):
        return ""


def _sequence(parsed: Any) -> str:
    return "".join(_node(str(name), argument) for name, argument in parsed)


def _node(name: str, argument: Any) -> str:
    match name:
        case "LITERAL":
            return _char(argument)
        case "NOT_LITERAL":
            return f"[^{_char(argument)}]"
        case "ANY":
            return "[^\\n]"
        case "IN":
            return _class(argument)
        case "BRANCH":
            return f"(?:{'|'.join(map(_sequence, argument[1]))})"
        case "SUBPATTERN" if not argument[1] and not argument[2]:
            return f"(?:{_sequence(argument[3])})"
        case "MAX_REPEAT" | "MIN_REPEAT":
            least, most, inner = argument
            upper = "" if int(most) == _UNLIMITED else int(most)
            return f"(?:{_sequence(inner)}){{{int(least)},{upper}}}{'?' if name == 'MIN_REPEAT' else ''}"
        case "AT" if str(argument) in _PLACES:
            return _PLACES[str(argument)]
    raise _ForeignError(name)


def _class(items: Any) -> str:
    negated, out = "", []
    for item, argument in items:
        match str(item):
            case "NEGATE":
                negated = "^"
            case "LITERAL":
                out.append(_char(argument))
            case "RANGE":
                out.append(f"{_char(argument[0])}-{_char(argument[1])}")
            case "CATEGORY" if str(argument) in _CATEGORIES:
                out.append(_CATEGORIES[str(argument)])
            case "CATEGORY" if len(items) == 1 and str(argument).replace("_NOT", "") in _CATEGORIES:
                negated = "^"
                out.append(_CATEGORIES[str(argument).replace("_NOT", "")])
            case other:
                raise _ForeignError(other)
    return f"[{negated}{''.join(out)}]"


def _char(point: int) -> str:
    char = chr(point)
    return char if char.isascii() and (char.isalnum() or char == "_") else f"\\u{{{point:x}}}"
