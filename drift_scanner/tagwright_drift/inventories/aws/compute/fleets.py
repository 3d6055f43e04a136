"""aws_ec2_fleet and aws_spot_fleet_request."""

from __future__ import annotations

from tagwright_drift.inventories.aws.building import make_resource, name_of, tags_of
from tagwright_drift.inventories.aws.compute.actions import MEMBERS, actions
from tagwright_drift.inventories.aws.compute.carried import with_templates
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import FactLister, Place
from tagwright_drift.live import LiveResource
from tagwright_drift.reach.bills import fleet_bills
from tagwright_drift.reach.facts import Fleet

FLEET, SPOT_FLEET = "aws_ec2_fleet", "aws_spot_fleet_request"


def ec2_fleet_lister(keeper: FactsKeeper) -> FactLister[Fleet]:
    """Maintained and request fleets; an instant one is over when its request is, and AWS lists none."""
    return FactLister(
        FLEET, "ec2", actions("ec2:DescribeFleets", ways=MEMBERS), keeper, lambda facts: facts.fleets, _live
    )


def spot_fleet_lister(keeper: FactsKeeper) -> FactLister[Fleet]:
    return FactLister(
        SPOT_FLEET,
        "ec2",
        actions("ec2:DescribeSpotFleetRequests", ways=MEMBERS),
        keeper,
        lambda facts: facts.spot_fleets,
        _live,
    )


def _live(place: Place, fleet: Fleet) -> LiveResource:
    arn = place.arn("ec2", f"spot-fleet-request/{fleet.id}" if fleet.spot else f"fleet/{fleet.id}")
    tags = tags_of(fleet.tags)
    joined = place.facts.joined
    resource = make_resource(
        SPOT_FLEET if fleet.spot else FLEET,
        arn,
        place.site.account,
        tags=tags,
        attributes=dict(with_templates(place.facts, fleet.attributes, fleet.templates, joined.of_fleet(fleet))),
        bills=fleet_bills(joined, fleet),
    )
    return LiveResource(resource, place.cell, name_of(arn, tags), place.site.region, created=fleet.created)
