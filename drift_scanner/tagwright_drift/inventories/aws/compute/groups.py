"""aws_autoscaling_group."""

from __future__ import annotations

from tagwright_drift.inventories.aws.building import make_resource, name_of, tags_of
from tagwright_drift.inventories.aws.compute.actions import GROUPS, MEMBERS, NODE_GROUPS, actions
from tagwright_drift.inventories.aws.compute.carried import with_templates
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import FactLister, Place
from tagwright_drift.live import LiveResource
from tagwright_drift.reach.bills import group_bills
from tagwright_drift.reach.chains import group_chain
from tagwright_drift.reach.facts import Attributes, Group
from tagwright_drift.reach.words import group_probable

TYPE = "aws_autoscaling_group"


def lister(keeper: FactsKeeper) -> FactLister[Group]:
    return FactLister(
        TYPE,
        "autoscaling",
        actions(*GROUPS, "autoscaling:DescribeLaunchConfigurations", ways=(*MEMBERS, *NODE_GROUPS)),
        keeper,
        lambda facts: facts.groups,
        _live,
    )


def _live(place: Place, group: Group) -> LiveResource:
    tags = tags_of((key, value) for key, value, _ in group.tags)
    name = f"autoScalingGroupName/{group.name}"
    arn = group.arn or place.arn("autoscaling", f"autoScalingGroup:*:{name}")
    resource = make_resource(
        TYPE,
        arn,
        place.site.account,
        tags=tags,
        attributes=dict(_attributes(place, group)),
        bills=group_bills(place.facts.joined, group),
    )
    return LiveResource(
        resource,
        place.cell,
        name_of(arn, tags, group.name),
        place.site.region,
        created=group.created,
        chain=group_chain(place.facts.joined, group),
        probable=group_probable(place.facts.joined, group),
    )


def _attributes(place: Place, group: Group) -> Attributes:
    found = with_templates(place.facts, group.attributes, group.templates, place.facts.joined.of_group(group))
    if not group.configuration:
        return found
    return (*found, ("launch_configuration->instance_type", (place.facts.configured_type(group.configuration),)))
