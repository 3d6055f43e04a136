"""Regular expressions with Go's semantics, by RE2 itself: linear time, whatever the pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.functions.signature import TEXT, function, normal
from tagwright_iac.terraform.values import EvalError, LimitError, ListValue, ObjectValue, Value

_MAX_PATTERN = 20_000
_MAX_GROUPS = 200
"""RE2 needs memory for each state times each group."""
_ONE_BYTE = re.compile(r"(?<!\\)(?:\\\\)*\\C")
"""`\\C` matches half a character; Go refuses it, C++ does not."""


def _compile(pattern: str) -> Any:
    import re2  # noqa: PLC0415  # most configurations use no regular expression

    if len(pattern) > _MAX_PATTERN:
        raise LimitError("a regular expression longer than a gate may spend")
    if _ONE_BYTE.search(pattern):
        raise EvalError("invalid regexp pattern: invalid escape sequence in \\C")
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(str(pattern), options=options)
    except re2.error as error:
        cause = error.args[0] if error.args else ""
        text = cause.decode("utf-8", "replace") if isinstance(cause, bytes) else str(cause)
        if "too large" in text:
            raise LimitError("a regular expression larger than a gate may spend") from None
        raise EvalError(f"invalid regexp pattern: {text}") from None
    if compiled.groups > _MAX_GROUPS:
        raise LimitError("a regular expression with more groups than a gate may spend")
    return compiled


def _matches(expression: Any, text: str) -> Iterator[Any]:
    """All matches that Go reports: no empty one directly behind another match."""
    before = -1
    for match in expression.finditer(str(text)):
        start, end = match.span()
        if start != end or start != before:
            yield match
        before = end


def _group_names(expression: Any) -> list[str]:
    """The names of the groups, "" for an unnamed one. EvalError when both kinds are mixed."""
    names = [""] * expression.groups
    for name, position in expression.groupindex.items():
        names[position - 1] = name
    if any(names) and not all(names):
        raise EvalError("invalid regexp pattern: cannot mix both named and unnamed capture groups")
    return names


def _result(match: Any, names: list[str]) -> Value:
    if not names:
        return normal(match.group())
    groups = [None if group is None else normal(group) for group in match.groups()]
    if names[0]:
        return ObjectValue(zip(names, groups, strict=True))
    return tuple(groups)


def _regex(ctx: CallContext, pattern: str, text: str) -> Value:
    del ctx
    expression = _compile(pattern)
    names = _group_names(expression)
    match = expression.search(str(text))
    if match is None:
        raise EvalError("pattern did not match any part of the given string")
    return _result(match, names)


def _regexall(ctx: CallContext, pattern: str, text: str) -> Value:
    expression = _compile(pattern)
    names = _group_names(expression)
    found = []
    for match in _matches(expression, text):
        ctx.spend(1 + len(names))
        found.append(_result(match, names))
    return ListValue(found)


def replace_all(ctx: CallContext, text: str, pattern: str, template: str) -> str:
    """`text` with every match of `pattern` replaced; `$1`, `${name}` in `template` are groups, `$$` a dollar."""
    expression = _compile(pattern)
    pieces = _template(template)
    index: Mapping[str, int] = expression.groupindex
    out = []
    end = 0
    for match in _matches(expression, text):
        out.append(text[end : match.start()])
        for literal, name in pieces:
            piece = literal if name is None else _group(match, name, index)
            ctx.spend(len(piece))
            out.append(piece)
        end = match.end()
    out.append(text[end:])
    return "".join(out)


def _group(match: Any, name: str, index: Mapping[str, int]) -> str:
    if name.isdigit() and name.isascii() and (name == "0" or name[0] != "0"):
        number = int(name) if len(name) < 9 else -1
        return (match.group(number) or "") if 0 <= number <= len(match.groups()) else ""
    return (match.group(index[name]) or "") if name in index else ""


def _template(template: str) -> list[tuple[str, str | None]]:
    """Go's `Regexp.Expand`: literal pieces (text, None) and groups ("", name)."""
    pieces: list[tuple[str, str | None]] = []
    rest = template
    while True:
        literal, dollar, rest = rest.partition("$")
        pieces.append((literal, None))
        if not dollar:
            return pieces
        if rest.startswith("$"):
            pieces.append(("$", None))
            rest = rest[1:]
            continue
        name, after = _name(rest)
        if name:
            pieces.append(("", name))
            rest = after
        else:
            pieces.append(("$", None))


def _name(text: str) -> tuple[str, str]:
    """The group's name at the start of `text` and what follows; an empty name when the `$` is only a dollar."""
    brace = text.startswith("{")
    body = text[1:] if brace else text
    size = 0
    while size < len(body) and (body[size].isalpha() or body[size].isdecimal() or body[size] == "_"):
        size += 1
    if brace:
        if body[size : size + 1] != "}":
            return "", text
        return body[:size], body[size + 1 :]
    return body[:size], body[size:]


FUNCTIONS = {
    "regex": function(_regex, TEXT, TEXT),
    "regexall": function(_regexall, TEXT, TEXT),
}
