"""Checkov's text: is it a value, or an expression that Checkov left standing?

Checkov evaluates what it can and leaves the rest as text (`var.team`, `${data.x.y.z}`, `{for k , v in ...}`), in the
same place where a value would stand. A text that still is an expression is unknown, never a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tagwright_dictionary.model import Unknown

HINT = "pass --var-file to Checkov, or check the plan"

_ROOTS = "var|local|module|data|each|count|path|terraform|self"
_REFERENCE = re.compile(rf"(?:{_ROOTS})\.[A-Za-z_][\w.\-\[\]\"'*]*")
_RESOURCE = re.compile(r"[a-z][a-z0-9]*_[a-z0-9_]+\.[A-Za-z_][\w-]*(?:\[[^\]]*\])?(?:\.[\w*-]+(?:\[[^\]]*\])?)+")
_INSIDE = re.compile(rf"(?<![\w./@-])(?:{_ROOTS})\.[A-Za-z_]")
_CALL = re.compile(r"[a-z][a-z0-9_]*\(.*\)(?:[\w.]|\[[^\]]*\])*", re.DOTALL)
_FOR = re.compile(r"[\[{]\s*for\s+\w.*\sin\s", re.DOTALL)
_OPERATOR = re.compile(r"^\s*(?:[!-]\s*(?:True|False|None|[a-z_]+\.)|\"[^\"]*\"\s*[-+*/%]\s)|\s(?:==|!=|&&|\|\|)\s")
_QUOTED = re.compile(r"\"[^\"]*\"")
_PYTHON = frozenset({"True", "False", "None"})
_CONDITIONAL = re.compile(r"\?.*:", re.DOTALL)
_COMPARED = re.compile(r"==|!=|&&|\|\||[<>]=?")
_BOOKKEEPING = frozenset({"start_line", "end_line"})
_SHOWN = 120


def is_bookkeeping(name: object) -> bool:
    """Whether a key of a map is Checkov's own (`__startline__`, `start_line`) and not the user's."""
    return isinstance(name, str) and (name in _BOOKKEEPING or (name.startswith("__") and name.endswith("__")))


def is_expression(text: str) -> bool:
    """Whether a text is an expression of Terraform rather than a value."""
    if "${" in text or "%{" in text:
        return True
    if _REFERENCE.fullmatch(text) or _RESOURCE.fullmatch(text) or _CALL.fullmatch(text):
        return True
    if text in _PYTHON or _FOR.search(text) or _OPERATOR.search(text) or _QUOTED.fullmatch(text) or _torn(text):
        return True
    return bool(_CONDITIONAL.search(text) and (_INSIDE.search(text) or _COMPARED.search(text)))


def _torn(text: str) -> bool:
    """Whether this is a piece of an expression that Checkov cut at a colon or comma: its brackets do not match."""
    return any(text.count(left) != text.count(right) for left, right in ("{}", "[]")) and ("for" in text or ">" in text)


def left_standing(text: str) -> Unknown:
    """The cause for an expression that Checkov did not evaluate."""
    shown = " ".join(text.split())
    shown = shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 3]}..."
    return Unknown(f"Checkov does not evaluate {shown}", HINT)


def plain(value: Any) -> Any:
    """A value of Checkov's as a plain one: `Unknown` for each expression, bookkeeping left out."""
    if isinstance(value, str):
        return left_standing(value) if is_expression(value) else value
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items() if not is_bookkeeping(name)}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    return number(value) if isinstance(value, float) else Unknown("Checkov shows something that is no value", HINT)


def number(value: float) -> str:
    """A number as Terraform writes it."""
    return str(int(value)) if value.is_integer() else repr(value)


def scalar(value: Any) -> str | Unknown:
    """A plain value as a tag's value."""
    if isinstance(value, (str, Unknown)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return Unknown("the tag's value is not a string")


def unwrapped(value: Any) -> Any:
    """An argument out of the list of one in which Checkov keeps it."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value
