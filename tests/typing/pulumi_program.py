"""A user's program, as type checkers see it: what is right passes, what is wrong is found before it runs.

Every `type: ignore` stands for an error that mypy and pyright both have to report: an unneeded one is an error too.
"""

from __future__ import annotations

from typing import assert_type

import pulumi
import pulumi_aws as aws

from tagwright_pulumi import (
    Bucket,
    BucketArgs,
    Function,
    GpuNode,
    GpuNodeArgs,
    GpuNodeGroup,
    Problem,
    SageMakerEndpoint,
    TagGate,
    TagPolicyError,
    collect_violations,
    tagged,
)
from tagwright_pulumi.testing import Registration, Run, run

TAGS = {"owner": "ml@acme.example", "workload": "training"}


def right() -> None:
    gate = TagGate("tags/dictionary.yaml", unknown="refuse", defaults={"team": pulumi.Output.from_input("vision")})
    node = GpuNode(
        "trainer",
        {
            "instance_type": "p5.48xlarge",
            "tags": {"owner": "ml@acme.example", "workload": pulumi.Output.from_input("training")},
            "root_block_device": {"volume_size": 500, "tags": {"note": "scratch"}},
            "ebs_block_devices": [{"device_name": "/dev/sdf", "volume_size": 10}],
        },
        pulumi.ResourceOptions(protect=True),
        gate=gate,
        adopt=True,
        instance_args={"monitoring": True},
    )
    assert_type(node.instance_id, pulumi.Output[str])
    assert_type(node.effective_tags, pulumi.Output[dict[str, str]])
    GpuNode("other", GpuNodeArgs(instance_type=node.arn, tags=TAGS))
    GpuNode("whole", {"instance_type": "g6.xlarge", "tags": pulumi.Output.from_input(TAGS)})
    arguments: BucketArgs = {"tags": TAGS, "force_destroy": True}
    bucket = Bucket("data", arguments, resource_opts=pulumi.ResourceOptions(retain_on_delete=True))
    Function("ingest", {"role": "arn", "tags": TAGS, "environment": {"BUCKET": bucket.bucket_name}})
    SageMakerEndpoint("serve", {"variants": [{"model_name": "m", "instance_type": "ml.g5.xlarge"}], "tags": TAGS})
    group: GpuNodeGroup = GpuNodeGroup(
        "group",
        {"kind": "eks", "instance_type": "g6.xlarge", "subnet_ids": ["subnet-1"], "tags": TAGS, "max_size": 4},
    )
    assert_type(group.group_arn, pulumi.Output[str])
    queue = tagged(aws.sqs.Queue, gate=gate)("jobs", tags=TAGS, fifo_queue=True)
    pulumi.export("queue", queue.arn)
    with collect_violations():
        Bucket("more", {"tags": {}})


def wrong() -> None:
    GpuNode("a", {"instance_type": "p5.48xlarge"})  # type: ignore[typeddict-item]
    GpuNode("b", {"instance_type": "p5.48xlarge", "tags": {"owner": 7}})  # type: ignore[dict-item]
    GpuNode("c", {"instance_type": "p5.48xlarge", "tags": TAGS, "spott": True})  # type: ignore[typeddict-unknown-key]
    GpuNode("d", {"instance_type": 5, "tags": TAGS})  # type: ignore[typeddict-item]
    Bucket("e", {"tags": TAGS}, gate="dictionary.yaml")  # type: ignore[arg-type]
    TagGate(unknown="ignore")  # type: ignore[arg-type]
    tagged(aws.sqs.Queue)("jobs")  # type: ignore[call-arg]
    tagged(dict)  # type: ignore[type-var]


def test_nothing_is_registered_for_bad_tags() -> None:
    result = run(wrong, preview=True, config={"tagwright:dictionary": "dictionary.yaml"})
    assert_type(result, Run)
    assert_type(result.registrations, tuple[Registration, ...])
    try:
        right()
    except TagPolicyError as error:
        assert_type(error.problems, tuple[Problem, ...])
