"""What the pages say about keys and values that the dictionary itself does not spell out, worked out once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Value
from tagwright_dictionary.model import Severity

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")

Name = tuple[str, str]
"""A key and one of its values."""


@dataclass(frozen=True, slots=True)
class Release:
    """A published version: the dictionary and the day it came into force, where that is known."""

    dictionary: Dictionary
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """As of `day`. `required_by`: the requirements that ask for a key. `decides`: those that hold only where a key has
    a value. `named_by`: the rows of other keys that point to a value. `values`: the rows of each key by value.
    `filled`: which of owner and billing code some value of a key has.
    """

    dictionary: Dictionary
    day: date
    required_by: dict[str, tuple[Requirement, ...]]
    decides: dict[Name, tuple[Requirement, ...]]
    named_by: dict[Name, tuple[Name, ...]]
    values: dict[str, dict[str, Value]]
    filled: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, dictionary: Dictionary, day: date) -> Facts:
        values = {key.name: {value.value: value for value in key.values or ()} for key in dictionary.keys}
        aliases = {key.name: _aliases(key) for key in dictionary.keys}
        required: dict[str, list[Requirement]] = {}
        decides: dict[Name, list[Requirement]] = {}
        for requirement in dictionary.requirements:
            for name in dict.fromkeys(requirement.require):
                required.setdefault(name, []).append(requirement)
            for name, allowed in requirement.when.terms:
                for value in dict.fromkeys(aliases.get(name, {}).get(each, each) for each in allowed):
                    decides.setdefault((name, value), []).append(requirement)
        named: dict[Name, dict[Name, None]] = {}
        for key in dictionary.keys:
            for row in key.values or ():
                for name, targets in row.relations:
                    for target in targets:
                        canonical = aliases.get(name, {}).get(target, target)
                        named.setdefault((name, canonical), {})[key.name, row.value] = None
        filled = {
            name: tuple(
                field for field in ("owner", "billing_code") if any(getattr(row, field) for row in rows.values())
            )
            for name, rows in values.items()
        }
        return cls(dictionary, day, _frozen(required), _frozen(decides), _frozen(named), values, filled)

    def has_page(self, key: str, value: str) -> bool:
        """Whether the value has a page of its own."""
        return value in self.values.get(key, ())

    def mandatory_from(self, key: str) -> date | None:
        """The first day on which some requirement blocks without the key: date.min where one always did, None where
        none ever will.
        """
        days = [_blocks_from(requirement) for requirement in self.required_by.get(key, ())]
        return min((day for day in days if day is not None), default=None)

    def ordered_keys(self) -> tuple[Key, ...]:
        """Keys that must be there first, then recommended ones, then the others; else in the dictionary's order."""
        return tuple(sorted(self.dictionary.keys, key=lambda key: self.standing(key.name)))

    def standing(self, key: str) -> int:
        """0 required somewhere, 1 recommended somewhere, 2 optional, all as of the facts' day."""
        first = self.mandatory_from(key)
        if first is not None and first <= self.day:
            return 0
        return 1 if key in self.required_by else 2

    def rules_about(self, key: str) -> tuple[Requirement, ...]:
        """The requirements that compare the key with others."""
        return tuple(
            each
            for each in self.dictionary.requirements
            if any(key in (match.key, match.of) for match in each.match)
            or any(key in group for group in each.exclusive)
        )


def _blocks_from(requirement: Requirement) -> date | None:
    if requirement.severity is Severity.ERROR:
        return date.min
    return requirement.becomes_error


def _aliases(key: Key) -> dict[str, str]:
    values = key.values or ()
    approved = {value.value for value in values}
    return {alias: value.value for value in reversed(values) for alias in value.aliases if alias not in approved}


def _frozen(lists: Mapping[_K, Iterable[_V]]) -> dict[_K, tuple[_V, ...]]:
    return {name: tuple(each) for name, each in lists.items()}
