"""Which tag keys and values a reading carries, how often, and in which spellings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tagwright_dictionary.judging.limits import CLOUDS
from tagwright_dictionary.judging.placeholders import compact
from tagwright_dictionary.model import Reading, Resource, Unknown

_NOT_OURS = ("aws:", "eks:", "goog-", "hidden-", "cdk:")
"""Beginnings of keys that machines write for machines: nobody governs them."""

_THEIR_DOMAINS = (
    "amazonaws.com", "argoproj.io", "azure.com", "cert-manager.io", "cncf.io", "crossplane.io", "eksctl.io",
    "fluxcd.io", "gke.io", "google.com", "helm.sh", "istio.io", "k8s.aws", "k8s.io", "karpenter.sh", "keda.sh",
    "knative.dev", "kubernetes.io", "kyverno.io", "linkerd.io", "nvidia.com", "openshift.io", "x-k8s.io",
)  # fmt: skip
"""Domains before the `/` of a label that are those of controllers, not of whoever deploys."""

NAMES = ("name",)
"""A resource's own name is a tag on AWS; its values are as many as the resources."""

_SAME = {
    "env": "environment", "envname": "environment", "environmentname": "environment", "costcentre": "costcenter",
    "costcentercode": "costcenter", "bu": "businessunit", "teamname": "team", "projectname": "project",
    "dataclass": "dataclassification", "owneremail": "owner",
}  # fmt: skip
"""Folded keys that mean the same as another."""


@dataclass(slots=True)
class Observed:
    """One key in all its spellings. Counts are of resource blocks; `clouds` counts spellings cloud by cloud; `unknown`
    are blocks whose value is not known here.
    """

    spellings: Counter[str] = field(default_factory=Counter)
    clouds: dict[str, Counter[str]] = field(default_factory=dict)
    values: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    blocks: int = 0


def fold(key: str) -> str:
    """Equal for keys that are variants of one another: `Owner`/`owner`, `cost_center`/`CostCenter`, `env`."""
    folded = compact(key)
    return _SAME.get(folded, folded)


def observe(reading: Reading) -> dict[str, Observed]:
    """The keys in use by their fold, sorted by it. A block with many instances counts once a value."""
    found: dict[str, Observed] = {}
    seen: set[tuple[str, ...]] = set()

    def first(*what: str) -> bool:
        fresh = what not in seen
        seen.add(what)
        return fresh

    for resource in _governed(reading.resources):
        block = f"{resource.scope}\0{resource.block or resource.address}"
        cloud = CLOUDS.get(resource.provider, "")
        for tag in resource.tags.items:
            name = fold(tag.key)
            if not name or name in NAMES or _of_a_machine(tag.key.casefold()):
                continue
            use = found.setdefault(name, Observed())
            use.blocks += first("block", block, name)
            if first("key", block, tag.key):
                use.spellings[tag.key] += 1
                use.clouds.setdefault(cloud, Counter())[tag.key] += 1
            if isinstance(tag.value, Unknown) or tag.sensitive:
                use.unknown += first("unknown", block, name)
            elif tag.value and first("value", block, name, tag.value):
                use.values[tag.value] += 1
    return {name: found[name] for name in sorted(found)}


def _of_a_machine(key: str) -> bool:
    domain, slash, _ = key.partition("/")
    theirs = bool(slash) and any(domain == each or domain.endswith(f".{each}") for each in _THEIR_DOMAINS)
    return theirs or key.startswith(_NOT_OURS)


def most_used(counted: Counter[str], preferred: Iterable[str] = ()) -> str:
    """The most frequent; of equals the first of `preferred`, then one in lower case, then the first by name."""
    order = {name: place for place, name in enumerate(preferred)}
    return min(counted, key=lambda name: (-counted[name], order.get(name, len(order)), name != name.lower(), name))


def _governed(resources: Iterable[Resource]) -> Iterable[Resource]:
    return (resource for resource in resources if resource.taggable is not False)
