"""The providers' own limits on tags, from `data/limits.json`: length, characters, count, reserved prefixes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final

from tagwright_dictionary.judging.data import LIMITS
from tagwright_dictionary.judging.text import code_point
from tagwright_dictionary.model import Tag

CLOUDS: Final[dict[str, str]] = LIMITS["providers"]
"""Terraform provider (and the other frameworks' names) to cloud."""

_REMEMBERED = 16384
_LONGEST = 1024


@dataclass(frozen=True, slots=True)
class TextLimit:
    """What one side of a tag (its key or its value) may be."""

    least: int
    most: int
    most_bytes: int | None
    lower_case: bool
    characters: re.Pattern[str] | None
    says: str
    shape: re.Pattern[str] | None
    shape_says: str

    @classmethod
    def read(cls, table: dict[str, Any]) -> TextLimit:
        characters, shape = table.get("characters"), table.get("shape")
        return cls(
            table["min"],
            table["max"],
            table.get("max_bytes"),
            table.get("lower_case", False),
            re.compile(f"{characters}*") if characters else None,
            table.get("says", ""),
            re.compile(shape, re.DOTALL) if shape else None,
            table.get("shape_says", ""),
        )

    def broken(self, text: str) -> str:
        """What is wrong with `text`, as the rest of a sentence; "" when nothing is."""
        if not self.least <= len(text) <= self.most:
            return f"has {len(text)} characters, allowed are {self.least} to {self.most}" if text else "is empty"
        if self.most_bytes is not None and len(text.encode("utf-8", "surrogatepass")) > self.most_bytes:
            return f"has more than {self.most_bytes} bytes in UTF-8"
        if self.lower_case and text != text.lower():
            return "has upper-case letters"
        if self.characters is not None:
            found = self.characters.match(text)
            end = found.end() if found else 0
            if end < len(text):
                return f"contains {code_point(text[end])}, allowed are {self.says}"
        if self.shape is not None and self.shape.fullmatch(text) is None:
            return self.shape_says
        return ""


@dataclass(frozen=True, slots=True)
class Limits:
    """One cloud's limits, for the resource types that share them."""

    name: str
    most_tags: int | None
    not_counted: tuple[str, ...]
    reserved: tuple[str, ...]
    allowed_keys: frozenset[str]
    key: TextLimit
    value: TextLimit
    _known: dict[tuple[str, str, bool], str] = field(default_factory=dict, repr=False, compare=False, hash=False)

    def broken(self, tag: Tag, *, annotation: bool) -> str:
        """What is wrong with the tag for this cloud, in words; "". Of an annotation only the key is limited."""
        value = tag.value if isinstance(tag.value, str) else ""
        memo = (tag.key, "" if annotation else value, tag.sensitive)
        try:
            return self._known[memo]
        except KeyError:
            outcome = self._examine(tag.key, "" if annotation else value, sensitive=tag.sensitive)
        if len(tag.key) + len(value) <= _LONGEST:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[memo] = outcome
        return outcome

    def counted(self, keys: tuple[str, ...]) -> int:
        """How many of the keys count against the limit."""
        if not self.not_counted:
            return len(keys)
        return sum(not key.casefold().startswith(self.not_counted) for key in keys)

    def _examine(self, key: str, value: str, *, sensitive: bool) -> str:
        folded = key.casefold()
        if folded.startswith(self.reserved) and key not in self.allowed_keys:
            prefix = next(prefix for prefix in self.reserved if folded.startswith(prefix))
            return f"the key begins with {prefix}, which {self.name} reserves for itself"
        wrong = self.key.broken(key)
        if wrong:
            return f"the key {wrong} ({self.name})"
        wrong = self.value.broken(value)
        if not wrong:
            return ""
        return f"the value {'breaks a limit' if sensitive else wrong} ({self.name})"


def longest_key(cloud: str, kind: str) -> int | None:
    """The longest key that a cloud allows on a resource type, or None for a cloud whose limits are not known."""
    table = LIMITS["clouds"].get(cloud)
    if table is None:
        return None
    longest: int = table["key"]["max"]
    for exception in LIMITS["exceptions"]:
        if exception["cloud"] == cloud and any(fnmatchcase(kind, glob) for glob in exception["types"]):
            longest = exception["key_max"]
    return longest


def limits_for(cloud: str, longest: int) -> Limits:
    """The limits of a cloud whose table is there, with keys of at most `longest` characters."""
    table = LIMITS["clouds"][cloud]
    key = table["key"] | {"max": longest}
    return Limits(
        table["name"],
        table["max_tags"],
        tuple(table["not_counted"]),
        tuple(table["reserved"]),
        frozenset(table["allowed_keys"]),
        TextLimit.read(key),
        TextLimit.read(table["value"]),
    )


def too_many(limits: Limits, count: int) -> str:
    """The sentence for too many tags."""
    return f"{count} tags, but {limits.name} allows {limits.most_tags} on a resource"
