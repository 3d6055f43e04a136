"""One SageMaker endpoint with its configuration."""

# No postponed annotations: Pulumi infers the schema of a component from the annotations themselves.
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NotRequired, Optional, TypedDict

import pulumi

from tagwright_pulumi.components.arguments import Arguments
from tagwright_pulumi.components.children import child_options
from tagwright_pulumi.extras import aws
from tagwright_pulumi.gate import TagGate

if TYPE_CHECKING:
    from pulumi_aws import sagemaker

TYPE: Final = "tagwright:index:SageMakerEndpoint"
_ENDPOINT: Final = "aws:sagemaker/endpoint:Endpoint"
_CONFIGURATION: Final = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
_CONFIGURATION_OWN: Final = frozenset({"production_variants", "kms_key_arn"})
_ENDPOINT_OWN: Final = frozenset({"endpoint_config_name"})


class EndpointVariant(TypedDict):
    """One model behind an endpoint, and what it runs on."""

    model_name: pulumi.Input[str]
    """The SageMaker model."""
    variant_name: NotRequired[pulumi.Input[str]]
    """The variant's name."""
    instance_type: NotRequired[pulumi.Input[str]]
    """The instance type, like ml.g6e.xlarge; with an accelerator the endpoint is judged as a GPU node as well."""
    initial_instance_count: NotRequired[pulumi.Input[int]]
    """The number of instances to start with."""
    initial_variant_weight: NotRequired[pulumi.Input[float]]
    """Its share of the traffic."""


class SageMakerEndpointArgs(TypedDict):
    """Arguments of a SageMakerEndpoint."""

    variants: list[EndpointVariant]
    """The models that it serves."""
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Tags of the endpoint and its configuration, judged by the tag dictionary."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """The key that encrypts the volumes of its instances."""


class SageMakerEndpoint(pulumi.ComponentResource):
    """A SageMaker endpoint and its configuration, with the same tags: the endpoint's are those on the bill."""

    endpoint_name: pulumi.Output[str]
    """The endpoint's name."""
    arn: pulumi.Output[str]
    """The endpoint's ARN."""
    effective_tags: pulumi.Output[dict[str, str]]
    """The tags that both got: its own over the defaults."""

    component_type = TYPE

    def __init__(
        self,
        name: str,
        args: SageMakerEndpointArgs,
        opts: Optional[pulumi.ResourceOptions] = None,  # noqa: UP045 - as Pulumi's analyzer knows it
        *,
        gate: TagGate | None = None,
        resource_opts: pulumi.ResourceOptions | None = None,
        configuration_opts: pulumi.ResourceOptions | None = None,
        adopt: bool = False,
        endpoint_args: Mapping[str, Any] | None = None,
        configuration_args: Mapping[str, Any] | None = None,
    ) -> None:
        """Raises TagPolicyError before anything is registered.

        `resource_opts` and `endpoint_args` are options and further arguments of the endpoint, `configuration_opts`
        and `configuration_args` of its configuration. `adopt` takes over bare ones of the same name.
        """
        service = aws("sagemaker")
        given = Arguments.read("SageMakerEndpoint", args, SageMakerEndpointArgs)
        more = given.beyond("endpoint_args", endpoint_args, service.Endpoint, _ENDPOINT_OWN)
        extra = given.beyond(
            "configuration_args", configuration_args, service.EndpointConfiguration, _CONFIGURATION_OWN
        )
        gated = (gate or TagGate()).apply(
            _CONFIGURATION,
            name,
            given.get("tags"),
            label=self.component_type,
            arguments={**extra, "production_variants": given.get("variants")},
            siblings=(_ENDPOINT,),
            problems=given.problems,
        )
        super().__init__(self.component_type, name, {"tags": gated.map}, opts)
        self.configuration: sagemaker.EndpointConfiguration = service.EndpointConfiguration(
            name,
            **{**given.pick("kms_key_arn"), **extra},
            production_variants=gated.guard(given.get("variants")),
            tags=gated.map,
            opts=child_options(self, configuration_opts, adopt=adopt),
        )
        self.endpoint: sagemaker.Endpoint = service.Endpoint(
            name,
            **more,
            endpoint_config_name=self.configuration.name,
            tags=gated.map,
            opts=child_options(self, resource_opts, adopt=adopt),
        )
        self.endpoint_name = self.endpoint.name
        self.arn = self.endpoint.arn
        self.effective_tags = gated.output
        self.register_outputs({"endpointName": self.endpoint_name, "arn": self.arn, "effectiveTags": gated.map})
