"""One SageMaker notebook instance."""

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

TYPE: Final = "tagwright:index:SageMakerNotebook"
_NOTEBOOK: Final = "aws:sagemaker/notebookInstance:NotebookInstance"
_PASSED: Final = (
    "role_arn",
    "subnet_id",
    "security_groups",
    "volume_size",
    "kms_key_id",
    "lifecycle_config_name",
    "direct_internet_access",
)
_OWN: Final = frozenset({*_PASSED, "instance_type"})


class SageMakerNotebookArgs(TypedDict):
    """Arguments of a SageMakerNotebook."""

    instance_type: pulumi.Input[str]
    """The instance type, like ml.g5.xlarge; with an accelerator it is judged as a GPU node as well."""
    role_arn: pulumi.Input[str]
    """The ARN of the role that it runs as."""
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Tags of the notebook instance and its volume, judged by the tag dictionary."""
    subnet_id: NotRequired[pulumi.Input[str]]
    """The subnet to run in."""
    security_groups: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Its security groups."""
    volume_size: NotRequired[pulumi.Input[int]]
    """Size of its volume in GB."""
    kms_key_id: NotRequired[pulumi.Input[str]]
    """The key that encrypts the volume."""
    lifecycle_config_name: NotRequired[pulumi.Input[str]]
    """The lifecycle configuration, for example one that stops it when idle."""
    direct_internet_access: NotRequired[pulumi.Input[str]]
    """Enabled or Disabled."""


class SageMakerNotebook(pulumi.ComponentResource):
    """A SageMaker notebook instance with the tags that the dictionary asks for."""

    notebook_name: pulumi.Output[str]
    """The notebook's name."""
    arn: pulumi.Output[str]
    """The notebook's ARN."""
    url: pulumi.Output[str]
    """Where it is opened."""
    effective_tags: pulumi.Output[dict[str, str]]
    """The tags that it got: its own over the defaults."""

    component_type = TYPE

    def __init__(
        self,
        name: str,
        args: SageMakerNotebookArgs,
        opts: Optional[pulumi.ResourceOptions] = None,  # noqa: UP045 - as Pulumi's analyzer knows it
        *,
        gate: TagGate | None = None,
        resource_opts: pulumi.ResourceOptions | None = None,
        adopt: bool = False,
        notebook_args: Mapping[str, Any] | None = None,
    ) -> None:
        """Raises TagPolicyError before anything is registered.

        `resource_opts` are options of the notebook instance, `adopt` takes over a bare one of the same name,
        `notebook_args` are further arguments of it (not its tags).
        """
        service = aws("sagemaker")
        given = Arguments.read("SageMakerNotebook", args, SageMakerNotebookArgs)
        extra = given.beyond("notebook_args", notebook_args, service.NotebookInstance, _OWN)
        gated = (gate or TagGate()).apply(
            _NOTEBOOK,
            name,
            given.get("tags"),
            label=self.component_type,
            arguments={**extra, **given.pick("instance_type")},
            problems=given.problems,
        )
        super().__init__(
            self.component_type, name, {"instanceType": given.get("instance_type"), "tags": gated.map}, opts
        )
        self.notebook: sagemaker.NotebookInstance = service.NotebookInstance(
            name,
            **{**given.pick(*_PASSED), **extra},
            instance_type=gated.guard(given.get("instance_type")),
            tags=gated.map,
            opts=child_options(self, resource_opts, adopt=adopt),
        )
        self.notebook_name = self.notebook.name
        self.arn = self.notebook.arn
        self.url = self.notebook.url
        self.effective_tags = gated.output
        self.register_outputs(
            {
                "notebookName": self.notebook_name,
                "arn": self.arn,
                "url": self.url,
                "effectiveTags": gated.map,
            }
        )
