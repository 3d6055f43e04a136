"""Who made an instance: from what AWS wrote, so that nobody restarts a clock by rewriting a tag."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.drift_scanner.reach.worlds import machine

from tagwright_drift.reach.makers import environment_of, maker

UUID = "640012bd-4e90-3f19-9dd2-c09a23dc923d"
FLEET = {"aws__ec2__fleet_id": "fleet-1"}
POOL = {"karpenter.sh/nodepool": "gpu", "karpenter.k8s.aws/ec2nodeclass": "default"}

EPHEMERAL = [
    (machine(1, group="web"), "asg:web"),
    (machine(1, group="web", **FLEET), "asg:web"),  # mixed instances come through a fleet
    (machine(1, group=f"eks-ng-1-{UUID}", aws__eks__cluster_name="c"), "eks-nodegroup:c/ng-1"),
    (machine(1, {"eks:cluster-name": "c"}, group=f"eks-ng-1-{UUID}"), f"asg:eks-ng-1-{UUID}"),
    (machine(1, group=f"eks-{UUID}"), f"asg:eks-{UUID}"),  # of before 2021: the name is not in it
    (machine(1, group=f"AWSBatch-ce_1-asg-{UUID}"), "batch:ce_1"),
    (machine(1, {"AWSBatchServiceTag": "batch"}, group=f"ce_1-asg-{UUID}"), f"asg:ce_1-asg-{UUID}"),
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


@pytest.mark.parametrize(("made", "expected"), EPHEMERAL)
def test_maker(made, expected):
    assert maker(made) == expected


@pytest.mark.parametrize("alone", BY_ITSELF)
def test_no_maker(alone):
    assert maker(alone) == ""


@pytest.mark.parametrize(("tags", "expected"), [({"AWSBatchServiceTag": "batch"}, "ce_1"), ({}, "")])
def test_environment_of_a_way_may_be_told_by_an_ordinary_tag(tags, expected):
    """The way is an explanation; whom a finding is about is not left to it."""
    assert environment_of(machine(1, tags, group=f"ce_1-asg-{UUID}")) == expected


@pytest.mark.parametrize("made", [each for each, name in EPHEMERAL if not name.startswith(("karpenter:", "fleet:"))])
def test_tags_of_a_user_do_not_move_it(made):
    """`eks:nodegroup-name`, Karpenter's and Batch's tags, added by somebody, change nothing for what AWS named."""
    forged = {**dict(made.tags), **POOL, "eks:nodegroup-name": "other", "AWSBatchServiceTag": "batch"}
    assert maker(replace(made, tags=tuple(sorted(forged.items())))) == maker(made)
    assert maker(replace(made, tags=())) == maker(made)
