"""Laying a dictionary file over what it extends.

Keys and requirements of the same name are changed field by field; what is new is added; `remove` takes away. Whether a
change loosens what it changes is told afterwards, by comparing both results (see `loosening`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from tagwright_dictionary.dictionary import (
    Dictionary,
    Key,
    ProviderEncoding,
    Requirement,
    Selector,
    ServiceLevel,
    Target,
    Value,
)
from tagwright_dictionary.loading.layer import KeyDraft, Layer, Named, RequirementDraft, ValueDraft
from tagwright_dictionary.loading.problems import Problems, quoted

_EMPTY = Dictionary("", "")


def combine(base: Dictionary | None, layer: Layer, problems: Problems) -> Dictionary:
    """The dictionary that `layer` makes of `base`; None: it stands alone. Not yet checked as a whole."""
    below = base if base is not None else _EMPTY
    removed = _Removals(below, layer.remove if base is not None else (), problems)
    keys = {key.name: key for key in map(removed.from_key, below.keys) if key is not None}
    for key_draft in layer.keys:
        keys[key_draft.name] = _key(keys.get(key_draft.name), key_draft, problems)
    requirements = {
        requirement.id: requirement
        for requirement in map(removed.from_requirement, below.requirements)
        if requirement is not None
    }
    for draft in layer.requirements:
        requirements[draft.id] = _requirement(requirements.get(draft.id), draft)
    exempted = {exemption.id for exemption in layer.exemptions}
    combined = replace(
        below,
        keys=tuple(keys.values()),
        requirements=tuple(requirements.values()),
        providers=_providers(below.providers, layer.providers),
        service_levels=_service_levels(below.service_levels, layer.service_levels),
        targets=_targets(below.targets, layer.targets),
        exemptions=(*layer.exemptions, *(old for old in below.exemptions if old.id not in exempted)),
        placeholders=tuple(dict.fromkeys((*below.placeholders, *layer.placeholders))),
        layers=() if base is None else (f"{base.name} {base.version}", *base.layers),
        digest="",
        _index={},
        **layer.fields,
    )
    return _with_owner_relations(combined)


def _key(old: Key | None, draft: KeyDraft, problems: Problems) -> Key:
    if old is None:
        values = None if draft.values is None else tuple(_value(None, value) for value in draft.values)
        if draft.added:
            problems.add(
                f"key {quoted(draft.name)}: add_values, but nothing that is extended has such a key",
                "write `values`",
                draft.location,
            )
        return Key(draft.name, values=values, location=draft.location, **draft.fields)
    values = old.values
    if draft.values is not None:
        known = {value.value: value for value in old.values or ()}
        values = tuple(_value(known.get(value.value), value) for value in draft.values)
    elif draft.added:
        if old.values is None:
            problems.add(
                f"key {quoted(draft.name)}: add_values, but it takes any value",
                "write `values` to close the list",
                draft.location,
            )
        added = {value.value: value for value in draft.added}
        kept = tuple(_value(value, added.pop(value.value, None)) for value in old.values or ())
        values = (*kept, *(_value(None, value) for value in added.values()))
    return replace(old, values=values, location=draft.location, **draft.fields)


def _value(old: Value | None, draft: ValueDraft | None) -> Value:
    if draft is None:
        return old if old is not None else Value("")
    if old is None:
        return Value(draft.value, location=draft.location, **draft.fields)
    fields: dict[str, Any] = dict(draft.fields)
    if "relations" in fields:
        fields["relations"] = tuple(sorted((dict(old.relations) | dict(fields["relations"])).items()))
    return replace(old, location=draft.location, **fields)


def _requirement(old: Requirement | None, draft: RequirementDraft) -> Requirement:
    if old is not None:
        return replace(old, location=draft.location, **draft.fields)
    fields = {"selector": Selector(), **draft.fields}  # a missing selector has been reported
    return Requirement(draft.id, location=draft.location, **fields)


def _providers(old: tuple[ProviderEncoding, ...], new: tuple[ProviderEncoding, ...]) -> tuple[ProviderEncoding, ...]:
    merged = {encoding.provider: encoding for encoding in old}
    for encoding in new:
        below = merged.get(encoding.provider)
        if below is not None:
            keys = tuple(sorted((dict(below.keys) | dict(encoding.keys)).items()))
            annotations = tuple(dict.fromkeys((*below.annotations, *encoding.annotations)))
            merged[encoding.provider] = ProviderEncoding(
                encoding.provider, keys, annotations, encoding.values or below.values
            )
        else:
            merged[encoding.provider] = encoding
    return tuple(merged[provider] for provider in sorted(merged))


def _service_levels(old: tuple[ServiceLevel, ...], new: tuple[ServiceLevel, ...]) -> tuple[ServiceLevel, ...]:
    """A level for the same resources replaces the old one in its place; others go first, where they count first."""
    changed = {(level.selector, level.when): level for level in new}
    kept = tuple(changed.pop((level.selector, level.when), level) for level in old)
    return (*changed.values(), *kept)


def _targets(old: tuple[Target, ...], new: tuple[Target, ...]) -> tuple[Target, ...]:
    merged = {target.measure: target for target in (*old, *new)}
    return tuple(merged[measure] for measure in sorted(merged))


def _with_owner_relations(dictionary: Dictionary) -> Dictionary:
    """`match: {owner: team.owner}` reads a value's own field `owner`: make it a relation where a match asks for it."""
    asked = {
        match.of for requirement in dictionary.requirements for match in requirement.match if match.relation == "owner"
    }
    keys = tuple(_owners(key, wanted=key.name in asked) for key in dictionary.keys)
    return replace(dictionary, keys=keys, _index={})


def _owners(key: Key, *, wanted: bool) -> Key:
    if not key.values or not (wanted or any(value.relation("owner") for value in key.values)):
        return key
    values = []
    for value in key.values:
        others = tuple(pair for pair in value.relations if pair[0] != "owner")
        if wanted and value.owner:
            others = tuple(sorted((*others, ("owner", (value.owner,)))))
        values.append(value if others == value.relations else replace(value, relations=others))
    return replace(key, values=tuple(values))


class _Removals:
    """`remove:` — dotted paths to what a layer takes out of what it extends."""

    _KEY_FIELDS: ClassVar[dict[str, Any]] = {
        "pattern": "",
        "format": "",
        "domains": (),
        "values": None,
        "approvers": (),
    }
    _REQUIREMENT_FIELDS: ClassVar[dict[str, Any]] = {"match": (), "exclusive": (), "becomes_error": None, "reach": None}

    def __init__(self, base: Dictionary, named: tuple[Named, ...], problems: Problems) -> None:
        self._paths = {entry.path for entry in named}
        if named:
            known = self._known(base)
            for entry in named:
                if entry.path not in known:
                    guess = problems.did_you_mean(entry.path, known)
                    problems.add(
                        f"remove: there is no {quoted(entry.path)} in what is extended",
                        guess or "for example keys.owner.pattern, keys.team.values.vision, requirements.some-id",
                        entry.location,
                    )

    def _known(self, base: Dictionary) -> dict[str, None]:
        known: dict[str, None] = {}
        for key in base.keys:
            name = f"keys.{key.name}"
            known[name] = None
            known.update(
                (f"{name}.{field}", None) for field, empty in self._KEY_FIELDS.items() if getattr(key, field) != empty
            )
            known.update((f"{name}.values.{value.value}", None) for value in key.values or ())
        for requirement in base.requirements:
            name = f"requirements.{requirement.id}"
            known[name] = None
            known.update((f"{name}.require.{key}", None) for key in requirement.require)
            if requirement.when.terms:
                known[f"{name}.when"] = None
            for field, empty in self._REQUIREMENT_FIELDS.items():
                if getattr(requirement, field) != empty:
                    known[f"{name}.{_SPELT.get(field, field)}"] = None
        return known

    def from_key(self, key: Key) -> Key | None:
        name = f"keys.{key.name}"
        if not self._paths or name in self._paths:
            return None if name in self._paths else key
        cleared: dict[str, Any] = {
            field: empty for field, empty in self._KEY_FIELDS.items() if f"{name}.{field}" in self._paths
        }
        if "values" not in cleared and key.values is not None:
            cleared["values"] = tuple(
                value for value in key.values if f"{name}.values.{value.value}" not in self._paths
            )
        return replace(key, **cleared)

    def from_requirement(self, requirement: Requirement) -> Requirement | None:
        name = f"requirements.{requirement.id}"
        if not self._paths or name in self._paths:
            return None if name in self._paths else requirement
        cleared: dict[str, Any] = {
            field: empty
            for field, empty in self._REQUIREMENT_FIELDS.items()
            if f"{name}.{_SPELT.get(field, field)}" in self._paths
        }
        if f"{name}.when" in self._paths:
            cleared["when"] = Requirement("", Selector()).when
        cleared["require"] = tuple(key for key in requirement.require if f"{name}.require.{key}" not in self._paths)
        return replace(requirement, **cleared)


_SPELT = {"becomes_error": "from", "selector": "for"}
"""Fields whose name in the file differs from the one in the model."""
