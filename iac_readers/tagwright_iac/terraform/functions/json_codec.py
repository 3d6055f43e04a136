"""JSON as Terraform writes and reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NoReturn

from tagwright_iac.terraform import numbers
from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.functions.signature import NULLABLE, TEXT, function, normal
from tagwright_iac.terraform.values import EvalError, LimitError, ObjectValue, UnknownValue, Value, first_unknown

_ESCAPED = re.compile('[\x00-\x1f"\\\\<>&\u2028\u2029]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SURROGATES = re.compile("[\ud800-\udfff]")


def quote(text: str) -> str:
    """`text` as a JSON string, with <, > and & escaped as Go does."""
    return '"' + _ESCAPED.sub(lambda found: _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}", text) + '"'


def dump(value: Value) -> str:
    """`value`, wholly known, as JSON: keys sorted, no blanks."""
    out: list[str] = []
    _write(value, out)
    return "".join(out)


def _write(value: Value, out: list[str]) -> None:
    if value is None:
        out.append("null")
    elif isinstance(value, str):
        out.append(quote(value))
    elif isinstance(value, bool):
        out.append("true" if value else "false")
    elif isinstance(value, int | Fraction):
        out.append(numbers.to_text(value))
    elif isinstance(value, ObjectValue):
        before = "{"
        for key in sorted(value):
            out.append(f"{before}{quote(key)}:")
            _write(value[key], out)
            before = ","
        out.append("}" if value else "{}")
    elif isinstance(value, tuple):
        before = "["
        for item in value:
            out.append(before)
            _write(item, out)
            before = ","
        out.append("]" if value else "[]")
    else:
        raise EvalError("value is not known")


def _encode(ctx: CallContext, value: Value) -> Value:
    unknown = first_unknown(value)
    if unknown is not None:
        if isinstance(value, UnknownValue):
            return unknown.derived(not_null=True)
        return unknown.derived(not_null=True, prefix="{" if isinstance(value, ObjectValue) else "[")
    text = dump(value)
    ctx.spend(len(text))
    return text


def _pairs(pairs: Iterable[tuple[str, Any]]) -> ObjectValue:
    return ObjectValue((_text(key), _value(item)) for key, item in pairs)


def _value(value: Any) -> Value:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return tuple(_value(item) for item in value)
    return value


def _text(text: str) -> str:
    return text if text.isascii() else normal(_SURROGATES.sub("\ufffd", text))


def _constant(name: str) -> NoReturn:
    raise EvalError(f"{name} is not JSON")


def _decode(ctx: CallContext, text: str) -> Value:
    ctx.spend(len(text))
    try:
        return _value(
            json.loads(
                str(text),
                parse_int=numbers.parse,
                parse_float=numbers.parse,
                parse_constant=_constant,
                object_pairs_hook=_pairs,
            )
        )
    except RecursionError:
        raise LimitError("a JSON document deeper than a gate may spend") from None
    except ValueError as error:
        raise EvalError(f"invalid JSON: {error}") from None


FUNCTIONS = {
    "jsondecode": function(_decode, TEXT, not_null=False),
    "jsonencode": function(_encode, NULLABLE, strict=False),
}
