"""The components in a process of their own, for programs in other languages."""

from __future__ import annotations

import json
from pathlib import Path

import pulumi

from tagwright_pulumi.testing import schema

PLUGIN = Path(__file__).parents[2] / "pulumi_components"
GOLDEN = Path(__file__).with_name("data") / "schema.json"


def remote(component, name, inputs, package="tagwright"):
    class Remote(pulumi.ComponentResource):
        def __init__(self):
            super().__init__(f"{package}:index:{component}", name, inputs, None, remote=True)

    return Remote


def test_the_schema_of_every_component():
    """What `pulumi package add` gets is this file, to the letter: SDKs of other languages are made from it.

    After a change that is meant, write it anew: `python tests/pulumi_components/test_hosting.py`.
    """
    assert schema(PLUGIN) == json.loads(GOLDEN.read_text())


def test_what_the_schema_has_to_be():
    """Tags are required, values may be outputs, everything is described."""
    found = json.loads(GOLDEN.read_text())["resources"]
    assert {name: sorted(each["requiredInputs"]) for name, each in found.items()} == {
        "tagwright:index:BedrockInferenceProfile": ["modelArn", "tags"],
        "tagwright:index:Bucket": ["tags"],
        "tagwright:index:Function": ["role", "tags"],
        "tagwright:index:GpuNode": ["instanceType", "tags"],
        "tagwright:index:GpuNodeGroup": ["instanceType", "kind", "subnetIds", "tags"],
        "tagwright:index:SageMakerEndpoint": ["tags", "variants"],
        "tagwright:index:SageMakerNotebook": ["instanceType", "roleArn", "tags"],
    }
    for each in found.values():
        assert each["inputProperties"]["tags"]["additionalProperties"]["type"] == "string"
        assert "effectiveTags" in each["required"]
        assert all(about.get("description") for about in each["inputProperties"].values())
        assert all(about.get("description") for about in each["properties"].values())


def test_a_node_constructed_elsewhere_is_the_same(loopback, tags, preview):
    """Its children, their tags and its URN are those of the component used as a library."""
    outputs = dict.fromkeys(("instanceId", "arn", "privateIp", "effectiveTags"))

    def there():
        volume = {"volumeSize": 9, "tags": {"note": "x"}}
        inputs = {"instanceType": "p5.48xlarge", "tags": tags, "rootBlockDevice": volume}
        remote("GpuNode", "n", {**outputs, **inputs})()

    def here():
        from tagwright_pulumi import GpuNode

        volume = {"volume_size": 9, "tags": {"note": "x"}}
        GpuNode("n", {"instance_type": "p5.48xlarge", "tags": tags, "root_block_device": volume})

    apart = loopback(there, preview=preview, components=[PLUGIN])
    assert apart.exit_code == 0, (apart.errors, apart.failures)
    together = loopback(here, preview=preview)
    assert [(each.urn, each.inputs, each.parent) for each in apart.resources] == [
        (each.urn, each.inputs, each.parent) for each in together.resources
    ]


def test_a_refusal_names_every_property(loopback, preview):
    """INVALID_ARGUMENT with property paths; the message repeats them; nothing is registered."""
    inputs = {"instanceType": "m5.large", "tags": {"owner": "todo", "workload": "trainng"}}
    result = loopback(remote("GpuNode", "n", inputs), preview=preview, components=[PLUGIN])
    (failure,) = result.failures
    assert (failure.code, result.exit_code, result.resources) == ("INVALID_ARGUMENT", 1, ())
    assert [(path, reason.partition(";")[0]) for path, reason in failure.properties] == [
        ("instanceType", 'argument: instance_type "m5.large" has no accelerator, but GpuNode is for GPU nodes'),
        ('tags["cost-center"]', "missing-tag: cost-center is required on GPU nodes"),
        ('tags["owner"]', 'placeholder-value: owner = "todo" is a placeholder, not a value'),
        (
            'tags["workload"]',
            'value-not-allowed: workload = "trainng" is not approved: did you mean "training"?',
        ),
    ]
    assert failure.message.startswith("tag policy refuses tagwright:index:GpuNode 'n' (4 problems):")
    assert "Traceback" not in failure.message


def test_missing_tags_are_a_missing_input(loopback):
    """Before any component is constructed."""
    result = loopback(remote("Bucket", "b", {}), preview=True, components=[PLUGIN])
    assert [each.code for each in result.failures] == ["INVALID_ARGUMENT"]
    assert result.failures[0].properties[0][0] == "tags"


def test_what_only_the_update_knows(loopback, tags):
    """Is let pass in the preview, and refused in the update before the bucket is registered."""

    def program():
        import pulumi_aws as aws

        queue = aws.sqs.Queue("q", tags=tags)
        remote("Bucket", "b", {"tags": {**tags, "workload": queue.arn}})()

    before = loopback(program, preview=True, components=[PLUGIN])
    assert (before.exit_code, before.failures) == (0, ())
    update = loopback(program, components=[PLUGIN])
    assert update.exit_code == 1
    assert update.of("aws:s3/bucket:Bucket") == ()


def test_a_broken_dictionary_is_said(loopback, project, tags):
    """Without a traceback, and nothing is registered."""
    (project / "dictionary.yaml").write_text("schema: 1\nname: 3\n")
    result = loopback(remote("Bucket", "b", {"tags": tags}), components=[PLUGIN])
    (failure,) = result.failures
    assert (failure.code, result.resources) == ("INVALID_ARGUMENT", ())
    assert failure.message.startswith("the tag dictionary cannot be used, so nothing is deployed:")


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(json.dumps(schema(PLUGIN), indent=1, sort_keys=True) + "\n")
