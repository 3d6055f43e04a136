"""The compute family of AWS: what runs, what launches it, and the way of tags from one to the other.

Its listers share the facts of an account and region (`gathering`): DescribeInstances is asked once, not once a cell.
"""

from __future__ import annotations

from tagwright_drift.inventories.aws.compute import (
    batch_environments,
    batch_queues,
    capacity_blocks,
    ecs_clusters,
    ecs_services,
    eks_clusters,
    eks_fargate_profiles,
    eks_node_groups,
    fleets,
    groups,
    instances,
    launch_templates,
    reservations,
    snapshots,
    volumes,
)
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.contract import Lister

__all__ = ["COMPUTE_LISTERS", "compute_listers"]


def compute_listers(keeper: FactsKeeper) -> dict[str, Lister]:
    """Every lister of the family by its type; those of one `keeper` share what they read."""
    listers: tuple[Lister, ...] = (
        instances.lister(keeper),
        volumes.lister(keeper),
        snapshots.lister(keeper),
        launch_templates.lister(keeper),
        groups.lister(keeper),
        fleets.ec2_fleet_lister(keeper),
        fleets.spot_fleet_lister(keeper),
        reservations.lister(keeper),
        capacity_blocks.lister(keeper),
        eks_clusters.lister(keeper),
        eks_node_groups.lister(keeper),
        eks_fargate_profiles.lister(keeper),
        batch_environments.lister(keeper),
        batch_queues.lister(keeper),
        ecs_clusters.lister(keeper),
        ecs_services.lister(keeper),
    )
    return {each.type: each for each in listers}


COMPUTE_LISTERS = compute_listers(FactsKeeper())
"""The listers of a scan. Facts are kept a site, and go with it."""
