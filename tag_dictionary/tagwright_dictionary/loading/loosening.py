"""What a layer loosens of the dictionary it extends, and whether it says so.

Each loosening has a name, the dotted path of what became weaker (`keys.owner.pattern`,
`requirements.accountable-ai-spend.require.owner`). A layer that loosens must list each in `loosens:` with a reason.
What cannot be shown to be as strict counts as looser: another pattern, another format.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from tagwright_dictionary.dictionary import (
    Condition,
    Dictionary,
    Key,
    Requirement,
    Selector,
    ServiceLevel,
    Target,
    UnknownPolicy,
    Value,
)
from tagwright_dictionary.loading.layer import Layer
from tagwright_dictionary.loading.problems import Problems, quoted
from tagwright_dictionary.model import Location, Severity

_WEIGHT: Final = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}
_POLICY: Final = {UnknownPolicy.IGNORE: 0, UnknownPolicy.WARN: 1, UnknownPolicy.FAIL: 2}

Loosening = tuple[str, str]
"""The path, and what happened to it in words."""


def refuse_undeclared(base: Dictionary, result: Dictionary, layer: Layer, problems: Problems) -> None:
    """Adds a problem for each loosening that `layer` does not declare, and each declaration without one."""
    found = dict(loosenings(base, result))
    declared = {entry.path: entry for entry in layer.loosens}
    used = set()
    places = _places(layer)
    for path, words in found.items():
        # `keys.team.values` may stand for every value that was added to it.
        cover = next((name for name in (path, _list_of(path)) if name in declared), None)
        if cover is not None:
            used.add(cover)
            continue
        problems.add(
            f"{path}: {words}, which loosens {base.name} {base.version}",
            f"undo it, or declare it: loosens: [{{change: {path}, reason: ...}}]",
            _nearest(path, places, layer.location),
        )
    for path, entry in declared.items():
        if path not in used:
            guess = problems.did_you_mean(path, found)
            problems.add(
                f"loosens: {quoted(path)} is not loosened by this file",
                f"{guess} remove the entry".strip(),
                entry.location,
            )


def loosenings(base: Dictionary, result: Dictionary) -> Iterator[Loosening]:
    """Every way in which `result` asks less than `base`."""
    for key in base.keys:
        new = result.key(key.name)
        if new is None:
            yield f"keys.{key.name}", "the key is removed"
        else:
            yield from _of_key(f"keys.{key.name}", key, new)
    requirements = {requirement.id: requirement for requirement in result.requirements}
    for old in base.requirements:
        changed = requirements.get(old.id)
        if changed is None:
            yield f"requirements.{old.id}", "the requirement is removed"
        else:
            yield from _of_requirement(f"requirements.{old.id}", old, changed)
    if _POLICY[result.unknown] < _POLICY[base.unknown]:
        yield "unknown", f"{base.unknown} becomes {result.unknown}"
    yield from _of_service_levels(base.service_levels, result.service_levels)
    yield from _of_targets(base.targets, result.targets)


def _of_key(path: str, old: Key, new: Key) -> Iterator[Loosening]:
    if old.pattern and new.pattern != old.pattern:
        yield f"{path}.pattern", "the pattern is changed" if new.pattern else "the pattern is removed"
    if old.format and new.format != old.format:
        yield f"{path}.format", "the format is changed" if new.format else "the format is removed"
    if old.domains and not (new.domains and set(new.domains) <= set(old.domains)):
        yield f"{path}.domains", "further domains are allowed"
    if old.approvers and not (new.approvers and set(new.approvers) <= set(old.approvers)):
        yield f"{path}.approvers", "others may change the values"
    if old.values is None:
        return
    if new.values is None:
        yield f"{path}.values", "the closed list is opened"
        return
    before = {value.value: value for value in old.values}
    for value in new.values:
        known = before.get(value.value)
        if known is None:
            yield f"{path}.values.{value.value}", "a value is added"
        elif value is not known:
            yield from _of_value(f"{path}.values.{value.value}", known, value)


def _of_value(path: str, old: Value, new: Value) -> Iterator[Loosening]:
    if old.status == "deprecated" and new.status != "deprecated":
        yield f"{path}.status", "a deprecated value becomes active"
    elif old.until is not None and _later(new.until, old.until):
        yield f"{path}.until", "a deprecated value lives longer"
    for relation, targets in old.relations:
        now = new.relation(relation)
        if not (now and set(now) <= set(targets)):
            yield f"{path}.{relation}", f"it may go with another {relation}"


def _of_requirement(path: str, old: Requirement, new: Requirement) -> Iterator[Loosening]:
    if not _covers(new.selector, old.selector):
        yield f"{path}.for", "it selects fewer resources"
    for key in old.require:
        if key not in new.require:
            yield f"{path}.require.{key}", "the key is no longer required"
    if not _weaker_or_same(new.when, old.when):
        yield f"{path}.when", "it holds in fewer cases"
    for match in old.match:
        if match not in new.match:
            yield f"{path}.match", "a match is removed or changed"
    for group in old.exclusive:
        if not any(set(group) <= set(other) for other in new.exclusive):
            yield f"{path}.exclusive", "keys no longer exclude each other"
    if _WEIGHT[new.severity] < _WEIGHT[old.severity]:
        yield f"{path}.severity", f"{old.severity} becomes {new.severity}"
    elif (
        new.severity is not Severity.ERROR
        and old.becomes_error is not None
        and _later(new.becomes_error, old.becomes_error)
    ):
        yield f"{path}.from", "it becomes an error later or never"
    follows = old.reach is None and new.reach is None  # then it is the severity, told above
    if not follows and _WEIGHT[_reach(new)] < _WEIGHT[_reach(old)]:
        yield f"{path}.reach", f"{_reach(old)} becomes {_reach(new)}"


def _reach(requirement: Requirement) -> Severity:
    return requirement.severity if requirement.reach is None else requirement.reach


def _later(new: date | None, old: date) -> bool:
    return new is None or new > old


def _covers(new: Selector, old: Selector) -> bool:
    if new.everything:
        return True
    return not old.everything and set(old.classes) <= set(new.classes) and set(old.types) <= set(new.types)


def _weaker_or_same(new: Condition, old: Condition) -> bool:
    """Whether `new` holds wherever `old` does."""
    before = dict(old.terms)
    return all(key in before and set(before[key]) <= set(values) for key, values in new.terms)


def _of_service_levels(old: tuple[ServiceLevel, ...], new: tuple[ServiceLevel, ...]) -> Iterator[Loosening]:
    before = {(level.selector, level.when): level for level in old}
    for number, level in enumerate(new, 1):
        same = before.get((level.selector, level.when))
        rivals = [same] if same is not None else [other for other in old if _overlap(level.selector, other.selector)]
        if any(level.remediate_within_hours > other.remediate_within_hours for other in rivals):
            yield f"service_levels.{number}", "findings may stay open longer"


def _of_targets(old: tuple[Target, ...], new: tuple[Target, ...]) -> Iterator[Loosening]:
    after = {target.measure: target for target in new}
    for target in old:
        changed = after.get(target.measure)
        if changed is not None and (changed.green < target.green or changed.yellow < target.yellow):
            yield f"targets.{target.measure}", "the target is lower"


def _overlap(one: Selector, other: Selector) -> bool:
    if one.everything or other.everything:
        return True
    # Whether two type globs, or a glob and a class, share a resource is not decidable here: assume they do.
    return bool(one.types or other.types or set(one.classes) & set(other.classes))


def _list_of(path: str) -> str:
    head, found, _ = path.partition(".values.")
    return f"{head}.values" if found else path


def _places(layer: Layer) -> dict[str, Location]:
    """Where `layer` changes what: its `remove` entries, keys and requirements."""
    places = {entry.path: entry.location for entry in layer.remove}
    places |= {f"keys.{draft.name}": draft.location for draft in layer.keys}
    return places | {f"requirements.{draft.id}": draft.location for draft in layer.requirements}


def _nearest(path: str, places: dict[str, Location], fallback: Location) -> Location:
    """The place of `path`, or of the longest dotted beginning of it that has one."""
    while path and path not in places:
        path = path.rpartition(".")[0]
    return places.get(path, fallback)
