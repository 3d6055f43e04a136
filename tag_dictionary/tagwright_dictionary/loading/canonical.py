"""A dictionary as one self-contained document: what is dumped, and what the digest is taken of."""

from __future__ import annotations

import json
from typing import Any

from tagwright_dictionary.dictionary import Dictionary, Exemption, Key, Requirement, Selector, ServiceLevel, Value

_EXEMPTION_TEXTS = ("reason", "approver")
_EXEMPTION_LISTS = ("addresses", "types", "paths", "accounts", "rules", "keys")


def document(dictionary: Dictionary) -> dict[str, Any]:
    """The dictionary in its own file format, everything it pulled in written out, empty fields left out."""
    plain: dict[str, Any] = {"schema": 1, "name": dictionary.name, "version": dictionary.version}
    if dictionary.contacts:
        plain["contacts"] = list(dictionary.contacts)
    plain["keys"] = {key.name: _key(key) for key in dictionary.keys}
    if dictionary.requirements:
        plain["requirements"] = [_requirement(requirement) for requirement in dictionary.requirements]
    plain["unknown"] = dictionary.unknown.value
    if dictionary.placeholders:
        plain["placeholders"] = list(dictionary.placeholders)
    if dictionary.providers:
        plain["providers"] = {
            encoding.provider: _filled(
                keys=dict(encoding.keys), annotations=list(encoding.annotations), values=encoding.values
            )
            for encoding in dictionary.providers
        }
    if dictionary.service_levels:
        plain["service_levels"] = [_service_level(level) for level in dictionary.service_levels]
    if dictionary.targets:
        plain["targets"] = {
            target.measure: {"green": _percent(target.green), "yellow": _percent(target.yellow)}
            for target in dictionary.targets
        }
    if dictionary.exemptions:
        plain["exemptions"] = [_exemption(exemption) for exemption in dictionary.exemptions]
    return plain


def canonical_json(dictionary: Dictionary) -> str:
    """One line of JSON, equal for equal dictionaries wherever they were read from: locations, source, layers and
    digest are not part of it. The order of keys, values and requirements is.
    """
    return json.dumps(document(dictionary), ensure_ascii=False, sort_keys=False, separators=(",", ":"))


def _filled(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", None, [], {}, ())}


def _key(key: Key) -> dict[str, Any]:
    plain = _filled(
        title=key.title,
        description=key.description,
        format=key.format,
        domains=list(key.domains),
        pattern=key.pattern,
        approvers=list(key.approvers),
        examples=list(key.examples),
        default=key.default,
    )
    if key.values is not None:
        plain["values"] = {value.value: _value(value) for value in key.values}
    return plain


def _value(value: Value) -> dict[str, Any]:
    plain = _filled(
        title=value.title,
        description=value.description,
        aliases=list(value.aliases),
        status="" if value.status == "active" else value.status,
        until=value.until.isoformat() if value.until else "",
        replaced_by=value.replaced_by,
        owner=value.owner,
        billing_code=value.billing_code,
    )
    # The relation `owner` is made of the field when the dictionary is loaded.
    plain.update((name, list(targets)) for name, targets in value.relations if name != "owner")
    return plain


def _selector(selector: Selector) -> dict[str, Any]:
    chosen: str | list[str] = "all" if selector.everything else list(selector.classes)
    return _filled(**{"for": chosen, "types": list(selector.types)})


def _requirement(requirement: Requirement) -> dict[str, Any]:
    plain = _filled(id=requirement.id, description=requirement.description) | _selector(requirement.selector)
    plain |= _filled(
        when={key: list(values) for key, values in requirement.when.terms},
        match={match.key: f"{match.of}.{match.relation}" for match in requirement.match},
        exclusive=[list(group) for group in requirement.exclusive],
    )
    plain |= _filled(require=list(requirement.require))
    plain["severity"] = requirement.severity.value
    if requirement.becomes_error is not None:
        plain["from"] = requirement.becomes_error.isoformat()
    if requirement.reach is not None:
        plain["reach"] = requirement.reach.value
    return plain


def _service_level(level: ServiceLevel) -> dict[str, Any]:
    plain = _selector(level.selector)
    plain |= _filled(when={key: list(values) for key, values in level.when.terms}, severity=level.severity)
    minutes = round(level.remediate_within_hours * 60)
    plain["remediate_within"] = f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
    return plain


def _percent(share: float) -> int | float:
    return int(share) if share.is_integer() else share


def _exemption(exemption: Exemption) -> dict[str, Any]:
    plain: dict[str, Any] = {"id": exemption.id}
    plain |= _filled(
        **{name: getattr(exemption, name) for name in _EXEMPTION_TEXTS},
        until=exemption.until.isoformat() if exemption.until else "",
        **{name: list(getattr(exemption, name)) for name in _EXEMPTION_LISTS},
        problem=exemption.problem,
    )
    return plain
