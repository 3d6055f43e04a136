"""The components can be hosted for other languages: Pulumi infers their schema, and constructs them elsewhere."""

from __future__ import annotations

import pulumi
import pytest

from tagwright_pulumi.testing import schema

MAIN = """
import sys

import pulumi.provider
from pulumi.provider.experimental.component import ComponentProvider

from tagwright_pulumi import (
    BedrockInferenceProfile, Bucket, Function, GpuNode, GpuNodeGroup, SageMakerEndpoint, SageMakerNotebook,
)

if __name__ == "__main__":
    components = [
        BedrockInferenceProfile, Bucket, Function, GpuNode, GpuNodeGroup, SageMakerEndpoint, SageMakerNotebook,
    ]
    pulumi.provider.main(ComponentProvider(components, "tagwright"), sys.argv[1:])
"""


@pytest.fixture
def plugin(tmp_path):
    folder = tmp_path / "plugin"
    folder.mkdir()
    (folder / "PulumiPlugin.yaml").write_text("runtime: python\n")
    (folder / "__main__.py").write_text(MAIN)
    return folder


def test_the_schema_of_every_component(plugin):
    """Tags are required, values may be outputs, outputs are described."""
    found = schema(plugin)["resources"]
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


def test_a_node_constructed_elsewhere_is_the_same(loopback, plugin, tags, preview):
    """Its children, their tags and its URN are those of the component used as a library."""

    class Remote(pulumi.ComponentResource):
        def __init__(self, name, arguments):
            outputs = dict.fromkeys(("instanceId", "arn", "privateIp", "effectiveTags"))
            super().__init__("tagwright:index:GpuNode", name, {**outputs, **arguments}, None, remote=True)

    def there():
        volume = {"volumeSize": 9, "tags": {"note": "x"}}
        Remote("n", {"instanceType": "p5.48xlarge", "tags": tags, "rootBlockDevice": volume})

    def here():
        from tagwright_pulumi import GpuNode

        volume = {"volume_size": 9, "tags": {"note": "x"}}
        GpuNode("n", {"instance_type": "p5.48xlarge", "tags": tags, "root_block_device": volume})

    apart = loopback(there, preview=preview, components=[plugin])
    assert apart.exit_code == 0, (apart.errors, apart.failures)
    together = loopback(here, preview=preview)
    assert [(each.urn, each.inputs, each.parent) for each in apart.resources] == [
        (each.urn, each.inputs, each.parent) for each in together.resources
    ]
