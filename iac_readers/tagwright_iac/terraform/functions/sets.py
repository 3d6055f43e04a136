"""Set algebra and the cartesian product."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.conversion import conform, identity, make_set
from tagwright_iac.terraform.functions.collections import uncounted
from tagwright_iac.terraform.functions.signature import ANY_SET, VALUE, function
from tagwright_iac.terraform.types import ANY
from tagwright_iac.terraform.unification import distinct_types, type_of, unify
from tagwright_iac.terraform.values import (
    EvalError,
    ListValue,
    SetValue,
    UnknownValue,
    Value,
    first_unknown,
)


def _same_type(sets: tuple[Value, ...]) -> list[SetValue]:
    common = unify([type_of(given) for given in sets])
    if common is None:
        raise EvalError("given sets must all have compatible element types")
    return [conform(given, common) for given in sets]


def _setunion(ctx: CallContext, *sets: Value) -> Value:
    for given in sets:
        if isinstance(given, UnknownValue):
            return given.derived(not_null=True)
        ctx.spend(len(given))
    return make_set(item for given in _same_type(sets) for item in given)


def _reducing(keeps: Callable[[bool], bool]) -> Callable[..., Value]:
    def call(ctx: CallContext, *sets: Value) -> Value:
        del ctx
        first, *others = _same_type(sets)
        for other in others:
            members = {identity(item) for item in other}
            first = SetValue(item for item in first if keeps(identity(item) in members))
        return first

    return call


def _setproduct(ctx: CallContext, *args: Value) -> Value:
    if len(args) < 2:
        raise EvalError("at least two arguments are required")
    unknown: UnknownValue | None = None
    sides: list[list[Value]] = []
    for arg in args:
        unknown = unknown or uncounted(arg)
        if isinstance(arg, UnknownValue):
            continue
        if not isinstance(arg, tuple):
            raise EvalError("a set or a list is required")
        sides.append(_one_type(arg))
    if unknown is not None:
        return unknown.derived(not_null=True)
    total = math.prod(len(side) for side in sides)
    if total and any(_mixed(side) for side in sides):
        raise EvalError("all elements must be of the same type")
    ctx.spend(total * len(sides))
    rows = itertools.product(*sides)
    return make_set(rows) if any(isinstance(arg, SetValue) for arg in args) else ListValue(rows)


def _mixed(items: list[Value]) -> bool:
    """Whether known items kept different types because a null of no type stands beside them."""
    typed = [item for item in items if item is not None]
    return bool(typed) and first_unknown(tuple(typed)) is None and unify(distinct_types(typed)) is None


def _one_type(items: tuple[Value, ...]) -> list[Value]:
    if isinstance(items, ListValue | SetValue):
        return list(items)
    common = unify(distinct_types(items)) if items else ANY
    if common is None:
        raise EvalError("all elements must be of the same type")
    return [conform(item, common) for item in items]


FUNCTIONS = {
    "setintersection": function(_reducing(lambda inside: inside), ANY_SET, rest=ANY_SET, spread=False),
    "setproduct": function(_setproduct, rest=VALUE, strict=False, spread=False),
    "setsubtract": function(_reducing(lambda inside: not inside), ANY_SET, ANY_SET, spread=False),
    "setunion": function(_setunion, ANY_SET, rest=ANY_SET, strict=False, spread=False),
}
