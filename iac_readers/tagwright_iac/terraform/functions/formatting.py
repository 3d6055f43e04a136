"""`format` and `formatlist`: the verbs of Go's fmt, as cty allows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tagwright_iac.terraform import numbers
from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.conversion import to_bool, to_number, to_string
from tagwright_iac.terraform.functions import graphemes
from tagwright_iac.terraform.functions.json_codec import dump
from tagwright_iac.terraform.functions.signature import NULLABLE, TEXT, function, normal
from tagwright_iac.terraform.values import (
    EvalError,
    ListValue,
    Number,
    SetValue,
    UnknownValue,
    Value,
    first_unknown,
)

_VERB = re.compile(r"%([0#+ -]*)([1-9][0-9]*)?(?:\.([0-9]*))?(?:\[([1-9][0-9]*)\])?([A-Za-z])", re.ASCII)
_MAX_WIDTH = 1_000_000
_UNTYPED_NULL = UnknownValue("Terraform formats an untyped null only once its type is known")


@dataclass(frozen=True, slots=True)
class _Verb:
    flags: str
    width: int | None
    precision: int | None
    mode: str

    def pad(self, text: str) -> str:
        """`text` filled up to the width, in user-perceived characters."""
        missing = (self.width or 0) - graphemes.length(text)
        if missing <= 0:
            return text
        filler = ("0" if "0" in self.flags else " ") * missing
        return text + filler if "-" in self.flags else filler + text


def _format(ctx: CallContext, template: str, *args: Value) -> Value:
    if isinstance(template, UnknownValue):
        return template.derived(not_null=True)
    if any(arg is None for arg in args):
        return _UNTYPED_NULL.derived()
    return _row(ctx, template, args)


def _row(ctx: CallContext, template: str, args: Sequence[Value]) -> Value:
    """One formatted text. With an unknown among the arguments Terraform does not look for mistakes yet."""
    try:
        return _render(ctx, template, args)
    except EvalError:
        unknown = first_unknown(tuple(args))
        if unknown is None:
            raise
        return unknown.derived(not_null=True)


def _formatlist(ctx: CallContext, template: str, *args: Value) -> Value:
    if isinstance(template, UnknownValue):
        return template.derived(not_null=True)
    if any(arg is None for arg in args):
        return _UNTYPED_NULL.derived()
    length: int | None = None
    unknown: UnknownValue | None = None
    for arg in args:
        if isinstance(arg, SetValue) and (inside := first_unknown(arg)) is not None:
            return inside.derived(not_null=True)
        if isinstance(arg, UnknownValue):
            unknown = unknown or arg
        elif isinstance(arg, tuple):
            if length is not None and len(arg) != length:
                raise EvalError(
                    f"argument has length {len(arg)}, which is inconsistent with another of length {length}"
                )
            length = len(arg)
    if unknown is not None and length is None:
        return unknown.derived(not_null=True)
    rows = range(1 if length is None else length)
    return ListValue(_row(ctx, template, [arg[row] if isinstance(arg, tuple) else arg for arg in args]) for row in rows)


def _render(ctx: CallContext, template: str, args: Sequence[Value]) -> Value:
    """The formatted text; unknown, with what is certain in front, from the first unknown argument on."""
    out: list[str] = []
    position = 0
    following = 1
    highest = 0
    ctx.spend(len(template))
    while True:
        start = template.find("%", position)
        out.append(template[position : start if start >= 0 else None])
        if start < 0:
            break
        if template.startswith("%%", start):
            out.append("%")
            position = start + 2
            continue
        found = _VERB.match(template, start)
        if found is None:
            raise EvalError(f"invalid format string starting at offset {start}")
        flags, width, precision, chosen, mode = found.groups()
        if len(width or "") > 7 or len(precision or "") > 7 or int(width or 0) > _MAX_WIDTH:
            ctx.spend(1 << 62)
        number = int(chosen) if chosen and len(chosen) < 9 else (len(args) + 1 if chosen else following)
        highest = max(highest, number)
        following = number + 1
        if number > len(args):
            raise EvalError(f'not enough arguments for "{found.group()}" at {start}: need index {number}')
        verb = _Verb(
            flags,
            int(width) if width else None,
            None if precision is None else int(precision or 0),
            mode,
        )
        ctx.spend((verb.width or 0) + (verb.precision or 0))
        unknown = first_unknown(args[number - 1])
        if unknown is not None:
            return unknown.derived(not_null=True, prefix=normal("".join(out)))
        out.append(_one(verb, args[number - 1]))
        position = found.end()
    if highest < len(args):
        raise EvalError(f"too many arguments; only {highest} used by format string")
    return normal("".join(out))


def _one(verb: _Verb, arg: Value) -> str:
    if arg is None and verb.mode != "v":
        raise EvalError("null value cannot be formatted")
    if verb.mode == "v":
        return verb.pad(_as_is(verb, arg))
    if verb.mode == "t":
        return "true" if to_bool(arg) else "false"
    if verb.mode in "bdoxX":
        return _integer(verb, arg)
    if verb.mode in "eEfgG":
        return _floating(verb, arg)
    if verb.mode in "sq":
        return _text(verb, arg)
    raise EvalError(f"unsupported format verb '{verb.mode}'")


def _as_is(verb: _Verb, arg: Value) -> str:
    if "#" not in verb.flags:
        if isinstance(arg, str):
            return arg
        if isinstance(arg, int | Fraction) and not isinstance(arg, bool):
            return ("-" if numbers.negative(arg) else "") + numbers.general(arg, None)
    return dump(arg)


def _text(verb: _Verb, arg: Value) -> str:
    text = to_string(arg)
    if isinstance(text, UnknownValue):  # unreachable: unknowns were sorted out before
        raise EvalError("string required")
    if verb.precision:
        text = "".join(graphemes.clusters(text)[: verb.precision])
    return verb.pad(dump(text) if verb.mode == "q" else text)


def _number(arg: Value) -> Number:
    number = to_number(arg)
    if isinstance(number, UnknownValue):
        raise EvalError("an infinite number cannot be formatted")
    return number


def _sign(verb: _Verb, *, negative: bool) -> str:
    if negative:
        return "-"
    return "+" if "+" in verb.flags else " " if " " in verb.flags else ""


_BASES = {"b": ("b", "0b"), "o": ("o", "0"), "x": ("x", "0x"), "X": ("X", "0X"), "d": ("d", "")}


def _integer(verb: _Verb, arg: Value) -> str:
    """Go's `big.Int` formatting."""
    number = _number(arg)
    if isinstance(number, Fraction):
        raise EvalError("an integer is required")
    code, prefix = _BASES[verb.mode]
    digits = format(abs(int(number)), code)
    if verb.precision == 0 and digits == "0":
        return ""
    sign = _sign(verb, negative=number < 0)
    prefix = prefix if "#" in verb.flags else ""
    zeros = max((verb.precision or 0) - len(digits), 0)
    missing = max((verb.width or 0) - len(sign) - len(prefix) - zeros - len(digits), 0)
    if "-" in verb.flags:
        return sign + prefix + "0" * zeros + digits + " " * missing
    if "0" in verb.flags and verb.precision is None:
        return sign + prefix + "0" * (zeros + missing) + digits
    return " " * missing + sign + prefix + "0" * zeros + digits


def _floating(verb: _Verb, arg: Value) -> str:
    """Go's `big.Float` formatting."""
    number = _number(arg)
    mode = verb.mode.lower()
    letter = "E" if verb.mode in "EG" else "e"
    decimals = 6 if verb.precision is None else verb.precision
    if mode == "g":
        text = numbers.general(number, verb.precision, letter)
    elif mode == "e":
        text = numbers.scientific(numbers.exact(number).round_to(decimals + 1), decimals, letter)
    else:
        found = numbers.exact(number)
        text = numbers.fixed(found.round_to(found.exponent + decimals), decimals)
    sign = _sign(verb, negative=numbers.negative(number))
    missing = max((verb.width or 0) - len(sign) - len(text), 0)
    if "-" in verb.flags:
        return sign + text + " " * missing
    if "0" in verb.flags:
        return sign + "0" * missing + text
    return " " * missing + sign + text


FUNCTIONS = {
    "format": function(_format, TEXT, rest=NULLABLE, strict=False),
    "formatlist": function(_formatlist, TEXT, rest=NULLABLE, strict=False),
}
