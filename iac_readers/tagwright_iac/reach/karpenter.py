"""Karpenter: `EC2NodeClass.spec.tags` (AWSNodeTemplate before v1beta1) are put on the instances and EBS volumes that
Karpenter starts (karpenter.sh/docs/concepts/nodeclasses, "spec.tags").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tagwright_dictionary.model import NO_TAGS, Bill, Origin, Tags, Unknown
from tagwright_iac.reach.direct import own_bill
from tagwright_iac.reach.tagsets import from_plain, unseen
from tagwright_iac.view import ResourceView

KINDS = frozenset({"EC2NodeClass", "AWSNodeTemplate"})
_LARGEST_MANIFEST = 1_000_000
_SHAPE = Unknown("spec.tags of the manifest is not a map of strings")


def manifest_bills(view: ResourceView, _consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    """kubernetes_manifest (an object) and kubectl_manifest (YAML text); other kinds bill nothing of this sort."""
    for manifest in _manifests(view):
        kind = manifest.get("kind")
        if isinstance(kind, str) and kind in KINDS:
            tags = _tags(manifest.get("spec"), Origin("propagated", view.address))
            fix = f"set spec.tags of the {kind}"
            return (Bill("instances", tags, fix=fix), Bill("volumes", tags, fix=fix))
    return own_bill(view)


def _manifests(view: ResourceView) -> list[Mapping[str, Any]]:
    value = view.attribute("manifest")
    if value is None:
        value = view.attribute("yaml_body")
        documents = _documents(value) if isinstance(value, str) else []
    else:
        documents = [value]
    return [item for item in documents if isinstance(item, Mapping)]


def _documents(body: str) -> list[Any]:
    if len(body) > _LARGEST_MANIFEST or not any(kind in body for kind in KINDS):
        return []
    import yaml  # noqa: PLC0415 - only for a manifest that names one of the kinds

    try:
        return list(yaml.load_all(body, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (yaml.YAMLError, RecursionError, ValueError):
        return []


def _tags(spec: Any, origin: Origin) -> Tags:
    if isinstance(spec, Unknown):
        return unseen(spec)
    return from_plain(spec.get("tags"), _SHAPE, origin) if isinstance(spec, Mapping) else NO_TAGS
