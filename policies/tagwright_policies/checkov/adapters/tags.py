"""Tags in the shapes that frameworks write them in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tagwright_dictionary.model import NO_TAGS, Origin, Tag, Tags, Unknown
from tagwright_iac.reach.tagsets import layers, tags_of, unseen
from tagwright_policies.checkov.adapters.text import is_expression, left_standing, scalar

_KEY_NAMES = ("Key", "key", "TagKey")
_VALUE_NAMES = ("Value", "value", "TagValue")


def read_tags(value: Any, origin: Origin) -> Tags:
    """Any shape: a map, a list of {Key, Value}, a list of "key:value". `value` is plain, with `Unknown` inside."""
    if value is None:
        return NO_TAGS
    if isinstance(value, Unknown):
        return unseen(value)
    if isinstance(value, Mapping):
        return from_map(value, origin)
    if isinstance(value, (list, tuple)):
        return layers(*(_row(item, origin) for item in value)) if value else NO_TAGS
    return unseen(Unknown("the tags are neither a map nor a list"))


def from_map(value: Mapping[str, Any], origin: Origin) -> Tags:
    """A map; null entries dropped. A key that is an expression itself leaves the map incomplete."""
    found, hidden = [], None
    for name, item in value.items():
        if item is None:
            continue
        if is_expression(name):
            hidden = left_standing(name)
        else:
            found.append(Tag(name, scalar(item), origin))
    tags = tags_of(found)
    return tags if hidden is None else layers(tags, unseen(hidden))


def _row(item: Any, origin: Origin) -> Tags:
    if item is None:
        return NO_TAGS
    if isinstance(item, Unknown):
        return unseen(item)
    if isinstance(item, str) and ":" in item:
        key, _, value = item.partition(":")
        return tags_of([Tag(key, value, origin)])
    if not isinstance(item, Mapping):
        return unseen(Unknown("an entry of the tags is no tag"))
    key = _first(item, _KEY_NAMES)
    content = _first(item, _VALUE_NAMES)
    if isinstance(key, Unknown):
        return unseen(key)
    if key is None:
        # A list of maps, each of which may hold several tags.
        return from_map(item, origin)
    return NO_TAGS if content is None else tags_of([Tag(str(key), scalar(content), origin)])


def _first(item: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((item[name] for name in names if name in item), None)


def values_at(value: Any, path: Iterable[str]) -> list[str | Unknown]:
    """The values at a path of names in a plain value, lists flattened; a path that ends on a map yields `key=value`
    for each entry (see `catalogue.deciding_attributes`).
    """
    names = list(path)
    if value is None:
        return []
    if isinstance(value, Unknown):
        return [value]
    if isinstance(value, (list, tuple)):
        return [found for item in value for found in values_at(item, names)]
    if isinstance(value, Mapping):
        if names:
            return values_at(value.get(names[0]), names[1:])
        return [_entry(key, item) for key, item in value.items() if item is not None]
    return [] if names else [scalar(value)]


def _entry(key: str, item: Any) -> str | Unknown:
    content = scalar(item)
    return content if isinstance(content, Unknown) else f"{key}={content}"
