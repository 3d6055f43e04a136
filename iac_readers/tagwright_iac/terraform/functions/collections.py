"""Functions over lists, tuples and sets. Unknown elements stay where they are; what must look inside is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tagwright_iac.terraform import numbers
from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.conversion import conform, identity, to_number
from tagwright_iac.terraform.functions import graphemes
from tagwright_iac.terraform.functions.signature import (
    ANY_LIST,
    BOOL_LIST,
    COUNT,
    NULLABLE,
    TEXT_LIST,
    VALUE,
    function,
)
from tagwright_iac.terraform.operators import equals
from tagwright_iac.terraform.unification import type_of, unify
from tagwright_iac.terraform.values import (
    EvalError,
    ListValue,
    Number,
    ObjectValue,
    SetValue,
    UnknownValue,
    Value,
    first_unknown,
)

_RANGE_LIMIT = 1024


def uncounted(value: Value) -> UnknownValue | None:
    """Why the number of elements of a list, tuple or set is not known; None when it is."""
    if isinstance(value, UnknownValue):
        return value.derived(not_null=True)
    if isinstance(value, SetValue) and len(value) > 1:
        unknown = first_unknown(value)
        return None if unknown is None else unknown.derived(not_null=True)
    return None


def _length(ctx: CallContext, value: Value) -> Value:
    del ctx
    if isinstance(value, ObjectValue):
        return numbers.counted(len(value)) if value.rest is None else value.rest.derived(not_null=True)
    if isinstance(value, str):
        return numbers.counted(graphemes.length(value))
    unknown = uncounted(value)
    if unknown is not None:
        return unknown
    if not isinstance(value, tuple):
        raise EvalError("argument must be a string, a collection type, or a structural type")
    return numbers.counted(len(value))


def _every(ctx: CallContext, items: Value) -> Value:
    del ctx
    return _decide(items, decisive=False)


def _some(ctx: CallContext, items: Value) -> Value:
    del ctx
    return _decide(items, decisive=True)


def _decide(items: Value, *, decisive: bool) -> Value:
    """Whether any element is `decisive`; a null counts as false."""
    if isinstance(items, UnknownValue):
        return items.derived(not_null=True)
    if any(item is decisive or (item is None and not decisive) for item in items):
        return decisive
    unknown = first_unknown(items)
    return (not decisive) if unknown is None else unknown.derived(not_null=True)


def _chunklist(ctx: CallContext, items: Value, size: Number | UnknownValue) -> Value:
    if isinstance(size, UnknownValue):
        return size.derived(not_null=True)
    if isinstance(items, UnknownValue):
        return items.derived(not_null=True)
    count = numbers.to_int(size)
    if count < 0:
        raise EvalError("the size argument must be positive")
    ctx.spend(len(items))
    if not items:
        return ListValue()
    step = count or len(items)
    return ListValue(ListValue(items[start : start + step]) for start in range(0, len(items), step))


def _coalesce(ctx: CallContext, *args: Value) -> Value:
    del ctx
    common = unify([type_of(arg) for arg in args])
    if common is None:
        raise EvalError("all arguments must have the same type")
    for arg in args:
        if isinstance(arg, UnknownValue):
            return arg.derived(not_null=True)
        if arg is None:
            continue
        value = conform(arg, common)
        if value != "" or not isinstance(value, str):
            return value
    raise EvalError("no non-null, non-empty-string arguments")


def _coalescelist(ctx: CallContext, *args: Value) -> Value:
    del ctx
    if not args:
        raise EvalError("at least one argument is required")
    for arg in args:
        if isinstance(arg, UnknownValue):
            break
        if arg is not None and (not isinstance(arg, tuple) or isinstance(arg, SetValue)):
            raise EvalError("coalescelist arguments must be lists or tuples")
    for arg in args:
        if isinstance(arg, UnknownValue):
            return arg.derived(not_null=True)
        if arg:
            return arg
    raise EvalError("no non-null arguments")


def _compact(ctx: CallContext, items: Value) -> Value:
    del ctx
    return ListValue(item for item in items if item is not None and item != "")


def _concat(ctx: CallContext, *args: Value) -> Value:
    if not args:
        raise EvalError("at least one argument is required")
    items: list[Value] = []
    unknown: UnknownValue | None = None
    for arg in args:
        if isinstance(arg, UnknownValue):
            unknown = unknown or arg
        elif not isinstance(arg, tuple) or isinstance(arg, SetValue):
            raise EvalError("all arguments must be lists or tuples")
        else:
            ctx.spend(len(arg))
            items.extend(arg)
    if unknown is not None:
        return unknown.derived(not_null=True)
    if all(isinstance(arg, ListValue) for arg in args):
        common = unify([type_of(arg) for arg in args])
        if common is not None:
            return conform(ListValue(items), common)
    return tuple(items)


def _contains(ctx: CallContext, items: Value, wanted: Value) -> Value:
    del ctx
    if isinstance(items, UnknownValue):
        return items.derived(not_null=True)
    if not isinstance(items, tuple):
        raise EvalError("argument must be list, tuple, or set")
    unknown: UnknownValue | None = None
    for item in items:
        same = equals(item, wanted)
        if same is True:
            return True
        if isinstance(same, UnknownValue):
            unknown = unknown or same
    return False if unknown is None else unknown


def _distinct(ctx: CallContext, items: Value) -> Value:
    del ctx
    unique: dict[object, Value] = {}
    for item in items:
        unique.setdefault(identity(item), item)
    return ListValue(unique.values())


def _element(ctx: CallContext, items: Value, position: Number | UnknownValue) -> Value:
    del ctx
    if isinstance(position, UnknownValue):
        return position.derived()
    if isinstance(items, UnknownValue):
        return items.derived()
    if not isinstance(items, tuple) or isinstance(items, SetValue):
        raise EvalError("cannot read elements from this type")
    wanted = numbers.to_int(position)
    if not items:
        raise EvalError("cannot use element function with an empty list")
    # A negative index of a tuple makes Terraform 1.11 panic; later versions count from the end, as for lists.
    return items[wanted % len(items)]


def _flatten(ctx: CallContext, items: Value) -> Value:
    if isinstance(items, UnknownValue):
        return items.derived(not_null=True)
    if not isinstance(items, tuple):
        raise EvalError("can only flatten lists, sets and tuples")
    flat: list[Value] = []
    unknown = _flatten_into(ctx, items, flat)
    return tuple(flat) if unknown is None else unknown.derived(not_null=True)


def _flatten_into(ctx: CallContext, items: Sequence[Value], flat: list[Value]) -> UnknownValue | None:
    """Append all that is not a list; the answer is an element that might be one."""
    ctx.spend(len(items) + 1)
    missing = uncounted(items)
    if missing is not None:
        return missing
    for item in items:
        if isinstance(item, tuple):
            found = _flatten_into(ctx, item, flat)
            if found is not None:
                return found
        elif isinstance(item, UnknownValue) and not item.prefix:
            return item
        else:
            flat.append(item)
    return None


def _index(ctx: CallContext, items: Value, wanted: Value) -> Value:
    del ctx
    if isinstance(items, UnknownValue):
        return items.derived(not_null=True)
    if not isinstance(items, tuple) or isinstance(items, SetValue):
        raise EvalError("argument must be a list or tuple")
    if not items:
        raise EvalError("cannot search an empty list")
    for position, item in enumerate(items):
        same = equals(item, wanted)
        if isinstance(same, UnknownValue):
            return same
        if same:
            return numbers.counted(position)
    raise EvalError("item not found")


def _list(ctx: CallContext, *args: Value) -> Value:
    del ctx, args
    raise EvalError(
        'the "list" function was deprecated in Terraform v0.12 and is no longer available; use tolist([...])'
    )


def _one(ctx: CallContext, items: Value) -> Value:
    del ctx
    unknown = uncounted(items)
    if unknown is not None:
        return unknown.derived()
    if not isinstance(items, tuple) or len(items) > 1:
        raise EvalError("must be a list, set, or tuple value with either zero or one elements")
    return items[0] if items else None


def _range(ctx: CallContext, *args: Number) -> Value:
    if not 1 <= len(args) <= 3:
        raise EvalError("must have one, two, or three arguments")
    start: Number = args[0] if len(args) > 1 else numbers.counted(0)
    end = args[1] if len(args) > 1 else args[0]
    step: Number = args[2] if len(args) > 2 else numbers.counted(-1 if end < start else 1)
    if (end > start) if step < 0 else (end < start):
        raise EvalError("end must not lie on the other side of start than step points to")
    items: list[Number] = []
    number = start
    while (number > end) if step < 0 else (number < end):
        if len(items) >= _RANGE_LIMIT:
            raise EvalError("more than 1024 values were generated")
        items.append(number)
        number = numbers.add(number, step)
    ctx.spend(len(items))
    return ListValue(items)


def _reverse(ctx: CallContext, items: Value) -> Value:
    del ctx
    unknown = uncounted(items)
    if unknown is not None:
        return unknown
    if not isinstance(items, tuple):
        raise EvalError("can only reverse list or tuple values")
    return ListValue(items[::-1]) if isinstance(items, ListValue | SetValue) else tuple(items[::-1])


def _slice(ctx: CallContext, items: Value, start: Number | UnknownValue, end: Number | UnknownValue) -> Value:
    del ctx
    for arg in (items, start, end):
        if isinstance(arg, UnknownValue):
            return arg.derived(not_null=True)
    if not isinstance(items, tuple) or isinstance(items, SetValue):
        raise EvalError("must be a list or tuple value")
    first, last = _position(start), _position(end)
    if not 0 <= first <= last <= len(items):
        raise EvalError("the indices must lie within the list, the start before the end")
    chosen = items[first:last]
    return ListValue(chosen) if isinstance(items, ListValue) else tuple(chosen)


def _position(number: Number | UnknownValue) -> int:
    if isinstance(number, Fraction | UnknownValue):
        raise EvalError("invalid index: value must be a whole number")
    return numbers.to_int(number)


def _sum(ctx: CallContext, items: Value) -> Value:
    del ctx
    if not isinstance(items, tuple):
        raise EvalError("argument must be list, set, or tuple")
    if not items:
        raise EvalError("cannot sum an empty list")
    total: Number | None = None
    for item in items:
        if item is None:
            raise EvalError("argument must be list, set, or tuple of number values")
        number = to_number(item)
        if isinstance(number, UnknownValue):
            return number
        total = number if total is None else numbers.add(total, number)
    return total


FUNCTIONS = {
    "alltrue": function(_every, BOOL_LIST, strict=False, spread=False),
    "anytrue": function(_some, BOOL_LIST, strict=False, spread=False),
    "chunklist": function(_chunklist, ANY_LIST, COUNT, strict=False, spread=False),
    "coalesce": function(_coalesce, rest=NULLABLE, strict=False, spread=False),
    "coalescelist": function(_coalescelist, rest=NULLABLE, strict=False, spread=False),
    "compact": function(_compact, TEXT_LIST, spread=False),
    "concat": function(_concat, rest=VALUE, strict=False, spread=False),
    "contains": function(_contains, VALUE, VALUE, strict=False, spread=False),
    "distinct": function(_distinct, ANY_LIST, spread=False),
    "element": function(_element, VALUE, COUNT, strict=False, spread=False),
    "flatten": function(_flatten, VALUE, strict=False, spread=False),
    "index": function(_index, VALUE, VALUE, strict=False, spread=False),
    "length": function(_length, VALUE, strict=False, spread=False),
    "list": function(_list, rest=NULLABLE, strict=False),
    "one": function(_one, VALUE, strict=False, spread=False),
    "range": function(_range, rest=COUNT),
    "reverse": function(_reverse, VALUE, strict=False, spread=False),
    "slice": function(_slice, VALUE, COUNT, COUNT, strict=False, spread=False),
    "sum": function(_sum, VALUE),
}
