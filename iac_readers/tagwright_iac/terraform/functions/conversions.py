"""Explicit conversions and sensitivity."""

from __future__ import annotations

from collections.abc import Callable

from tagwright_iac.terraform.calling import CallContext, Function
from tagwright_iac.terraform.conversion import convert
from tagwright_iac.terraform.functions.signature import NULLABLE, function
from tagwright_iac.terraform.types import ANY, TypeSpec
from tagwright_iac.terraform.unification import BOOL, NUMBER, STRING
from tagwright_iac.terraform.values import (
    MapValue,
    ObjectValue,
    SensitiveStr,
    UnknownValue,
    Value,
    is_sensitive,
    mark_sensitive,
)


def _plain(of: Callable[[Value], Value]) -> Function:
    return function(lambda _ctx, value: of(value), NULLABLE, strict=False, spread=False)


def _to(spec: TypeSpec) -> Function:
    return _plain(lambda value: convert(value, spec))


def _bared(value: Value) -> Value:
    if isinstance(value, SensitiveStr):
        return str(value)
    if isinstance(value, UnknownValue):
        return _clear(value) if value.sensitive else value
    if isinstance(value, tuple):
        return type(value)(_bared(item) for item in value)
    if isinstance(value, ObjectValue):
        kind = MapValue if isinstance(value, MapValue) else ObjectValue
        return kind({key: _bared(item) for key, item in value.items()}, rest=value.rest, origins=value.origins)
    return value


def _clear(value: UnknownValue) -> UnknownValue:
    return UnknownValue(value.cause, value.hint, not_null=value.not_null, prefix=value.prefix)


def _issensitive(ctx: CallContext, value: Value) -> Value:
    del ctx
    if is_sensitive(value):
        return True
    return value.derived(not_null=True) if isinstance(value, UnknownValue) else False


FUNCTIONS = {
    "ephemeralasnull": _plain(lambda value: value),
    "issensitive": function(_issensitive, NULLABLE, strict=False, spread=False),
    "nonsensitive": _plain(_bared),
    "sensitive": _plain(mark_sensitive),
    "tobool": _to(BOOL),
    "tolist": _to(TypeSpec("list", element=ANY)),
    "tomap": _to(TypeSpec("map", element=ANY)),
    "tonumber": _to(NUMBER),
    "toset": _to(TypeSpec("set", element=ANY)),
    "tostring": _to(STRING),
}
