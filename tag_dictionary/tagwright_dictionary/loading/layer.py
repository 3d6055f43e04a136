"""One dictionary file as it was written, before it is laid over what it extends: only given fields are set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tagwright_dictionary.dictionary import Exemption, ProviderEncoding, ServiceLevel, Target
from tagwright_dictionary.model import Location


@dataclass(frozen=True, slots=True)
class ValueDraft:
    """`fields` are arguments of `dictionary.Value`."""

    value: str
    fields: dict[str, Any]
    location: Location


@dataclass(frozen=True, slots=True)
class KeyDraft:
    """`fields` are arguments of `dictionary.Key` but its values; `values` None: not said."""

    name: str
    fields: dict[str, Any]
    location: Location
    values: tuple[ValueDraft, ...] | None = None
    added: tuple[ValueDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class RequirementDraft:
    """`fields` are arguments of `dictionary.Requirement`."""

    id: str
    fields: dict[str, Any]
    location: Location


@dataclass(frozen=True, slots=True)
class Named:
    """An entry of `remove` or `loosens`: a dotted path, and for `loosens` the reason."""

    path: str
    location: Location
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """`fields` are the plain arguments of `dictionary.Dictionary`: name, version, contacts, unknown."""

    location: Location
    fields: dict[str, Any] = field(default_factory=dict)
    keys: tuple[KeyDraft, ...] = ()
    requirements: tuple[RequirementDraft, ...] = ()
    providers: tuple[ProviderEncoding, ...] = ()
    service_levels: tuple[ServiceLevel, ...] = ()
    targets: tuple[Target, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    placeholders: tuple[str, ...] = ()
    remove: tuple[Named, ...] = ()
    loosens: tuple[Named, ...] = ()
