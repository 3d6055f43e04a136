"""Instance types, machine types and sizes: every accelerator, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwright_dictionary.catalogue import classify
from tagwright_dictionary.catalogue.accelerators import JUDGES
from tagwright_dictionary.model import Unknown

FAMILIES = Path(__file__).with_name("ec2_families.txt").read_text("utf-8").splitlines()[1:]

# Written by hand over the list of EC2's families, not taken from our table.
ACCELERATED = frozenset(
    [
        "cg1",
        "p2",
        "p3",
        "p3dn",
        "p4d",
        "p4de",
        "p5",
        "p5e",
        "p5en",
        "p6-b200",
        "p6-b300",
        "p6e-gb200",
        "g2",
        "g3",
        "g3s",
        "g4dn",
        "g4ad",
        "g5",
        "g5g",
        "g6",
        "g6e",
        "g6f",
        "gr6",
        "gr6f",
        "g7",
        "g7e",
        "inf1",
        "inf2",
        "trn1",
        "trn1n",
        "trn2",
        "trn2u",
        "dl1",
        "dl2q",
        "vt1",
        "f1",
        "f2",
    ]
)


def gpu(tf_type: str, path: str, value: str | Unknown) -> bool | str:
    """True, False, or the cause of doubt."""
    classes = classify(tf_type, {path: (value,)})
    doubts = dict(classes.possible)
    assert not ("gpu" in classes.certain and doubts)
    return doubts["gpu"].cause if doubts else "gpu" in classes.certain


def ec2(value: str) -> bool | str:
    return gpu("aws_instance", "instance_type", value)


def test_every_ec2_family() -> None:
    """Over all 210 families of EC2: accelerated ones are GPUs for certain, all others certainly not."""
    assert {family: ec2(f"{family}.xlarge") for family in FAMILIES} == {
        family: family in ACCELERATED for family in FAMILIES
    }


def test_every_sagemaker_family() -> None:
    assert {
        family: gpu("aws_sagemaker_notebook_instance", "instance_type", f"ml.{family}.xlarge") for family in FAMILIES
    } == {family: family in ACCELERATED for family in FAMILIES}


@pytest.mark.parametrize(
    "value", ["P5.48XLARGE", " p5.48xlarge ", "p5.48xlarge\n", "p4d", "g5.*", "p6e-gb200.36xlarge"]
)
def test_spelling_does_not_matter(value: str) -> None:
    assert ec2(value) is True


@pytest.mark.parametrize(
    "value", ["m7g.large", "c7g.metal", "t3.micro", "t4g.nano", "r6g.large", "im4gn.large", "x2gd.medium"]
)
def test_a_g_in_the_name_is_not_a_gpu(value: str) -> None:
    assert ec2(value) is False


@pytest.mark.parametrize(
    "value", ["m10g.large", "c11gn.large", "r12id.large", "t5.micro", "hpc9a.96xlarge", "optimal", "system", ""]
)
def test_new_families_of_plain_series_are_none(value: str) -> None:
    assert ec2(value) is False


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        ("p7.48xlarge", "p7 is not in the catalogue, and its series has accelerators"),
        ("trn3.48xlarge", "trn3 is not in the catalogue, and its series has accelerators"),
        ("g8e.xlarge", "g8e is not in the catalogue, and its series has accelerators"),
        ("inf3.xlarge", "inf3 is not in the catalogue, and its series has accelerators"),
        ("ml.trn3.48xlarge", "trn3 is not in the catalogue, and its series has accelerators"),
        ("qpu1.large", "qpu1.large is not in the catalogue"),
        ("g*", "g* may choose an accelerator"),
        ("*", "* may choose an accelerator"),
    ],
)
def test_what_may_be_one_is_possible(value: str, cause: str) -> None:
    assert ec2(value) == cause


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a2-highgpu-1g", True),
        ("a3-ultragpu-8g", True),
        ("a4x-highgpu-4g", True),
        ("G2-standard-4", True),
        ("zones/us-central1-a/machineTypes/g4-standard-48", True),
        ("ct5lp-hightpu-4t", True),
        ("n1-standard-4", False),
        ("g1-small", False),
        ("f1-micro", False),
        ("e2-medium", False),
        ("c4a-highcpu-8", False),
        ("custom-8-30720", False),
        ("a5-highgpu-8g", "a5 is not in the catalogue, and its series has accelerators"),
        ("q1-standard-4", "q1-standard-4 is not in the catalogue"),
    ],
)
def test_google_machine_types(value: str, expected: bool | str) -> None:
    assert gpu("google_compute_instance", "machine_type", value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Standard_NC24ads_A100_v4", True),
        ("STANDARD_NC6S_V3", True),
        ("Standard_ND96isr_H100_v5", True),
        ("Standard_NV12ads_A10_v5", True),
        ("Standard_NG32ads_V620_v1", True),
        ("Standard_NCC40ads_H100_v5", True),
        ("Standard_NP10s", True),
        ("Standard_D2s_v3", False),
        ("Standard_DC2s_v3", False),
        ("Standard_E64-16s_v3", False),
        ("Standard_M128ms", False),
        ("Basic_A1", False),
        ("Standard_HB120rs_v3", False),
        ("Standard_NX8_v1", "standard_nx8_v1 is not in the catalogue"),
        ("large", "large is not in the catalogue"),
    ],
)
def test_azure_sizes(value: str, expected: bool | str) -> None:
    assert gpu("azurerm_linux_virtual_machine", "size", value) == expected


@pytest.mark.parametrize(
    ("tf_type", "path", "value", "expected"),
    [
        ("aws_eks_node_group", "ami_type", "AL2_x86_64_GPU", True),
        ("aws_eks_node_group", "ami_type", "BOTTLEROCKET_ARM_64_NVIDIA_FIPS", True),
        ("aws_eks_node_group", "ami_type", "AL2023_x86_64_NEURON", True),
        ("aws_eks_node_group", "ami_type", "AL2023_ARM_64_STANDARD", False),
        ("aws_eks_node_group", "ami_type", "CUSTOM", False),
        ("aws_batch_compute_environment", "compute_resources.instance_type", "p4d", True),
        ("aws_batch_compute_environment", "compute_resources.instance_type", "default_x86_64", False),
        ("aws_codebuild_project", "environment.type", "LINUX_GPU_CONTAINER", True),
        ("aws_codebuild_project", "environment.type", "LINUX_CONTAINER", False),
        ("aws_appstream_fleet", "instance_type", "stream.graphics.g4dn.xlarge", True),
        ("aws_appstream_fleet", "instance_type", "stream.standard.large", False),
        ("aws_launch_template", "instance_requirements.accelerator_count.min", "1", True),
        ("aws_launch_template", "instance_requirements.accelerator_count.min", "0", False),
        ("aws_launch_template", "instance_requirements.accelerator_count.min", "many", "many is not a number"),
        ("aws_launch_template", "instance_requirements.accelerator_manufacturers", "nvidia", True),
        ("aws_launch_template", "instance_requirements.allowed_instance_types", "p5.*", True),
        ("google_cloud_run_v2_service", "template.node_selector.accelerator", "nvidia-l4", True),
        ("google_cloud_run_v2_service", "template.containers.resources.limits", "nvidia.com/gpu=1", True),
        ("google_cloud_run_v2_service", "template.containers.resources.limits", "cpu=2", False),
        ("google_workbench_instance", "gce_setup.accelerator_configs.type", "ACCELERATOR_TYPE_UNSPECIFIED", False),
        ("azurerm_container_app_environment", "workload_profile.workload_profile_type", "NC24-A100", True),
        (
            "azurerm_container_app_environment",
            "workload_profile.workload_profile_type",
            "Consumption-GPU-NC8as-T4",
            True,
        ),
        ("azurerm_container_app_environment", "workload_profile.workload_profile_type", "Consumption", False),
        ("azurerm_container_app_environment", "workload_profile.workload_profile_type", "D4", False),
        ("azurerm_synapse_spark_pool", "node_size_family", "HardwareAcceleratedGPU", True),
        ("azurerm_synapse_spark_pool", "node_size_family", "MemoryOptimized", False),
        ("azurerm_dedicated_host", "sku_name", "NVASv4-Type1", True),
        ("azurerm_dedicated_host", "sku_name", "DSv3-Type1", False),
        ("kubernetes_pod", "spec.container.resources.limits", "nvidia.com/gpu=1", True),
        ("kubernetes_pod", "spec.container.resources.requests", "nvidia.com/mig-1g.5gb=1", True),
        ("kubernetes_pod", "spec.container.resources.limits", "aws.amazon.com/neuroncore=2", True),
        ("kubernetes_pod", "spec.container.resources.limits", "google.com/tpu=4", True),
        ("kubernetes_pod", "spec.container.resources.limits", "habana.ai/gaudi=8", True),
        ("kubernetes_pod", "spec.container.resources.limits", "nvidia.com/gpu=0", False),
        ("kubernetes_pod", "spec.container.resources.limits", "cpu=1", False),
        ("kubernetes_pod", "spec.container.resources.limits", "nvidia.com/gpu", True),  # of an unknown amount
        ("kubernetes_pod", "spec.container.resources.limits", "memory", False),
        ("Job", "spec.template.spec.containers.resources.limits", "amd.com/gpu=1", True),
    ],
)
def test_other_deciding_attributes(tf_type: str, path: str, value: str, expected: bool | str) -> None:
    assert gpu(tf_type, path, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('[{"name": "a", "resourceRequirements": [{"type": "GPU", "value": "1"}]}]', True),
        ('{"resourceRequirements": [{"type": "GPU", "value": "1"}]}', True),
        ('[{"resourceRequirements": [{"type": "InferenceAccelerator", "value": "d"}]}]', True),
        ('[{"resourceRequirements": [{"type": "GPU", "value": "0"}]}]', False),
        ('[{"resourceRequirements": [{"type": "VCPU", "value": "1"}]}]', False),
        ('[{"name": "GPU", "environment": [{"name": "type", "value": "GPU"}]}]', False),
        ("[" * 100_000, "its container definitions are not JSON"),
        ("{", "its container definitions are not JSON"),
        ('"' + "x" * 1_000_001 + '"', "its container definitions are too long to read"),
    ],
)
def test_container_definitions(value: str, expected: bool | str) -> None:
    assert gpu("aws_ecs_task_definition", "container_definitions", value) == expected


@given(kind=st.sampled_from(sorted(JUDGES)), value=st.text(max_size=60))
def test_judges_never_raise(kind: str, value: str) -> None:
    """Any text gets True, False or a cause in words."""
    answer = JUDGES[kind](value.strip().lower())
    assert answer is True or answer is False or (isinstance(answer, str) and answer)
