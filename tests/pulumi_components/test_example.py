"""The example is run as it stands, each variant in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tagwright_pulumi.testing import UNKNOWN, run

EXAMPLE = Path(__file__).parents[2] / "examples" / "pulumi_ml_platform"

STACK = {"owner": "ml-vision@acme.example", "team": "vision", "cost-center": "cc-4100", "environment": "dev"}
TRAINING = {**STACK, "workload": "training", "model": "segmenter-2.1"}
DATA = {**STACK, "workload": "data-prep"}

REFUSED = """\
tag policy refuses tagwright:index:GpuNodeGroup 'training' (2 problems):
  key-case: owner is here twice in different cases, also as Owner
    remove Owner.
  value-not-allowed: workload = "trainng" is not approved: did you mean "training"?
    approved workloads: training, inference, data-prep, model-api.

tag policy refuses tagwright:index:GpuNode 'serving' (2 problems):
  argument: instance_type "m5.large" has no accelerator, but GpuNode is for GPU nodes
    choose an accelerated family (p4d, p5, p6, g5, g6, g6e, trn1, trn2, inf2), or create a plain instance with \
tagged(aws.ec2.Instance).
  missing-tag: model is required on GPU nodes when environment is prod and workload is training or inference
    model must match [a-z0-9][a-z0-9.-]{1,62}. Add it here.

tag policy refuses tagwright:index:Bucket 'checkpoints':
  mismatched-tags: cost-center = "cc-4200" does not belong to team "vision"
    allowed for this team: cc-4100, cc-4110.

tag policy refuses tagwright:index:Function 'ingest' (2 problems):
  invalid-tag: workload = 1 is int, not a string
    quote it: "1".
  placeholder-value: owner = "todo" is a placeholder, not a value
    owner is an e-mail address at acme.example.

tag policy refuses 4 resources: 'training', 'serving', 'checkpoints', 'ingest' (each is explained above)"""


def ran(variant, preview):
    return run(EXAMPLE / variant, preview=preview)


def test_the_compliant_platform_is_deployed():
    """In the update every resource of a component has exactly its tags, wherever tags can stand."""
    result = ran("compliant", preview=False)
    assert result.exit_code == 0, (result.errors, result.stderr)
    assert result.errors == result.warnings == ()
    expected = {
        "aws:ec2/launchTemplate:LaunchTemplate training": TRAINING,
        "aws:eks/nodeGroup:NodeGroup training": TRAINING,
        "aws:ec2/instance:Instance debug": TRAINING,
        "aws:s3/bucket:Bucket checkpoints": TRAINING,
        "aws:s3/bucket:Bucket images": DATA,
        "aws:cloudwatch/logGroup:LogGroup ingest": {**DATA, "source": "images"},
        "aws:lambda/function:Function ingest": {**DATA, "source": "images"},
        "aws:sagemaker/notebookInstance:NotebookInstance explore": TRAINING,
        "aws:bedrock/inferenceProfile:InferenceProfile captions": {**STACK, "workload": "model-api"},
        "aws:sqs/queue:Queue new-images": DATA,
    }
    found = {f"{each.type} {each.name}": each.inputs.get("tags") for each in result.resources if each.custom}
    assert {name: tags for name, tags in found.items() if tags is not None} == expected
    template = result.one("aws:ec2/launchTemplate:LaunchTemplate").inputs["tagSpecifications"]
    assert {each["resourceType"]: each["tags"] for each in template} == dict.fromkeys(
        ("instance", "volume", "network-interface"), TRAINING
    )
    assert result.one("aws:ec2/instance:Instance").inputs["volumeTags"] == TRAINING
    assert result.outputs["checkpoints"] == "checkpoints"


def test_its_preview_passes_and_says_nothing_wrong():
    """One tag is only known in the update; the dictionary asks nothing of it."""
    result = ran("compliant", preview=True)
    assert (result.exit_code, result.errors, result.warnings) == (0, (), ())
    tags = result.one("aws:lambda/function:Function").inputs["tags"]
    assert tags == {**DATA, "source": UNKNOWN}


def test_the_refused_platform_names_every_offender():
    """In the preview, with the dictionary behind each; the same bytes every time."""
    result = ran("refused", preview=True)
    assert result.exit_code == 1
    dictionary = "\n  dictionary acme-ml 1.4.0 ("
    said = [each.partition(dictionary)[0] for each in result.errors]
    assert "\n\n".join(said) == REFUSED
    assert ran("refused", preview=True).errors == result.errors


def test_the_refused_platform_is_never_deployed():
    """Not even where the preview was skipped."""
    result = ran("refused", preview=False)
    assert (result.exit_code, result.resources) == (1, ())
    assert len(result.errors) == 1


@pytest.mark.parametrize("variant", ["compliant", "refused"])
def test_every_variant_is_a_project(variant):
    """With what `pulumi` needs to find it."""
    assert (EXAMPLE / variant / "Pulumi.yaml").is_file()
