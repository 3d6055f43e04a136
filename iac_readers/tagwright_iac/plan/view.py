"""A planned resource as the shared code sees it (`tagwright_iac.view`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tagwright_dictionary.catalogue import TagSupport
from tagwright_dictionary.model import NO_TAGS, Location, Origin, Tag, Tags, Unknown
from tagwright_iac.plan.change import Change
from tagwright_iac.plan.configuration import References
from tagwright_iac.plan.defaults import merged_attribute, tag_with_sensitivity
from tagwright_iac.plan.node import AFTER_APPLY, Node, marked
from tagwright_iac.reach.tagsets import layers, unseen
from tagwright_iac.view import BlockView, ResourceView

# Blocks that the provider computes when the code has none: unknown then means "not written". A dynamic block is in no
# list of what is written, so only these are taken for absent.
_COMPUTED_BLOCKS = frozenset({"root_block_device", "ebs_block_device", "ephemeral_block_device", "guest_accelerator"})
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
        return _blocks(self.node.child(name), name, self.origin)

    def tags(self, name: str) -> Tags:
        return self.node.child(name).tags(self.origin)


def _blocks(node: Node, name: str, origin: Origin | None) -> tuple[BlockView, ...]:
    if node.is_unknown:
        return () if name in _COMPUTED_BLOCKS else (PlanBlock(node, origin),)
    if not node.value:
        return ()
    return tuple(PlanBlock(item, origin) for item in node.items())


@dataclass(frozen=True, slots=True)
class PlanView:
    """A `ResourceView` over a resource change. `written`: what the configuration says the code has (None: it says
    nothing); `defaults` and `doubt` as `plan.defaults` found them.
    """

    change: Change
    place: TagSupport
    provider_key: str
    written: frozenset[str] | None
    references: References
    defaults: Tags
    doubt: Unknown | None
    versions: str
    location: Location
    linker: Linker
    _computed: dict[str, Tags] = field(default_factory=dict, compare=False, repr=False)

    def _node(self, name: str) -> Node:
        """The argument, with what the code says it depends on as the cause of what is unknown in it."""
        node = self.change.after.child(name)
        if not node.unknown or not self.references:
            return node
        names = {item for path, items in self.references.items() if path[0] == name for item in items}
        # A reference comes with all it passes through ("a.b.id", "a.b"); the longest says it all.
        exact = sorted(item for item in names if not any(other.startswith((f"{item}.", f"{item}[")) for other in names))
        if not exact:
            return node
        return replace(node, cause=Unknown(f"{AFTER_APPLY.cause} (from {', '.join(exact)[:300]})", AFTER_APPLY.hint))

    @property
    def _origin(self) -> Origin:
        return Origin("plan", self.change.address, self.location)

    @property
    def exists(self) -> Unknown | None:
        return self.change.exists

    def attribute(self, name: str) -> Any:
        """What the code does not write and the provider computes is not set."""
        if self.written is not None and name not in self.written and self.change.after.child(name).is_unknown:
            return None
        return self._node(name).plain()

    def is_sensitive(self, name: str) -> bool:
        """Whether the plan marks the argument, or anything in it."""
        return marked(self.change.after.child(name).sensitive)

    def blocks(self, name: str) -> tuple[BlockView, ...]:
        return _blocks(self._node(name), name, self._origin)

    def tags(self, name: str) -> Tags:
        return self._node(name).tags(self._origin)

    @property
    def type(self) -> str:
        return self.change.type

    @property
    def address(self) -> str:
        return self.change.address

    @property
    def own_tags(self) -> Tags:
        if "own" not in self._computed:
            own, partial = self._own(), self.change.partial
            self._computed["own"] = own if partial is None else replace(own, complete=False, cause=partial)
        return self._computed["own"]

    def _own(self) -> Tags:
        origin = self._origin
        if self.change.type in _GROUPS:
            blocks, rows = self._node("tag"), self._node("tags")
            listed = NO_TAGS if isinstance(rows.value, dict) else rows.pairs("key", "value", origin)
            return layers(blocks.pairs("key", "value", origin), listed)
        node = self.change.after
        if node.value is None and not node.unknown:
            return unseen(node.cause)
        first, *rest = self.place.attribute.split(".")
        node = self._node(first)
        for part in rest:
            # A nested place (metadata.labels) goes through a block of which there is one.
            inner = list(node.items()) if isinstance(node.value, list) else [node]
            node = (inner[0] if inner else Node(None)).child(part)
        if self.place.shape == "list" and not isinstance(node.value, dict):
            return node.pairs("key", "value", origin)
        return node.tags(origin) if self.place.attribute else NO_TAGS

    @property
    def default_tags(self) -> Tags:
        """What the configuration says, or, where it says nothing, what `tags_all` has beyond the resource's own tags:
        a plan's configuration leaves `dynamic "default_tags"` out. Of the keys that the resource sets itself it then
        cannot be seen whether they are defaults as well.
        """
        name = merged_attribute(self.change.after)
        if self.defaults.items or not self.defaults.complete or not name:
            return self.defaults
        merged, own = self.change.after.child(name), self.own_tags
        if merged.is_unknown or not merged.is_set:
            return self.defaults
        more = tuple(tag for tag in self.effective_tags.items if own.get(tag.key) is None)
        if not more:
            return self.defaults
        cause = Unknown(f"the plan does not show which own tags of {self.change.address} are default tags as well")
        return Tags(more, complete=not own.items, cause=cause if own.items else None)

    @property
    def effective_tags(self) -> Tags:
        if "effective" not in self._computed:
            self._computed["effective"] = self._merged()
        return self._computed["effective"]

    def _merged(self) -> Tags:
        own, name = self.own_tags, merged_attribute(self.change.after)
        if not name:
            return own
        merged = self.change.after.child(name)
        if merged.is_unknown or not merged.is_set:
            return layers(self.defaults, own)
        shown = merged.tags(self._origin)
        items = tuple(self._traced(tag, own) for tag in shown.items)
        hidden = self.doubt or self.change.partial
        if hidden is not None:
            return Tags(items, complete=False, cause=hidden)
        return replace(shown, items=items)

    def _traced(self, tag: Tag, own: Tags) -> Tag:
        """The tag with the origin and the sensitivity that only its source shows."""
        mine = own.get(tag.key)
        if mine is None:
            tag = replace(tag, origin=Origin("default_tags", f"provider.{self.provider_key}"))
        return tag_with_sensitivity(tag, mine, self.defaults.get(tag.key))

    def link(self, *path: str) -> ResourceView | Unknown | None:
        return self.linker(self.change, path)

    def provider_at_least(self, version: tuple[int, ...]) -> bool:
        from tagwright_iac.reach.versions import allows_at_least  # noqa: PLC0415 - aws_instance alone asks

        return allows_at_least(self.versions, version)
