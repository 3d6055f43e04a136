"""Type constraints of Terraform variables, parsed (`type = map(string)`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of an object type. `default` is used when `has_default` and the value is absent or null."""

    type: TypeSpec
    optional: bool = False
    has_default: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class TypeSpec:
    """`kind`: any | string | number | bool | list | set | map | tuple | object.
    `element` for list, set, map; `elements` for tuple; `attributes` (name, Attribute) for object.
    """

    kind: str
    element: TypeSpec | None = None
    elements: tuple[TypeSpec, ...] = ()
    attributes: tuple[tuple[str, Attribute], ...] = ()


ANY = TypeSpec("any")
