"""Pulumi components that refuse untagged GPU nodes, buckets and functions.

    from tagwright_pulumi import GpuNode

    GpuNode("trainer", {"instance_type": "p5.48xlarge", "tags": {"owner": "ml@acme.example", ...}})

Importing this loads Pulumi but none of pulumi_aws's services: a component loads its own when it is created.
"""

from __future__ import annotations

from tagwright_dictionary.errors import MissingExtraError

try:
    import pulumi as _pulumi  # noqa: F401 - the only question is whether it is there
except ModuleNotFoundError as _error:
    if _error.name != "pulumi":
        raise

    class MissingPulumiError(MissingExtraError, ImportError):
        """Pulumi is not installed."""

    raise MissingPulumiError("pulumi", "tagwright_pulumi") from None

from tagwright_pulumi.collecting import collect_violations
from tagwright_pulumi.components.bedrock_inference_profile import BedrockInferenceProfile, BedrockInferenceProfileArgs
from tagwright_pulumi.components.bucket import Bucket, BucketArgs
from tagwright_pulumi.components.function import Function, FunctionArgs
from tagwright_pulumi.components.gpu_node import DataVolume, GpuNode, GpuNodeArgs, RootVolume
from tagwright_pulumi.components.gpu_node_group import GpuNodeGroup, GpuNodeGroupArgs
from tagwright_pulumi.components.sagemaker_endpoint import EndpointVariant, SageMakerEndpoint, SageMakerEndpointArgs
from tagwright_pulumi.components.sagemaker_notebook import SageMakerNotebook, SageMakerNotebookArgs
from tagwright_pulumi.errors import Problem, SetupError, TagPolicyError
from tagwright_pulumi.gate import TagGate
from tagwright_pulumi.gated import GatedTags
from tagwright_pulumi.tagging import Tagged, tagged
from tagwright_pulumi.transform import install_auto_tags

__all__ = [
    "BedrockInferenceProfile",
    "BedrockInferenceProfileArgs",
    "Bucket",
    "BucketArgs",
    "DataVolume",
    "EndpointVariant",
    "Function",
    "FunctionArgs",
    "GatedTags",
    "GpuNode",
    "GpuNodeArgs",
    "GpuNodeGroup",
    "GpuNodeGroupArgs",
    "Problem",
    "RootVolume",
    "SageMakerEndpoint",
    "SageMakerEndpointArgs",
    "SageMakerNotebook",
    "SageMakerNotebookArgs",
    "SetupError",
    "TagGate",
    "TagPolicyError",
    "Tagged",
    "collect_violations",
    "install_auto_tags",
    "tagged",
]
