"""Answers that moto does not give: capacity, fleets, paging, stopped instances, AWS's managed ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.drift_scanner.compute.conftest import ACCOUNT, NOW, REGION, Reader
from tests.drift_scanner.compute.scripted import DENIED, ScriptedSite

from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.compute import compute_listers
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.contract import Refused
from tagwright_drift.inventories.contract import CellTrouble
from tagwright_drift.reach import chain_words

BORN = datetime(2026, 11, 1, 8, tzinfo=UTC)
OWNER = [{"Key": "owner", "Value": "a@acme.example"}]


def tags(live):
    assert live.resource.tags.complete
    return {tag.key: tag.value for tag in live.resource.tags.items}


def bills(live):
    return {bill.what: {tag.key: tag.value for tag in bill.tags.items} for bill in live.resource.bills}


def instance(id_, *, marks=None, owned=(), disks=(), type_="p5.48xlarge", **more):
    reserved = [{"Key": key, "Value": value} for key, value in (marks or {}).items()]
    return {
        "InstanceId": id_,
        "InstanceType": type_,
        "State": {"Name": "running", "Code": 16},
        "LaunchTime": BORN,
        "RootDeviceName": "/dev/xvda",
        "Tags": [*owned, *reserved],
        "BlockDeviceMappings": [
            {"DeviceName": name, "Ebs": {"VolumeId": disk, "DeleteOnTermination": follows, "AttachTime": BORN}}
            for name, disk, follows in disks
        ],
        **more,
    }


def described(*instances):
    return {("ec2", "describe_instances"): [{"Reservations": [{"Instances": [each]}]} for each in instances]}


def test_capacity_reservations():
    def row(id_, state="active", owner=ACCOUNT, **more):
        arn = f"arn:aws:ec2:us-east-1:{owner}:capacity-reservation/{id_}"
        return {"CapacityReservationId": id_, "CapacityReservationArn": arn, "OwnerId": owner, "State": state, **more}

    site = ScriptedSite(
        {
            ("ec2", "describe_capacity_reservations"): [
                {"CapacityReservations": [row("cr-1", InstanceType="p5.48xlarge", Tags=OWNER, CreateDate=BORN)]},
                {
                    "CapacityReservations": [
                        row("cr-2", InstanceType="m5.large", State="scheduled"),
                        row("cr-3", "cancelled", InstanceType="p5.48xlarge"),
                        row("cr-4", "expired", InstanceType="p5.48xlarge"),
                        row("cr-5", owner="210987654321", InstanceType="p5.48xlarge"),  # shared by its owner
                    ]
                },
            ]
        }
    )
    found = Reader(site)("aws_ec2_capacity_reservation")
    assert {id_: (tags(live), "gpu" in live.resource.classes.certain) for id_, live in found.items()} == {
        "cr-1": ({"owner": "a@acme.example"}, True),
        "cr-2": ({}, False),
    }
    assert found["cr-1"].created == BORN
    assert bills(found["cr-1"]) == {"capacity reservation": {"owner": "a@acme.example"}}


def test_capacity_blocks():
    site = ScriptedSite(
        {
            ("ec2", "describe_capacity_blocks"): [
                {"CapacityBlocks": [{"CapacityBlockId": "cb-1", "State": "active", "Tags": OWNER, "CreateDate": BORN}]},
                {"CapacityBlocks": [{"CapacityBlockId": "cb-2", "State": "scheduled"}]},
                {"CapacityBlocks": [{"CapacityBlockId": "cb-3", "State": "expired"}]},
            ]
        }
    )
    found = Reader(site)("aws_ec2_capacity_block_reservation")
    assert {live.resource.address: tags(live) for live in found.values()} == {
        "arn:aws:ec2:us-east-1:123456789012:capacity-block/cb-1": {"owner": "a@acme.example"},
        "arn:aws:ec2:us-east-1:123456789012:capacity-block/cb-2": {},
    }
    assert all("gpu" in live.resource.classes.certain for live in found.values())


def versions(id_, instances=(), volumes=(), number=1, **data):
    specifications = [
        {"ResourceType": kind, "Tags": list(given)}
        for kind, given in (("instance", instances), ("volume", volumes))
        if given
    ]
    return {
        "LaunchTemplateId": id_,
        "LaunchTemplateName": f"{id_}-name",
        "VersionNumber": number,
        "DefaultVersion": number == 1,
        "LaunchTemplateData": {"InstanceType": "p5.48xlarge", "TagSpecifications": specifications, **data},
    }


def listed(*rows):
    return {("ec2", "describe_launch_template_versions"): [{"LaunchTemplateVersions": list(rows)}]}


def fleet(id_="fleet-1", state="active", **more):
    ref = {"LaunchTemplateSpecification": {"LaunchTemplateName": "lt-1-name", "Version": "$Latest"}, "Overrides": []}
    return {"FleetId": id_, "FleetState": state, "Tags": OWNER, "LaunchTemplateConfigs": [ref], **more}


def test_fleets():
    site = ScriptedSite(
        {
            ("ec2", "describe_fleets"): [{"Fleets": [fleet()]}, {"Fleets": [fleet("fleet-2", "deleted_running")]}],
            **listed(versions("lt-1", OWNER)),
            **described(instance("i-1", marks={"aws:ec2:fleet-id": "fleet-1"}, owned=[{"Key": "team", "Value": "x"}])),
        }
    )
    (live,) = Reader(site)("aws_ec2_fleet").values()
    assert (live.resource.address, tags(live)) == (
        "arn:aws:ec2:us-east-1:123456789012:fleet/fleet-1",
        {"owner": "a@acme.example"},
    )
    assert bills(live) == {"instances": {"team": "x"}}  # not what the template promises: what runs
    assert "gpu" in live.resource.classes.certain


def test_spot_fleets():
    specification = {
        "InstanceType": "g5.xlarge",
        "TagSpecifications": [{"ResourceType": "instance", "Tags": OWNER}],
    }
    config = {"IamFleetRole": "r", "TargetCapacity": 1, "LaunchSpecifications": [specification]}

    def row(id_, state):
        return {"SpotFleetRequestId": id_, "SpotFleetRequestState": state, "SpotFleetRequestConfig": config}

    site = ScriptedSite(
        {
            ("ec2", "describe_spot_fleet_requests"): [
                {"SpotFleetRequestConfigs": [row("sfr-1", "active"), row("sfr-2", "cancelled")]}
            ]
        }
    )
    (live,) = Reader(site)("aws_spot_fleet_request").values()
    assert live.resource.address == "arn:aws:ec2:us-east-1:123456789012:spot-fleet-request/sfr-1"
    assert bills(live) == {"instances it will launch": {"owner": "a@acme.example"}, "volumes it will launch": {}}
    assert "gpu" in live.resource.classes.certain


def volume(id_, at=None, follows=True, **more):
    attachments = [{"InstanceId": at, "DeleteOnTermination": follows}] if at else []
    return {"VolumeId": id_, "Attachments": attachments, "CreateTime": BORN, **more}


def test_volumes_over_pages_and_at_several_instances():
    """moto answers with one page whatever is asked."""
    shared = {"VolumeId": "vol-m", "Attachments": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}]}
    site = ScriptedSite(
        {
            ("ec2", "describe_volumes"): [
                {"Volumes": [volume("vol-1", "i-1", Tags=OWNER)]},
                {"Volumes": [volume("vol-2"), shared]},
                {"Volumes": []},
                {"Volumes": [volume("vol-3", "i-1", follows=False)]},
            ],
            **described(
                instance("i-1", marks={"aws:autoscaling:groupName": "g"}, disks=[("/dev/xvda", "vol-1", False)]),
            ),
        }
    )
    found = Reader(site)("aws_ebs_volume")
    assert {id_: (live.group, bool(live.chain)) for id_, live in found.items()} == {
        "vol-1": ("asg:g", True),  # the root volume is the group's work, even where it outlives the instance
        "vol-2": ("", False),
        "vol-3": ("", False),  # attached by somebody, and staying
        "vol-m": ("", False),
    }


def test_volumes_go_with_an_instance_that_is_going():
    going = [
        {"InstanceId": "i-1", "State": {"Name": "shutting-down"}},
        {"InstanceId": "i-2", "State": {"Name": "terminated"}},
        instance("i-3", State={"Name": "stopping"}),
    ]
    volumes = [
        volume("vol-1", "i-1"),
        volume("vol-2", "i-2"),
        volume("vol-3", "i-3"),
        volume("vol-4", "i-1", follows=False),  # stays, and costs
    ]
    site = ScriptedSite({**described(*going), ("ec2", "describe_volumes"): [{"Volumes": volumes}]})
    read = Reader(site)
    assert (set(read("aws_instance")), set(read("aws_ebs_volume"))) == ({"i-3"}, {"vol-3", "vol-4"})


@pytest.mark.parametrize("operation", ["describe_instances", "describe_volumes"])
def test_pages_before_the_trouble_stay(operation):
    pages = {
        **described(instance("i-1"), instance("i-2")),
        ("ec2", "describe_volumes"): [{"Volumes": [volume("i-1")]}, {"Volumes": [volume("i-2")]}],
    }
    site = ScriptedSite(pages, {("ec2", operation): DENIED})
    type_ = "aws_instance" if operation == "describe_instances" else "aws_ebs_volume"
    found, trouble = Reader(site).outcome(type_)
    assert set(found) == {"i-1", "i-2"}
    assert (trouble.state, trouble.refused_by, trouble.reason) == (CellState.DENIED, "iam", DENIED.reason)
    assert trouble is not DENIED  # one exception is not raised in two threads


def test_created_is_the_first_start_not_the_last():
    """LaunchTime moves whenever an instance is started again: the clock of its findings must not."""
    restarted = NOW - timedelta(hours=1)
    interface = {"Attachment": {"DeviceIndex": 0, "AttachTime": BORN}}
    late = {"Attachment": {"DeviceIndex": 1, "AttachTime": BORN - timedelta(days=9)}}
    site = ScriptedSite(
        described(
            instance("i-1", disks=[("/dev/xvda", "vol-1", True)], LaunchTime=restarted),
            instance("i-2", LaunchTime=restarted, NetworkInterfaces=[interface, late]),
            instance("i-3", LaunchTime=restarted, disks=[("/dev/sdf", "vol-2", False)]),
        )
    )
    assert {id_: live.created for id_, live in Reader(site)("aws_instance").items()} == {
        "i-1": BORN,
        "i-2": BORN,
        "i-3": restarted,  # a data volume's age says nothing
    }


@pytest.mark.parametrize(
    ("type_", "operation"),
    [
        ("aws_instance", "describe_instances"),
        ("aws_ebs_volume", "describe_volumes"),
        ("aws_launch_template", "describe_launch_templates"),
        ("aws_launch_template", "describe_launch_template_versions"),
    ],
)
def test_what_aws_services_run_is_asked_for_as_well(type_, operation):
    """AWS hides what its services run in an account, unless it is asked to show it."""
    asked = []

    def answer(**arguments):
        asked.append(arguments)
        return {}

    row = {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "gpu"}
    templates = {("ec2", "describe_launch_templates"): [{"LaunchTemplates": [row]}]}
    Reader(ScriptedSite({**templates, ("ec2", operation): [answer]})).outcome(type_)
    assert asked
    assert all(arguments["IncludeManagedResources"] for arguments in asked)


def test_an_older_boto3_does_not_know_the_parameter_and_is_not_asked_for_it():
    class Older(ScriptedSite):
        def pages(self, service, operation, **arguments):
            if "IncludeManagedResources" in arguments:
                reason = "ec2:DescribeInstances: ParamValidationError: Unknown parameter in input"
                raise CellTrouble(CellState.ERROR, reason)
            yield from super().pages(service, operation, **arguments)

    assert set(Reader(Older(described(instance("i-1"))))("aws_instance")) == {"i-1"}


def test_the_real_site_words_that_error_so(read):
    with pytest.raises(CellTrouble, match="ParamValidationError"):
        list(read.site.pages("ec2", "describe_instances", NoSuchParameter=True))


def test_older_versions_are_asked_for_at_once():
    """Two instances of versions that are neither the default nor the newest: one call for both."""

    def answer(**arguments):
        if "Versions" in arguments:
            return {"LaunchTemplateVersions": [versions("lt-1"), versions("lt-1", OWNER, number=9)]}
        assert (arguments["MinVersion"], arguments["MaxVersion"]) == ("3", "5")
        return {"LaunchTemplateVersions": [versions("lt-1", OWNER, number=3)]}  # the fifth was deleted

    marks = [{"aws:ec2launchtemplate:id": "lt-1", "aws:ec2launchtemplate:version": str(n)} for n in (1, 3, 5, 9)]
    site = ScriptedSite(
        {
            ("ec2", "describe_launch_template_versions"): [answer],
            **described(*(instance(f"i-{at}", marks=each) for at, each in enumerate(marks))),
        }
    )
    found = Reader(site)("aws_instance")
    assert [(live.chain[0].what, live.chain[0].carries, live.chain[0].why) for live in found.values()] == [
        ("launch template lt-1:1", (), "launch template lt-1:1 has no tag_specifications for instance"),
        ("launch template lt-1:3", ("owner",), ""),
        ("launch template lt-1:5", (), "not seen: version 5 of launch template lt-1 does not exist any more"),
        ("launch template lt-1:9", ("owner",), ""),
    ]
    assert site.asked["describe_launch_template_versions"] == 2


def test_a_template_that_was_deleted():
    marks = {"aws:ec2launchtemplate:id": "lt-gone", "aws:ec2launchtemplate:version": "1"}
    (live,) = Reader(ScriptedSite(described(instance("i-1", marks=marks))))("aws_instance").values()
    assert chain_words(live.chain, "owner") == (
        "nothing on the way to instance i-1 carries owner; launch template lt-gone:1 was not seen: launch template "
        "lt-gone does not exist any more"
    )


def test_karpenters_templates_are_kept_apart_by_node_class():
    own = [{"Key": "eks:eks-cluster-name", "Value": "c"}, {"Key": "karpenter.k8s.aws/ec2nodeclass", "Value": "nc"}]
    rows = [
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "karpenter.k8s.aws/123", "Tags": own},
        {"LaunchTemplateId": "lt-2", "LaunchTemplateName": "mine", "Tags": own},
    ]
    site = ScriptedSite({("ec2", "describe_launch_templates"): [{"LaunchTemplates": rows}], **listed(versions("lt-1"))})
    found = Reader(site)("aws_launch_template")
    assert {id_: live.group for id_, live in found.items()} == {"lt-1": "karpenter:c/nc", "lt-2": ""}


def test_accelerators_of_templates_that_cannot_be_read():
    """A group whose template is refused: its instances tell what it starts, and without any that is not known."""
    group = {
        "AutoScalingGroupName": "g",
        "AutoScalingGroupARN": "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:x:autoScalingGroupName/g",
        "MinSize": 0,
        "MaxSize": 1,
        "DesiredCapacity": 0,
        "DefaultCooldown": 300,
        "AvailabilityZones": ["us-east-1a"],
        "HealthCheckType": "EC2",
        "CreatedTime": BORN,
        "LaunchTemplate": {"LaunchTemplateId": "lt-1"},
    }
    groups = {("autoscaling", "describe_auto_scaling_groups"): [{"AutoScalingGroups": [group]}]}
    refused = {("ec2", "describe_launch_template_versions"): DENIED}
    running = described(instance("i-1", marks={"aws:autoscaling:groupName": "g"}))
    (live,) = Reader(ScriptedSite({**groups, **running}, refused))("aws_autoscaling_group").values()
    assert "gpu" in live.resource.classes.certain
    (live,) = Reader(ScriptedSite(groups, refused))("aws_autoscaling_group").values()
    ((name, cause),) = live.resource.classes.possible
    assert (name, cause.cause) == (
        "gpu",
        "launch templates could not all be read: UnauthorizedOperation for it",
    )


def test_launch_configurations_are_asked_for_their_type():
    group = {
        "AutoScalingGroupName": "g",
        "LaunchConfigurationName": "lc",
        "MinSize": 0,
        "MaxSize": 1,
        "DesiredCapacity": 0,
        "DefaultCooldown": 300,
        "AvailabilityZones": ["us-east-1a"],
        "HealthCheckType": "EC2",
        "CreatedTime": BORN,
    }
    configuration = {
        "LaunchConfigurationName": "lc",
        "ImageId": "ami",
        "InstanceType": "p4d.24xlarge",
        "CreatedTime": BORN,
    }
    site = ScriptedSite(
        {
            ("autoscaling", "describe_auto_scaling_groups"): [{"AutoScalingGroups": [group]}],
            ("autoscaling", "describe_launch_configurations"): [{"LaunchConfigurations": [configuration]}],
        }
    )
    (live,) = Reader(site)("aws_autoscaling_group").values()
    assert "gpu" in live.resource.classes.certain
    assert live.resource.bills[1].broken_hop == (
        "tags of an Auto Scaling group never reach volumes, and a launch configuration cannot tag them"
    )


def test_services_that_could_not_be_described_leave_the_cell_partly_seen():
    cluster = "arn:aws:ecs:us-east-1:123456789012:cluster/e"
    failures = [{"arn": "a", "reason": "MISSING"}, {"arn": "b", "reason": "ACCESS_DENIED", "detail": "no"}]
    site = ScriptedSite(
        {
            ("ecs", "list_clusters"): [{"clusterArns": [cluster]}],
            ("ecs", "list_services"): [{"serviceArns": ["a", "b", "c"]}],
            ("ecs", "describe_services"): [
                {"services": [{"serviceArn": "x/c", "serviceName": "c", "status": "ACTIVE"}], "failures": failures}
            ],
        }
    )
    found, trouble = Reader(site).outcome("aws_ecs_service")
    assert set(found) == {"c"}
    assert (trouble.state, trouble.reason) == (
        CellState.PARTIAL,
        "1 services were not described: b: ACCESS_DENIED no",
    )


def test_an_answer_that_makes_no_sense_is_an_error_of_the_cell_alone():
    """A row without its id: other cells that share the listing say so as well, and none is empty."""

    class Loose(ScriptedSite):
        @staticmethod
        def _valid(value, shape):
            pass

    site = Loose({("ec2", "describe_instances"): [{"Reservations": [{"Instances": [{"InstanceType": "x"}]}]}]})
    _, trouble = Reader(site).outcome("aws_instance")
    assert (trouble.state, trouble.reason) == (
        CellState.ERROR,
        "an answer of ec2 describe_instances makes no sense: KeyError: 'InstanceId'",
    )
    site = Loose({("ec2", "describe_capacity_blocks"): [{"CapacityBlocks": [{"State": "active"}]}]})
    _, trouble = Reader(site).outcome("aws_ec2_capacity_block_reservation")
    assert (trouble.state, trouble.reason) == (
        CellState.ERROR,
        "an answer of ec2 makes no sense: KeyError: 'CapacityBlockId'",
    )


def test_many_instances_come_in_pages():
    rows = [instance(f"i-{number}") for number in range(1201)]
    site = ScriptedSite({("ec2", "describe_instances"): [{"Reservations": [{"Instances": rows}]}]})
    assert [len(page.resources) for page in Reader(site).pages("aws_instance")] == [500, 500, 201]


def test_a_chunk_of_node_groups_that_is_refused_ends_it():
    """A thousand node groups are not asked for one by one when none of the first may be described."""
    names = [f"ng-{number}" for number in range(1000)]

    class Refusing(ScriptedSite):
        def call(self, service, operation, **arguments):
            self.asked[operation] += 1
            raise CellTrouble(CellState.DENIED, f"AccessDenied for {operation}")

    site = Refusing(
        {("eks", "list_clusters"): [{"clusters": ["c"]}], ("eks", "list_nodegroups"): [{"nodegroups": names}]}
    )
    found, trouble = Reader(site).outcome("aws_eks_node_group")
    assert (found, trouble.state, site.asked["describe_nodegroup"]) == ({}, CellState.DENIED, 3)


def test_what_goes_while_it_is_read_is_not_missed():
    """Deleted between the list and its description: neither a resource nor trouble."""

    class Going(ScriptedSite):
        def call(self, service, operation, *, answers=(), **arguments):
            assert answers == ("ResourceNotFoundException",)
            raise Refused(answers[0], "it has gone")

    site = Going(
        {
            ("eks", "list_clusters"): [{"clusters": ["c"]}],
            ("eks", "list_nodegroups"): [{"nodegroups": ["ng"] * 5}],
            ("eks", "list_fargate_profiles"): [{"fargateProfileNames": ["fp"]}],
        }
    )
    read = Reader(site)
    for type_ in ("aws_eks_cluster", "aws_eks_node_group", "aws_eks_fargate_profile"):
        assert read.outcome(type_) == ({}, None)


def test_facts_are_gathered_once_by_many_threads():
    from concurrent.futures import ThreadPoolExecutor
    from time import sleep

    from tagwright_drift.cells import Cell

    def slowly(**_):
        sleep(0.05)
        return {"Reservations": [{"Instances": [instance("i-1")]}]}

    site = ScriptedSite({("ec2", "describe_instances"): [slowly]})
    listers = compute_listers(FactsKeeper())

    def read(type_):
        return sum(len(page.resources) for page in listers[type_].read(site, Cell(ACCOUNT, REGION, type_), NOW))

    with ThreadPoolExecutor(16) as pool:
        counts = list(pool.map(read, ["aws_instance"] * 12 + ["aws_ebs_volume"] * 4))
    assert counts == [1] * 12 + [0] * 4
    assert site.asked["describe_instances"] == site.asked["describe_volumes"] == 1
