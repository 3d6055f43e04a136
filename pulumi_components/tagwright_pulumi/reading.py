"""Reading a `tags` argument: what is there now, what comes later, and what is no tag at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tagwright_dictionary.judging.text import plain
from tagwright_pulumi.errors import Problem
from tagwright_pulumi.judging import Value
from tagwright_pulumi.waiting import Settled, is_pending, is_unknown

RULE = "invalid-tag"


@dataclass(slots=True)
class Given:
    """The layers of one tag map, merged. `values` are as written (text or pending, nothing else), `whole` the pending
    map that wins over them, if the map itself is pending.
    """

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    whole: Any = None
    problems: list[Problem] = field(default_factory=list)

    def add(self, tags: Any, origin: str = "") -> None:
        """Put a layer on top: its keys win."""
        if tags is None:
            return
        if is_pending(tags):
            self.whole = tags
            return
        if not isinstance(tags, Mapping):
            self.problems.append(not_a_map(tags, origin))
            return
        for key, value in tags.items():
            if not isinstance(key, str):
                self.problems.append(_not_a_key(key))
                continue
            self.problems = [each for each in self.problems if each.key != key or not key]
            wrong = None if is_pending(value) else wrong_value(key, value)
            if wrong is not None:
                self.problems.append(wrong)
            self.values[key] = value
            self.origins[key] = origin

    @property
    def pending(self) -> bool:
        """Whether anything of it comes later."""
        return self.whole is not None or any(is_pending(value) for value in self.values.values())

    def now(self) -> dict[str, Value]:
        """What is known before anything is awaited. A value of a wrong type counts as present: it has its own
        problem. None counts as absent.
        """
        return {
            key: Value(value if isinstance(value, str) else None, origin=self.origins[key])
            for key, value in self.values.items()
            if value is not None
        }

    def usable(self) -> dict[str, Any]:
        """The map without what is no tag, for a run that goes on although it is refused."""
        return {key: value for key, value in self.values.items() if isinstance(value, str) or is_pending(value)}


def settled_values(values: Mapping[str, Any], origins: Mapping[str, str]) -> tuple[dict[str, Value], list[Problem]]:
    """What pending values turned out to be: `values` holds text, or what `settle` made of an output."""
    found: dict[str, Value] = {}
    problems: list[Problem] = []
    for key, value in values.items():
        origin = origins.get(key, "")
        if not isinstance(value, Settled):
            if value is not None:
                found[key] = Value(value if isinstance(value, str) else None, origin=origin)
            continue
        if not value.known or is_unknown(value.value):
            found[key] = Value(None, value.secret, origin)
            continue
        wrong = wrong_value(key, value.value, secret=value.secret)
        if wrong is not None:
            problems.append(wrong)
        if value.value is not None:
            text = value.value if isinstance(value.value, str) else None
            found[key] = Value(text, value.secret, origin)
    return found, problems


def wrong_value(key: str, value: object, *, secret: bool = False) -> Problem | None:
    """Why a value cannot be a tag's, or None. Numbers and yes/no are refused rather than guessed at: `True` may have
    to be written "true", and a cost center of 0042 has already lost its zeros.
    """
    if isinstance(value, str):
        return None
    name, path = plain(key), f'tags["{plain(key)}"]'
    if value is None:
        help_text = f"leave {name} out, or write its value."
        return Problem(RULE, f"{name} is None, not a string", key, path, help_text, is_none=True)
    kind = type(value).__name__
    if isinstance(value, (bool, int, float)):
        shown = "(sensitive value)" if secret else repr(value)
        quoted = "as a string" if secret else f'"{str(value).lower() if isinstance(value, bool) else value}"'
        return Problem(RULE, f"{name} = {shown} is {kind}, not a string", key, path, f"quote it: {quoted}.")
    return Problem(RULE, f"{name} is {kind}, not a string", key, path, "a tag value is one string.")


def not_a_map(tags: object, origin: str = "") -> Problem:
    where = f" of {origin}" if origin else ""
    message = f"tags{where} are {type(tags).__name__}, not a mapping of keys to values"
    return Problem(RULE, message, "", "tags", 'write {"owner": "...", "workload": "..."}.')


def _not_a_key(key: object) -> Problem:
    message = f"the tag key {plain(repr(key))} is {type(key).__name__}, not a string"
    return Problem(RULE, message, "", "tags", "write the key as a string.")
