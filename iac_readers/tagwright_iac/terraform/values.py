"""Values of the Terraform evaluator.

Terraform type         here
null                   None
bool, string           bool, str (NFC; a sensitive string is `SensitiveStr`)
number                 int, or Fraction rounded to 512 bits of mantissa (big.Float's precision), or NEGATIVE_ZERO
tuple / list / set     tuple / `ListValue` / `SetValue` (sorted as Terraform sorts, without duplicates)
object / map           `ObjectValue` / `MapValue`
unknown                `UnknownValue`

More is kept than Terraform keeps: an object may be *open* (`rest` is set): the entries it has are true, further ones
may exist. An unknown may appear anywhere inside. Values are never mutated once returned to an expression.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from tagwright_dictionary.model import Origin


class EvalError(Exception):
    """Terraform would refuse this expression; `try` and `can` catch it. The message is Terraform's, shortened."""


class LimitError(Exception):
    """The configuration asks for more work than a gate may spend; nothing catches it but the reader (exit 2)."""


class NegativeZero(int):
    """-0: Terraform's big floats keep the sign and print "-0"."""

    __slots__ = ()


NEGATIVE_ZERO: Final = NegativeZero(0)
Number = int | Fraction


class SensitiveStr(str):
    """A string that came from something marked sensitive; it is judged, never printed."""

    __slots__ = ()


class UnknownValue:
    """A value that is not known here.

    `cause`, `hint` as in `model.Unknown`. Refinements: `not_null`; `prefix` a known beginning of a string; `kind` the
    type as in `TypeSpec.kind` where it is certain, "" where it is not.
    `ref` is the resource view an attribute of which this is (a launch template's id), so that references can be
    followed; `attribute` the name of that attribute. `sensitive` values are not printed once known either.
    """

    __slots__ = ("attribute", "cause", "hint", "kind", "not_null", "prefix", "ref", "sensitive")

    def __init__(
        self,
        cause: str,
        hint: str = "",
        *,
        not_null: bool = False,
        prefix: str = "",
        kind: str = "",
        ref: Any = None,
        attribute: str = "",
        sensitive: bool = False,
    ) -> None:
        self.cause = cause
        self.hint = hint
        self.not_null = not_null
        self.prefix = prefix
        self.kind = "string" if prefix else kind
        self.ref = ref
        self.attribute = attribute
        self.sensitive = sensitive

    def derived(self, *, not_null: bool = False, prefix: str = "", kind: str = "") -> UnknownValue:
        """An unknown that hangs on this one: same cause, no reference, new refinements."""
        return UnknownValue(
            self.cause, self.hint, not_null=not_null, prefix=prefix, kind=kind, sensitive=self.sensitive
        )

    def typed(self, kind: str) -> UnknownValue:
        """The same unknown, known to be of that type."""
        if self.kind or not kind:
            return self
        return UnknownValue(
            self.cause,
            self.hint,
            not_null=self.not_null,
            prefix=self.prefix,
            kind=kind,
            ref=self.ref,
            attribute=self.attribute,
            sensitive=self.sensitive,
        )

    def __repr__(self) -> str:
        return f"UnknownValue({self.cause!r})"


class ListValue(tuple[Any, ...]):
    """list(T)."""

    __slots__ = ()


class SetValue(tuple[Any, ...]):
    """set(T): elements unique and sorted; build with `make_set`."""

    __slots__ = ()


class ObjectValue(dict[str, Any]):
    """object({...}). `rest` None: exactly these attributes; else further ones may exist, for that reason.
    `origins` (key -> Origin) says where entries were written, as far as known.
    """

    __slots__ = ("origins", "rest")

    def __init__(
        self,
        entries: Mapping[str, Any] | Iterable[tuple[str, Any]] = (),
        *,
        rest: UnknownValue | None = None,
        origins: Mapping[str, Origin] | None = None,
    ) -> None:
        super().__init__(entries)
        self.rest = rest
        self.origins: Mapping[str, Origin] = origins if origins is not None else {}


class MapValue(ObjectValue):
    """map(T)."""

    __slots__ = ()


Value = Any
"""None | bool | str | Number | tuple | ListValue | SetValue | ObjectValue | MapValue | UnknownValue"""


def weigh(value: Any, known: dict[int, tuple[Value, int]]) -> int:
    """The elements in a list, map or object, at every level; what is shared counts each time, because whatever walks
    or copies the value meets it each time. `known` remembers what was weighed.
    """
    weight = len(value)
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, tuple | ObjectValue):
            found = known.get(id(item))
            weight += weigh(item, known) if found is None else found[1]
    if weight > _LIGHT:
        known[id(value)] = (value, weight)
    return weight


_LIGHT = 50
"""What weighs less is weighed again: remembering it would keep it alive."""


def first_unknown(value: Value) -> UnknownValue | None:
    """The first unknown anywhere inside `value`, an open object's `rest` included; None when wholly known."""
    if isinstance(value, UnknownValue):
        return value
    if isinstance(value, tuple):
        for item in value:
            if type(item) is not str and (found := first_unknown(item)) is not None:
                return found
        return None
    if isinstance(value, ObjectValue):
        if value.rest is not None:
            return value.rest
        for item in value.values():
            if type(item) is not str and (found := first_unknown(item)) is not None:
                return found
    return None


def is_sensitive(value: Value) -> bool:
    """Whether anything inside is marked sensitive."""
    if isinstance(value, SensitiveStr):
        return True
    if isinstance(value, UnknownValue):
        return value.sensitive
    if isinstance(value, tuple):
        return any(is_sensitive(item) for item in value)
    if isinstance(value, ObjectValue):
        return any(is_sensitive(item) for item in value.values())
    return False


def mark_sensitive(value: Value) -> Value:
    """`value` with every string and unknown inside marked sensitive."""
    if isinstance(value, str):
        return SensitiveStr(value)
    if isinstance(value, UnknownValue):
        return UnknownValue(
            value.cause,
            value.hint,
            not_null=value.not_null,
            prefix=value.prefix,
            kind=value.kind,
            ref=value.ref,
            attribute=value.attribute,
            sensitive=True,
        )
    if isinstance(value, tuple):
        return type(value)(mark_sensitive(item) for item in value)
    if isinstance(value, ObjectValue):
        return type(value)(
            {key: mark_sensitive(item) for key, item in value.items()}, rest=value.rest, origins=value.origins
        )
    return value
