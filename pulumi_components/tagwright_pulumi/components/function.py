"""One Lambda function with its log group."""

# No postponed annotations: Pulumi infers the schema of a component from the annotations themselves.
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NotRequired, Optional, TypedDict

import pulumi

from tagwright_pulumi.components.arguments import Arguments
from tagwright_pulumi.components.children import child_options
from tagwright_pulumi.extras import aws
from tagwright_pulumi.gate import TagGate

if TYPE_CHECKING:
    from pulumi_aws import cloudwatch, lambda_

TYPE: Final = "tagwright:index:Function"
_FUNCTION: Final = "aws:lambda/function:Function"
_LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_PASSED: Final = (
    "role",
    "runtime",
    "handler",
    "code",
    "image_uri",
    "package_type",
    "architectures",
    "memory_size",
    "timeout",
)
_OWN: Final = frozenset({*_PASSED, "environment", "logging_config"})


class FunctionArgs(TypedDict):
    """Arguments of a Function."""

    role: pulumi.Input[str]
    """The ARN of the role that it runs as."""
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Tags of the function and its log group, judged by the tag dictionary."""
    runtime: NotRequired[pulumi.Input[str]]
    """The runtime, like python3.12."""
    handler: NotRequired[pulumi.Input[str]]
    """What is called, like app.handler."""
    code: NotRequired[pulumi.Input[pulumi.Archive]]
    """The program."""
    image_uri: NotRequired[pulumi.Input[str]]
    """The container image, instead of code."""
    package_type: NotRequired[pulumi.Input[str]]
    """Zip or Image."""
    architectures: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """x86_64 or arm64."""
    memory_size: NotRequired[pulumi.Input[int]]
    """Memory in MB."""
    timeout: NotRequired[pulumi.Input[int]]
    """Seconds that a call may take."""
    environment: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Environment variables."""
    log_group_name: NotRequired[pulumi.Input[str]]
    """The name of the log group; Pulumi makes one when it is not given."""
    log_retention_days: NotRequired[pulumi.Input[int]]
    """Days that logs are kept; for ever when not given."""


class Function(pulumi.ComponentResource):
    """A Lambda function and its log group, with the same tags: the one that Lambda would make has none."""

    function_name: pulumi.Output[str]
    """The function's name."""
    arn: pulumi.Output[str]
    """The function's ARN."""
    log_group_name: pulumi.Output[str]
    """The log group's name."""
    effective_tags: pulumi.Output[dict[str, str]]
    """The tags that both got: its own over the defaults."""

    component_type = TYPE

    def __init__(
        self,
        name: str,
        args: FunctionArgs,
        opts: Optional[pulumi.ResourceOptions] = None,  # noqa: UP045 - as Pulumi's analyzer knows it
        *,
        gate: TagGate | None = None,
        resource_opts: pulumi.ResourceOptions | None = None,
        log_group_opts: pulumi.ResourceOptions | None = None,
        adopt: bool = False,
        function_args: Mapping[str, Any] | None = None,
    ) -> None:
        """Raises TagPolicyError before anything is registered.

        `resource_opts` are options of the function, `log_group_opts` of its log group; `adopt` takes over bare ones
        of the same name; `function_args` are further arguments of the function (not its tags).
        """
        service, logs = aws("lambda_"), aws("cloudwatch")
        given = Arguments.read("Function", args, FunctionArgs)
        extra = given.beyond("function_args", function_args, service.Function, _OWN)
        gated = (gate or TagGate()).apply(
            _FUNCTION,
            name,
            given.get("tags"),
            label=self.component_type,
            siblings=(_LOG_GROUP,),
            problems=given.problems,
        )
        super().__init__(self.component_type, name, {"tags": gated.map}, opts)
        self.log_group: cloudwatch.LogGroup = logs.LogGroup(
            name,
            name=given.get("log_group_name"),
            retention_in_days=given.get("log_retention_days"),
            tags=gated.map,
            opts=child_options(self, log_group_opts, adopt=adopt),
        )
        variables = given.get("environment")
        self.function: lambda_.Function = service.Function(
            name,
            **{**given.pick(*_PASSED), **extra},
            environment=None if variables is None else {"variables": variables},
            logging_config={"log_format": "Text", "log_group": self.log_group.name},
            tags=gated.map,
            opts=child_options(self, resource_opts, adopt=adopt),
        )
        self.function_name = self.function.name
        self.arn = self.function.arn
        self.log_group_name = self.log_group.name
        self.effective_tags = gated.output
        self.register_outputs(
            {
                "functionName": self.function_name,
                "arn": self.arn,
                "logGroupName": self.log_group_name,
                "effectiveTags": gated.map,
            }
        )
