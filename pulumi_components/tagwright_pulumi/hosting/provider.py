"""The provider: like Pulumi's own, but a refusal arrives as one.

Pulumi's ComponentProvider turns everything that a component's constructor raises into an unknown error with a Python
traceback (pulumi/pulumi#19178). What is raised from `construct` itself keeps its kind: INVALID_ARGUMENT, with every
property and what is wrong with it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
import pulumi.provider

from tagwright_pulumi.components.arguments import camel
from tagwright_pulumi.components.bedrock_inference_profile import BedrockInferenceProfile
from tagwright_pulumi.components.bucket import Bucket
from tagwright_pulumi.components.function import Function
from tagwright_pulumi.components.gpu_node import GpuNode
from tagwright_pulumi.components.gpu_node_group import GpuNodeGroup
from tagwright_pulumi.components.sagemaker_endpoint import SageMakerEndpoint
from tagwright_pulumi.components.sagemaker_notebook import SageMakerNotebook
from tagwright_pulumi.errors import Problem, SetupError, TagPolicyError

LEAST: Final = "3.250"
"""The first SDK that infers the components' schema."""

try:
    from pulumi.errors import InputPropertiesError
    from pulumi.provider.experimental.component import ComponentProvider
    from pulumi.provider.server import ComponentInitError
except ImportError as _error:
    raise SetupError(
        f"hosting components for other languages needs pulumi {LEAST} or later\n  help: pip install 'pulumi>={LEAST}'"
    ) from _error

COMPONENTS: Final[tuple[type[pulumi.ComponentResource], ...]] = (
    BedrockInferenceProfile,
    Bucket,
    Function,
    GpuNode,
    GpuNodeGroup,
    SageMakerEndpoint,
    SageMakerNotebook,
)
"""Every component of this package."""


class GatedProvider(ComponentProvider):
    """Hosts components whose constructors refuse with TagPolicyError."""

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: Any,
        options: pulumi.ResourceOptions | None = None,
    ) -> Any:
        """Raises InputPropertiesError for a refusal: the message repeats every reason, because some displays show
        nothing else.
        """
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            inner = error.inner
            if isinstance(inner, TagPolicyError):
                inputs_of = getattr(self._components[resource_type.rpartition(":")[2]], "tag_inputs", {})
                raise InputPropertiesError(str(inner), [_detail(each, inputs_of) for each in inner.problems]) from None
            if isinstance(inner, pulumi.RunError):
                raise InputPropertiesError(str(inner), []) from None
            raise


def serve(
    components: Sequence[type[pulumi.ComponentResource]] = COMPONENTS,
    *,
    name: str = "tagwright",
    version: str = "0.0.0",
    arguments: Sequence[str] | None = None,
) -> None:
    """Serve until Pulumi ends the process: the last line of a plugin's `__main__.py`. Tokens are `<name>:index:...`."""
    provider = GatedProvider(list(components), name, version=version)
    given = list(sys.argv[1:] if arguments is None else arguments)
    pulumi.provider.main(provider, given)


def _detail(problem: Problem, inputs: Mapping[str, str]) -> Any:
    """Where and why. In a generated package a tag is an input of its own: `inputs` maps those to keys."""
    own = next((camel(name) for name, key in inputs.items() if key == problem.key), "")
    text = f"{problem.rule}: {problem.message}"
    return {
        "property_path": own or problem.path or "tags",
        "reason": f"{text}; {problem.help}" if problem.help else text,
    }
