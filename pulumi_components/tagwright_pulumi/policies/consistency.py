"""What no resource shows by itself: that a stack says the same thing twice.

A dictionary may allow a team several cost centers; that one stack of it uses two is rarely meant. For each pair the
resources with one value of the second key have one value of the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_policy import StackValidationArgs

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.text import plain, quoted
from tagwright_pulumi.policies.desk import Desk, Report, excluded
from tagwright_pulumi.policies.effective import effective_tags, place_of

_SHOWN = 3


def pairs_of(dictionary: Dictionary) -> tuple[tuple[str, str], ...]:
    """(key, of) for every `match: {key: of.column}` of the dictionary."""
    found = {(match.key, match.of) for each in dictionary.requirements for match in each.match}
    return tuple(sorted(found))


def validate(desk: Desk, args: StackValidationArgs, violate: Report) -> None:
    """One violation for each value of `of` with several values of `key`."""
    config = args.get_config() or {}
    asked = config.get("pairs")
    pairs = _asked(asked) if isinstance(asked, Mapping) and asked else pairs_of(desk.dictionary)
    seen: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    hidden: set[tuple[str, str, str]] = set()
    for resource in args.resources:
        if excluded(resource, config):
            continue
        shown = desk.shown(resource)
        place = place_of(shown)
        if not place.taggable or not place.attribute:
            continue
        tags = effective_tags(shown, place)
        for key, of in pairs:
            value, group = tags.get(key), tags.get(of)
            if value is None or group is None or not isinstance(value.value, str) or not isinstance(group.value, str):
                continue
            where = (key, of, group.value)
            seen.setdefault(where, {}).setdefault(value.value, []).append(f"{shown.token} '{shown.name}'")
            if value.sensitive or group.sensitive:
                hidden.add(where)
    for where in sorted(seen):
        if len(seen[where]) > 1:
            violate(_message(where, seen[where], secret=where in hidden), None)


def _asked(pairs: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(key), str(of)) for key, of in pairs.items()))


def _message(where: tuple[str, str, str], values: Mapping[str, list[str]], *, secret: bool) -> str:
    key, of, group = where
    named = "(sensitive value)" if secret else quoted(group)
    lines = [f"resources of {plain(of)} {named} have {len(values)} values of {plain(key)}:"]
    for value in sorted(values):
        names = sorted(values[value])
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        shown = "(sensitive value)" if secret else quoted(value)
        lines.append(f"  {shown}: {', '.join(plain(name, 200) for name in names[:_SHOWN])}{more}")
    return "\n".join(lines)
