"""Kubernetes manifests: an object's labels and annotations, and those that its pods are made with (SEMANTICS 16).

Checkov gives each object of a file and of a List; annotations come as a list of one map.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tagwright_dictionary.catalogue import classify, deciding_attributes, tag_support
from tagwright_dictionary.model import NO_TAGS, Bill, Location, Origin, Resource, Tags
from tagwright_iac.reach.karpenter import KINDS
from tagwright_iac.reach.tagsets import layers
from tagwright_policies.checkov.adapters.entity import Adapted, Entity
from tagwright_policies.checkov.adapters.tags import read_tags, values_at
from tagwright_policies.checkov.adapters.text import is_bookkeeping

POD_TEMPLATES: dict[str, tuple[str, ...]] = {
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Deployment": ("spec", "template"),
    "Job": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
}
"""Where the objects that make pods keep the template for them."""

_HOP = "labels of the object itself do not reach its pods"


def adapt(entity: Entity) -> Adapted | None:
    manifest = _clean(entity.conf)
    metadata = manifest.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    kind = str(manifest.get("kind") or entity.type)
    names = [str(metadata[name]) for name in ("namespace", "name", "generateName") if metadata.get(name)]
    address = "/".join([kind, *names[:2]])
    location = Location(entity.path.lstrip("/"), _line(entity.conf), 0, _line(entity.conf, "__endline__"))
    origin = Origin("resource", address, location)
    values = {path: tuple(values_at(manifest, path.split("."))) for path in deciding_attributes(kind)}
    tags = _marks(metadata, origin)
    return Adapted(
        Resource(
            address=address,
            type=kind,
            provider="kubernetes",
            framework="kubernetes",
            taggable=tag_support(kind).taggable,
            classes=classify(kind, {path: found for path, found in values.items() if found}),
            tags=tags,
            bills=_bills(kind, manifest, tags, origin),
            location=location,
            tag_location=location,
        )
    )


def _marks(metadata: Any, origin: Origin) -> Tags:
    """Labels and annotations; of a name in both, the label."""
    if not isinstance(metadata, Mapping):
        return NO_TAGS
    annotations = metadata.get("annotations")
    maps = annotations if isinstance(annotations, list) else [annotations]
    return layers(*(read_tags(item, origin) for item in maps), read_tags(metadata.get("labels"), origin))


def _bills(kind: str, manifest: Mapping[str, Any], tags: Tags, origin: Origin) -> tuple[Bill, ...]:
    if kind in KINDS:
        spec = manifest.get("spec")
        found = read_tags(spec.get("tags") if isinstance(spec, Mapping) else None, origin)
        fix = f"set spec.tags of the {kind}"
        return (Bill("instances", found, fix=fix), Bill("volumes", found, fix=fix))
    template: Any = manifest
    for name in POD_TEMPLATES.get(kind, ()):
        template = template.get(name) if isinstance(template, Mapping) else None
    if kind in POD_TEMPLATES:
        metadata = template.get("metadata") if isinstance(template, Mapping) else None
        path = ".".join((*POD_TEMPLATES[kind], "metadata", "labels"))
        return (Bill("pods", _marks(metadata, origin), broken_hop=_HOP, fix=f"write it under {path} as well"),)
    return (Bill(kind.lower(), tags, own=True),)


def _clean(value: Any, depth: int = 0) -> Any:
    """Without Checkov's own keys. Values are literal: a manifest has no expressions."""
    if isinstance(value, Mapping) and depth < 100:
        return {str(name): _clean(item, depth + 1) for name, item in value.items() if not is_bookkeeping(name)}
    if isinstance(value, list) and depth < 100:
        return [_clean(item, depth + 1) for item in value]
    return repr(value) if isinstance(value, float) else value


def _line(conf: Mapping[str, Any], name: str = "__startline__") -> int:
    value = conf.get(name)
    return value if isinstance(value, int) else 0
