"""aws_eks_node_group."""

from __future__ import annotations

from tagwright_drift.inventories.aws.building import make_resource, tags_of
from tagwright_drift.inventories.aws.compute.actions import GROUPS, MEMBERS, NODE_GROUPS, actions
from tagwright_drift.inventories.aws.compute.carried import with_templates
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import FactLister, Place
from tagwright_drift.live import LiveResource
from tagwright_drift.reach.bills import node_group_bills
from tagwright_drift.reach.facts import NodeGroup
from tagwright_drift.reach.words import probable_of_cluster

TYPE = "aws_eks_node_group"


def lister(keeper: FactsKeeper) -> FactLister[NodeGroup]:
    """A node group that could not be described has no ARN to be known by: the cell is then partly seen."""
    return FactLister(
        TYPE,
        "eks",
        actions(*NODE_GROUPS, ways=(*MEMBERS, *GROUPS, "eks:DescribeCluster")),
        keeper,
        lambda facts: facts.node_groups,
        _live,
    )


def _live(place: Place, node_group: NodeGroup) -> LiveResource:
    joined = place.facts.joined
    refs = (node_group.template,) if node_group.template else ()
    attributes = with_templates(place.facts, node_group.attributes, refs, joined.of_node_group(node_group))
    resource = make_resource(
        TYPE,
        node_group.arn,
        place.site.account,
        tags=tags_of(node_group.tags),
        attributes=dict(attributes),
        bills=node_group_bills(joined, node_group),
    )
    return LiveResource(
        resource,
        place.cell,
        node_group.name,
        place.site.region,
        created=node_group.created,
        probable=probable_of_cluster(joined, node_group.cluster, node_group.tags),
    )
