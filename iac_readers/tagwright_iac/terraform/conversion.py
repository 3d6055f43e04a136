"""Type conversion: variable type constraints, function arguments, template interpolation, sets.

Unknowns pass through every conversion; an open object stays open as a map, while an object type constraint closes
it (it drops what it does not name). Sensitive strings stay sensitive. EvalError where Terraform finds no conversion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from tagwright_iac.terraform import numbers
from tagwright_iac.terraform.types import ANY, TypeSpec
from tagwright_iac.terraform.unification import distinct_types, element_of, unify
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

INFINITY = "a division by zero, or an infinite number"


def convert(value: Value, spec: TypeSpec) -> Value:
    """`value` as Terraform converts it to `spec`: attributes that the type does not name are dropped, absent or null
    optional ones take their defaults. Raises EvalError when that is impossible.
    """
    if value is None or spec.kind == "any":
        return value
    if isinstance(value, UnknownValue):
        return value.typed(spec.kind)
    return _CONVERSIONS[spec.kind](value, spec)


def conform(value: Value, common: TypeSpec) -> Value:
    """`value` converted to the common type that `unify` found. An open object keeps what is seen of it and stays open:
    its attributes had no say in the type.
    """
    return value if _closes(common) and _is_open(value) else convert(value, common)


def _closes(spec: TypeSpec) -> bool:
    return spec.kind == "object" or any(_closes(part) for part in (*spec.elements, *filter(None, [spec.element])))


def _is_open(value: Value) -> bool:
    if isinstance(value, ObjectValue):
        return (value.rest is not None and not isinstance(value, MapValue)) or any(map(_is_open, value.values()))
    return isinstance(value, tuple) and any(map(_is_open, value))


def to_string(value: Value) -> str | UnknownValue:
    """A string, number or bool as string; an unknown as it is. EvalError for anything else, null included."""
    if isinstance(value, str | UnknownValue):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Fraction):
        return numbers.to_text(value)
    raise EvalError("string required")


def to_number(value: Value) -> Number | UnknownValue:
    """A number, or a string that spells one; an unknown as it is. EvalError for anything else."""
    if isinstance(value, str):
        if value.lstrip("+-") in ("inf", "Inf") and len(value) <= len("+inf"):
            return UnknownValue(INFINITY, not_null=True)
        return numbers.parse(value)
    if isinstance(value, UnknownValue) or numbers.is_number(value):
        return value  # type: ignore[no-any-return]
    raise EvalError("a number is required")


def to_bool(value: Value) -> bool | UnknownValue:
    """A bool, or "true", "false", "1", "0"; an unknown as it is. EvalError for anything else."""
    if isinstance(value, bool | UnknownValue):
        return value
    if value in ("true", "1") and isinstance(value, str):
        return True
    if value in ("false", "0") and isinstance(value, str):
        return False
    raise EvalError("a bool is required")


def template_text(value: Value) -> str | UnknownValue:
    """What `${value}` adds to a string. EvalError for null and for collections; an unknown keeps its known prefix."""
    if value is None:
        raise EvalError("The expression result is null. Cannot include a null value in a string template.")
    if isinstance(value, UnknownValue):
        return value.derived(not_null=True, prefix=value.prefix)
    return to_string(value)


def make_set(items: Iterable[Value]) -> SetValue:
    """The set of `items`, which are of one type already: without duplicates, in Terraform's order."""
    unique: dict[object, Value] = {}
    for item in items:
        unique.setdefault(identity(item), item)
    return SetValue(sorted(unique.values(), key=_order))


def to_set(value: Value) -> Value:
    """`value` (list, tuple or set) as set of the elements' common type."""
    return convert(value, TypeSpec("set", element=ANY))


def to_list(value: Value) -> Value:
    """`value` (list, tuple or set) as list of the elements' common type."""
    return convert(value, TypeSpec("list", element=ANY))


def to_map(value: Value) -> Value:
    """`value` (map or object) as map of the values' common type."""
    return convert(value, TypeSpec("map", element=ANY))


def describe(spec: TypeSpec) -> str:
    """`spec` in Terraform's words: "list of string"."""
    if spec.kind in ("list", "set", "map"):
        element = element_of(spec)
        return f"{spec.kind} of {'any single type' if element.kind == 'any' else describe(element)}"
    return "any type" if spec.kind == "any" else spec.kind


def _string(value: Value, spec: TypeSpec) -> Value:
    del spec
    return to_string(value)


def _number(value: Value, spec: TypeSpec) -> Value:
    del spec
    return to_number(value)


def _bool(value: Value, spec: TypeSpec) -> Value:
    del spec
    return to_bool(value)


def _list(value: Value, spec: TypeSpec) -> Value:
    if isinstance(value, SetValue) and (unknown := first_unknown(value)) is not None:
        return unknown.derived(not_null=True)  # how many elements the set has is not known
    return ListValue(_elements(value, spec))


def _set(value: Value, spec: TypeSpec) -> Value:
    return make_set(_elements(value, spec))


def _elements(value: Value, spec: TypeSpec) -> list[Value]:
    if not isinstance(value, tuple):
        raise EvalError(f"{describe(spec)} required")
    uniform = isinstance(value, ListValue | SetValue)
    return _same_type(dict(enumerate(value)), element_of(spec), uniform=uniform, spec=spec)


def _map(value: Value, spec: TypeSpec) -> Value:
    if not isinstance(value, ObjectValue):
        raise EvalError(f"{describe(spec)} required")
    items = _same_type(value, element_of(spec), uniform=isinstance(value, MapValue), spec=spec)
    return MapValue(zip(value, items, strict=True), rest=value.rest, origins=value.origins)


def _same_type(items: Mapping[Any, Value], element: TypeSpec, *, uniform: bool, spec: TypeSpec) -> list[Value]:
    """`items` converted to `element`; where that leaves a choice (`any`), to one type they have in common."""
    if not items or (uniform and element.kind == "any"):
        return list(items.values())
    values: Iterable[Value] = items.values()
    if element.kind != "any":
        values = [convert(item, element) for item in values]
        if not _has_any(element):
            return list(values)
    common = unify(distinct_types(values))
    if common is None or (common.kind == "any" and _only_nulls_lack_a_type(values)):
        raise EvalError(f"cannot convert to {describe(spec)}: the elements have no type in common")
    return [conform(item, common) for item in values]


def _only_nulls_lack_a_type(values: Iterable[Value]) -> bool:
    """Whether there are values, all known, that have no type in common (an unknown might still be of any)."""
    found = list(values)
    return any(value is not None for value in found) and not any(first_unknown(value) for value in found)


def _has_any(spec: TypeSpec) -> bool:
    if spec.kind == "any":
        return True
    return (
        (spec.element is not None and _has_any(spec.element))
        or any(_has_any(element) for element in spec.elements)
        or any(_has_any(attribute.type) for _, attribute in spec.attributes)
    )


def _tuple(value: Value, spec: TypeSpec) -> Value:
    if type(value) is not tuple or len(value) != len(spec.elements):
        raise EvalError("tuple required" if type(value) is not tuple else f"{len(spec.elements)} elements required")
    return tuple(convert(item, element) for item, element in zip(value, spec.elements, strict=True))


def _object(value: Value, spec: TypeSpec) -> Value:
    if not isinstance(value, ObjectValue):
        raise EvalError("object required")
    entries: dict[str, Value] = {}
    for name, attribute in spec.attributes:
        if name in value:
            given = value[name]
        elif value.rest is not None:
            given = value.rest.derived()
        elif attribute.optional:
            given = None
        else:
            raise EvalError(f'attribute "{name}" is required')
        if given is None and attribute.has_default:
            given = attribute.default
        entries[name] = convert(given, attribute.type)
    origins = {name: origin for name, origin in value.origins.items() if name in entries}
    return ObjectValue(entries, origins=origins)


_CONVERSIONS: dict[str, Callable[[Value, TypeSpec], Value]] = {
    "string": _string,
    "number": _number,
    "bool": _bool,
    "list": _list,
    "set": _set,
    "map": _map,
    "tuple": _tuple,
    "object": _object,
}


def identity(value: Value) -> object:
    """A hashable stand-in: equal for values that Terraform holds equal, unequal to all else for an unknown."""
    if isinstance(value, UnknownValue):
        return ("unknown", id(value))
    if isinstance(value, ObjectValue):
        items = frozenset((key, identity(item)) for key, item in value.items())
        return (isinstance(value, MapValue), items, id(value.rest))
    if isinstance(value, tuple):
        return (type(value).__name__, tuple(identity(item) for item in value))
    if isinstance(value, bool) or value is None:
        return ("bool", value)
    if isinstance(value, str):
        return str(value)
    return ("number", value)


def _order(value: Value) -> tuple[int, int, object]:
    """The sort key of a set's element: unknowns behind what is known, nulls last."""
    if value is None:
        return (2, 0, 0)
    if isinstance(value, UnknownValue):
        return (1, 0, 0)
    if isinstance(value, str):
        return (0, 1, str(value))
    if isinstance(value, bool):
        return (0, 2, value)
    if isinstance(value, int | Fraction):
        return (0, 3, value)
    return (0, 4, _hash_text(value).encode("utf-8", "surrogatepass"))


def _hash_text(value: Value) -> str:
    """Cty's text of a structured set element, by which it sorts them."""
    if value is None:
        return "~"
    if isinstance(value, UnknownValue):
        return "?"
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, int | Fraction):
        return ("-" if numbers.negative(value) else "") + numbers.general(value, 10)
    if isinstance(value, str):
        return go_quote(value)
    if isinstance(value, MapValue):
        entries = (f"{go_quote(key)}:{_hash_text(value[key])};" for key in sorted(value))
        return "{" + "".join(entries) + "}"
    if isinstance(value, ObjectValue):
        return "<" + "".join(f"{_hash_text(value[key])};" for key in sorted(value)) + ">"
    text = "".join(f"{_hash_text(item)};" for item in value)
    return f"[{text}]" if isinstance(value, ListValue | SetValue) else f"<{text}>"


_SHORT_ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}


def go_quote(text: str) -> str:
    """`text` as Go's %q writes it."""
    out = ['"']
    for char in text:
        if char in '"\\':
            out.append("\\" + char)
        elif char in _SHORT_ESCAPES:
            out.append(_SHORT_ESCAPES[char])
        elif char.isprintable():
            out.append(char)
        elif char < "\x80":
            out.append(f"\\x{ord(char):02x}")
        else:
            out.append(f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}")
    out.append('"')
    return "".join(out)
