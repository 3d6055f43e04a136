"""A resource made by hand: what the code about bills sees, without any reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tagwright_dictionary.model import NO_TAGS, Tags, Unknown
from tagwright_iac.reach.tagsets import from_plain, layers
from tagwright_iac.reach.versions import allows_at_least

WHY = Unknown("var.x has no value here")


def tags(**values: Any) -> Tags:
    return from_plain(values, WHY)


@dataclass(frozen=True)
class FakeBlock:
    """`given`: lists are blocks, anything else is an argument."""

    given: Mapping[str, Any] = field(default_factory=dict)
    exists: Unknown | None = None

    def attribute(self, name: str) -> Any:
        value = self.given.get(name)
        return None if isinstance(value, list) and value and isinstance(value[0], dict) and name != "tags" else value

    def blocks(self, name: str) -> tuple[FakeBlock, ...]:
        value = self.given.get(name)
        if isinstance(value, Unknown):
            return (FakeBlock({}, value),)
        return tuple(FakeBlock(item) for item in value or ()) if isinstance(value, list) else ()

    def tags(self, name: str) -> Tags:
        return from_plain(self.given.get(name), WHY)


@dataclass(frozen=True)
class FakeView(FakeBlock):
    """`links`: dotted path to a view or an Unknown."""

    type: str = ""
    address: str = ""
    default_tags: Tags = NO_TAGS
    links: Mapping[str, Any] = field(default_factory=dict)
    versions: str = ""

    @property
    def own_tags(self) -> Tags:
        value = self.given.get("tags")
        return from_plain(value, WHY) if not isinstance(value, list) else NO_TAGS

    @property
    def effective_tags(self) -> Tags:
        return layers(self.default_tags, self.own_tags)

    def link(self, *path: str) -> Any:
        return self.links.get(".".join(path))

    def provider_at_least(self, version: tuple[int, ...]) -> bool:
        return allows_at_least(self.versions, version)


def view(type_: str, links: Mapping[str, Any] | None = None, /, **given: Any) -> FakeView:
    return FakeView(given, type=type_, address=f"{type_}.x", links=links or {})


def template(**specifications: Mapping[str, Any]) -> FakeView:
    """A launch template with these tag_specifications."""
    rows = [{"resource_type": kind, "tags": dict(found)} for kind, found in specifications.items()]
    return FakeView({"tag_specifications": rows}, type="aws_launch_template", address="aws_launch_template.t")


def shown(bills: Any) -> dict[str, Any]:
    """Bills as plain data: what -> tags, "?" for an unknown value, and "+?" when there may be more."""
    result = {}
    for bill in bills:
        found = {tag.key: "?" if isinstance(tag.value, Unknown) else tag.value for tag in bill.tags.items}
        result[bill.what] = found if bill.tags.complete else found | {"+?": bill.tags.cause.cause}
    return result
