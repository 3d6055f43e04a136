"""What a reader shows of one resource to the code that both readers share (classes, what is billed).

Plain values only: None (not set or null), bool, int, Fraction or str, list, dict, or `Unknown`.
"""

from __future__ import annotations

from typing import Any, Protocol

from tagwright_dictionary.model import Tags, Unknown

PlainValue = Any


class BlockView(Protocol):
    """A block (or an object, where a plan shows blocks as objects)."""

    @property
    def exists(self) -> Unknown | None:
        """None: the block is there; else why that is unknown (a `dynamic` block over something unknown)."""

    def attribute(self, name: str) -> PlainValue:
        """The argument's value; None when it is not set or null; `Unknown` when it cannot be known."""

    def blocks(self, name: str) -> tuple[BlockView, ...]:
        """The nested blocks of that type in order, `dynamic` ones expanded."""

    def tags(self, name: str) -> Tags:
        """The map argument `name` read as tags (null entries dropped); no tags, complete, when it is not set."""


class ResourceView(BlockView, Protocol):
    """A resource instance."""

    @property
    def type(self) -> str:
        """Terraform type."""

    @property
    def address(self) -> str:
        """Full address, instance keys included."""

    @property
    def own_tags(self) -> Tags:
        """The resource's own tags (tag attribute or tag blocks), without provider defaults."""

    @property
    def default_tags(self) -> Tags:
        """Tags that the provider configuration used by this resource adds to taggable resources."""

    @property
    def effective_tags(self) -> Tags:
        """Own tags over provider defaults, as they end up on the resource itself."""

    def link(self, *path: str) -> ResourceView | Unknown | None:
        """The resource that the reference at this block/argument path points to, e.g. ("launch_template", "id");
        Unknown when it points to something that cannot be followed; None when not set.
        """

    def provider_at_least(self, version: tuple[int, ...]) -> bool:
        """Whether the provider that would be installed has at least this version (newest when not bounded)."""
