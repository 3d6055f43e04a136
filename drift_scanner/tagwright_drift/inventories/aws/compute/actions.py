"""IAM actions of the ways that tags take: what every lister of the family may use beside its own listing."""

from __future__ import annotations

from typing import Final

MEMBERS: Final = ("ec2:DescribeInstances", "ec2:DescribeVolumes", "ec2:DescribeLaunchTemplateVersions")
"""What runs behind a carrier, and what it is started from."""

NODE_GROUPS: Final = ("eks:ListClusters", "eks:ListNodegroups", "eks:DescribeNodegroup")
GROUPS: Final = ("autoscaling:DescribeAutoScalingGroups",)
USERS: Final = (
    *GROUPS,
    "batch:DescribeComputeEnvironments",
    "ec2:DescribeFleets",
    "ec2:DescribeSpotFleetRequests",
    *NODE_GROUPS,
)
"""Everything that launches from templates."""

WAY: Final = (*USERS, "ec2:DescribeLaunchTemplates", "eks:DescribeCluster")
"""Everything that an instance's way may lead through."""


def actions(*own: str, ways: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The lister's own, then those of the ways, each once."""
    return tuple(dict.fromkeys((*own, *ways)))
