"""aws_instance."""

from __future__ import annotations

from tagwright_drift.inventories.aws.building import make_resource, name_of, tags_of
from tagwright_drift.inventories.aws.compute.actions import MEMBERS, WAY, actions
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import FactLister, Place
from tagwright_drift.live import LiveResource
from tagwright_drift.reach.bills import machine_bills
from tagwright_drift.reach.chains import machine_chain
from tagwright_drift.reach.facts import Machine
from tagwright_drift.reach.makers import maker
from tagwright_drift.reach.words import machine_probable

TYPE = "aws_instance"


def lister(keeper: FactsKeeper) -> FactLister[Machine]:
    """Every instance but the terminated ones; stopped and spot instances count."""
    return FactLister(
        TYPE,
        "ec2",
        actions("ec2:DescribeInstances", ways=(*MEMBERS, *WAY)),
        keeper,
        lambda facts: facts.machines,
        _live,
    )


def _live(place: Place, machine: Machine) -> LiveResource:
    arn = place.arn("ec2", f"instance/{machine.id}")
    tags = tags_of(machine.tags)
    joined = place.facts.joined
    resource = make_resource(
        TYPE,
        arn,
        place.site.account,
        tags=tags,
        attributes={"instance_type": (machine.type,)},
        bills=machine_bills(joined, machine, tags),
    )
    return LiveResource(
        resource,
        place.cell,
        name_of(arn, tags),
        place.site.region,
        created=machine.created,
        group=maker(machine),
        chain=machine_chain(joined, machine),
        probable=machine_probable(joined, machine),
    )
