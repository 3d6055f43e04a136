"""`tagged`: any taggable class of pulumi_aws behind the gate."""

from __future__ import annotations

import pulumi
import pytest

from tagwright_pulumi import TagPolicyError, tagged

INSTANCE = "aws:ec2/instance:Instance"


def aws():
    import pulumi_aws

    return pulumi_aws


def test_a_map_type(loopback, tags, preview):
    """Judged under its own token, options and arguments passed on, the class's own resource returned."""

    def program():
        made = tagged(aws().s3.Bucket)("b", tags=tags, bucket="mine", opts=pulumi.ResourceOptions(protect=True))
        assert isinstance(made, aws().s3.Bucket)

    result = loopback(program, preview=preview)
    bucket = result.one("aws:s3/bucket:Bucket")
    assert (result.exit_code, bucket.inputs, bucket.protect) == (0, {"bucket": "mine", "tags": tags}, True)


def test_a_refused_one_is_not_registered(loopback, tags, preview):
    """Nor does its message name a component: there is none."""
    del tags["owner"]
    result = loopback(lambda: tagged(aws().s3.Bucket)("b", tags=tags), preview=preview)
    assert (result.exit_code, result.resources) == (1, ())
    assert result.errors[0].startswith("tag policy refuses aws:s3/bucket:Bucket 'b':\n  missing-tag: owner")


def test_a_list_type(loopback, tags):
    """An Auto Scaling group takes the same map and gets its list, propagated at launch."""

    def program():
        tagged(aws().autoscaling.Group)("g", tags=tags, min_size=0, max_size=1, launch_template={"id": "lt-1"})

    assert loopback(program).one("aws:autoscaling/group:Group").inputs["tags"] == [
        {"key": key, "value": tags[key], "propagateAtLaunch": True} for key in sorted(tags)
    ]


def test_an_instance_and_its_volumes(loopback, tags):
    """`volume_tags` is written, with the caller's own over the instance's; in blocks where blocks have tags."""

    def program(**more):
        return lambda: tagged(aws().ec2.Instance)("i", tags=tags, instance_type="p5.48xlarge", ami="a", **more)

    def inputs(**more):
        return loopback(program(**more)).one(INSTANCE).inputs

    assert inputs()["volumeTags"] == tags
    assert inputs(volume_tags={"note": "x"})["volumeTags"] == {**tags, "note": "x"}
    blocks = inputs(ebs_block_devices=[{"device_name": "/dev/sdf", "tags": {"note": "x"}}, {"device_name": "/dev/sdg"}])
    assert "volumeTags" not in blocks
    assert blocks["rootBlockDevice"] == {"tags": tags}
    assert blocks["ebsBlockDevices"] == [
        {"deviceName": "/dev/sdf", "tags": {**tags, "note": "x"}},
        {"deviceName": "/dev/sdg", "tags": tags},
    ]
    plain = inputs(root_block_device={"volume_size": 9})
    assert (plain["rootBlockDevice"], plain["volumeTags"]) == ({"volumeSize": 9}, tags)


def test_argument_classes_are_seen_into(loopback, tags):
    """pulumi_aws's own classes of arguments, like dictionaries."""

    def program():
        block = aws().ec2.InstanceEbsBlockDeviceArgs(device_name="/dev/sdf", tags={"workload": "trainng"})
        tagged(aws().ec2.Instance)("i", tags=tags, instance_type="p5.48xlarge", ebs_block_devices=[block])

    result = loopback(program)
    assert (result.exit_code, result.resources) == (1, ())
    assert 'workload = "trainng" on the ebs_block_devices 1 is not approved' in result.errors[0]


def test_a_launch_template(loopback, tags):
    """Its tag specifications: the caller's with the tags below, and those that were not written."""

    def program():
        written = [{"resource_type": "volume", "tags": {"note": "x"}}]
        tagged(aws().ec2.LaunchTemplate)("t", tags=tags, instance_type="p5.48xlarge", tag_specifications=written)

    found = loopback(program).one("aws:ec2/launchTemplate:LaunchTemplate").inputs["tagSpecifications"]
    assert {each["resourceType"]: each["tags"] for each in found} == {
        "volume": {**tags, "note": "x"},
        "instance": tags,
        "network-interface": tags,
    }


@pytest.mark.parametrize(
    ("service", "name", "arguments", "wire"),
    [
        ("ecs", "Service", {}, {"propagateTags": "SERVICE"}),
        ("ecs", "Service", {"propagate_tags": "TASK_DEFINITION"}, {"propagateTags": "TASK_DEFINITION"}),
        ("batch", "JobDefinition", {"type": "container"}, {"propagateTags": True}),
        (
            "rds",
            "ClusterInstance",
            {"cluster_identifier": "c", "instance_class": "db.r6g.large", "engine": "aurora"},
            {"copyTagsToSnapshot": True},
        ),
    ],
)
def test_switches_that_let_tags_through_are_on(loopback, tags, service, name, arguments, wire):
    """Unless the caller has set them."""
    result = loopback(lambda: tagged(getattr(getattr(aws(), service), name))("x", tags=tags, **arguments))
    assert result.exit_code == 0, result.errors
    (made,) = result.resources
    assert {key: made.inputs[key] for key in wire} == wire


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"tags_all": {"owner": "x"}}, "tags_all would go past the gate"),
        ({"buckt": "x"}, "did you mean bucket?"),
    ],
)
def test_wrong_arguments_are_refused(loopback, tags, arguments, words):
    """In words, and nothing is registered."""
    result = loopback(lambda: tagged(aws().s3.Bucket)("b", tags=tags, **arguments))
    assert (result.exit_code, result.resources) == (1, ())
    assert words in result.errors[0]


def test_blocks_that_are_outputs_are_refused(loopback, tags):
    """Tags in them could not be seen."""

    def program():
        blocks = pulumi.Output.from_input([{"device_name": "/dev/sdf", "tags": {"owner": "nobody"}}])
        tagged(aws().ec2.Instance)("i", tags=tags, instance_type="p5.48xlarge", ebs_block_devices=blocks)

    result = loopback(program)
    assert (result.exit_code, result.resources) == (1, ())
    assert "ebs_block_devices is an output: tags in it cannot be seen" in result.errors[0]


def test_what_cannot_be_tagged_is_refused():
    """A class without tags, one whose tags mean something else, and what is no class of a provider."""
    for resource, words in (
        (aws().iam.RolePolicyAttachment, "it cannot carry tags"),
        (aws().inspector.ResourceGroup, "its tags select the instances to inspect"),
        (aws().devopsguru.ResourceCollection, "its tags select the resources to watch"),
        (dict, "it is no resource class of a Pulumi provider"),
        (pulumi.ComponentResource, "it is no resource class of a Pulumi provider"),
    ):
        with pytest.raises(TagPolicyError, match=words):
            tagged(resource)


def test_a_type_newer_than_the_table(loopback, tags, monkeypatch):
    """The class itself says whether it can be tagged."""
    monkeypatch.setattr("tagwright_pulumi.tagging.type_info", lambda _: None)
    assert loopback(lambda: tagged(aws().s3.Bucket)("b", tags=tags)).exit_code == 0
    with pytest.raises(TagPolicyError, match="it cannot carry tags"):
        tagged(aws().iam.RolePolicyAttachment)
