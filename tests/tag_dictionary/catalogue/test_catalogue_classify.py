"""Classes of whole resources, three-valued."""

from __future__ import annotations

import pytest

from tagwright_dictionary.catalogue import classify, deciding_attributes
from tagwright_dictionary.model import Classes, TagValue, Unknown

UNSET = Unknown("var.size has no value here", "pass --var-file, or check the plan")


def classes(*certain: str, possible: Unknown | None = None) -> Classes:
    return Classes(frozenset(certain), (("gpu", possible),) if possible else ())


@pytest.mark.parametrize(
    ("tf_type", "values", "expected"),
    [
        ("aws_instance", {"instance_type": ("p5.48xlarge",)}, classes("compute", "gpu")),
        ("aws_instance", {"instance_type": ("t3.micro",)}, classes("compute")),
        ("aws_instance", {"instance_type": (UNSET,)}, classes("compute", possible=UNSET)),
        ("aws_instance", {}, classes("compute")),
        ("aws_instance", {"launch_template->instance_type": ("g5.xlarge",)}, classes("compute", "gpu")),
        ("aws_instance", {"launch_template->instance_type": (UNSET,)}, classes("compute", possible=UNSET)),
        # The instance's own type overrides the template's.
        (
            "aws_instance",
            {"instance_type": ("t3.micro",), "launch_template->instance_type": ("g5.xlarge",)},
            classes("compute"),
        ),
        # One definite accelerator decides, whatever else is unknown.
        ("aws_eks_node_group", {"instance_types": (UNSET, "p5.48xlarge")}, classes("node-group", "gpu")),
        ("aws_eks_node_group", {"instance_types": ("m5.large", UNSET)}, classes("node-group", possible=UNSET)),
        ("aws_eks_node_group", {"launch_template->instance_type": ("trn2.48xlarge",)}, classes("node-group", "gpu")),
        (
            "aws_autoscaling_group",
            {"launch_configuration->instance_type": ("p3.2xlarge",)},
            classes("node-group", "gpu"),
        ),
        (
            "aws_autoscaling_group",
            {
                "mixed_instances_policy.launch_template.override.instance_type": ("m5.large", "c5.large"),
                "launch_template->instance_type": ("p5.48xlarge",),
            },
            classes("node-group"),
        ),
        # A count of 0 takes the accelerator away.
        (
            "google_compute_instance",
            {
                "machine_type": ("n1-standard-4",),
                "guest_accelerator.type": ("nvidia-t4",),
                "guest_accelerator.count": ("1",),
            },
            classes("compute", "gpu"),
        ),
        (
            "google_compute_instance",
            {
                "machine_type": ("n1-standard-4",),
                "guest_accelerator.type": ("nvidia-t4",),
                "guest_accelerator.count": ("0",),
            },
            classes("compute"),
        ),
        (
            "google_compute_instance",
            {"guest_accelerator.type": ("nvidia-t4",), "guest_accelerator.count": (UNSET,)},
            classes("compute", "gpu"),
        ),
        ("google_tpu_v2_vm", {}, classes("compute", "gpu")),
        ("aws_ec2_capacity_block_reservation", {}, classes("compute", "gpu")),
        (
            "aws_sagemaker_endpoint_configuration",
            {"production_variants.instance_type": ("ml.g5.xlarge",)},
            classes("ai-service", "gpu"),
        ),
        (
            "aws_sagemaker_endpoint_configuration",
            {"production_variants.instance_type": ("ml.m5.large",)},
            classes("ai-service"),
        ),
        ("aws_bedrock_guardrail", {}, classes("ai-service")),
        ("aws_s3_bucket", {}, classes("bucket", "storage")),
        ("aws_s3_directory_bucket", {}, classes("bucket", "storage")),
        ("google_storage_bucket", {}, classes("bucket", "storage")),
        ("azurerm_storage_account", {}, classes("bucket", "storage")),
        ("aws_lambda_function", {}, classes("function")),
        ("google_cloudfunctions2_function", {}, classes("function")),
        ("google_cloud_run_v2_service", {}, classes("container", "function")),
        ("azurerm_linux_function_app", {}, classes("function")),
        # GPU tasks are billed through their instances: text that is not known says nothing.
        ("aws_ecs_task_definition", {"container_definitions": (UNSET,)}, classes("container")),
        ("AWS::EC2::Instance", {"InstanceType": ("p5.48xlarge",)}, classes("compute", "gpu")),
        (
            "AWS::SageMaker::Cluster",
            {"InstanceGroups.InstanceType": ("ml.p5.48xlarge",)},
            classes("ai-service", "cluster", "gpu"),
        ),
        (
            "awscc_sagemaker_cluster",
            {"instance_groups.instance_type": ("ml.p5.48xlarge",)},
            classes("ai-service", "cluster", "gpu"),
        ),
        ("aws:ec2/instance:Instance", {"instanceType": ("p5.48xlarge",)}, classes("compute", "gpu")),
        ("gcp:compute/instance:Instance", {"guestAccelerators.type": ("nvidia-l4",)}, classes("compute", "gpu")),
        (
            "Deployment",
            {"spec.template.spec.containers.resources.limits": ("cpu=1", "nvidia.com/gpu=1")},
            classes("container", "gpu"),
        ),
        ("RayCluster", {}, classes("ai-service", "cluster")),
        ("aws_nothing_of_the_kind", {"instance_type": ("p5.48xlarge",)}, Classes()),
    ],
)
def test_classes(tf_type: str, values: dict[str, tuple[TagValue, ...]], expected: Classes) -> None:
    assert classify(tf_type, values) == expected


@pytest.mark.parametrize(
    ("tf_type", "expected"),
    [
        ("aws_launch_configuration", ("instance_type",)),
        ("aws_sagemaker_notebook_instance", ("instance_type", "accelerator_types")),
        ("google_compute_instance", ("machine_type", "guest_accelerator.type", "guest_accelerator.count")),
        ("azurerm_linux_virtual_machine", ("size",)),
        ("aws_s3_bucket", ()),
        ("google_tpu_v2_vm", ()),
        ("aws_nothing_of_the_kind", ()),
        ("aws:sagemaker/app:App", ("resourceSpec.instanceType",)),
        ("AWS::SageMaker::App", ("ResourceSpec.InstanceType",)),
        ("awscc_sagemaker_app", ("resource_spec.instance_type",)),
    ],
)
def test_deciding_attributes(tf_type: str, expected: tuple[str, ...]) -> None:
    assert deciding_attributes(tf_type) == expected


def test_a_link_is_part_of_the_path() -> None:
    paths = deciding_attributes("aws_autoscaling_group")
    assert {"launch_template->instance_type", "launch_configuration->instance_type"} < set(paths)
    assert "mixed_instances_policy.launch_template.override.instance_type" in paths


def test_the_first_doubt_is_told() -> None:
    """The cause given is that of the first deciding attribute, whatever order the values come in."""
    later = Unknown("later")
    values: dict[str, tuple[TagValue, ...]] = {"ami_type": (later,), "instance_types": (UNSET,)}
    assert classify("aws_eks_node_group", values).possible == (("gpu", UNSET),)
