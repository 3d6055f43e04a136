"""A place in a planned resource: its value, with what the plan says is unknown or sensitive there.

`after_unknown` and `after_sensitive` mirror the shape of `after`: True for a whole value, objects and lists for its
parts, and what is left out is known and not sensitive. Unknown values are left out of `after`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any

from tagwright_dictionary.model import Origin, Tag, Tags, Unknown
from tagwright_iac.reach.tagsets import tags_of, text, unseen

AFTER_APPLY = Unknown("known only after apply", "check the configuration, or set the value in code")


@dataclass(frozen=True, slots=True)
class Node:
    """`cause` is what an unknown value below here is blamed on; `absent`: whether a name that is not there is unknown
    (documents that leave unknown values out without saying so).
    """

    value: Any
    unknown: Any = False
    sensitive: Any = False
    cause: Unknown = AFTER_APPLY
    absent: bool = False

    @property
    def is_unknown(self) -> bool:
        return self.unknown is True

    @property
    def is_set(self) -> bool:
        return self.is_unknown or self.value is not None

    def has(self, name: str) -> bool:
        """Whether the provider's schema has this attribute, as far as the plan shows."""
        return name in _mapping(self.value) or name in _mapping(self.unknown)

    def child(self, name: str) -> Node:
        value, unknown, sensitive = self.value, self.unknown, self.sensitive
        there = isinstance(value, dict) and name in value
        if unknown is not True:
            marked_here = isinstance(unknown, dict) and name in unknown
            unknown = unknown[name] if marked_here else self.absent and not there
        if sensitive is not True:
            sensitive = sensitive.get(name, False) if isinstance(sensitive, dict) else False
        return Node(value[name] if there else None, unknown, sensitive, self.cause)

    def names(self) -> list[str]:
        return sorted({*_mapping(self.value), *_mapping(self.unknown)})

    def items(self) -> Iterator[Node]:
        """The elements of a list or set; an object stands for a list of one."""
        if isinstance(self.value, dict):
            yield self
            return
        values = self.value if isinstance(self.value, list) else []
        flags = self.unknown if isinstance(self.unknown, list) else []
        for index in range(max(len(values), len(flags))):
            yield Node(
                values[index] if index < len(values) else None,
                flags[index] if index < len(flags) else False,
                True if self.sensitive is True else _element(self.sensitive, index),
                self.cause,
            )

    def plain(self) -> Any:
        """The value with `Unknown` at every unknown place (see `tagwright_iac.view`)."""
        if self.is_unknown:
            return self.cause
        if isinstance(self.value, dict) or isinstance(self.unknown, dict):
            return {name: self.child(name).plain() for name in self.names()}
        if isinstance(self.value, list) or isinstance(self.unknown, list):
            return [item.plain() for item in self.items()]
        if isinstance(self.value, float):
            return Fraction(str(self.value)) if isfinite(self.value) else Unknown("the number is out of range")
        return clean(self.value) if isinstance(self.value, str) else self.value

    def tags(self, origin: Origin | None = None) -> Tags:
        """A map read as tags."""
        if self.is_unknown:
            return unseen(self.cause)
        if self.value is not None and not isinstance(self.value, dict):
            return unseen(Unknown("the planned tags are not a map"))
        found = []
        for name in self.names():
            node = self.child(name)
            if node.is_set:
                found.append(Tag(clean(name), text(node.plain()), origin, sensitive=marked(node.sensitive)))
        return tags_of(found)

    def pairs(self, key: str, value: str, origin: Origin | None = None) -> Tags:
        """A list of objects read as tags: `{key, value}` (awscc), or the tag blocks of an Auto Scaling group."""
        if self.is_unknown:
            return unseen(self.cause)
        found, hidden = [], None
        for item in self.items():
            name = item.child(key).plain()
            if item.is_unknown or isinstance(name, Unknown):
                hidden = name if isinstance(name, Unknown) else item.cause
            elif isinstance(name, str) and item.child(value).is_set:
                content = item.child(value)
                sensitive = marked(content.sensitive) or marked(item.child(key).sensitive)
                found.append(Tag(name, text(content.plain()), origin, sensitive=sensitive))
        tags = tags_of(found)
        return tags if hidden is None else Tags(tags.items, complete=False, cause=hidden)


def clean(value: str) -> str:
    """Without halves of surrogate pairs, which JSON can spell and no output can be encoded with."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def marked(flags: Any) -> bool:
    """Whether anything in `after_sensitive` is marked; it mirrors the value's shape where nothing is."""
    if isinstance(flags, dict):
        return any(marked(item) for item in flags.values())
    if isinstance(flags, list):
        return any(marked(item) for item in flags)
    return flags is True


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _element(flags: Any, index: int) -> Any:
    return flags[index] if isinstance(flags, list) and index < len(flags) else False
