"""What AWS refuses: every cell ends in its own honest state; what was not seen is called neither clean nor broken."""

from __future__ import annotations

import random

import pytest
from tests.drift_scanner.compute.conftest import ACCOUNT, REGION, Reader
from tests.drift_scanner.faults import Fault

from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.actions import actions_of
from tagwright_drift.inventories.aws.session import Clients, Patience
from tagwright_drift.inventories.aws.site import AwsSite
from tagwright_drift.reach import chain_words

LISTINGS = {  # what lists each type; refused, the cell shows nothing and says why
    "aws_instance": ("ec2", "DescribeInstances"),
    "aws_ebs_volume": ("ec2", "DescribeVolumes"),
    "aws_ebs_snapshot": ("ec2", "DescribeSnapshots"),
    "aws_launch_template": ("ec2", "DescribeLaunchTemplates"),
    "aws_autoscaling_group": ("autoscaling", "DescribeAutoScalingGroups"),
    "aws_ec2_fleet": ("ec2", "DescribeFleets"),
    "aws_spot_fleet_request": ("ec2", "DescribeSpotFleetRequests"),
    "aws_eks_cluster": ("eks", "ListClusters"),
    "aws_eks_node_group": ("eks", "ListClusters"),
    "aws_eks_fargate_profile": ("eks", "ListClusters"),
    "aws_batch_compute_environment": ("batch", "DescribeComputeEnvironments"),
    "aws_batch_job_queue": ("batch", "DescribeJobQueues"),
    "aws_ecs_cluster": ("ecs", "ListClusters"),
    "aws_ecs_service": ("ecs", "ListClusters"),
}
KINDS = {
    "denied": CellState.DENIED,
    "scp": CellState.DENIED,
    "throttled": CellState.THROTTLED,
    "expired": CellState.ERROR,
    "html500": CellState.ERROR,
    "truncated": CellState.ERROR,
    "empty": CellState.ERROR,
}


TYPES = [type_ for type_ in LISTINGS if type_ != "aws_ebs_snapshot"]


@pytest.fixture(scope="module")
def truth(estate, cloud, boto):
    """What is there, by type: read without faults."""
    cloud.plan()
    clients = Clients(boto, endpoint_url=cloud.url, patience=Patience(connect=10, read=30, attempts=1))
    reader = Reader(AwsSite(clients, ACCOUNT, REGION))
    found = {type_: reader(type_) for type_ in TYPES}
    clients.close()
    return found


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_listing_that_fails_is_never_an_empty_one(kind, estate, cloud, read):
    cloud.plan(*(Fault(kind, service, operation) for service, operation in set(LISTINGS.values())))
    for type_ in LISTINGS:
        found, trouble = read.outcome(type_)
        assert (found, trouble and trouble.state) == ({}, KINDS[kind]), type_
        assert trouble.refused_by == {"denied": "iam", "scp": "scp"}.get(kind, "")


UNDECIDED_WITHOUT = [
    # (refused, cells that stay complete, whose bills are then incomplete)
    (("ec2", "DescribeVolumes"), ["aws_instance", "aws_autoscaling_group", "aws_launch_template"]),
    (("ec2", "DescribeInstances"), ["aws_autoscaling_group", "aws_launch_template", "aws_eks_node_group"]),
    (("ec2", "DescribeInstances"), ["aws_batch_compute_environment"]),
    (("eks", "ListClusters"), ["aws_launch_template"]),
    (("batch", "DescribeComputeEnvironments"), ["aws_launch_template"]),
    (("ecs", "DescribeTaskDefinition"), ["aws_ecs_service"]),
]


@pytest.mark.parametrize(("refused", "types"), UNDECIDED_WITHOUT)
def test_bills_that_could_not_be_read_are_incomplete_with_the_cause(refused, types, estate, cloud, read):
    cloud.plan(Fault("denied", *refused))
    for type_ in types:
        found, trouble = read.outcome(type_)
        assert trouble is None
        assert found
        shaken = [
            bill.tags
            for live in found.values()
            for bill in live.resource.bills
            if not bill.own and not bill.tags.complete
        ]
        assert shaken, type_
        assert all(refused[1] in tags.cause.cause for tags in shaken)
        # what is said to be missing is missing: no bill that is complete was made of what was not seen
        if refused[1] == "DescribeInstances":
            assert not [bill for live in found.values() for bill in live.resource.bills if bill.tags.complete]


WAYS = [
    (("ec2", "DescribeLaunchTemplateVersions"), "launch template"),
    (("autoscaling", "DescribeAutoScalingGroups"), "Auto Scaling group"),
]


@pytest.mark.parametrize(("refused", "what"), WAYS)
def test_instances_are_whole_when_their_way_is_not(refused, what, estate, truth, cloud, read):
    whole = {id_: live.resource.tags for id_, live in truth["aws_instance"].items()}
    cloud.plan(Fault("denied", *refused))
    found = read("aws_instance")
    assert {id_: live.resource.tags for id_, live in found.items()} == whole
    (unseen,) = [hop for hop in found[estate.group_instances[0]].chain if hop.why.startswith("not seen")]
    assert unseen.what.startswith(what)
    assert refused[1] in unseen.why
    assert "was not seen" in chain_words(found[estate.group_instances[0]].chain, "cost-center")


def test_groups_do_not_depend_on_what_else_was_read(truth, cloud, read):
    """Whom a finding is about must not change because something else was denied."""
    before = {id_: live.group for id_, live in truth["aws_instance"].items()}
    cloud.plan(Fault("denied", "eks"), Fault("denied", "autoscaling"), Fault("denied", "batch"))
    assert {id_: live.group for id_, live in read("aws_instance").items()} == before


def test_volumes_of_instances_that_were_not_seen_are_shown_and_their_cell_is_not_whole(estate, cloud, read):
    """Their findings belong to the group of an instance that nobody saw: nothing may be resolved by this cell."""
    cloud.plan(Fault("denied", "ec2", "DescribeInstances"))
    found, trouble = read.outcome("aws_ebs_volume")
    assert len(found) >= 8
    assert trouble.state is CellState.PARTIAL
    reason = "volumes were listed, but not all instances that they belong to"
    assert trouble.reason == f"{reason}: UnauthorizedOperation for ec2:DescribeInstances"


def test_a_cluster_that_cannot_be_described_has_unknown_tags(estate, cloud, read):
    cloud.plan(Fault("denied", "eks", "DescribeCluster"))
    (page,) = [page for page in read.pages("aws_eks_cluster") if page.resources]
    (live,) = page.resources
    assert (live.resource.address, page.unread) == ("arn:aws:eks:us-east-1:123456789012:cluster/c1", 1)
    assert (live.resource.tags.items, live.resource.tags.complete) == ((), False)
    assert page.why == "AccessDeniedException for eks:DescribeCluster"


@pytest.mark.parametrize(
    ("type_", "operation"),
    [
        ("aws_eks_node_group", "DescribeNodegroup"),
        ("aws_eks_node_group", "ListNodegroups"),
        ("aws_eks_fargate_profile", "DescribeFargateProfile"),
        ("aws_ecs_service", "ListServices"),
        ("aws_ecs_service", "DescribeServices"),
        ("aws_ecs_cluster", "DescribeClusters"),
    ],
)
def test_details_that_fail_are_not_an_empty_cell(type_, operation, estate, cloud, read):
    cloud.plan(Fault("denied", operation=operation))
    found, trouble = read.outcome(type_)
    assert (found, trouble.state) == ({}, CellState.DENIED)
    assert operation in trouble.reason


def test_services_seen_before_the_trouble_stay(estate, cloud, read):
    cloud.plan(Fault("throttled", "ecs", "DescribeServices", after=1))
    found, trouble = read.outcome("aws_ecs_service")
    assert (len(found), trouble.state) == (10, CellState.THROTTLED)


def test_each_lister_does_only_what_it_declares(estate, cloud, boto):
    """`actions` make the policy: a lister alone, with facts of its own, must get by with them."""
    clients = Clients(boto, endpoint_url=cloud.url, patience=Patience(connect=10, read=30, attempts=1))
    used = set()
    for type_, lister in Reader(None).listers.items():
        cloud.plan()
        Reader(AwsSite(clients, ACCOUNT, REGION)).outcome(type_)
        called = {action for call in cloud.calls for action in actions_of(call.service, call.operation)}
        assert called <= set(lister.actions), type_
        assert lister.actions[0] in called
        used |= called
    assert used >= {action for lister in Reader(None).listers.values() for action in lister.actions[:1]}
    clients.close()


def random_faults(seed):
    rng = random.Random(seed)
    operations = sorted(
        {
            *LISTINGS.values(),
            ("ec2", "DescribeLaunchTemplateVersions"),
            ("eks", "DescribeNodegroup"),
            ("eks", "DescribeCluster"),
            ("ecs", "DescribeServices"),
            ("ecs", "DescribeClusters"),
        }
    )
    return [
        Fault(rng.choice(sorted(KINDS)), service, operation, every=rng.choice((1, 1, 2)))
        for service, operation in rng.sample(operations, rng.randint(1, 6))
    ]


@pytest.mark.parametrize("seed", range(5))
def test_random_faults(seed, truth, cloud, read):
    """Against the cloud without faults: what is seen is true, a cell without trouble is whole, and a bill that says
    that a key does not arrive says so without faults as well.
    """
    faults = random_faults(seed)
    cloud.plan(*faults)
    for type_ in TYPES:
        found, trouble = read.outcome(type_)
        where = f"seed {seed}: {type_}: {faults}"
        assert set(found) <= set(truth[type_]), where
        if trouble is None:
            assert set(found) == set(truth[type_]), where
        for id_, live in found.items():
            real = truth[type_][id_].resource
            if live.resource.tags.complete:
                assert live.resource.tags == real.tags, where
            else:
                assert not live.resource.tags.items, where
            for bill in live.resource.bills:
                if bill.tags.complete:
                    assert bill.tags in [each.tags for each in real.bills], where
