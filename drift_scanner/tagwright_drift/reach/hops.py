"""Where tags stop on their way, in words: the same words for a carrier's bill and for the way to one instance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tagwright_dictionary.model import Unknown
from tagwright_drift.reach.facts import Environment, Fleet, Group, NodeGroup, Pairs, TemplateRef, Version
from tagwright_drift.reach.joined import Joined
from tagwright_drift.reach.tagsets import keys_in_words
from tagwright_iac.reach.templates import FIX_INSTANCES, FIX_VOLUMES

INSTANCE, VOLUME = "instance", "volume"
TAG_OR_REPLACE = "tag what runs (aws ec2 create-tags), or replace it (an instance refresh)"
TAG_WHERE_IT_STARTS = "tag it now (aws ec2 create-tags), and add the tag to what starts it"
GROUP_KEEPS_FROM_VOLUMES = "tags of an Auto Scaling group never reach volumes"
MACHINE_KEEPS = "tags of an instance do not reach its volumes"
TEMPLATE_KEEPS = "the launch template's own tags stay on the template"
FIX_PROPAGATE = "set PropagateAtLaunch on the group's tag (propagate_at_launch = true), and tag what runs already"
FIX_ENVIRONMENT = "set tags inside compute_resources"
_FIX_NODE_GROUP = 'use a launch template with tag_specifications for "instance" and "volume"'
_FIX_CONFIGURATION = 'replace it by a launch template with tag_specifications { resource_type = "volume" }'
_FIX = {INSTANCE: FIX_INSTANCES, VOLUME: FIX_VOLUMES}


@dataclass(frozen=True, slots=True)
class Stop:
    """What keeps a carrier's tags from its instances and from their volumes, and what to write so that they pass."""

    instances: str
    fix_instances: str
    volumes: str
    fix_volumes: str


def specified(version: Version, kind: str) -> Pairs:
    """The tags that a version puts on "instance" or "volume"."""
    return version.instances if kind == INSTANCE else version.volumes


def lack(joined: Joined, ref: TemplateRef, kind: str) -> str:
    """Why a launch template does not tag what it launches: "launch template lt-0a:3 has no ..."."""
    version = joined.facts.version(ref)
    if isinstance(version, Unknown):
        return f"{ref} was not seen ({version.cause})"
    if not specified(version, kind):
        return f"{version} has no tag_specifications for {kind}"
    return f"the tag_specifications of {version} for {kind} do not name it"


def template_stop(joined: Joined, ref: TemplateRef) -> Stop:
    return Stop(
        f"{lack(joined, ref, INSTANCE)}; {TEMPLATE_KEEPS}",
        FIX_INSTANCES,
        f"{lack(joined, ref, VOLUME)}; {TEMPLATE_KEEPS}",
        FIX_VOLUMES,
    )


def group_stop(joined: Joined, group: Group) -> Stop:
    if group.kept:
        instances, fix = f"PropagateAtLaunch is not set for {keys_in_words(group.kept)}", FIX_PROPAGATE
    else:
        instances, fix = "they started before the group had the tag, or it was taken off them", TAG_OR_REPLACE
    if group.templates:
        return Stop(instances, fix, f"{GROUP_KEEPS_FROM_VOLUMES}, and {_lacks(joined, group.templates)}", FIX_VOLUMES)
    if group.configuration:
        hop = f"{GROUP_KEEPS_FROM_VOLUMES}, and a launch configuration cannot tag them"
        return Stop(instances, fix, hop, _FIX_CONFIGURATION)
    return Stop(instances, fix, GROUP_KEEPS_FROM_VOLUMES, FIX_VOLUMES)


def node_group_stop(joined: Joined, node_group: NodeGroup) -> Stop:
    def hop(kind: str) -> str:
        kept = "tags of an EKS node group stay on it"
        if node_group.template is None:
            return f"{kept}, and it has no launch template of its own"
        return f"{kept}, and {lack(joined, node_group.template, kind)}"

    fixes = _FIX if node_group.template else dict.fromkeys((INSTANCE, VOLUME), _FIX_NODE_GROUP)
    return Stop(hop(INSTANCE), fixes[INSTANCE], hop(VOLUME), fixes[VOLUME])


def fleet_stop(joined: Joined, fleet: Fleet) -> Stop:
    kept = "tags of a fleet stay on the fleet"
    if not fleet.templates:
        hop = "tags of a launch specification do not reach volumes"
        fix = "set tags in each launch_specification, or use a launch template"
        return Stop(kept, fix, hop, "use launch_template_config instead")
    return Stop(
        f"{kept}, and {_lacks(joined, fleet.templates, INSTANCE)}",
        FIX_INSTANCES,
        f"{kept}, and {_lacks(joined, fleet.templates)}",
        FIX_VOLUMES,
    )


def environment_stop(joined: Joined, environment: Environment) -> Stop:
    kept = "tags of a Batch compute environment stay on it"
    instances = f"{kept}; its instances get computeResources.tags"
    if environment.template is None:
        return Stop(instances, FIX_ENVIRONMENT, f"{kept}, and it has no launch template", FIX_VOLUMES)
    return Stop(instances, FIX_ENVIRONMENT, f"{kept}, and {lack(joined, environment.template, VOLUME)}", FIX_VOLUMES)


def _lacks(joined: Joined, refs: Iterable[TemplateRef], kind: str = VOLUME) -> str:
    return " / ".join(dict.fromkeys(lack(joined, ref, kind) for ref in refs))
