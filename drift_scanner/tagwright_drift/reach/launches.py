"""What a carrier gives to the instances and volumes that it launches next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tagwright_dictionary.model import NO_TAGS, Tags, Unknown
from tagwright_drift.reach.facts import Environment, Fleet, Group, NodeGroup, TemplateRef
from tagwright_drift.reach.joined import Joined
from tagwright_drift.reach.tagsets import agreed, live
from tagwright_iac.reach.tagsets import layers, unseen


@dataclass(frozen=True, slots=True)
class Launch:
    """Tags at launch. `volumes` None: no source says what volumes get."""

    instances: Tags = NO_TAGS
    volumes: Tags | None = NO_TAGS


def of_template(joined: Joined, ref: TemplateRef) -> Launch:
    """What a launch template's TagSpecifications put on those who use it at that version."""
    version = joined.facts.version(ref)
    if isinstance(version, Unknown):
        return Launch(unseen(version), unseen(version))
    return Launch(live(version.instances), live(version.volumes))


def of_group(joined: Joined, group: Group) -> Launch:
    """A group's tags with PropagateAtLaunch win over the template's for instances, and never reach volumes (EC2 Auto
    Scaling user guide, "Tag Auto Scaling groups and instances"). A launch configuration tags nothing.
    """
    launch = alternatives(of_template(joined, ref) for ref in group.templates)
    return Launch(layers(launch.instances, live(group.propagated)), launch.volumes)


def of_node_group(joined: Joined, node_group: NodeGroup) -> Launch:
    """What its Auto Scaling groups give; where they cannot be seen, what its launch template gives and perhaps more."""
    groups = [joined.group(name) for name in node_group.groups]
    seen = [group for group in groups if group is not None]
    if seen and len(seen) == len(groups):
        return alternatives(of_group(joined, group) for group in seen)
    launch = of_template(joined, node_group.template) if node_group.template else Launch()
    cause = joined.facts.groups.cause("Auto Scaling groups")
    if cause is None:
        return launch
    return Launch(layers(launch.instances, unseen(cause)), launch.volumes)


def of_fleet(joined: Joined, fleet: Fleet) -> Launch:
    """The fleet's own tags stay on it; an inline launch specification tags instances only."""
    return alternatives(
        (
            *(of_template(joined, ref) for ref in fleet.templates),
            *(Launch(live(given), NO_TAGS) for given in fleet.specifications),
        )
    )


def of_environment(joined: Joined, environment: Environment) -> Launch:
    """`computeResources.tags` over the template's; whether volumes get either is nowhere said."""
    launch = of_template(joined, environment.template) if environment.template else Launch()
    return Launch(layers(launch.instances, live(environment.given)), None)


def alternatives(launches: Iterable[Launch]) -> Launch:
    """What is sure whichever of them comes to pass; nothing without any."""
    ways = list(launches)
    if len(ways) < 2:
        return ways[0] if ways else Launch()
    volumes = [way.volumes for way in ways if way.volumes is not None]
    return Launch(
        agreed(((f"way {number}", way.instances) for number, way in enumerate(ways, 1)), "ways to launch"),
        agreed(((f"way {number}", tags) for number, tags in enumerate(volumes, 1)), "ways to launch"),
    )
