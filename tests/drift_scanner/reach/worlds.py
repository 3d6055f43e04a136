"""Small worlds of compute facts, made by hand: a group, its template, its instances and their volumes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tagwright_dictionary.model import Unknown
from tagwright_drift.cells import CellState
from tagwright_drift.inventories.contract import CellTrouble
from tagwright_drift.reach.facts import (
    Attached,
    Cluster,
    Disk,
    Environment,
    Fleet,
    GivenFacts,
    Group,
    Machine,
    NodeGroup,
    Seen,
    Template,
    TemplateRef,
    Version,
)
from tagwright_drift.reach.joined import Joined
from tagwright_drift.reach.makers import GROUP, TEMPLATE, TEMPLATE_VERSION

OWNER = {"owner": "a@acme.example"}
DENIED = CellTrouble(CellState.DENIED, "UnauthorizedOperation for x:Describe")


def pairs(tags):
    return tuple(sorted((tags or {}).items()))


def machine(number, tags=None, *, group="", template="", version=1, disks=1, **marks):
    """Instance i-NUMBER with its volumes v-NUMBER-0, ...; `marks` are further tags that AWS wrote."""
    reserved = {key.replace("__", ":").replace("_", "-"): value for key, value in marks.items()}
    if group:
        reserved[GROUP] = group
    if template:
        reserved |= {TEMPLATE: template, TEMPLATE_VERSION: str(version)}
    attached = tuple(Attached(f"v-{number}-{each}", True, each == 0) for each in range(disks))
    return Machine(f"i-{number}", "p5.48xlarge", None, pairs(tags), pairs(reserved), attached)


def disk(number, tags=None, at=0):
    return Disk(f"v-{number}-{at}", None, pairs(tags), f"i-{number}", True)


def group(name="g", propagated=None, kept=None, templates=("lt-1",), configuration="", version="$Latest"):
    tags = [(key, value, True) for key, value in (propagated or {}).items()]
    tags += [(key, value, False) for key, value in (kept or {}).items()]
    refs = tuple(TemplateRef(each, version=version) for each in templates)
    return Group(name, f"arn:aws:autoscaling:::{name}", None, tuple(sorted(tags)), refs, configuration)


def node_group(name="ng", tags=None, template=None, groups=("eks-ng-0",), cluster="c"):
    return NodeGroup(cluster, name, f"arn:aws:eks:::{name}", None, pairs(tags), template, tuple(groups))


@dataclass
class World:
    """What exists. `templates`: id to (own tags, {version: (instance tags, volume tags)}); the highest version is the
    newest, the lowest the default. `denied` names the listings that were refused.
    """

    machines: list[Machine] = field(default_factory=list)
    disks: list[Disk] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    node_groups: list[NodeGroup] = field(default_factory=list)
    clusters: list[Cluster] = field(default_factory=list)
    fleets: list[Fleet] = field(default_factory=list)
    spot_fleets: list[Fleet] = field(default_factory=list)
    environments: list[Environment] = field(default_factory=list)
    templates: dict[str, tuple[dict, dict]] = field(default_factory=dict)
    denied: tuple[str, ...] = ()

    def joined(self) -> Joined:
        versions = {}
        for id_, (_, numbers) in self.templates.items():
            made = {
                str(number): Version(id_, number, pairs(instances), pairs(volumes))
                for number, (instances, volumes) in numbers.items()
            }
            made["$Latest"] = made[str(max(numbers))]
            made["$Default"] = made[str(min(numbers))]
            for name, each in made.items():
                versions[TemplateRef(id_, version=name)] = each
        if "templates" in self.denied:
            versions = {ref: Unknown(f"launch templates: {DENIED.reason}") for ref in versions}
        facts = GivenFacts(
            *(Seen(tuple(getattr(self, name))) for name in ("machines", "disks")),
            templates=Seen(tuple(Template(id_, id_, None, pairs(own)) for id_, (own, _) in self.templates.items())),
            groups=Seen(tuple(self.groups)),
            clusters=Seen(tuple(self.clusters)),
            node_groups=Seen(tuple(self.node_groups)),
            fleets=Seen(tuple(self.fleets)),
            spot_fleets=Seen(tuple(self.spot_fleets)),
            environments=Seen(tuple(self.environments)),
            versions=tuple(versions.items()),
        )
        for name in self.denied:
            facts = replace(facts, **{name: Seen((), DENIED)})
        return Joined(facts)
