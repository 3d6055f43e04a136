"""Terraform code: a resource out of Checkov's configuration and graph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tagwright_dictionary.catalogue import provider_of, tag_support
from tagwright_dictionary.model import Location, Resource, Unknown
from tagwright_iac import reach
from tagwright_iac.classify import classify_view
from tagwright_iac.reach.tagsets import unseen
from tagwright_policies.checkov.adapters import graph as graphs
from tagwright_policies.checkov.adapters.entity import Adapted, Entity
from tagwright_policies.checkov.adapters.source_comments import suppressions
from tagwright_policies.checkov.adapters.terraform_view import GraphView, is_override
from tagwright_policies.checkov.adapters.text import unwrapped

_INDEX = re.compile(r"\[[^\]]*\]")


def adapt(entity: Entity) -> Adapted | None:
    """None when `count` is surely 0, and for a block that only overrides another."""
    graph = graphs.read(entity.graph)
    address = str(unwrapped(entity.conf.get("__address__")) or entity.name)
    vertex = graph.resource(address, entity.path, entity.conf) if graph is not None else None
    if graph is None or vertex is None:
        return Adapted(_unlinked(entity, address))
    if is_override(vertex.file):
        return None
    view = GraphView(graph, vertex, entity.conf, entity.path.lstrip("/"))
    if view.attribute("count") in (0, "0"):
        return None
    classes, attributes = classify_view(view)
    support = tag_support(view.type)
    location = view.location
    return Adapted(
        Resource(
            address=address,
            type=view.type,
            provider=provider_of(view.type),
            framework="terraform",
            taggable=support.taggable,
            classes=classes,
            tags=view.effective_tags,
            bills=reach.bills(view, view.consumers()),
            location=location,
            tag_location=location,
            attributes=attributes,
            block=_INDEX.sub("", address),
            scope=vertex.folder,
            suppressions=suppressions(vertex.file, location),
            exists=view.exists,
            note="" if support.taggable is not None else f"{view.type} is in no table of taggable types",
        )
    )


def _unlinked(entity: Entity, address: str) -> Resource:
    """A resource that is in no graph that could be read: nothing it says of tags can be trusted to be all."""
    support = tag_support(entity.type)
    cause = Unknown("Checkov gives no graph to look for variables and default tags in", "check the plan")
    return Resource(
        address=address,
        type=entity.type,
        provider=provider_of(entity.type),
        taggable=support.taggable,
        tags=unseen(cause),
        location=Location(entity.path.lstrip("/"), _first_line(entity.conf)),
    )


def _first_line(conf: Mapping[str, Any]) -> int:
    value = unwrapped(conf.get("__start_line__", conf.get("__startline__")))
    return value if isinstance(value, int) else 0
