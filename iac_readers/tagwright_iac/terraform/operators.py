"""Terraform's operators, indexing and conditionals over values that may be partly unknown.

Where Terraform answers "unknown" we may decide if the answer is proven: `false && unknown`, equal branches of an
unknown condition, parts that are known to differ. EvalError where Terraform refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tagwright_iac.terraform import numbers
from tagwright_iac.terraform.conversion import INFINITY, conform, to_bool, to_number, to_string
from tagwright_iac.terraform.types import ANY
from tagwright_iac.terraform.unification import type_of, unify
from tagwright_iac.terraform.values import (
    EvalError,
    ListValue,
    MapValue,
    Number,
    ObjectValue,
    SetValue,
    UnknownValue,
    Value,
    first_unknown,
)


def binary(op: str, left: Value, right: Value) -> Value:
    """`left OP right` for + - * / % == != < > <= >= && ||."""
    if op in ("==", "!="):
        same = equals(left, right)
        return same if isinstance(same, UnknownValue) or op == "==" else not same
    if op in ("&&", "||"):
        return _logical(_operand(to_bool, left), _operand(to_bool, right), decisive=op == "||")
    first, second = _operand(to_number, left), _operand(to_number, right)
    if isinstance(first, UnknownValue) or isinstance(second, UnknownValue):
        return (first if isinstance(first, UnknownValue) else second).derived(not_null=True)
    return _NUMERIC[op](first, second)


def unary(op: str, value: Value) -> Value:
    """`!value` or `-value`."""
    operand = _operand(to_bool if op == "!" else to_number, value)
    if isinstance(operand, UnknownValue):
        return operand.derived(not_null=True)
    return not operand if op == "!" else numbers.negate(operand)


def _operand(conversion: Callable[[Value], Value], value: Value) -> Value:
    if value is None:
        raise EvalError("Unsuitable value for an operand: argument must not be null.")
    return conversion(value)


def _logical(left: bool | UnknownValue, right: bool | UnknownValue, *, decisive: bool) -> Value:
    if left is decisive or right is decisive:
        return decisive
    for side in (left, right):
        if isinstance(side, UnknownValue):
            return side.derived(not_null=True)
    return not decisive


def _divide(left: Number, right: Number) -> Value:
    if right == 0:
        if left == 0:
            raise EvalError("can't divide zero by zero or infinity by infinity")
        return UnknownValue(INFINITY, not_null=True)
    return numbers.divide(left, right)


_NUMERIC: dict[str, Callable[[Number, Number], Value]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": _divide,
    "%": numbers.modulo,
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}


def equals(left: Value, right: Value) -> bool | UnknownValue:
    """`left == right`: no conversion (1 is not "1", a list not a tuple); parts known to differ decide."""
    if isinstance(left, UnknownValue) or isinstance(right, UnknownValue):
        return _unknown_equals(left, right)
    if left is None or right is None:
        return left is right
    if isinstance(left, ObjectValue):
        return _object_equals(left, right)
    if isinstance(left, tuple):
        return _sequence_equals(left, right)
    if isinstance(left, str) or isinstance(right, str):
        return isinstance(left, str) and isinstance(right, str) and str(left) == str(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return isinstance(right, int | Fraction) and bool(left == right)


def _unknown_equals(left: Value, right: Value) -> bool | UnknownValue:
    unknown, other = (left, right) if isinstance(left, UnknownValue) else (right, left)
    if not isinstance(other, UnknownValue):
        if other is None and unknown.not_null:
            return False
        if unknown.prefix and other is not None and not (isinstance(other, str) and other.startswith(unknown.prefix)):
            return False
    elif (
        unknown.prefix
        and other.prefix
        and not unknown.prefix.startswith(other.prefix)
        and not other.prefix.startswith(unknown.prefix)
    ):
        return False
    kinds = {unknown.kind, other.kind if isinstance(other, UnknownValue) else type_of(other).kind}
    if other is not None and len(kinds) == 2 and not kinds & {"", "any"}:
        return False  # values of different types are never equal, nulls of different types neither
    result: UnknownValue = unknown.derived(not_null=True, kind="bool")
    return result


def _object_equals(left: ObjectValue, right: Value) -> bool | UnknownValue:
    if not isinstance(right, ObjectValue) or isinstance(left, MapValue) != isinstance(right, MapValue):
        return False
    if (right.rest is None and left.keys() - right.keys()) or (left.rest is None and right.keys() - left.keys()):
        return False
    results = [equals(left[key], right[key]) for key in left if key in right]
    if left.rest is not None or right.rest is not None:
        rest = left.rest or right.rest
        results.append(rest.derived(not_null=True) if rest is not None else True)
    return _all(results)


def _sequence_equals(left: Value, right: Value) -> bool | UnknownValue:
    if type(left) is not type(right):
        return False
    if isinstance(left, SetValue):
        unknown = first_unknown(left) or first_unknown(right)
        if unknown is not None:
            return unknown.derived(not_null=True)
    if len(left) != len(right):
        return False
    return _all([equals(one, other) for one, other in zip(left, right, strict=True)])


def _all(results: list[bool | UnknownValue]) -> bool | UnknownValue:
    if any(result is False for result in results):
        return False
    return next((result for result in results if isinstance(result, UnknownValue)), True)


def index(container: Value, key: Value) -> Value:
    """`container[key]`: a string number selects from a list, a number names an attribute. Sets have no index."""
    if container is None:
        raise EvalError("This value is null, so it does not have any indices.")
    if key is None:
        raise EvalError("Can't use a null value as an indexing key.")
    if isinstance(container, UnknownValue):
        return container.derived()
    if isinstance(container, ObjectValue):
        name = _key(to_string, key)
        if isinstance(name, UnknownValue):
            return name.derived()
        return _member(container, name)
    if isinstance(container, tuple) and not isinstance(container, SetValue):
        return _element(container, _key(to_number, key))
    if isinstance(container, SetValue):
        raise EvalError("Elements of a set are identified only by their value and don't have any separate index or key")
    raise EvalError("This value does not have any indices.")


def _key(conversion: Callable[[Value], Value], key: Value) -> Value:
    try:
        return conversion(key)
    except EvalError as error:
        raise EvalError(f"The given key does not identify an element in this collection value: {error}.") from None


def _element(container: tuple[Value, ...], position: Value) -> Value:
    if isinstance(position, UnknownValue):
        return position.derived()
    if isinstance(position, Fraction):
        raise EvalError("indexing a sequence requires a whole number, but the given index has a fractional part")
    if not 0 <= position < len(container):
        raise EvalError("The given key does not identify an element in this collection value.")
    return container[int(position)]


def _member(container: ObjectValue, name: str) -> Value:
    if name in container:
        return container[name]
    if container.rest is not None:
        return container.rest.derived()
    raise EvalError(f'The given key does not identify an element in this collection value: there is no "{name}".')


def attribute(obj: Value, name: str) -> Value:
    """`obj.name` of an object or map."""
    if obj is None:
        raise EvalError("This value is null, so it does not have any attributes.")
    if isinstance(obj, UnknownValue):
        return obj.derived()
    if not isinstance(obj, ObjectValue):
        raise EvalError("This value does not have any attributes.")
    if name not in obj and obj.rest is None:
        raise EvalError(f'This object does not have an attribute named "{name}".')
    return _member(obj, name)


def conditional(condition: Value, if_true: Value, if_false: Value) -> Value:
    """`condition ? if_true : if_false`, both arms converted to their common type.

    With an unknown condition the answer is what the arms agree on: equal values stay, keys of only one arm are
    dropped and the object is open, everything else is unknown because of the condition.
    """
    if condition is None:
        raise EvalError("The condition value is null. Conditions must either be true or false.")
    common = ANY
    if if_true is not None and if_false is not None:
        found = unify([type_of(if_true), type_of(if_false)])
        if found is not None:
            common = found
        elif first_unknown(if_true) is None and first_unknown(if_false) is None:
            raise EvalError("The true and false result expressions must have consistent types.")
    chosen = to_bool(condition)
    if not isinstance(chosen, UnknownValue):
        return conform(if_true if chosen else if_false, common)
    try:
        return _agreement(conform(if_true, common), conform(if_false, common), chosen)
    except EvalError:
        return chosen.derived()


def _agreement(one: Value, other: Value, cause: UnknownValue) -> Value:
    """What is true of both values."""
    if one is other:
        return one
    if isinstance(one, ObjectValue) and isinstance(other, ObjectValue):
        return _common_entries(one, other, cause)
    if isinstance(one, tuple) and isinstance(other, tuple) and type(one) is type(other):
        if equals(one, other) is True:
            return one
        if len(one) == len(other) and not isinstance(one, SetValue):
            items = [_agreement(left, right, cause) for left, right in zip(one, other, strict=True)]
            return ListValue(items) if isinstance(one, ListValue) else tuple(items)
    elif equals(one, other) is True:
        return one
    return cause.derived(not_null=_never_null(one) and _never_null(other))


def _common_entries(one: ObjectValue, other: ObjectValue, cause: UnknownValue) -> ObjectValue:
    entries = {key: _agreement(one[key], other[key], cause) for key in one if key in other}
    if one.keys() != other.keys():
        rest: UnknownValue | None = cause.derived()
    else:
        rest = one.rest or other.rest
    origins = {key: one.origins.get(key) or other.origins.get(key) for key in entries}
    kind = MapValue if isinstance(one, MapValue) and isinstance(other, MapValue) else ObjectValue
    return kind(entries, rest=rest, origins={key: origin for key, origin in origins.items() if origin is not None})


def _never_null(value: Value) -> bool:
    return value.not_null if isinstance(value, UnknownValue) else value is not None
