"""aws_batch_compute_environment."""

from __future__ import annotations

from tagwright_drift.inventories.aws.building import make_resource, tags_of
from tagwright_drift.inventories.aws.compute.actions import MEMBERS, actions
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import FactLister, Place
from tagwright_drift.live import LiveResource
from tagwright_drift.reach.bills import environment_bills
from tagwright_drift.reach.facts import Environment

TYPE = "aws_batch_compute_environment"


def lister(keeper: FactsKeeper) -> FactLister[Environment]:
    return FactLister(
        TYPE,
        "batch",
        actions("batch:DescribeComputeEnvironments", ways=MEMBERS),
        keeper,
        lambda facts: facts.environments,
        _live,
    )


def _live(place: Place, environment: Environment) -> LiveResource:
    tags = tags_of(environment.tags)
    resource = make_resource(
        TYPE,
        environment.arn,
        place.site.account,
        tags=tags,
        attributes=dict(environment.attributes),
        bills=environment_bills(place.facts.joined, environment, tags),
    )
    return LiveResource(resource, place.cell, environment.name, place.site.region, incarnation=environment.uuid)
