"""Each component: what it registers, how far its tags reach, and what it hands on."""

from __future__ import annotations

import pulumi
import pytest

from tagwright_pulumi import (
    BedrockInferenceProfile,
    Bucket,
    Function,
    GpuNode,
    GpuNodeGroup,
    SageMakerEndpoint,
    SageMakerNotebook,
)
from tagwright_pulumi.testing import UNKNOWN

INSTANCE = "aws:ec2/instance:Instance"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
GROUP = "aws:autoscaling/group:Group"

ARGUMENTS = {
    GpuNode: {"instance_type": "p5.48xlarge", "ami": "ami-1", "subnet_id": "subnet-1", "spot": True},
    GpuNodeGroup: {
        "kind": "eks",
        "instance_type": "g6.xlarge",
        "subnet_ids": ["subnet-1"],
        "cluster_name": "ml",
        "node_role_arn": "arn:role",
    },
    Bucket: {"bucket": "my-bucket"},
    Function: {"role": "arn:role", "runtime": "python3.12", "handler": "a.b", "environment": {"A": "b"}},
    SageMakerNotebook: {"instance_type": "ml.g5.xlarge", "role_arn": "arn:role"},
    SageMakerEndpoint: {"variants": [{"model_name": "m", "instance_type": "ml.g6e.xlarge"}]},
    BedrockInferenceProfile: {"model_arn": "arn:model", "profile_name": "p"},
}
MAIN = {
    GpuNode: INSTANCE,
    GpuNodeGroup: NODE_GROUP,
    Bucket: "aws:s3/bucket:Bucket",
    Function: "aws:lambda/function:Function",
    SageMakerNotebook: "aws:sagemaker/notebookInstance:NotebookInstance",
    SageMakerEndpoint: "aws:sagemaker/endpoint:Endpoint",
    BedrockInferenceProfile: "aws:bedrock/inferenceProfile:InferenceProfile",
}
OUTPUTS = {
    GpuNode: {"instanceId": "x-id", "arn": "arn:aws:ec2:loopback:000000000000:x"},
    GpuNodeGroup: {
        "groupArn": "arn:aws:eks:loopback:000000000000:x",
        "groupName": "eks-x",
        "launchTemplateId": "x-id",
    },
    Bucket: {"bucketName": "my-bucket", "arn": "arn:aws:s3:loopback:000000000000:x"},
    Function: {"functionName": "x", "arn": "arn:aws:lambda:loopback:000000000000:x", "logGroupName": "x"},
    SageMakerNotebook: {"notebookName": "x", "arn": "arn:aws:sagemaker:loopback:000000000000:x"},
    SageMakerEndpoint: {"endpointName": "x", "arn": "arn:aws:sagemaker:loopback:000000000000:x"},
    BedrockInferenceProfile: {"arn": "arn:aws:bedrock:loopback:000000000000:x"},
}
EVERY = pytest.mark.parametrize("component", ARGUMENTS, ids=lambda each: each.__name__)


def making(component, tags, *, opts=None, **options):
    return lambda: component("x", {**ARGUMENTS[component], "tags": tags}, opts, **options)


def token(component):
    return f"tagwright:index:{component.__name__}"


def places(registration):
    """Every set of tags in a registration, by where it stands."""
    inputs = registration.inputs
    found = {}
    for name in ("tags", "volumeTags"):
        if isinstance(inputs.get(name), dict):
            found[name] = inputs[name]
    if isinstance(inputs.get("tags"), list):
        assert all(each["propagateAtLaunch"] is True for each in inputs["tags"])
        found["tags"] = {each["key"]: each["value"] for each in inputs["tags"]}
    for each in inputs.get("tagSpecifications", ()):
        found[each["resourceType"]] = each["tags"]
    return found


@EVERY
def test_every_place_gets_the_same_tags(loopback, tags, preview, component):
    """One gated map, wherever tags can be written; and the component records it."""
    result = loopback(making(component, tags), preview=preview)
    assert result.exit_code == 0, result.errors
    for registration in result.resources:
        for place, found in places(registration).items():
            assert found == tags, (registration.type, place)
    assert result.one(token(component)).inputs["tags"] == tags
    assert result.one(token(component)).outputs["effectiveTags"] == tags
    assert places(result.one(MAIN[component]))


@EVERY
def test_outputs_are_registered(loopback, tags, component):
    """Known in an update, unknown in a preview."""
    update = loopback(making(component, tags)).one(token(component)).outputs
    assert update == {**OUTPUTS[component], "effectiveTags": tags}
    preview = loopback(making(component, tags), preview=True).one(token(component)).outputs
    known = {"bucketName"} if component is Bucket else set()
    assert {key for key, value in preview.items() if value is not UNKNOWN} == {"effectiveTags"} | known
    assert set(update) <= set(preview)


@EVERY
def test_children_stand_below_the_component(loopback, tags, component):
    """One stable token for each component, children under the component's own name."""
    result = loopback(making(component, tags))
    shell = result.one(token(component))
    assert not shell.custom
    children = [each for each in result.resources if each is not shell]
    assert {each.parent for each in children} == {shell.urn}
    assert result.one(MAIN[component]).name == "x"


@EVERY
def test_nothing_is_registered_for_bad_tags(loopback, tags, preview, component):
    """Neither the shell nor any child; by the dictionary's rule for that class."""
    del tags["owner"]
    result = loopback(making(component, tags), preview=preview)
    assert (result.exit_code, result.resources) == (1, ())
    assert f"tag policy refuses {token(component)} 'x':\n  missing-tag: owner is required" in result.errors[0]


@EVERY
def test_options_of_the_component_reach_its_children(loopback, tags, component):
    """Providers and protection, which Pulumi hands down."""

    def program():
        import pulumi_aws as aws

        provider = aws.Provider("p", region="eu-central-1")
        making(component, tags, opts=pulumi.ResourceOptions(protect=True, providers={"aws": provider}))()

    result = loopback(program)
    shell = result.one(token(component))
    for each in result.resources:
        if each.parent == shell.urn:
            assert each.protect is True
            assert each.provider.startswith("urn:pulumi:dev::project::pulumi:providers:aws::p::")


@EVERY
def test_options_of_the_resource_are_passed_on(loopback, tags, component):
    """Those that Pulumi does not hand down; and the component stays the parent."""
    options = pulumi.ResourceOptions(retain_on_delete=True, ignore_changes=["region"], protect=True)
    result = loopback(making(component, tags, resource_opts=options))
    main = result.one(MAIN[component])
    assert (main.retain_on_delete, main.ignore_changes, main.protect) == (True, ("region",), True)
    assert main.parent == result.one(token(component)).urn


@EVERY
def test_a_bare_resource_is_adopted(loopback, tags, component):
    """`adopt` gives every child the alias of a resource of its name at the top of the program; without it none."""
    adopted = loopback(making(component, tags, adopt=True))
    alone = loopback(making(component, tags))
    shell = adopted.one(token(component))
    for each in adopted.resources:
        if each.parent == shell.urn:
            assert {"noParent": True} in each.aliases
    assert all({"noParent": True} not in each.aliases for each in alone.resources)


@EVERY
def test_each_problem_is_said_once(loopback, component):
    """Also by a component of several resources."""
    lines = loopback(making(component, {})).errors[0].splitlines()
    assert len(lines) == len(set(lines))
    assert sum("owner is required" in line for line in lines) == 1


def test_a_gpu_node_and_its_volumes(loopback, tags):
    """Without tags of their own, volumes get the node's through volume_tags."""
    arguments = {
        "instance_type": "p5.48xlarge",
        "tags": tags,
        "root_block_device": {"volume_size": 100},
        "ebs_block_devices": [{"device_name": "/dev/sdf", "volume_size": 500}],
    }
    inputs = loopback(lambda: GpuNode("n", arguments)).one(INSTANCE).inputs
    assert inputs == {
        "instanceType": "p5.48xlarge",
        "tags": tags,
        "volumeTags": tags,
        "rootBlockDevice": {"volumeSize": 100},
        "ebsBlockDevices": [{"deviceName": "/dev/sdf", "volumeSize": 500}],
    }


def test_volumes_with_tags_of_their_own(loopback, tags):
    """volume_tags would conflict: each block gets the node's tags with its own over them, the root volume too."""
    arguments = {
        "instance_type": "p5.48xlarge",
        "tags": tags,
        "ebs_block_devices": [
            {"device_name": "/dev/sdf", "volume_size": 500, "tags": {"workload": "inference", "note": "cache"}},
            {"device_name": "/dev/sdg", "volume_size": 10},
        ],
    }
    inputs = loopback(lambda: GpuNode("n", arguments)).one(INSTANCE).inputs
    assert "volumeTags" not in inputs
    assert inputs["rootBlockDevice"] == {"tags": tags}
    assert inputs["ebsBlockDevices"] == [
        {"deviceName": "/dev/sdf", "volumeSize": 500, "tags": {**tags, "workload": "inference", "note": "cache"}},
        {"deviceName": "/dev/sdg", "volumeSize": 10, "tags": tags},
    ]


def test_tags_of_a_volume_are_judged(loopback, tags, preview):
    """A volume is billed: its own tags are refused like the node's."""
    arguments = {
        "instance_type": "p5.48xlarge",
        "tags": tags,
        "root_block_device": {"tags": {"workload": "trainng"}},
    }
    result = loopback(lambda: GpuNode("n", arguments), preview=preview)
    assert (result.exit_code, result.resources) == (1, ())
    assert 'workload = "trainng" on the root volume is not approved' in result.errors[0]


def test_a_volume_that_is_an_output_is_refused(loopback, tags):
    """Tags in it could not be seen."""

    def program():
        GpuNode(
            "n",
            {
                "instance_type": "p5.48xlarge",
                "tags": tags,
                "root_block_device": pulumi.Output.from_input({"tags": {"owner": "nobody"}}),
            },
        )

    result = loopback(program)
    assert (result.exit_code, result.resources) == (1, ())
    assert "the root volume is an output: its tags cannot be seen" in result.errors[0]


def test_volume_tags_may_wait(loopback, tags):
    """An output among a volume's tags is judged before the node is registered."""

    def program(value):
        def make():
            volume = {"device_name": "/dev/sdf", "tags": {"workload": pulumi.Output.from_input(value)}}
            GpuNode("n", {"instance_type": "p5.48xlarge", "tags": tags, "ebs_block_devices": [volume]})

        return make

    good = loopback(program("inference"))
    assert good.one(INSTANCE).inputs["ebsBlockDevices"][0]["tags"] == {**tags, "workload": "inference"}
    bad = loopback(program("trainng"))
    assert (bad.exit_code, bad.of(INSTANCE)) == (1, ())


def test_an_eks_group(loopback, tags):
    """Launch template, node group, and a tag on the hidden Auto Scaling group for every key."""
    result = loopback(making(GpuNodeGroup, tags))
    template, group = result.one(TEMPLATE), result.one(NODE_GROUP)
    assert set(places(template)) == {"tags", "instance", "volume", "network-interface"}
    assert template.inputs["instanceType"] == "g6.xlarge"
    assert group.inputs["launchTemplate"] == {"id": "x-id", "version": "1"}
    assert group.inputs["scalingConfig"] == {"minSize": 0, "maxSize": 1, "desiredSize": 0}
    hidden = {each.name: each.inputs for each in result.of("aws:autoscaling/tag:Tag")}
    assert hidden == {
        f"x-{key}": {
            "autoscalingGroupName": "eks-x",
            "tag": {"key": key, "value": value, "propagateAtLaunch": True},
        }
        for key, value in tags.items()
    }


def test_an_auto_scaling_group(loopback, tags):
    """The list form, propagated at launch; with spot capacity the request is tagged too."""
    arguments = {
        "kind": "asg",
        "instance_type": "g6.xlarge",
        "ami": "ami-1",
        "subnet_ids": ["subnet-1"],
        "max_size": 4,
        "spot": True,
        "tags": tags,
    }
    result = loopback(lambda: GpuNodeGroup("x", arguments))
    template, group = result.one(TEMPLATE), result.one(GROUP)
    assert set(places(template)) == {"tags", "instance", "volume", "network-interface", "spot-instances-request"}
    assert places(group) == {"tags": tags}
    assert [each["key"] for each in group.inputs["tags"]] == sorted(tags)
    assert (group.inputs["minSize"], group.inputs["maxSize"]) == (0, 4)
    assert result.of("aws:autoscaling/tag:Tag") == ()
    assert result.one("tagwright:index:GpuNodeGroup").outputs["groupName"] == "x"


def test_spot_of_eks_is_a_capacity_type(loopback, tags):
    """EKS asks for spot itself; a template with market options would be refused."""
    result = loopback(lambda: GpuNodeGroup("x", {**ARGUMENTS[GpuNodeGroup], "spot": True, "tags": tags}))
    assert result.one(NODE_GROUP).inputs["capacityType"] == "SPOT"
    assert "instanceMarketOptions" not in result.one(TEMPLATE).inputs
    assert "spot-instances-request" not in places(result.one(TEMPLATE))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "ecs"}, 'kind is "ecs"'),
        ({"kind": "asg"}, "GpuNodeGroup of kind asg needs ami"),
        ({"cluster_name": None}, "GpuNodeGroup of kind eks needs cluster_name"),
        ({"subnet_ids": None}, "GpuNodeGroup needs subnet_ids"),
        ({"instance_type": "m5.large"}, "has no accelerator, but GpuNodeGroup is for GPU nodes"),
    ],
)
def test_group_arguments_are_checked(loopback, tags, change, words):
    """Before anything is registered."""
    result = loopback(lambda: GpuNodeGroup("x", {**ARGUMENTS[GpuNodeGroup], "tags": tags, **change}))
    assert (result.exit_code, result.resources) == (1, ())
    assert words in result.errors[0]


def test_a_group_with_a_map_of_tags_that_waits(loopback, tags):
    """Everything billed is tagged; the hidden group's tags need the keys, and that is said."""

    def program(kind):
        arguments = {**ARGUMENTS[GpuNodeGroup], "kind": kind, "ami": "ami-1"}
        return lambda: GpuNodeGroup("x", {**arguments, "tags": pulumi.Output.from_input(tags)})

    eks = loopback(program("eks"))
    assert places(eks.one(TEMPLATE)) == dict.fromkeys(("tags", "instance", "volume", "network-interface"), tags)
    assert eks.of("aws:autoscaling/tag:Tag") == ()
    assert "the hidden Auto Scaling group stays untagged" in eks.warnings[0]
    assert places(loopback(program("asg")).one(GROUP)) == {"tags": tags}


def test_a_function_has_its_own_log_group(loopback, tags):
    """Lambda would make one without tags."""
    arguments = {**ARGUMENTS[Function], "log_group_name": "/logs/x", "log_retention_days": 14, "tags": tags}
    result = loopback(lambda: Function("x", arguments))
    assert result.one("aws:cloudwatch/logGroup:LogGroup").inputs == {
        "name": "/logs/x",
        "retentionInDays": 14,
        "tags": tags,
    }
    inputs = result.one("aws:lambda/function:Function").inputs
    assert inputs["loggingConfig"] == {"logFormat": "Text", "logGroup": "/logs/x"}
    assert inputs["environment"] == {"variables": {"A": "b"}}


@pytest.mark.parametrize(("instance", "warned"), [("ml.g5.xlarge", True), ("ml.t3.medium", False)])
def test_a_notebook_with_an_accelerator_is_a_gpu_node(loopback, tags, instance, warned):
    """By its instance type, so that the rules for GPU nodes hold for it as well."""
    del tags["environment"]
    arguments = {**ARGUMENTS[SageMakerNotebook], "instance_type": instance, "tags": tags}
    result = loopback(lambda: SageMakerNotebook("x", arguments))
    assert any("environment is recommended on GPU nodes" in each for each in result.warnings) is warned


@pytest.mark.parametrize(("instance", "warned"), [("ml.g5.xlarge", True), ("ml.m5.large", False)])
def test_an_endpoint_with_an_accelerator_is_a_gpu_node(loopback, tags, instance, warned):
    """Any of its variants."""
    del tags["environment"]
    variants = [{"model_name": "a", "instance_type": "ml.m5.large"}, {"model_name": "b", "instance_type": instance}]
    result = loopback(lambda: SageMakerEndpoint("x", {"variants": variants, "tags": tags}))
    assert any("environment is recommended on GPU nodes" in each for each in result.warnings) is warned


def test_the_raw_resources_are_at_hand(loopback, tags):
    """Programs in Python reach what the component made."""

    def program():
        node = making(GpuNode, tags)()
        group = making(GpuNodeGroup, tags)()
        function = making(Function, tags)()
        pulumi.export("zone", node.instance.availability_zone)
        pulumi.export("template", group.launch_template.id)
        pulumi.export("asg", group.autoscaling_group is None)
        pulumi.export("log", function.log_group.arn)
        pulumi.export("tags", node.effective_tags)

    result = loopback(program, outputs=lambda each: {"availabilityZone": "eu-central-1a"})
    assert result.outputs == {
        "zone": "eu-central-1a",
        "template": "x-id",
        "asg": True,
        "log": "arn:aws:cloudwatch:loopback:000000000000:x",
        "tags": tags,
    }
