"""A dictionary as plain JSON and back, without the places it was written in: the bundle holds no path of anybody's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from tagwright_dictionary import dictionary as model
from tagwright_dictionary.model import Severity

_CLASS, _DAY, _ENUM = "class", "day", "enum"
_TYPES: Mapping[str, type] = {
    each.__name__: each
    for each in (
        model.Condition,
        model.Dictionary,
        model.Exemption,
        model.Key,
        model.Match,
        model.ProviderEncoding,
        model.Requirement,
        model.Selector,
        model.ServiceLevel,
        model.Target,
        model.Value,
        model.UnknownPolicy,
        Severity,
    )
}
_LEFT_OUT = frozenset({"location", "source", "_index"})


def packed(dictionary: model.Dictionary) -> str:
    """One line of JSON, the same for equal dictionaries."""
    return json.dumps(_pack(dictionary), ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def unpacked(text: str) -> model.Dictionary:
    """The dictionary. Raises ValueError, KeyError or TypeError for a text that `packed` did not make."""
    found = _unpack(json.loads(text))
    if not isinstance(found, model.Dictionary):
        raise TypeError("not a dictionary")
    return found


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    return tuple((each.name, each.default) for each in fields(kind) if each.name not in _LEFT_OUT)


def _pack(value: Any) -> Any:
    if isinstance(value, Enum):
        return {_ENUM: type(value).__name__, "value": value.value}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        given = {name: getattr(value, name) for name, _ in _fields(kind)}
        kept = {name: given[name] for name, default in _fields(kind) if default is MISSING or given[name] != default}
        return {_CLASS: kind.__name__, "fields": {name: _pack(item) for name, item in kept.items()}}
    if isinstance(value, tuple):
        return [_pack(item) for item in value]
    return value


def _unpack(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_unpack(item) for item in value)
    if not isinstance(value, dict):
        return value
    if _DAY in value:
        return date.fromisoformat(value[_DAY])
    if _ENUM in value:
        return _TYPES[value[_ENUM]](value["value"])
    return _TYPES[value[_CLASS]](**{name: _unpack(item) for name, item in value["fields"].items()})
