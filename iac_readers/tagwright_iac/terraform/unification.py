"""Types of values, which type converts to which, and the common type of several (cty's `convert.Unify`).

Our values carry no static types, so `type_of` finds them: a null, an unknown, an open object is of type `any`
here, although Terraform may know better; `any` stands back wherever another type is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Protocol

from tagwright_iac.terraform.types import ANY, Attribute, TypeSpec
from tagwright_iac.terraform.values import LimitError, ListValue, MapValue, ObjectValue, SetValue, Value

STRING = TypeSpec("string")
NUMBER = TypeSpec("number")
BOOL = TypeSpec("bool")
_PRIMITIVES = ("string", "number", "bool")
_COLLECTIONS = ("list", "set", "map")
_MAX_TYPES = 500


def type_of(value: Value) -> TypeSpec:
    """The type of `value`, as far as the value tells."""
    if isinstance(value, str):
        return STRING
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int | Fraction):
        return NUMBER
    if isinstance(value, ObjectValue):
        if isinstance(value, MapValue):
            return TypeSpec("map", element=_element_type(value.values()))
        if value.rest is not None:
            return ANY  # an open object may have more attributes than are seen
        return _object((key, type_of(item)) for key, item in value.items())
    if isinstance(value, tuple):
        if isinstance(value, ListValue):
            return TypeSpec("list", element=_element_type(value))
        if isinstance(value, SetValue):
            return TypeSpec("set", element=_element_type(value))
        return TypeSpec("tuple", elements=tuple(type_of(item) for item in value))
    return ANY


def distinct_types(values: Iterable[Value]) -> list[TypeSpec]:
    """The types of `values`, each once, in order of appearance."""
    seen: dict[TypeSpec, None] = {}
    plain: set[type] = set()
    for value in values:
        kind = type(value)
        if kind in plain:
            continue
        if kind in (str, bool, int):
            plain.add(kind)
        seen[type_of(value)] = None
    return list(seen)


def _element_type(values: Iterable[Value]) -> TypeSpec:
    """The element type of a collection. Its elements are of one type already; only nulls and unknowns differ."""
    found = distinct_types(values)
    return (unify(found) or found[0]) if found else ANY


def _object(attributes: Iterable[tuple[str, TypeSpec]]) -> TypeSpec:
    return TypeSpec("object", attributes=tuple(sorted((name, Attribute(spec)) for name, spec in attributes)))


def _attributes(spec: TypeSpec) -> dict[str, TypeSpec]:
    return {name: attribute.type for name, attribute in spec.attributes}


def element_of(spec: TypeSpec) -> TypeSpec:
    """The element type of a list, set or map type."""
    return spec.element or ANY


def convertible(given: TypeSpec, wanted: TypeSpec, *, unsafe: bool = True) -> bool:
    """Whether a conversion exists. An `unsafe` one may still fail for the value at hand ("x" to a number)."""
    if given == wanted or wanted.kind == "any" or given.kind == "any":
        return True
    pair = (given.kind, wanted.kind)
    if given.kind in _PRIMITIVES and wanted.kind in _PRIMITIVES:
        return wanted.kind in (given.kind, "string") or (unsafe and given.kind == "string")
    if pair == ("object", "object"):
        return _object_convertible(given, wanted, unsafe=unsafe)
    if pair == ("tuple", "tuple"):
        return len(given.elements) == len(wanted.elements) and all(
            convertible(one, other, unsafe=unsafe) for one, other in zip(given.elements, wanted.elements, strict=True)
        )
    if pair in (("list", "list"), ("set", "list"), ("set", "set"), ("map", "map")) or (
        pair == ("list", "set") and unsafe
    ):
        return convertible(element_of(given), element_of(wanted), unsafe=unsafe)
    if pair in (("tuple", "list"), ("tuple", "set")):
        return _members_convertible(given.elements, element_of(wanted), unsafe=unsafe)
    if pair == ("object", "map"):
        return _members_convertible(tuple(_attributes(given).values()), element_of(wanted), unsafe=unsafe)
    if pair == ("map", "object") and unsafe:
        return all(
            attribute.optional or convertible(element_of(given), attribute.type) for _, attribute in wanted.attributes
        )
    return False


def _object_convertible(given: TypeSpec, wanted: TypeSpec, *, unsafe: bool) -> bool:
    present = _attributes(given)
    for name, attribute in wanted.attributes:
        if name not in present:
            if not attribute.optional:
                return False
        elif not convertible(present[name], attribute.type, unsafe=unsafe):
            return False
    return True


def _members_convertible(members: Sequence[TypeSpec], element: TypeSpec, *, unsafe: bool) -> bool:
    if element.kind == "any":
        found = unify(members, unsafe=unsafe)
        if found is None:
            return not members
        element = found
    return all(convertible(member, element, unsafe=unsafe) for member in members)


def unify(types: Sequence[TypeSpec], *, unsafe: bool = True) -> TypeSpec | None:
    """The type that all of `types` convert to, or None. `any` where nothing tells. Raises LimitError."""
    known = [spec for spec in dict.fromkeys(types) if spec.kind != "any"]
    if not known:
        return ANY if types else None
    if len(known) == 1:
        return known[0]
    kinds = {spec.kind for spec in known}
    if len(kinds) == 1:
        (kind,) = kinds
        if kind in _COLLECTIONS:
            element = unify([element_of(spec) for spec in known], unsafe=unsafe)
            return None if element is None else TypeSpec(kind, element=element)
        if kind == "object":
            return _unify_objects(known, unsafe=unsafe)
        if kind == "tuple":
            return _unify_tuples(known, unsafe=unsafe)
    if kinds == {"map", "object"}:
        found = _unify_mixed(known, "object", _objects_as_map, unsafe=unsafe)
        if found is not None and found.kind == "map":
            return found
    if kinds == {"list", "tuple"}:
        found = _unify_mixed(known, "tuple", _tuples_as_list, unsafe=unsafe)
        if found is not None and found.kind == "list":
            return found
    if {"object", "tuple"} <= kinds:
        return None
    # Beside a null of no type, even what has nothing in common converts to "any".
    fallback = ANY if any(spec.kind == "any" for spec in types) else None
    if kinds & set(_PRIMITIVES) and kinds - set(_PRIMITIVES):
        return fallback
    if len(known) > _MAX_TYPES:
        raise LimitError("more different types in one collection than a gate may compare")
    for index in _preference(known):
        wanted = known[index]
        if all(other == wanted or convertible(other, wanted, unsafe=unsafe) for other in known):
            return wanted
    return fallback


def _unify_mixed(
    types: Sequence[TypeSpec], structural: str, as_collection: _AsCollection, *, unsafe: bool
) -> TypeSpec | None:
    """Objects beside maps are maps, tuples beside lists are lists, if their members agree."""
    collection = as_collection([spec for spec in types if spec.kind == structural], unsafe=unsafe)
    if collection is None:
        return None
    return unify([collection if spec.kind == structural else spec for spec in types], unsafe=unsafe)


def _unify_objects(types: Sequence[TypeSpec], *, unsafe: bool) -> TypeSpec | None:
    members = [_attributes(spec) for spec in types]
    first = members[0]
    if any(other.keys() != first.keys() for other in members[1:]):
        return _objects_as_map(types, unsafe=unsafe)
    merged = []
    for name in first:
        found = unify([attributes[name] for attributes in members], unsafe=unsafe)
        if found is None:
            return None
        merged.append((name, found))
    result = _object(merged)
    if all(convertible(spec, result, unsafe=unsafe) for spec in types):
        return result
    return _objects_as_map(types, unsafe=unsafe)


def _objects_as_map(types: Sequence[TypeSpec], *, unsafe: bool) -> TypeSpec | None:
    element = unify([member for spec in types for member in _attributes(spec).values()], unsafe=unsafe)
    if element is None:
        return None
    result = TypeSpec("map", element=element)
    return result if all(convertible(spec, result, unsafe=unsafe) for spec in types) else None


def _unify_tuples(types: Sequence[TypeSpec], *, unsafe: bool) -> TypeSpec | None:
    first = types[0]
    if any(len(spec.elements) != len(first.elements) for spec in types[1:]):
        return _tuples_as_list(types, unsafe=unsafe)
    merged = []
    for index in range(len(first.elements)):
        found = unify([spec.elements[index] for spec in types], unsafe=unsafe)
        if found is None:
            return None
        merged.append(found)
    result = TypeSpec("tuple", elements=tuple(merged))
    if all(convertible(spec, result, unsafe=unsafe) for spec in types):
        return result
    return _tuples_as_list(types, unsafe=unsafe)


def _tuples_as_list(types: Sequence[TypeSpec], *, unsafe: bool) -> TypeSpec | None:
    element = unify([member for spec in types for member in spec.elements], unsafe=unsafe)
    if element is None:
        return None
    result = TypeSpec("list", element=element)
    return result if all(convertible(spec, result, unsafe=unsafe) for spec in types) else None


class _AsCollection(Protocol):
    """The signature of `_objects_as_map` and `_tuples_as_list`."""

    def __call__(self, types: Sequence[TypeSpec], *, unsafe: bool) -> TypeSpec | None: ...


def _preference(types: Sequence[TypeSpec]) -> list[int]:
    """Indices of `types`, the more general before the less (a topological order, first come first)."""
    edges: list[list[int]] = [[] for _ in types]
    before = [0] * len(types)
    for left in range(len(types)):
        for right in range(left + 1, len(types)):
            order = _compare(types[left], types[right])
            if order < 0:
                edges[left].append(right)
                before[right] += 1
            elif order > 0:
                edges[right].append(left)
                before[left] += 1
    queue = [index for index, count in enumerate(before) if count == 0]
    for index in queue:
        for other in edges[index]:
            before[other] -= 1
            if before[other] == 0:
                queue.append(other)
    return queue


def _compare(left: TypeSpec, right: TypeSpec) -> int:
    """Below 0 when `left` is the more general, above 0 when `right` is, 0 when that cannot be said."""
    if "any" in (left.kind, right.kind):
        return (left.kind == "any") - (right.kind == "any")
    if left.kind in _PRIMITIVES and right.kind in _PRIMITIVES and "string" in (left.kind, right.kind):
        return (right.kind == "string") - (left.kind == "string")
    if left.kind == right.kind and left.kind in _COLLECTIONS:
        return _compare(element_of(left), element_of(right))
    if (left.kind, right.kind) in (("list", "tuple"), ("map", "object"), ("tuple", "set"), ("list", "set")):
        return -1
    if (right.kind, left.kind) in (("list", "tuple"), ("map", "object"), ("tuple", "set"), ("list", "set")):
        return 1
    if left.kind == right.kind == "object":
        ours, theirs = _attributes(left), _attributes(right)
        if ours.keys() != theirs.keys():
            return 0
        return _combined(_compare(ours[name], theirs[name]) for name in ours)
    if left.kind == right.kind == "tuple" and len(left.elements) == len(right.elements):
        return _combined(_compare(one, other) for one, other in zip(left.elements, right.elements, strict=True))
    return 0


def _combined(orders: Iterable[int]) -> int:
    found = {order for order in orders if order}
    return found.pop() if len(found) == 1 else 0
