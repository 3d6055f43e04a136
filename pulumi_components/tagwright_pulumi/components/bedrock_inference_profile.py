"""One application inference profile on Bedrock."""

# No postponed annotations: Pulumi infers the schema of a component from the annotations themselves.
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NotRequired, Optional, TypedDict

import pulumi

from tagwright_pulumi.components.arguments import Arguments
from tagwright_pulumi.components.children import child_options
from tagwright_pulumi.extras import aws
from tagwright_pulumi.gate import TagGate

if TYPE_CHECKING:
    from pulumi_aws import bedrock

TYPE: Final = "tagwright:index:BedrockInferenceProfile"
_PROFILE: Final = "aws:bedrock/inferenceProfile:InferenceProfile"
_OWN: Final = frozenset({"model_source", "name", "description"})


class BedrockInferenceProfileArgs(TypedDict):
    """Arguments of a BedrockInferenceProfile."""

    model_arn: pulumi.Input[str]
    """The ARN of the foundation model, or of the cross-region inference profile, to call through it."""
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Tags of the profile, judged by the tag dictionary: calls of the model are billed with them."""
    profile_name: NotRequired[pulumi.Input[str]]
    """The profile's name; Pulumi makes one when it is not given."""
    description: NotRequired[pulumi.Input[str]]
    """What it is for."""


class BedrockInferenceProfile(pulumi.ComponentResource):
    """An application inference profile: the only way to put tags on what calls of a Bedrock model cost."""

    arn: pulumi.Output[str]
    """The profile's ARN: call the model by it."""
    effective_tags: pulumi.Output[dict[str, str]]
    """The tags that it got: its own over the defaults."""

    component_type = TYPE

    def __init__(
        self,
        name: str,
        args: BedrockInferenceProfileArgs,
        opts: Optional[pulumi.ResourceOptions] = None,  # noqa: UP045 - as Pulumi's analyzer knows it
        *,
        gate: TagGate | None = None,
        resource_opts: pulumi.ResourceOptions | None = None,
        adopt: bool = False,
        profile_args: Mapping[str, Any] | None = None,
    ) -> None:
        """Raises TagPolicyError before anything is registered.

        `resource_opts` are options of the profile, `adopt` takes over a bare one of the same name, `profile_args` are
        further arguments of it (not its tags).
        """
        service = aws("bedrock")
        given = Arguments.read("BedrockInferenceProfile", args, BedrockInferenceProfileArgs)
        extra = given.beyond("profile_args", profile_args, service.InferenceProfile, _OWN)
        gated = (gate or TagGate()).apply(
            _PROFILE, name, given.get("tags"), label=self.component_type, problems=given.problems
        )
        super().__init__(self.component_type, name, {"tags": gated.map}, opts)
        self.profile: bedrock.InferenceProfile = service.InferenceProfile(
            name,
            **{**given.pick("description"), **extra},
            name=given.get("profile_name"),
            model_source={"copy_from": given.get("model_arn")},
            tags=gated.map,
            opts=child_options(self, resource_opts, adopt=adopt),
        )
        self.arn = self.profile.arn
        self.effective_tags = gated.output
        self.register_outputs({"arn": self.arn, "effectiveTags": gated.map})
