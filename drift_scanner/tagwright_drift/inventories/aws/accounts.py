"""Which accounts are scanned, and with whose rights: profiles, a role in each account, the organization's accounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import botocore.session
from botocore.exceptions import ProfileNotFound

from tagwright_dictionary.errors import InputError
from tagwright_drift.inventories.aws.accounts_file import Listed, read_accounts
from tagwright_drift.inventories.aws.building import pairs_of
from tagwright_drift.inventories.aws.errors import FAILURES, code_of, message_of
from tagwright_drift.inventories.aws.hosts import home_of
from tagwright_drift.inventories.aws.session import Clients, OwnKeys, Signer
from tagwright_drift.inventories.aws.signers import ProfileKeys, Role, RoleKeys
from tagwright_drift.inventories.aws.site import AwsSite
from tagwright_drift.inventories.contract import CellTrouble
from tagwright_drift.reach.once import Once

_HOLE = "{account}"
_ROLE = re.compile(r"arn:[a-z-]+:iam::([0-9]{12}|\{account\}):role/[\w+=,.@/-]+")
_CREDENTIALS = "name a profile (--profile), set AWS_ACCESS_KEY_ID and its fellows, or run where a role is attached"

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AccountSource:
    """What the user said about accounts. Without anything: the account of the default credentials.

    profiles       each is an account, scanned with the profile's own rights; with any of the others the first one is
                   who assumes the roles and asks the organization
    accounts, accounts_file, organization
                   account ids, a file of them (`accounts_file.py`), or all active accounts of the organization
    role           the role to assume in each: its name, or an ARN with "{account}" in it
    """

    profiles: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    accounts_file: str = ""
    organization: bool = False
    role: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An account to scan. `context` gives what its surroundings say (file columns, its tags in the organization)."""

    id: str
    partition: str
    signer: Signer
    name: str = ""
    context: Callable[[], Pairs] = tuple

    @property
    def home(self) -> str:
        """The region that answers for the whole account."""
        return home_of(self.partition)


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts, by id, and what was left out, in words ("account 123456789012 (old) is suspended")."""

    found: tuple[Account, ...]
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Caller:
    account: str
    partition: str
    signer: Signer


def find_accounts(source: AccountSource, clients: Clients) -> Accounts:
    """The accounts of `source`. Raises InputError where it cannot be told which they are: no credentials, a profile
    that does not exist, an organization that does not answer. A role that cannot be assumed is the account's matter:
    its cells say so.
    """
    _check(source)
    many = bool(source.accounts or source.accounts_file or source.organization)
    if many and not source.role:
        raise InputError(
            "--role is missing: which role is to be assumed in the accounts", hint="--role tagwright-drift"
        )
    if source.profiles and not many and not source.role:
        callers = [_caller(profile, clients) for profile in source.profiles]
        return Accounts(_unique(Account(each.account, each.partition, each.signer) for each in callers))
    caller = _caller(source.profiles[0] if source.profiles else "", clients)
    if not many:
        if not source.role:
            return Accounts((Account(caller.account, caller.partition, caller.signer),))
        there = source.role.split(":")[4] if source.role.startswith("arn:") and _HOLE not in source.role else ""
        return Accounts((_in_account(Listed(there or caller.account), tuple, source, caller, clients, assume=True),))
    notes: list[str] = []
    listed: list[tuple[Listed, Callable[[], Pairs]]] = []
    if source.organization:
        listed += _members(caller, clients, notes)
    if source.accounts_file:
        listed += [(each, _said(each.context)) for each in read_accounts(source.accounts_file)]
    listed += [(Listed(each), tuple) for each in source.accounts]
    return Accounts(
        _unique(_in_account(each, context, source, caller, clients) for each, context in listed), tuple(notes)
    )


def _check(source: AccountSource) -> None:
    if source.role.startswith("arn:") and not _ROLE.fullmatch(source.role):
        raise InputError(
            f"{source.role!r} is no ARN of a role",
            hint="--role 'arn:aws:iam::{account}:role/tagwright-drift', or its name",
        )
    if source.external_id and not source.role:
        raise InputError("--external-id without --role", hint="--role NAME")
    for each in source.accounts:
        if len(each) != 12 or not each.isdecimal():
            raise InputError(f"{each!r} is no account id of 12 digits", hint="--account 123456789012")


def _in_account(
    listed: Listed,
    context: Callable[[], Pairs],
    source: AccountSource,
    caller: _Caller,
    clients: Clients,
    *,
    assume: bool = False,
) -> Account:
    """An account through the role; the caller's own is scanned with the caller's rights, for an organization's
    management account has no role that its members' stack set made.
    """
    if listed.id == caller.account and not assume:
        return Account(listed.id, caller.partition, caller.signer, listed.name, context)
    arn = source.role if source.role.startswith("arn:") else f"arn:{caller.partition}:iam::{_HOLE}:role/{source.role}"
    signer = RoleKeys(
        clients,
        Role(arn.replace(_HOLE, listed.id), source.external_id),
        base=caller.signer,
        base_account=caller.account,
        region=home_of(caller.partition),
    )
    return Account(listed.id, caller.partition, signer, listed.name, context)


def _caller(profile: str, clients: Clients) -> _Caller:
    """Who the credentials are, by STS."""
    who = f"profile {profile}" if profile else "the default credentials"
    try:
        signer: Signer = OwnKeys()
        region = clients.session.region_name or ""
        if profile:
            session = botocore.session.Session(profile=profile)
            credentials = session.get_credentials()
            if credentials is None:
                raise InputError(f"{who} has no credentials", hint=_CREDENTIALS)
            signer = ProfileKeys(credentials)
            region = session.get_config_variable("region") or region
        region = region or home_of("aws")
        told = clients.client("", region, "sts", signer.current()).get_caller_identity()
        return _Caller(told["Account"], told["Arn"].split(":")[1], signer)
    except ProfileNotFound:
        known = ", ".join(sorted(botocore.session.Session().available_profiles)) or "none"
        raise InputError(f"there is no {who} in the AWS configuration", hint=f"profiles: {known}") from None
    except CellTrouble as trouble:
        raise InputError(f"{who}: {trouble.reason}", hint=_CREDENTIALS) from None
    except (*FAILURES, IndexError) as error:
        code = f" ({code_of(error)})" if code_of(error) else ""
        raise InputError(f"AWS does not know {who}: {message_of(error)}{code}", hint=_CREDENTIALS) from None


def _members(caller: _Caller, clients: Clients, notes: list[str]) -> Iterator[tuple[Listed, Callable[[], Pairs]]]:
    site = AwsSite(clients, caller.account, home_of(caller.partition), partition=caller.partition, signer=caller.signer)
    try:
        rows: list[Mapping[str, Any]] = [
            row for page in site.pages("organizations", "list_accounts") for row in page["Accounts"]
        ]
    except CellTrouble as trouble:
        raise InputError(
            f"the organization's accounts cannot be listed: {trouble.reason}",
            hint="ask with rights of the management account or a delegated administrator, or use --accounts-file",
        ) from None
    for row in rows:
        state = str(row.get("State") or row.get("Status") or "ACTIVE")
        if state == "ACTIVE":
            yield Listed(row["Id"], str(row.get("Name") or "")), _tags_once(site, row["Id"])
        else:
            name = f" ({row['Name']})" if row.get("Name") else ""
            notes.append(f"account {row['Id']}{name} is {state.lower().replace('_', ' ')}: skipped")


def _tags_once(site: AwsSite, account: str) -> Callable[[], Pairs]:
    """The account's tags in the organization, asked for when they are first wanted: at 5 requests a second the tags of
    thousands of accounts would hold up the scan. They only explain; where they are refused there are none.
    """

    def ask() -> Pairs:
        try:
            pages = site.pages("organizations", "list_tags_for_resource", ResourceId=account)
            return tuple(sorted(pair for page in pages for pair in pairs_of(page.get("Tags"))))
        except (CellTrouble, KeyError, TypeError):
            return ()

    return Once(ask).get


def _said(context: Pairs) -> Callable[[], Pairs]:
    return lambda: context


def _unique(accounts: Iterator[Account]) -> tuple[Account, ...]:
    found: dict[str, Account] = {}
    for each in accounts:
        found.setdefault(each.id, each)
    return tuple(found[key] for key in sorted(found))
