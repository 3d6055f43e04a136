"""A Pulumi resource as the shared code sees it (`tagwright_iac.view`): by Terraform's names of its arguments."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tagwright_dictionary.catalogue import TagSupport
from tagwright_dictionary.model import NO_TAGS, Location, Origin, Tags, Unknown
from tagwright_iac.plan.defaults import tag_with_sensitivity
from tagwright_iac.pulumi.naming import member
from tagwright_iac.pulumi.states import State
from tagwright_iac.pulumi.values import is_secret, listed_tags, map_tags, outer, read_value, revealed
from tagwright_iac.reach.tagsets import layers, unseen
from tagwright_iac.view import BlockView, ResourceView

_GROUPS: Final = frozenset({"aws_autoscaling_group", "aws_autoscaling_group_tag"})
_MERGED: Final = ("tagsAll", "effectiveLabels")
_DEFAULTS: Final = ("defaultTags", "defaultLabels")
_VERSION = re.compile(r"::default_(\d+)_(\d+)")

Linker = Callable[[State, tuple[str, ...]], "ResourceView | Unknown | None"]


@dataclass(frozen=True, slots=True)
class PulumiBlock:
    """A `BlockView` over a property that is an object."""

    value: Any
    origin: Origin

    @property
    def exists(self) -> Unknown | None:
        given, _ = outer(self.value)
        return given if isinstance(given, Unknown) else None

    def _member(self, name: str) -> Any:
        given, _ = outer(self.value)
        if isinstance(given, Unknown):
            return given
        return member(given, name) if isinstance(given, dict) else None

    def attribute(self, name: str) -> Any:
        return revealed(self._member(name))

    def blocks(self, name: str) -> tuple[BlockView, ...]:
        given, _ = outer(self._member(name))
        rows = given if isinstance(given, list) else [given]
        return tuple(PulumiBlock(each, self.origin) for each in rows if isinstance(outer(each)[0], (dict, Unknown)))

    def tags(self, name: str) -> Tags:
        return map_tags(self._member(name), self.origin)


@dataclass(frozen=True, slots=True)
class PulumiView(PulumiBlock):
    """A `ResourceView` over a state. `type` is Terraform's name, or the token. `provider` is its provider's state, when
    the document has it; `configured` are the default tags of the stack's configuration; `exported`: outputs are true.
    """

    state: State
    type: str
    place: TagSupport
    provider: State | None
    configured: Any
    exported: bool
    location: Location
    linker: Linker
    _computed: dict[str, Tags] = field(default_factory=dict, compare=False, repr=False)

    @property
    def address(self) -> str:
        return self.state.address

    def attribute(self, name: str) -> Any:
        if name == "tags" and self.type in _GROUPS:
            return None  # Pulumi's list stands for the tag blocks, and is shown as those.
        return PulumiBlock.attribute(self, name)

    def is_sensitive(self, name: str) -> bool:
        return is_secret(self._member(name))

    @property
    def own_tags(self) -> Tags:
        if "own" not in self._computed:
            self._computed["own"] = self._own()
        return self._computed["own"]

    def _own(self) -> Tags:
        if self.type in _GROUPS:
            return listed_tags(self._member("tag"), self.origin)
        value: Any = self.value
        for name in self.place.attribute.split("."):
            given, _ = outer(value)
            if isinstance(given, Unknown):
                return unseen(given)
            value = member(given, name) if isinstance(given, dict) else None
        if self.place.shape == "list":
            return listed_tags(value, self.origin)
        return map_tags(value, self.origin) if self.place.attribute else NO_TAGS

    @property
    def default_tags(self) -> Tags:
        """Of the provider in the document; of the stack's configuration for a provider that Pulumi itself made; else
        what `tagsAll` has beyond the resource's own.
        """
        if "default" not in self._computed:
            self._computed["default"] = self._defaults() if self.place.defaults else NO_TAGS
        return self._computed["default"]

    def _defaults(self) -> Tags:
        origin = Origin("default_tags", self.state.provider.rpartition("::")[2] or "provider", self.location)
        if self.provider is not None:
            return _default_tags(self.provider.inputs, origin)
        merged = self._merged_value()
        if self._own_provider:
            return _default_tags({"defaultTags": self.configured}, origin)
        if not isinstance(merged, dict):
            return unseen(Unknown(f"the provider {origin.name} is not in the document", "preview with --show-sames"))
        own = self.own_tags
        more = map_tags({key: value for key, value in merged.items() if own.get(key) is None}, origin)
        cause = Unknown("which own tags are default tags as well cannot be seen")
        return more if not own.items else Tags(more.items, complete=False, cause=cause)

    @property
    def _own_provider(self) -> bool:
        return not self.state.provider or "::default" in self.state.provider

    def _merged_value(self) -> Any:
        """What the provider made of own tags and defaults. The outputs of a preview may be those before it."""
        for source in (self.state.inputs, *((self.state.outputs,) if self.exported else ())):
            for name in _MERGED:
                given, _ = outer(source.get(name))
                if isinstance(given, dict):
                    return given
        return None

    @property
    def effective_tags(self) -> Tags:
        if "effective" not in self._computed:
            self._computed["effective"] = self._effective()
        return self._computed["effective"]

    def _effective(self) -> Tags:
        own, merged = self.own_tags, self._merged_value()
        if merged is None or not self.place.defaults:
            return layers(self.default_tags, own)
        origin = Origin("default_tags", self.state.provider.rpartition("::")[2] or "provider", self.location)
        found = layers(map_tags(merged, origin), own)
        items = tuple(tag_with_sensitivity(tag, own.get(tag.key)) for tag in found.items)
        return Tags(items, found.complete, found.cause)

    def link(self, *path: str) -> ResourceView | Unknown | None:
        return self.linker(self.state, path)

    def provider_at_least(self, version: tuple[int, ...]) -> bool:  # noqa: ARG002 - one threshold is asked for
        """Whether its provider has what hashicorp/aws 5.39 has: pulumi-aws 7 and the later versions of 6."""
        given = revealed(self.provider.inputs.get("version")) if self.provider is not None else None
        written = re.match(r"(\d+)\.(\d+)", given) if isinstance(given, str) else _VERSION.search(self.state.provider)
        return written is None or (int(written[1]), int(written[2])) >= (6, 30)


def _default_tags(inputs: dict[str, Any], origin: Origin) -> Tags:
    """As an object, or as the JSON text in which providers are configured."""
    for name in _DEFAULTS:
        given, _ = outer(inputs.get(name))
        if given is None:
            continue
        if isinstance(given, str):
            try:
                given = read_value(json.loads(given))
            except (ValueError, RecursionError):
                return unseen(Unknown("the provider's default tags are not JSON"))
        if isinstance(given, Unknown):
            return unseen(given)
        if not isinstance(given, dict):
            return unseen(Unknown("the provider's default tags are not a map"))
        return map_tags(given.get("tags") if name == "defaultTags" else given, origin)
    return NO_TAGS
