"""Which accounts a live command looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from tagwright_drift.inventories.aws.inventory import AwsInventory

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """What the options say. Nothing: the account of the default credentials."""

    profiles: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    accounts_file: str = ""
    organization: bool = False
    role: str = ""
    external_id: str = ""


def account_options(function: _Function) -> _Function:
    """`--profile`, `--account`, `--accounts-file`, `--organization`, `--role`, `--external-id`."""
    for decorate in (
        click.option("--external-id", metavar="ID", help="The external id that the role asks for."),
        click.option(
            "--role",
            metavar="ROLE",
            help="The role to assume in each account: its name, or an ARN with {account} in it.",
        ),
        click.option("--organization", is_flag=True, help="All active accounts of the AWS organization."),
        click.option("--accounts-file", metavar="FILE", help="A file of accounts: ids, CSV, YAML or JSON."),
        click.option("--account", "accounts", multiple=True, metavar="ID", help="An account; repeat it."),
        click.option(
            "--profile",
            "profiles",
            multiple=True,
            metavar="NAME",
            help="A profile of the AWS configuration; repeat it.",
        ),
    ):
        function = decorate(function)
    return function


def inventory_of(
    choice: AccountChoice,
    *,
    regions: tuple[str, ...] = (),
    types: tuple[str, ...] = (),
    scope: str = "full",
    threads: int = 32,
    max_tps: float | None = None,
) -> AwsInventory:
    """The inventory of AWS. Raises MissingExtraError without boto3, InputError for a type that there is not."""
    from tagwright_dictionary.errors import MissingExtraError  # noqa: PLC0415 - the help needs none of it

    try:
        from tagwright_drift.inventories.aws.accounts import AccountSource  # noqa: PLC0415
        from tagwright_drift.inventories.aws.inventory import AwsInventory, AwsOptions  # noqa: PLC0415
    except ImportError:
        raise MissingExtraError("aws", "reading live AWS accounts") from None
    source = AccountSource(
        choice.profiles, choice.accounts, choice.accounts_file, choice.organization, choice.role, choice.external_id
    )
    return AwsInventory(AwsOptions(source, regions, types, scope, threads=threads, max_tps=max_tps))
