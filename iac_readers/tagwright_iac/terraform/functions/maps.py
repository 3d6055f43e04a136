"""Functions over maps and objects. Open objects stay open: what is known of them is true, more may exist."""

from __future__ import annotations

from tagwright_dictionary.model import Origin
from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.conversion import conform
from tagwright_iac.terraform.functions.signature import ANY_LIST, NULLABLE, TEXT, TEXT_LIST, VALUE, Param, function
from tagwright_iac.terraform.operators import equals
from tagwright_iac.terraform.types import TypeSpec
from tagwright_iac.terraform.unification import STRING, element_of, type_of, unify
from tagwright_iac.terraform.values import (
    EvalError,
    ListValue,
    MapValue,
    ObjectValue,
    SetValue,
    UnknownValue,
    Value,
)

_TEXT_LISTS = Param(TypeSpec("map", element=TypeSpec("list", element=STRING)))


def _keys(ctx: CallContext, value: Value) -> Value:
    del ctx
    if isinstance(value, UnknownValue):
        return value.derived(not_null=True)
    if not isinstance(value, ObjectValue):
        raise EvalError("must have map or object type")
    if value.rest is not None:
        return value.rest.derived(not_null=True)
    names = sorted(value)
    return ListValue(names) if isinstance(value, MapValue) else tuple(names)


def _values(ctx: CallContext, value: Value) -> Value:
    del ctx
    if isinstance(value, UnknownValue):
        return value.derived(not_null=True)
    if not isinstance(value, ObjectValue):
        raise EvalError("values() requires a map as the first argument")
    if value.rest is not None:
        return value.rest.derived(not_null=True)
    items = [value[name] for name in sorted(value)]
    return ListValue(items) if isinstance(value, MapValue) else tuple(items)


def _lookup(ctx: CallContext, container: Value, key: str | UnknownValue, *default: Value) -> Value:
    del ctx
    if isinstance(container, UnknownValue):
        return container.derived()
    if not isinstance(container, ObjectValue):
        raise EvalError("lookup() requires a map as the first argument")
    is_map = isinstance(container, MapValue)
    element = element_of(type_of(container)) if is_map and default else None
    fallback = conform(default[0], element) if element is not None else default[0] if default else None
    if isinstance(key, UnknownValue):
        return key.derived()
    if key in container:
        return container[key]
    if container.rest is not None:
        return container.rest.derived()
    if not default:
        raise EvalError(f'lookup failed to find key "{key}"')
    return fallback


def _map(ctx: CallContext, *args: Value) -> Value:
    del ctx, args
    raise EvalError('the "map" function was deprecated in Terraform v0.12 and is no longer available; use tomap({...})')


def _matchkeys(ctx: CallContext, values: Value, keys: Value, wanted: Value) -> Value:
    for arg in (values, keys, wanted):
        if isinstance(arg, UnknownValue):
            return arg.derived(not_null=True)
    common = unify([type_of(keys), type_of(wanted)])
    if common is None:
        raise EvalError("keys and searchset must be of the same type")
    if len(values) != len(keys):
        raise EvalError("length of keys and values should be equal")
    found = []
    searched = conform(wanted, common)
    for value, key in zip(values, conform(keys, common), strict=True):
        ctx.spend(len(searched) + 1)
        results = [equals(key, item) for item in searched]
        if any(result is True for result in results):
            found.append(value)
            continue
        for result in results:
            if isinstance(result, UnknownValue):
                return result
    return ListValue(found)


def _merge(ctx: CallContext, *args: Value) -> Value:
    """Later arguments win. What an unknown or open argument may override is unknown, its key stays."""
    entries: dict[str, Value] = {}
    origins: dict[str, Origin] = {}
    rest: UnknownValue | None = None
    for arg in args:
        if arg is None:
            continue
        if isinstance(arg, UnknownValue):
            _override(entries, arg)
            rest = arg.derived()
            continue
        if not isinstance(arg, ObjectValue):
            raise EvalError("arguments must be maps or objects")
        ctx.spend(len(arg) + 1)
        if arg.rest is not None:
            _override(entries, arg.rest)
            rest = arg.rest
        for key, value in arg.items():
            entries[key] = value
            origins.pop(key, None)
        origins.update(arg.origins)
    kind = MapValue if _one_map_type(args) else ObjectValue
    return kind(entries, rest=rest, origins=origins)


def _override(entries: dict[str, Value], cause: UnknownValue) -> None:
    for key, value in entries.items():
        sensitive = cause.sensitive or (isinstance(value, UnknownValue) and value.sensitive)
        entries[key] = UnknownValue(f"may be overridden: {cause.cause}", cause.hint, sensitive=sensitive)


def _one_map_type(args: tuple[Value, ...]) -> bool:
    """Whether every argument is a map of the same element type; then so is the result, else it is an object."""
    if not args or not all(isinstance(arg, MapValue) for arg in args):
        return False
    known = {element_of(type_of(arg)) for arg in args}
    return len({spec for spec in known if spec.kind != "any"}) <= 1


def _transpose(ctx: CallContext, value: Value) -> Value:
    turned: dict[str, list[str]] = {}
    for key in sorted(value):
        items = value[key]
        if items is None or any(item is None for item in items):
            raise EvalError("input must not contain null lists or strings")
        ctx.spend(len(items))
        for item in items:
            turned.setdefault(item, []).append(key)
    return MapValue((key, ListValue(turned[key])) for key in sorted(turned))


def _zipmap(ctx: CallContext, keys: Value, values: Value) -> Value:
    if isinstance(keys, UnknownValue):
        return keys.derived(not_null=True)
    for key in keys:
        if isinstance(key, UnknownValue):
            return key.derived(not_null=True)
    if isinstance(values, UnknownValue):
        if any(key is None for key in keys):
            raise EvalError("keys list has null value")
        return ObjectValue((key, values.derived()) for key in keys)
    if not isinstance(values, tuple) or isinstance(values, SetValue):
        raise EvalError("values argument must be a list or tuple value")
    if len(keys) != len(values):
        raise EvalError(f"number of keys ({len(keys)}) does not match number of values ({len(values)})")
    if any(key is None for key in keys):
        raise EvalError("keys list has null value")
    ctx.spend(len(keys))
    kind = MapValue if isinstance(values, ListValue) else ObjectValue
    return kind(zip(keys, values, strict=True))


FUNCTIONS = {
    "keys": function(_keys, VALUE, strict=False, spread=False),
    "lookup": function(_lookup, VALUE, TEXT, rest=NULLABLE, optional=1, strict=False, spread=False),
    "map": function(_map, rest=NULLABLE, strict=False),
    "matchkeys": function(_matchkeys, ANY_LIST, ANY_LIST, ANY_LIST, strict=False, spread=False),
    "merge": function(_merge, rest=NULLABLE, strict=False, spread=False),
    "transpose": function(_transpose, _TEXT_LISTS),
    "values": function(_values, VALUE, strict=False, spread=False),
    "zipmap": function(_zipmap, TEXT_LIST, VALUE, strict=False, spread=False),
}
