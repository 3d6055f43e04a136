"""Who made an instance: from what AWS wrote, so that nobody restarts a clock by rewriting a tag."""

from __future__ import annotations

import pytest
from tests.drift_scanner.reach.worlds import machine

from tagwright_drift.reach.makers import maker

UUID = "640012bd-4e90-3f19-9dd2-c09a23dc923d"
FLEET = {"aws__ec2__fleet_id": "fleet-1"}
POOL = {"karpenter.sh/nodepool": "gpu", "karpenter.k8s.aws/ec2nodeclass": "default"}

EPHEMERAL = [
    (machine(1, group="web"), "asg:web"),
    (machine(1, group="web", **FLEET), "asg:web"),  # mixed instances come through a fleet
    (machine(1, group=f"eks-ng-1-{UUID}", aws__eks__cluster_name="c"), "eks-nodegroup:c/ng-1"),
    (machine(1, {"eks:cluster-name": "c"}, group=f"eks-ng-1-{UUID}"), "eks-nodegroup:c/ng-1"),
    (machine(1, group=f"eks-{UUID}"), f"asg:eks-{UUID}"),  # of before 2021: the name is not in it
    (machine(1, group=f"AWSBatch-ce_1-asg-{UUID}"), "batch:ce_1"),
    (machine(1, {"AWSBatchServiceTag": "batch"}, group=f"ce_1-asg-{UUID}"), "batch:ce_1"),
    (machine(1, aws__batch__compute_environment="ce_1", **FLEET), "batch:ce_1"),
    (machine(1, POOL, **FLEET), "karpenter:gpu"),
    (machine(1, POOL | {"eks:eks-cluster-name": "c"}, **FLEET), "karpenter:c/gpu"),
    (machine(1, POOL, aws__eks__cluster_name="c"), "karpenter:c/gpu"),  # EKS Auto Mode
    (machine(1, {"karpenter.sh/provisioner-name": "old"}, **FLEET), "karpenter:old"),
    (machine(1, **FLEET), "fleet:fleet-1"),
    (machine(1, aws__ec2spot__fleet_request_id="sfr-1", **FLEET), "fleet:sfr-1"),
]
BY_ITSELF = [
    machine(1),
    machine(1, template="lt-1"),  # started from a template, by hand
    machine(1, POOL),  # says Karpenter, but no fleet started it
    machine(1, {"eks:nodegroup-name": "ng-1", "eks:cluster-name": "c"}),  # anybody can write that
    machine(1, {"AWSBatchServiceTag": "batch"}),
    machine(1, {"aws-autoscaling-groupName": "web"}),
]
NOT_BATCH = machine(1, group=f"mine-asg-{UUID}")


@pytest.mark.parametrize(("made", "expected"), EPHEMERAL)
def test_maker(made, expected):
    assert maker(made) == expected


@pytest.mark.parametrize("alone", BY_ITSELF)
def test_no_maker(alone):
    assert maker(alone) == ""


def test_a_name_like_batchs_is_not_enough():
    assert maker(NOT_BATCH) == f"asg:mine-asg-{UUID}"


@pytest.mark.parametrize("made", [each for each, _ in EPHEMERAL[:3]])
def test_tags_of_a_user_do_not_move_it(made):
    """`eks:nodegroup-name`, Karpenter's and Batch's tags, added by somebody, change nothing for what AWS named."""
    from dataclasses import replace

    forged = {**dict(made.tags), **POOL, "eks:nodegroup-name": "other", "AWSBatchServiceTag": "batch"}
    assert maker(replace(made, tags=tuple(sorted(forged.items())))) == maker(made)
