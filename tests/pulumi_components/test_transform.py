"""`install_auto_tags`: the stack's tags on every taggable resource."""

from __future__ import annotations

import pulumi
import pytest

from tagwright_pulumi import install_auto_tags
from tagwright_pulumi.testing import UNKNOWN, Secret

BUCKET = "aws:s3/bucket:Bucket"
INSTANCE = "aws:ec2/instance:Instance"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
GROUP = "aws:autoscaling/group:Group"
OWNER = {"owner": "ml@acme.example"}

PLUGIN = """
import sys
from typing import Optional, TypedDict

import pulumi
import pulumi.provider
from pulumi.provider.experimental.component import ComponentProvider

class StoreArgs(TypedDict):
    size: pulumi.Input[int]

class Store(pulumi.ComponentResource):
    def __init__(self, name: str, args: StoreArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("store:index:Store", name, {}, opts)
        import pulumi_aws as aws
        aws.s3.Bucket(name, tags={"a": "b"}, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})

if __name__ == "__main__":
    pulumi.provider.main(ComponentProvider([Store], "store"), sys.argv[1:])
"""


def aws():
    import pulumi_aws

    return pulumi_aws


def after(program, *arguments, **options):
    def run():
        install_auto_tags(*arguments, **options)
        program()

    return run


@pytest.fixture
def defaults(project):
    """A dictionary with a default."""
    source = project / "dictionary.yaml"
    source.write_text(source.read_text().replace("{format: email, ", "{format: email, default: ml@acme.example, "))
    return project


def test_three_shapes_of_tags(loopback, preview):
    """A map gets the missing keys, a map that comes later gets them then, no tags at all become some; one unknown
    hides no other tag. Secrets stay secret: the SDK shows a transform the whole map as secret when one value is.
    """

    def program():
        first = aws().s3.Bucket("none")
        aws().s3.Bucket("map", tags={"a": "b", "later": first.arn})
        aws().s3.Bucket("with-secret", tags={"a": "b", "s": pulumi.Output.secret("hush")})
        aws().s3.Bucket("own", tags={"owner": "me@acme.example"})
        aws().s3.Bucket("other-case", tags={"Owner": "me@acme.example"})
        aws().s3.Bucket("whole", tags=first.arn.apply(lambda arn: {"arn": arn}))
        aws().s3.Bucket("secret", tags=pulumi.Output.secret({"a": "b"}))

    result = loopback(after(program, OWNER), preview=preview)
    assert (result.exit_code, result.errors) == (0, ())
    arn = UNKNOWN if preview else "arn:aws:s3:loopback:000000000000:none"
    assert {each.name: each.inputs["tags"] for each in result.resources} == {
        "none": OWNER,
        "map": {"a": "b", "later": arn, **OWNER},
        "with-secret": Secret({"a": "b", "s": "hush", **OWNER}),
        "own": {"owner": "me@acme.example"},
        "other-case": {"Owner": "me@acme.example"},
        "whole": UNKNOWN if preview else {"arn": arn, **OWNER},
        "secret": Secret({"a": "b", **OWNER}),
    }


def test_override_wins_over_own_tags(loopback):
    """Only where it is asked for."""

    def program():
        aws().s3.Bucket("b", tags={"owner": "me@acme.example"})
        row = {"key": "owner", "value": "me@acme.example", "propagate_at_launch": False}
        aws().autoscaling.Group("g", min_size=0, max_size=1, tags=[row])

    result = loopback(after(program, OWNER, override=True))
    assert result.one(BUCKET).inputs["tags"] == OWNER
    assert result.one(GROUP).inputs["tags"] == [{"key": "owner", "value": OWNER["owner"], "propagateAtLaunch": False}]


def test_what_carries_tags_on(loopback, preview):
    """Volume tags, or blocks where one has tags; tag specifications; the list of a group."""

    def program():
        aws().ec2.Instance("i", ami="a", instance_type="p5.48xlarge", volume_tags={"a": "b"})
        block = {"device_name": "/dev/sdf", "tags": {"note": "x"}}
        aws().ec2.Instance("j", ami="a", instance_type="p5.48xlarge", ebs_block_devices=[block, {"device_name": "d"}])
        aws().ec2.Instance("k", ami="a", instance_type="p5.48xlarge", root_block_device={"volume_size": 9})
        written = [{"resource_type": "volume", "tags": {"note": "x"}}]
        aws().ec2.LaunchTemplate("t", instance_type="p5.48xlarge", tag_specifications=written)
        aws().autoscaling.Group("g", min_size=0, max_size=1, tags=[{"key": "a", "value": "b"}])
        aws().autoscaling.Group("h", min_size=0, max_size=1)

    result = loopback(after(program, OWNER), preview=preview)
    assert result.exit_code == 0, result.errors
    entry = {"key": "owner", "value": OWNER["owner"], "propagateAtLaunch": True}
    assert result.one(INSTANCE, "i").inputs["volumeTags"] == {"a": "b", **OWNER}
    blocks = result.one(INSTANCE, "j").inputs
    assert blocks["ebsBlockDevices"] == [
        {"deviceName": "/dev/sdf", "tags": {"note": "x", **OWNER}},
        {"deviceName": "d", "tags": OWNER},
    ]
    assert (blocks["rootBlockDevice"], "volumeTags" in blocks) == ({"tags": OWNER}, False)
    plain = result.one(INSTANCE, "k").inputs
    assert (plain["rootBlockDevice"], plain["volumeTags"]) == ({"volumeSize": 9}, OWNER)
    specifications = result.one(TEMPLATE).inputs["tagSpecifications"]
    assert {each["resourceType"]: each["tags"] for each in specifications} == {
        "volume": {"note": "x", **OWNER},
        "instance": OWNER,
        "network-interface": OWNER,
    }
    assert result.one(GROUP, "g").inputs["tags"] == [{"key": "a", "value": "b"}, entry]
    assert result.one(GROUP, "h").inputs["tags"] == [entry]


def test_types_whose_tags_mean_something_else_are_left_alone(loopback):
    """Selectors, types without tags, components, other providers."""

    def program():
        aws().inspector.ResourceGroup("g", tags={"select": "this"})
        aws().iam.RolePolicyAttachment("a", role="r", policy_arn="arn:aws:iam::aws:policy/x")
        pulumi.ComponentResource("my:index:Thing", "c", {"tags": {"a": "b"}})
        pulumi.CustomResource("gcp:storage/bucket:Bucket", "s", {"labels": {}})

    result = loopback(after(program, OWNER))
    bare = loopback(program)
    assert {each.name: each.inputs for each in result.resources} == {each.name: each.inputs for each in bare.resources}


def test_defaults_of_dictionary_and_stack(loopback, defaults):
    """Without tags: those of the dictionary, under those of the stack, under those given."""

    def program():
        aws().s3.Bucket("b")

    assert loopback(after(program), root=defaults).one(BUCKET).inputs["tags"] == OWNER
    config = {"tagwright:defaults": {"owner": "stack@acme.example", "workload": "training"}}
    result = loopback(after(program, {"workload": "inference"}), root=defaults, config=config)
    assert result.one(BUCKET).inputs["tags"] == {"owner": "stack@acme.example", "workload": "inference"}


def test_only_some_classes(loopback):
    """Those that a resource is, or may be."""

    def program():
        first = aws().s3.Bucket("b")
        for name, kind in (("gpu", "p5.48xlarge"), ("cpu", "m5.large"), ("either", first.arn)):
            aws().ec2.Instance(name, ami="a", instance_type=kind)

    result = loopback(after(program, OWNER, classes=["gpu"]), preview=True)
    assert {each.name for each in result.resources if "tags" in each.inputs} == {"gpu", "either"}


def test_installing_twice_is_installing_once(loopback):
    """The same tags are added by one transform; other tags by another. A new deployment starts anew."""

    def program():
        calls = []
        real = pulumi.runtime.register_resource_transform
        pulumi.runtime.register_resource_transform = lambda each: (calls.append(each), real(each))
        try:
            install_auto_tags(OWNER)
            install_auto_tags(dict(OWNER))
            install_auto_tags({"team": "vision"})
        finally:
            pulumi.runtime.register_resource_transform = real
        assert len(calls) == 2
        aws().s3.Bucket("b")

    for _ in range(2):
        result = loopback(program)
        assert (result.exit_code, result.errors) == (0, ())
        assert result.one(BUCKET).inputs["tags"] == {**OWNER, "team": "vision"}


def test_children_of_remote_components_get_them(loopback, tmp_path):
    """The component lives in another process and knows nothing of it."""
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "PulumiPlugin.yaml").write_text("runtime: python\n")
    (folder / "__main__.py").write_text(PLUGIN)

    class Store(pulumi.ComponentResource):
        def __init__(self, name):
            super().__init__("store:index:Store", name, {"size": 1}, None, remote=True)

    result = loopback(after(lambda: Store("s"), OWNER), components=[folder])
    assert result.one(BUCKET).inputs["tags"] == {"a": "b", **OWNER}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["owner"], "tags are list, not a mapping"),
        ({"size": 3}, "size = 3 is int, not a string"),
        ({"owner": None}, "owner is None, not a string"),
    ],
)
def test_what_is_no_tag_is_refused(loopback, given, words):
    """At once, and without a traceback."""
    result = loopback(after(lambda: aws().s3.Bucket("b"), given))
    assert (result.exit_code, result.resources) == (1, ())
    assert words in result.errors[0]
    assert "Traceback" not in result.errors[0]


def test_gated_resources_keep_what_was_judged(loopback, tags):
    """A component's judged tags win; its children get what lacks."""
    from tagwright_pulumi import Bucket

    result = loopback(after(lambda: Bucket("b", {"tags": tags}), {"owner": "x@acme.example", "note": "auto"}))
    assert result.one(BUCKET).inputs["tags"] == {**tags, "note": "auto"}
