"""The tags that a resource will have, as a policy can see them: its own key by key, then what the provider merged
(`tagsAll`), then the provider's default tags.

The AWS provider writes `tagsAll` during its Check, before policies run, and one unknown value makes all of it unknown
(pulumi/pulumi-aws, provider/tags.go): then its parts are put together here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime import config as runtime_config

from tagwright_dictionary.catalogue import TagSupport, tag_support
from tagwright_dictionary.model import NO_TAGS, Origin, Tag, Tags, TagValue, Unknown
from tagwright_pulumi.errors import Problem
from tagwright_pulumi.policies.secrets import Secrets
from tagwright_pulumi.reading import not_a_map, wrong_value
from tagwright_pulumi.stack import AWS_DEFAULTS
from tagwright_pulumi.types import type_info
from tagwright_pulumi.waiting import is_unknown

LATER = Unknown("it is not known before the update", "it is checked again in the update, before it is created")
HIDDEN_DEFAULTS = Unknown("the provider's default tags are not known before the update")


@dataclass(slots=True)
class Shown:
    """One resource as a policy sees it. `problems`: what stands where a tag should and is none."""

    token: str
    name: str
    urn: str
    props: Mapping[str, Any]
    provider: Mapping[str, Any] | None
    secrets: Secrets
    problems: list[Problem] = field(default_factory=list)

    def tags(self, value: Any, origin: Origin | None = None) -> Tags:
        """A map of the properties as tags."""
        if value is None:
            return NO_TAGS
        if not isinstance(value, Mapping):
            if not is_unknown(value):
                self._note(not_a_map(value))
            return Tags((), complete=False, cause=LATER)
        return _sorted(self._tag(key, each, origin) for key, each in value.items() if each is not None)

    def listed(self, value: Any, *, propagated: bool = False) -> Tags:
        """The list of an Auto Scaling group as tags; `propagated`: only those that reach its instances."""
        if value is None:
            return NO_TAGS
        if not isinstance(value, list):
            return Tags((), complete=False, cause=LATER)
        found, hidden = [], False
        for each in value:
            key = each.get("key") if isinstance(each, Mapping) else None
            passes = each.get("propagateAtLaunch") if isinstance(each, Mapping) else None
            if not isinstance(key, str):
                hidden = True
            elif not propagated or passes is True or is_unknown(passes):
                tag = self._tag(key, each.get("value"), None)
                found.append(Tag(key, LATER, tag.origin, tag.sensitive) if propagated and passes is not True else tag)
        tags = _sorted(found)
        return Tags(tags.items, complete=False, cause=LATER) if hidden else tags

    def _tag(self, key: str, value: Any, origin: Origin | None) -> Tag:
        secret = self.secrets.hides(self.urn, key)
        written: TagValue = LATER
        if isinstance(value, str):
            written = value
        elif not is_unknown(value):
            wrong = wrong_value(key, value, secret=secret)
            if wrong is not None:
                self._note(wrong)
        return Tag(key, written, origin or Origin("resource"), secret)

    def _note(self, problem: Problem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def place_of(shown: Shown) -> TagSupport:
    """Where the type keeps its tags. A type that no table has can be tagged when the provider shows `tagsAll`."""
    info = type_info(shown.token)
    if info is not None:
        return TagSupport(info.taggable, "tags" if info.taggable else "", info.kind, defaults=info.kind == "map")
    found = tag_support(shown.token)
    if found.taggable is None and "tags" in shown.props and "tagsAll" in shown.props:
        return TagSupport(True, "tags", "map", defaults=True)
    return found


def own_tags(shown: Shown, place: TagSupport) -> Tags:
    value: Any = shown.props
    for name in place.attribute.split("."):
        value = value.get(_camel(name)) if isinstance(value, Mapping) else value
    return shown.listed(value) if place.shape == "list" else shown.tags(value)


def default_tags(shown: Shown, place: TagSupport) -> Tags:
    """Those of the resource's provider, where it is shown; else those that the stack configures for AWS."""
    if not place.defaults or not shown.token.startswith("aws:"):
        return NO_TAGS
    if shown.provider is not None:
        written = shown.provider.get("defaultTags")
        if is_unknown(written):
            return Tags((), complete=False, cause=HIDDEN_DEFAULTS)
    else:
        written = runtime_config.get_config(AWS_DEFAULTS)
    if isinstance(written, str):
        try:
            written = json.loads(written)
        except ValueError:
            return Tags((), complete=False, cause=Unknown("the provider's default tags are not JSON"))
    given = written.get("tags") if isinstance(written, Mapping) else None
    return shown.tags(given, Origin("default_tags", "provider")) if isinstance(given, Mapping) else NO_TAGS


def effective_tags(shown: Shown, place: TagSupport) -> Tags:
    """Own tags over what the provider merges under them."""
    own = own_tags(shown, place)
    merged = shown.props.get("tagsAll")
    below = shown.tags(merged, Origin("default_tags", "provider")) if isinstance(merged, Mapping) else None
    return over(default_tags(shown, place) if below is None else below, own)


def over(below: Tags, own: Tags) -> Tags:
    """`own` over `below`. What of `own` cannot be seen may change what is below."""
    kept = {tag.key: tag if own.complete else Tag(tag.key, own.cause or LATER, tag.origin) for tag in below.items}
    kept |= {tag.key: tag for tag in own.items}
    cause = own.cause if not own.complete else below.cause
    return Tags(tuple(kept[key] for key in sorted(kept)), own.complete and below.complete, cause)


def _sorted(tags: Any) -> Tags:
    by_key = {tag.key: tag for tag in tags}
    return Tags(tuple(by_key[key] for key in sorted(by_key)))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
