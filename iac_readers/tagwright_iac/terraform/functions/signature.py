"""How a function declares its parameters; conversion, null checks and sensitivity happen here, once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tagwright_iac.terraform.calling import CallContext, Function
from tagwright_iac.terraform.conversion import convert
from tagwright_iac.terraform.types import ANY, TypeSpec
from tagwright_iac.terraform.unification import BOOL, NUMBER, STRING
from tagwright_iac.terraform.values import EvalError, Value, is_sensitive, mark_sensitive


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: arguments are converted to `type`; null is refused unless `null`."""

    type: TypeSpec
    null: bool = False


TEXT = Param(STRING)
COUNT = Param(NUMBER)
FLAG = Param(BOOL)
VALUE = Param(ANY)
NULLABLE = Param(ANY, null=True)
ANY_LIST = Param(TypeSpec("list", element=ANY))
TEXT_LIST = Param(TypeSpec("list", element=STRING))
BOOL_LIST = Param(TypeSpec("list", element=BOOL))
ANY_SET = Param(TypeSpec("set", element=ANY))


def function(
    call: Callable[..., Value],
    *params: Param,
    rest: Param | None = None,
    optional: int = 0,
    strict: bool = True,
    spread: bool = True,
    not_null: bool = True,
) -> Function:
    """A `Function` around `call(ctx, *arguments)`.

    `rest` is the type of any further arguments; `optional` how many of them at most (0: any number). With `spread`
    a sensitive argument makes the whole result sensitive; functions that only move values about leave it False.
    `not_null`: no argument makes the result null (asked of strict functions only).
    """
    fixed = len(params)

    def checked(ctx: CallContext, args: Sequence[Value]) -> Value:
        if len(args) < fixed or (rest is None and len(args) > fixed) or (optional and len(args) > fixed + optional):
            raise EvalError(f"wrong number of arguments ({fixed} required; {len(args)} given)")
        given: list[Any] = []
        for position, arg in enumerate(args):
            param = params[position] if position < fixed else rest
            if param is None or (arg is None and not param.null):
                raise EvalError("argument must not be null")
            given.append(convert(arg, param.type))
        result = call(ctx, *given)
        if spread and any(is_sensitive(arg) for arg in args):
            return mark_sensitive(result)
        return result

    if rest is None:
        most: int | None = fixed
    else:
        most = fixed + optional if optional else None
    return Function(checked, strict=strict, min_args=fixed, max_args=most, not_null=strict and not_null)


def normal(text: str) -> str:
    """`text` as Terraform keeps strings: in normal form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
