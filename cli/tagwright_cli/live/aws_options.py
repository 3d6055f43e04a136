"""The options that say which of AWS is looked at, the same in every command that looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tagwright_dictionary.errors import MissingExtraError

if TYPE_CHECKING:
    from tagwright_drift.inventories.aws.inventory import AwsOptions

_Function = TypeVar("_Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--profile", "profiles", multiple=True, metavar="NAME", help="A profile of the AWS configuration."),
    click.option("--account", "accounts", multiple=True, metavar="ID", help="An account, through --role."),
    click.option("--accounts-file", metavar="FILE", help="Accounts to read through --role: lines, CSV or YAML."),
    click.option("--organization", is_flag=True, help="Every active account of the organization, through --role."),
    click.option("--role", default="", metavar="NAME|ARN", help="The role to assume; an ARN with {account} in it."),
    click.option("--external-id", default="", metavar="ID", help="The external id that the role asks for."),
    click.option("--region", "regions", multiple=True, metavar="NAME", help="Only this region. Default: all enabled."),
    click.option("--type", "types", multiple=True, metavar="GLOB", help="Only these resource types."),
    click.option("--scope", type=click.Choice(("full", "hot")), default="full", help="hot: accelerators only."),
    click.option(
        "--max-tps",
        type=click.FloatRange(0),
        metavar="N",
        help="Requests a second of an account, region and service at most; 0: no limit.",
    ),
    click.option("--threads", type=click.IntRange(1, 256), default=32, metavar="N", help="Default: 32."),
    click.option("--attempts", hidden=True, type=click.IntRange(1, 20), default=6, envvar="AWS_MAX_ATTEMPTS"),
    click.option("--endpoint-url", hidden=True, envvar="TAGWRIGHT_AWS_ENDPOINT_URL"),
)
NAMES = (
    "profiles",
    "accounts",
    "accounts_file",
    "organization",
    "role",
    "external_id",
    "regions",
    "types",
    "scope",
    "max_tps",
    "threads",
    "attempts",
    "endpoint_url",
)


def aws_options(function: _Function) -> _Function:
    """Every option of `NAMES`; the command takes them as `**aws` and hands them to `options_of`."""
    for decorate in reversed(_OPTIONS):
        function = decorate(function)
    return function


def needs_aws(purpose: str) -> None:
    """Raises MissingExtraError without boto3."""
    from importlib.util import find_spec  # noqa: PLC0415 - the help needs none of it

    if find_spec("boto3") is None:
        raise MissingExtraError("aws", purpose)


def options_of(aws: dict[str, Any]) -> AwsOptions:
    """What `aws_options` collected, as the inventory wants it."""
    from tagwright_drift.inventories.aws.accounts import AccountSource  # noqa: PLC0415 - the help needs none of it
    from tagwright_drift.inventories.aws.inventory import AwsOptions  # noqa: PLC0415 - needs boto3
    from tagwright_drift.inventories.aws.session import Patience  # noqa: PLC0415

    return AwsOptions(
        source=AccountSource(
            profiles=aws["profiles"],
            accounts=aws["accounts"],
            accounts_file=aws["accounts_file"] or "",
            organization=aws["organization"],
            role=aws["role"],
            external_id=aws["external_id"],
        ),
        regions=aws["regions"],
        types=aws["types"],
        scope=aws["scope"],
        max_tps=aws["max_tps"],
        threads=aws["threads"],
        patience=Patience(attempts=aws["attempts"]),
        endpoint_url=aws["endpoint_url"],
    )
