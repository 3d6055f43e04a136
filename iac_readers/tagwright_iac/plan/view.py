"""A planned resource as the shared code sees it (`tagwright_iac.view`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tagwright_dictionary.model import NO_TAGS, Location, Origin, Tag, Tags, Unknown
from tagwright_iac.plan.change import Change
from tagwright_iac.plan.defaults import merged_attribute, tag_with_sensitivity
from tagwright_iac.plan.node import Node
from tagwright_iac.reach.tagsets import layers, unseen
from tagwright_iac.view import BlockView, ResourceView

# Blocks that the provider computes when the code has none: unknown then means "not written".
_COMPUTED_BLOCKS = frozenset({"root_block_device", "ebs_block_device", "ephemeral_block_device"})
_GROUPS = frozenset({"aws_autoscaling_group", "aws_autoscaling_group_tag"})

Linker = Callable[[Change, tuple[str, ...]], "ResourceView | Unknown | None"]


@dataclass(frozen=True, slots=True)
class PlanBlock:
    """A `BlockView` over a planned object."""

    node: Node
    origin: Origin | None = None

    @property
    def exists(self) -> Unknown | None:
        return self.node.cause if self.node.is_unknown else None

    def attribute(self, name: str) -> Any:
        return self.node.child(name).plain()

    def blocks(self, name: str) -> tuple[BlockView, ...]:
        child = self.node.child(name)
        if child.is_unknown:
            return () if name in _COMPUTED_BLOCKS else (PlanBlock(child, self.origin),)
        return tuple(PlanBlock(item, self.origin) for item in child.items())

    def tags(self, name: str) -> Tags:
        return self.node.child(name).tags(self.origin)


@dataclass(frozen=True, slots=True)
class TagPlace:
    """Where a type keeps its own tags: an attribute (a path with dots inside blocks) and its shape: map | pairs |
    group (tag blocks of an Auto Scaling group) | none."""

    attribute: str = ""
    shape: str = "none"


@dataclass(frozen=True, slots=True)
class PlanView:
    """A `ResourceView` over a resource change. `defaults` and `doubt` as `plan.defaults` found them."""

    change: Change
    place: TagPlace
    defaults: Tags
    doubt: Unknown | None
    versions: str
    location: Location
    linker: Linker

    @property
    def _block(self) -> PlanBlock:
        return PlanBlock(self.change.after, Origin("plan", self.change.address, self.location))

    @property
    def exists(self) -> Unknown | None:
        return self.change.exists

    def attribute(self, name: str) -> Any:
        return self._block.attribute(name)

    def blocks(self, name: str) -> tuple[BlockView, ...]:
        return self._block.blocks(name)

    def tags(self, name: str) -> Tags:
        return self._block.tags(name)

    @property
    def type(self) -> str:
        return self.change.type

    @property
    def address(self) -> str:
        return self.change.address

    @property
    def own_tags(self) -> Tags:
        own = self._own()
        return own if self.change.partial is None else replace(own, complete=False, cause=self.change.partial)

    def _own(self) -> Tags:
        origin = self._block.origin
        if self.change.type in _GROUPS:
            blocks, rows = self.change.after.child("tag"), self.change.after.child("tags")
            listed = NO_TAGS if isinstance(rows.value, dict) else rows.pairs("key", "value", origin)
            return layers(blocks.pairs("key", "value", origin), listed)
        node = self.change.after
        if node.value is None and not isinstance(node.unknown, dict):
            return unseen(node.cause)
        for part in self.place.attribute.split("."):
            # A nested place (metadata.labels) goes through a block of which there is one.
            inner = list(node.items()) if isinstance(node.value, list) else [node]
            node = (inner[0] if inner else Node(None)).child(part)
        if self.place.shape == "pairs" and not isinstance(node.value, dict):
            return node.pairs("key", "value", origin)
        return node.tags(origin) if self.place.attribute else NO_TAGS

    @property
    def default_tags(self) -> Tags:
        return self.defaults

    @property
    def effective_tags(self) -> Tags:
        own, name = self.own_tags, merged_attribute(self.change.after)
        if not name:
            return own
        merged = self.change.after.child(name)
        if merged.is_unknown or not merged.is_set:
            return layers(self.defaults, own)
        shown = merged.tags(Origin("plan", self.change.address, self.location))
        items = tuple(self._traced(tag, own, name) for tag in shown.items)
        if self.doubt is not None:
            return Tags(items, complete=False, cause=self.doubt)
        return replace(shown, items=items)

    def _traced(self, tag: Tag, own: Tags, name: str) -> Tag:
        """The tag with the origin and the sensitivity that only its source shows."""
        mine = own.get(tag.key)
        if mine is None:
            tag = replace(tag, origin=Origin("default_tags", f"provider of {self.change.address}"))
        return tag_with_sensitivity(tag, mine, self.defaults.get(tag.key))

    def link(self, *path: str) -> ResourceView | Unknown | None:
        return self.linker(self.change, path)

    def provider_at_least(self, version: tuple[int, ...]) -> bool:
        from tagwright_iac.reach.versions import allows_at_least  # noqa: PLC0415 - aws_instance alone asks

        return allows_at_least(self.versions, version)
