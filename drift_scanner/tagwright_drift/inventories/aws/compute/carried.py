"""Deciding attributes of those who launch from templates."""

from __future__ import annotations

from collections.abc import Iterable

from tagwright_dictionary.model import Unknown
from tagwright_drift.inventories.aws.compute.gathering import ComputeFacts
from tagwright_drift.inventories.aws.compute.requirements import joined_attributes, prefixed
from tagwright_drift.reach.facts import Attributes, Machine, TemplateRef

_LINK = "launch_template->"


def with_templates(
    facts: ComputeFacts, own: Attributes, refs: Iterable[TemplateRef], members: Iterable[Machine]
) -> Attributes:
    """`own` and what the templates say. Where a template cannot be read the types of the live instances stand in for
    it; without any its instance type is unknown.
    """
    parts: list[Attributes] = [own]
    for ref in refs:
        version = facts.version(ref)
        if not isinstance(version, Unknown):
            parts.append(prefixed(_LINK, version.attributes))
            continue
        types = tuple(dict.fromkeys(each.type for each in members if each.type))
        parts.append(((f"{_LINK}instance_type", types or (version,)),))
    return joined_attributes(parts)
