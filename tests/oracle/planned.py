"""A plan in the terms of tags: which keys each resource gets, and what of them is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.oracle import schema
from tests.oracle.terraform import UNKNOWN, UnknownMark, overlay


@dataclass(frozen=True, slots=True)
class PlannedTags:
    """`values`: what is known of each key, `UNKNOWN` where the key is there (or may turn out null) and its value is
    not known. `complete` False: there may be further keys."""

    values: Mapping[str, str | UnknownMark] = field(default_factory=dict)
    complete: bool = True


NO_TAGS = PlannedTags()


@dataclass(frozen=True, slots=True)
class PlannedResource:
    """One instance of a managed resource.

    own       its own tags (`tags`, `labels`, the `tag` blocks of a group, awscc's list), nulls dropped
    defaults  the tags of the provider instance that plans it (also for types that do not take them)
    tags      what it ends up with: own over defaults for the types that take them, without what the provider's
              ignore_tags leaves out of tags_all
    values    all arguments and attributes, `UNKNOWN` at any depth
    """

    address: str
    type: str
    own: PlannedTags
    defaults: PlannedTags
    tags: PlannedTags
    values: Mapping[str, Any]
    actions: tuple[str, ...] = ("create",)

    @property
    def block(self) -> str:
        """The address without instance keys."""
        return block_address(self.address)

    def tag_blocks(self) -> tuple[tuple[Any, Any, Any], ...] | UnknownMark:
        """The `tag` blocks of an autoscaling group: key, value, propagate_at_launch."""
        blocks = self.values.get("tag") or []
        if isinstance(blocks, UnknownMark):
            return UNKNOWN
        rows = [
            (UNKNOWN,) * 3 if item is UNKNOWN else (item.get("key"), item.get("value"), item.get("propagate_at_launch"))
            for item in blocks
        ]
        return tuple(sorted(rows, key=repr))

    def tag_specifications(self) -> tuple[tuple[Any, PlannedTags], ...] | UnknownMark:
        """The `tag_specifications` of a launch template: resource type and tags, in order."""
        blocks = self.values.get("tag_specifications") or []
        if isinstance(blocks, UnknownMark):
            return UNKNOWN
        return tuple((item.get("resource_type"), tags_of(item.get("tags"))) for item in blocks if item is not UNKNOWN)


@dataclass(frozen=True, slots=True)
class Plan:
    """`resources` by address. `json` is Terraform's own document. `loose` holds the blocks (addresses without
    instance keys) whose instances depend on what data sources return; `wrapped` tells that the configuration was
    planned as a module of a wrapper (see `wrapper`)."""

    resources: Mapping[str, PlannedResource]
    json: Mapping[str, Any]
    loose: frozenset[str] = frozenset()
    wrapped: bool = False


def tags_of(value: Any) -> PlannedTags:
    """A map of tags: nulls are dropped, unknown values kept as such."""
    if value is UNKNOWN:
        return PlannedTags({}, complete=False)
    return PlannedTags({key: item for key, item in (value or {}).items() if item is not None})


def merged(defaults: PlannedTags, own: PlannedTags) -> PlannedTags:
    """Own tags over defaults; an own map that is not wholly known may override any default."""
    base: dict[str, str | UnknownMark] = dict(defaults.values)
    if not own.complete:
        base = dict.fromkeys(base, UNKNOWN)
    return PlannedTags(base | dict(own.values), defaults.complete and own.complete)


def _reported(tags: PlannedTags, values: Mapping[str, Any]) -> PlannedTags:
    """Without the keys that tags_all, where it is told per key, does not have."""
    tags_all = values.get("tags_all")
    if not isinstance(tags_all, Mapping):
        return tags
    return replace(tags, values={key: value for key, value in tags.values.items() if key in tags_all})


def from_json(document: Mapping[str, Any], prefix: str = "") -> Plan:
    """Read a plan. With `prefix`, only the addresses under it, without it."""
    resources = {}
    for change in document.get("resource_changes", ()):
        address = change["address"]
        if change["mode"] != "managed" or not address.startswith(prefix):
            continue
        after = change["change"]["after"]
        if after is None:
            continue
        address = address.removeprefix(prefix)
        values = overlay(after, change["change"].get("after_unknown", {}))
        type_ = change["type"]
        own = _own(type_, values)
        defaults = tags_of(values.get(schema.DEFAULTS_PART))
        tags = _reported(merged(defaults, own), values) if schema.has_provider_defaults(type_) else own
        actions = tuple(change["change"]["actions"])
        resources[address] = PlannedResource(address, type_, own, defaults, tags, values, actions)
    return Plan(resources, document, wrapped=bool(prefix))


def blend(first: Plan, second: Plan) -> Plan:
    """What both plans agree on; what differs is unknown."""
    loose = {
        block_address(address)
        for address in {*first.resources, *second.resources}
        if address not in first.resources or address not in second.resources
    }
    resources = {
        address: replace(
            resource,
            own=_agreed(resource.own, other.own),
            defaults=_agreed(resource.defaults, other.defaults),
            tags=_agreed(resource.tags, other.tags),
            values=_blend(resource.values, other.values),
        )
        for address, resource in first.resources.items()
        if (other := second.resources.get(address)) is not None
    }
    return replace(first, resources=resources, loose=frozenset(loose))


def block_address(address: str) -> str:
    """An address without its instance keys; a key may hold brackets and escaped quotes."""
    return "".join(_outside_brackets(address))


def _outside_brackets(address: str) -> Iterator[str]:
    inside = quoted = escaped = False
    for character in address:
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif inside:
            quoted = character == '"'
            inside = character != "]"
        elif character == "[":
            inside = True
        else:
            yield character


def _own(type_: str, values: Mapping[str, Any]) -> PlannedTags:
    argument = schema.tag_argument(type_)
    if argument:
        return tags_of(values.get(argument))
    if type_ == "aws_autoscaling_group":
        return _pairs(values.get("tag"))
    if type_.startswith("awscc_"):
        return _pairs(values.get("tags"))
    return NO_TAGS


def _pairs(items: Any) -> PlannedTags:
    """Tags written as a list of key and value."""
    if items is UNKNOWN:
        return PlannedTags({}, complete=False)
    known = [item for item in items or () if item is not UNKNOWN and item.get("key") is not UNKNOWN]
    return PlannedTags(
        {item["key"]: item.get("value") for item in known if item.get("value") is not None},
        len(known) == len(items or ()),
    )


def _agreed(first: PlannedTags, second: PlannedTags) -> PlannedTags:
    keys = [key for key in first.values if key in second.values]
    values = {key: first.values[key] if first.values[key] == second.values[key] else UNKNOWN for key in keys}
    same = first.values.keys() == second.values.keys()
    return PlannedTags(values, same and first.complete and second.complete)


def _blend(first: Any, second: Any) -> Any:
    if isinstance(first, Mapping) and isinstance(second, Mapping) and first.keys() == second.keys():
        return {key: _blend(first[key], second[key]) for key in first}
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        return [_blend(one, other) for one, other in zip(first, second, strict=True)]
    return first if first == second else UNKNOWN
