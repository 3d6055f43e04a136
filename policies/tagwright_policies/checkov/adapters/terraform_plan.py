"""Terraform plans: what Checkov shows of one hides what is unknown, so the plan itself is read.

Checkov's configuration has no `after_unknown`, no `default_tags` and no links (its issue 6709): a tag that is known
only after apply looks missing. The file that Checkov scans has all of that, and the reader of plans travels along.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tagwright_dictionary.catalogue import provider_of, tag_support
from tagwright_dictionary.model import Location, Reading, Resource, Unknown
from tagwright_iac.plan import read_plan
from tagwright_iac.reach.tagsets import unseen
from tagwright_policies.checkov.adapters import graph as graphs
from tagwright_policies.checkov.adapters.entity import Adapted, Entity
from tagwright_policies.checkov.adapters.text import unwrapped

_last: list[tuple[tuple[Any, ...], dict[str, Resource]]] = []


def adapt(entity: Entity) -> Adapted | None:
    address = str(unwrapped(entity.conf.get("__address__")) or entity.name)
    for file in _files(entity, address):
        found = _resources(file).get(address)
        if found is not None:
            return Adapted(found)
    return Adapted(_unread(entity, address))


def _files(entity: Entity, address: str) -> list[str]:
    """The plan, by what Checkov's graph says of the resource, else by the path it prints."""
    found = [str(unwrapped(entity.conf.get("__file__")) or "")]
    graph = graphs.read(entity.graph)
    vertex = graph.resource(address, entity.path, entity.conf) if graph is not None else None
    if vertex is not None:
        found.append(vertex.file)
    found.append(entity.file)
    return [file for file in dict.fromkeys(found) if file and os.path.isfile(file)]  # noqa: PTH113


def _resources(file: str) -> dict[str, Resource]:
    status = os.stat(file)  # noqa: PTH116
    name = (file, status.st_mtime_ns, status.st_size)
    for known, resources in _last:
        if known == name:
            return resources
    reading: Reading = read_plan(Path(file), cwd=Path.cwd())
    if reading.problems:
        raise ValueError(reading.problems[0].reason)
    made = {resource.address: resource for resource in reading.resources}
    del _last[4:]
    _last.insert(0, (name, made))
    return made


def _unread(entity: Entity, address: str) -> Resource:
    support = tag_support(entity.type)
    cause = Unknown("the plan that Checkov scans was not found on disk", "scan it with -f plan.json")
    return Resource(
        address=address,
        type=entity.type,
        provider=provider_of(entity.type),
        framework="terraform-plan",
        taggable=support.taggable,
        tags=unseen(cause),
        location=Location(entity.path.lstrip("/")),
    )
