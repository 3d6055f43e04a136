"""Which dictionary keys and values resources carry, wherever a cloud spells a key its own way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.index import Index
from tagwright_dictionary.judging.label_form import from_label
from tagwright_dictionary.model import Resource, Tag, Tags


@dataclass(slots=True)
class Use:
    """Where one key is used: the addresses by value, and those whose value is not known."""

    values: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def used(dictionary: Dictionary, resources: Iterable[Resource]) -> dict[str, Use]:
    """The uses of each key of the dictionary, in the order of the resources; an address counts once a value."""
    index = Index(dictionary)
    found: dict[str, Use] = {}
    for resource in resources:
        cloud = index.cloud(resource.provider)
        seen: set[tuple[str, str | None]] = set()
        for tag in _tags(resource):
            check = cloud.exact.get(tag.key)
            if check is None:
                continue
            value = tag.value if isinstance(tag.value, str) else None
            if value is not None and cloud.labels and check.name not in cloud.annotations:
                value = from_label(check, value)
            if (check.name, value) in seen:
                continue
            seen.add((check.name, value))
            use = found.setdefault(check.name, Use())
            if value is None:
                use.unknown.append(place(resource))
            else:
                use.values.setdefault(value, []).append(place(resource))
    return found


def place(resource: Resource) -> str:
    """An address with where it stands: `aws_instance.a (infra/main.tf:12)`."""
    where = resource.location
    if where is None:
        return resource.address
    return f"{resource.address} ({where.path}:{where.line})" if where.line else f"{resource.address} ({where.path})"


def _tags(resource: Resource) -> Iterable[Tag]:
    sets: tuple[Tags, ...] = (resource.tags, *(bill.tags for bill in resource.bills))
    return (tag for tags in sets for tag in tags.items)
