"""What of a carrier is billed, and the tags that those instances and volumes really carry.

With live instances behind it a carrier has the tags that all of them carry; without any, those that the next one will
get. Whatever could not be read leaves the tags incomplete: undecided, neither clean nor `unreached`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tagwright_dictionary.model import NO_TAGS, Bill, Tags, Unknown
from tagwright_drift.reach.facts import Environment, Fleet, Group, Machine, NodeGroup, Template, TemplateRef
from tagwright_drift.reach.hops import Stop, environment_stop, fleet_stop, group_stop, node_group_stop, template_stop
from tagwright_drift.reach.joined import Joined
from tagwright_drift.reach.launches import (
    Launch,
    alternatives,
    of_environment,
    of_fleet,
    of_group,
    of_node_group,
    of_template,
)
from tagwright_drift.reach.tagsets import agreed, live
from tagwright_iac.reach.tagsets import layers, unseen

NEXT = "it will launch"


def group_bills(joined: Joined, group: Group) -> tuple[Bill, ...]:
    """An Auto Scaling group costs nothing; its instances and their volumes do."""
    stop = group_stop(joined, group)
    return _carried(joined, joined.of_group(group), of_group(joined, group), stop)


def node_group_bills(joined: Joined, node_group: NodeGroup) -> tuple[Bill, ...]:
    """Tags of a node group never leave it (aws/containers-roadmap#608)."""
    stop = node_group_stop(joined, node_group)
    return _carried(joined, joined.of_node_group(node_group), of_node_group(joined, node_group), stop)


def fleet_bills(joined: Joined, fleet: Fleet) -> tuple[Bill, ...]:
    return _carried(joined, joined.of_fleet(fleet), of_fleet(joined, fleet), fleet_stop(joined, fleet))


def environment_bills(joined: Joined, environment: Environment, own: Tags) -> tuple[Bill, ...]:
    """An environment on Fargate, or one that somebody else's instances serve, is judged by its own tags."""
    if not environment.runs_instances:
        return (Bill("compute environment", own, own=True),)
    members = joined.of_environment(environment)
    return _carried(joined, members, of_environment(joined, environment), environment_stop(joined, environment))


def template_bills(joined: Joined, template: Template) -> tuple[Bill, ...]:
    """The instances started from it, by whomever; for an unused one what its default version tags."""
    facts = joined.facts
    members = joined.of_template(template.id)
    ref = TemplateRef(template.id)
    bills = _carried(
        joined, members, _used(joined, template.id) or of_template(joined, ref), template_stop(joined, ref)
    )
    cause = facts.node_groups.cause("node groups") or facts.environments.cause("compute environments")
    if not members:
        cause = cause or facts.groups.cause("Auto Scaling groups")
        cause = cause or facts.fleets.cause("fleets") or facts.spot_fleets.cause("fleets")
    if cause is None:
        return bills
    # Who else uses it, through a copy, could not be seen: it may tag what it launches.
    return tuple(replace(bill, tags=layers(bill.tags, unseen(cause))) for bill in bills)


def machine_bills(joined: Joined, machine: Machine, own: Tags) -> tuple[Bill, ...]:
    """The instance itself, and the volumes that came with it and go with it."""
    instance = Bill("instance", own, own=True)
    if not any(each.follows for each in machine.disks):
        return (instance,)
    tags = agreed(_disk_tags(joined, [machine]), "volumes")
    hop = "tags of an instance do not reach its volumes"
    fix = 'tag them now (aws ec2 create-tags), and add tag_specifications { resource_type = "volume" } where it starts'
    return (instance, Bill("volumes", tags, broken_hop=hop, fix=fix))


def _used(joined: Joined, template: str) -> Launch | None:
    """What its users, all without an instance, will launch from it; None without users."""
    users = joined.users_of(template)
    launches = [
        *(of_group(joined, each) for each in users.groups),
        *(of_node_group(joined, each) for each in users.node_groups),
        *(of_fleet(joined, each) for each in users.fleets),
        *(of_environment(joined, each) for each in users.environments),
    ]
    return alternatives(launches) if launches else None


def _carried(joined: Joined, members: Sequence[Machine], launch: Launch, stop: Stop) -> tuple[Bill, ...]:
    trouble = joined.facts.machines.cause("instances")
    bills: list[Bill] = []
    instances, volumes = launch.instances, launch.volumes
    suffix = f" {NEXT}"
    if members:
        suffix = ""
        instances = agreed(((each.id, live(each.tags)) for each in members), "instances")
        disks = list(_disk_tags(joined, members))
        volumes = agreed(disks, "volumes") if disks else None
    if trouble is not None:
        suffix = ""
        unread = unseen(trouble)
        instances = layers(instances if members else NO_TAGS, unread)
        volumes = layers(volumes if members and volumes else NO_TAGS, unread)
    bills.append(Bill(f"instances{suffix}", instances, broken_hop=stop.instances, fix=stop.fix_instances))
    if volumes is not None:
        bills.append(Bill(f"volumes{suffix}", volumes, broken_hop=stop.volumes, fix=stop.fix_volumes))
    return tuple(bills)


def _disk_tags(joined: Joined, members: Iterable[Machine]) -> Iterator[tuple[str, Tags]]:
    """The volumes that came with the instances. One that was not listed has tags that cannot be seen."""
    for machine in members:
        for attached in machine.disks:
            if not attached.follows:
                continue
            disk = joined.disk(attached.disk)
            if disk is not None:
                yield disk.id, live(disk.tags)
                continue
            cause = joined.facts.disks.cause("volumes")
            yield attached.disk, unseen(cause or _not_listed(attached.disk))


def _not_listed(disk: str) -> Unknown:
    return Unknown(f"{disk} was attached but not listed", "scan again")
