"""The way of the tags to one live instance or volume, station by station.

A station whose keys fare differently (a group that propagates some of its tags) stands there once for those that pass
and once for those that stop. A station that could not be read says "not seen" and stops nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from tagwright_dictionary.model import Unknown
from tagwright_drift.live import Hop
from tagwright_drift.reach.facts import Disk, Group, Machine, NodeGroup, Pairs, TemplateRef, Version
from tagwright_drift.reach.hops import (
    FIX_ENVIRONMENT,
    FIX_PROPAGATE,
    INSTANCE,
    MACHINE_KEEPS,
    TAG_OR_REPLACE,
    TEMPLATE_KEEPS,
    VOLUME,
    environment_stop,
    fleet_stop,
    group_stop,
    lack,
    node_group_stop,
    specified,
)
from tagwright_drift.reach.joined import Joined
from tagwright_drift.reach.makers import (
    FLEET,
    GROUP,
    NODE_CLASS,
    SPOT_FLEET,
    environment_of,
    node_group_of,
    node_pool_of,
)
from tagwright_iac.reach.templates import FIX_INSTANCES, FIX_VOLUMES

NOT_SEEN: Final = "not seen: "


def machine_chain(joined: Joined, machine: Machine) -> tuple[Hop, ...]:
    """The way to an instance, which is its last station; () for one that nothing made."""
    way = tuple(_way(joined, machine, INSTANCE))
    return (*way, Hop(f"instance {machine.id}", machine.id, _keys(machine.tags))) if way else ()


def group_chain(joined: Joined, group: Group) -> tuple[Hop, ...]:
    """The way from a node group to the Auto Scaling group that EKS made for it; () for a group of anybody else."""
    node_group = joined.maker_of(group)
    if node_group is None:
        return ()
    keys = tuple(sorted({key for key, _, _ in group.tags}))
    return (*_node_group(joined, node_group, INSTANCE), Hop(f"Auto Scaling group {group.name}", group.arn, keys))


def disk_chain(joined: Joined, disk: Disk) -> tuple[Hop, ...]:
    """The way to a volume that came with an instance; () for any other, which has only its own tags."""
    if not disk.follows or not disk.machine:
        return ()
    last = Hop(f"volume {disk.id}", disk.id, _keys(disk.tags))
    machine = joined.machine(disk.machine)
    if machine is None:
        cause = joined.facts.machines.cause("instances")
        reason = cause.cause if cause else "it was not listed"
        return (Hop(f"instance {disk.machine}", disk.machine, why=f"{NOT_SEEN}{reason}"), last)
    stop = Hop(
        f"instance {machine.id}",
        machine.id,
        _keys(machine.tags),
        passes=False,
        why=MACHINE_KEEPS,
        fix="set volume_tags, or tags in each block device; tag the volume now (aws ec2 create-tags)",
    )
    return (*_way(joined, machine, VOLUME), stop, last)


def _way(joined: Joined, machine: Machine, kind: str) -> Iterator[Hop]:
    yield from _maker(joined, machine, kind)
    used = _used_template(joined, machine)
    if used is not None:
        yield from _template(joined, machine, used, kind)
    yield from _group(joined, machine, kind)


def _maker(joined: Joined, machine: Machine, kind: str) -> Iterator[Hop]:
    """What started it all: a node group, a Batch environment, a Karpenter node pool, a fleet."""
    facts = joined.facts
    if environment_of(machine):
        environment = joined.environment_of(machine)
        name = environment_of(machine)
        what = f"compute environment {name}"
        if environment is None:
            yield _unseen(what, name, facts.environments.cause("compute environments"))
            return
        stop = environment_stop(joined, environment)
        given = _keys(environment.given) if kind == INSTANCE else ()
        why = stop.instances if kind == INSTANCE else stop.volumes
        fix = FIX_ENVIRONMENT if kind == INSTANCE else stop.fix_volumes
        yield from _station(what, environment.arn, given, _without(environment.tags, given), why, fix)
    elif (node_group := joined.node_group_of(machine)) is not None:
        yield from _node_group(joined, node_group, kind)
    elif name := node_group_of(machine):
        yield _unseen(f"node group {name}", name, facts.node_groups.cause("node groups"))
    elif pool := node_pool_of(machine):
        node_class = machine.tag(NODE_CLASS)
        named = f"EC2NodeClass {node_class}" if node_class else "its EC2NodeClass"
        yield Hop(f"Karpenter node pool {pool}", pool, fix=f"add the tag to spec.tags of {named}")
    elif (id_ := machine.mark(SPOT_FLEET) or machine.mark(FLEET)) and not machine.mark(GROUP):
        fleet = joined.fleet_of(machine)
        if fleet is None:
            listing = facts.spot_fleets if machine.mark(SPOT_FLEET) else facts.fleets
            yield _unseen(f"fleet {id_}", id_, listing.cause("fleets"))
            return
        stop = fleet_stop(joined, fleet)
        why, fix = (stop.instances, stop.fix_instances) if kind == INSTANCE else (stop.volumes, stop.fix_volumes)
        yield Hop(f"fleet {fleet.id}", fleet.id, _keys(fleet.tags), False, why, fix)


def _node_group(joined: Joined, node_group: NodeGroup, kind: str) -> Iterator[Hop]:
    stop = node_group_stop(joined, node_group)
    why, fix = (stop.instances, stop.fix_instances) if kind == INSTANCE else (stop.volumes, stop.fix_volumes)
    yield Hop(f"node group {node_group.name}", node_group.arn, _keys(node_group.tags), False, why, fix)


def _used_template(joined: Joined, machine: Machine) -> TemplateRef | None:
    """The template a person can change: EKS and Batch run copies, and the copy of none is theirs."""
    node_group = joined.node_group_of(machine)
    if node_group is not None:
        return node_group.template
    environment = joined.environment_of(machine) if environment_of(machine) else None
    if environment is not None:
        return environment.template
    return joined.launched_from(machine)


def _template(joined: Joined, machine: Machine, ref: TemplateRef, kind: str) -> Iterator[Hop]:
    version = joined.facts.version(ref)
    if isinstance(version, Unknown):
        yield Hop(str(ref), ref.id or ref.name, why=f"{NOT_SEEN}{version.cause}")
        return
    given = _keys(specified(version, kind))
    yield from _newer(joined, machine, ref, version, kind)
    own = _without(joined.template_tags(ref), given)
    why, fix = lack(joined, ref, kind), FIX_INSTANCES if kind == INSTANCE else FIX_VOLUMES
    if given or own:
        yield from _station(str(version), ref.id or ref.name, given, own, f"{TEMPLATE_KEEPS}, and {why}", fix)
    else:
        yield Hop(str(version), ref.id or ref.name, passes=False, why=why, fix=fix)


def _newer(joined: Joined, machine: Machine, ref: TemplateRef, started: Version, kind: str) -> Iterator[Hop]:
    """The version that the instance's group launches from today, for the keys that it tags and the one the instance
    came from does not.
    """
    group = joined.group_of(machine)
    for other in group.templates if group is not None else ():
        today = joined.facts.version(other) if joined.template_id(other) == ref.id else started
        if not isinstance(today, Unknown):
            more = _without(specified(today, kind), _keys(specified(started, kind)))
            if more:
                why = f"{machine.id} was started from version {started.number}"
                yield Hop(str(today), ref.id, more, passes=False, why=why, fix=TAG_OR_REPLACE)


def _group(joined: Joined, machine: Machine, kind: str) -> Iterator[Hop]:
    name = machine.mark(GROUP)
    if not name:
        return
    what = f"Auto Scaling group {name}"
    group: Group | None = joined.group(name)
    if group is None:
        yield _unseen(what, name, joined.facts.groups.cause("Auto Scaling groups"))
    elif kind == VOLUME:
        keys = tuple(sorted({key for key, _, _ in group.tags}))
        stop = group_stop(joined, group)
        yield Hop(what, group.arn, keys, False, stop.volumes, stop.fix_volumes)
    else:
        passing = _keys(group.propagated)
        stopped = tuple(key for key in sorted(group.kept) if key not in passing)
        yield from _station(what, group.arn, passing, stopped, "PropagateAtLaunch is not set for it", FIX_PROPAGATE)


def _station(
    what: str, id_: str, passing: tuple[str, ...], stopped: tuple[str, ...], why: str, fix: str
) -> Iterator[Hop]:
    if passing or not stopped:
        yield Hop(what, id_, passing)
    if stopped:
        yield Hop(what, id_, stopped, False, why, fix)


def _unseen(what: str, id_: str, cause: Unknown | None) -> Hop:
    return Hop(what, id_, why=f"{NOT_SEEN}{cause.cause if cause else 'it was not listed'}")


def _keys(pairs: Pairs) -> tuple[str, ...]:
    return tuple(sorted({key for key, _ in pairs if not key.startswith("aws:")}))


def _without(pairs: Pairs, others: Iterable[str]) -> tuple[str, ...]:
    left = set(others)
    return tuple(key for key in _keys(pairs) if key not in left)
