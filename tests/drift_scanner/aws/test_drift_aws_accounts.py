"""Which accounts, with whose rights: files, profiles, roles in a real STS, an organization, and all that goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.drift_scanner.faults import Cloud, Fault

from tagwright_dictionary.errors import InputError
from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.accounts import AccountSource, find_accounts
from tagwright_drift.inventories.aws.accounts_file import Listed, read_accounts
from tagwright_drift.inventories.aws.session import Clients, Keys, OwnKeys
from tagwright_drift.inventories.aws.signers import Role, RoleKeys
from tagwright_drift.inventories.contract import CellTrouble

ME = "123456789012"
OTHER = "222222222222"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "# ours\n123456789012\n012345678901, sandbox # small\n\n"),
        ("a.csv", "account,name\n123456789012,\n012345678901,sandbox\n"),
        ("b.csv", "\ufeffName , Account_ID\n,123456789012\nsandbox,012345678901\n"),
        ("a.yaml", "- 123456789012\n- {account: 012345678901, name: sandbox}\n"),
        ("b.yml", 'accounts:\n  - "123456789012"\n  - id: 012345678901\n    name: sandbox\n'),
        ("a.json", '["123456789012", {"account": "012345678901", "name": "sandbox"}]'),
    ],
)
def test_files_of_accounts(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert read_accounts(str(tmp_path / name)) == (Listed(ME), Listed("012345678901", "sandbox"))


def test_further_columns_are_context(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('account,name,environment,team\n123456789012,ml,prod,"a, b"\n222222222222,,,\n')
    assert read_accounts(str(tmp_path / "a.csv")) == (
        Listed(ME, "ml", (("environment", "prod"), ("team", "a, b"))),
        Listed(OTHER),
    )


@pytest.mark.parametrize(
    ("name", "text", "said", "line"),
    [
        ("a.txt", "123456789012\n12345678901\n", "leading zeros", 2),
        ("a.txt", "123456789012\n123456789012\n", "listed twice", 2),
        ("a.txt", "<script>\n", "no account id", 1),
        ("a.csv", "account,name\n123456789012,x\n# c\n\nabc,y\n", "no account id", 5),
        ("a.yaml", "- 123456789012\n- {name: x}\n", "no account id", 2),
        ("a.yaml", "- [123456789012]\n", "no account id", 1),
    ],
)
def test_every_wrong_line_is_named(tmp_path: Path, name: str, text: str, said: str, line: int) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError) as caught:
        read_accounts(str(tmp_path / name))
    (wrong,) = caught.value.related
    assert said in wrong.message
    assert wrong.location is not None
    assert (wrong.location.path, wrong.location.line) == (str(tmp_path / name), line)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "lists no account"),
        ("a.txt", b"\xff\xfe1", "not UTF-8"),
        ("a.yaml", b"a: [", "not YAML"),
        ("a.yaml", b"account: 1", "expected a list"),
        ("a.yaml", b"!!python/object/apply:os.system [echo]", "is no account id|lists no|expected|cannot be used"),
    ],
)
def test_files_that_are_none(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_accounts(str(tmp_path / name))
    with pytest.raises(InputError, match="cannot be read"):
        read_accounts(str(tmp_path / "none.txt"))


@pytest.mark.parametrize("suffix", ["txt", "csv", "yaml", "json"])
@given(
    content=st.one_of(
        st.binary(max_size=300), st.text('123456789012,\n"[]{}:#&* -account', max_size=200).map(str.encode)
    )
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_file_is_it_is_read_or_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    (tmp_path / f"a.{suffix}").write_bytes(content)
    try:
        found = read_accounts(str(tmp_path / f"a.{suffix}"))
    except InputError:
        return
    assert found
    assert all(len(each.id) == 12 for each in found)


@pytest.mark.parametrize(("name", "content"), [("a.yaml", b"[" * 50_000), ("a.csv", b"account\n" + b"1" * 200_000)])
def test_files_made_to_hurt(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError):
        read_accounts(str(tmp_path / name))


def test_the_default_is_the_account_of_the_credentials(clients: Clients) -> None:
    found = find_accounts(AccountSource(), clients)
    assert [(each.id, each.partition, each.home) for each in found.found] == [(ME, "aws", "us-east-1")]


def test_a_role_in_each_account_and_the_own_rights_in_ones_own(clients: Clients, cloud: Cloud) -> None:
    source = AccountSource(accounts=(OTHER, ME, OTHER), role="scan", external_id="x-1")
    mine, other = find_accounts(source, clients).found
    assert (mine.id, mine.signer.current()) == (ME, None)
    keys = other.signer.current()
    assert keys is not None
    told = clients.client(other.id, "us-east-1", "sts", keys).get_caller_identity()
    assert told["Account"] == OTHER
    assert f"arn:aws:sts::{OTHER}:assumed-role/scan/tagwright-drift" == told["Arn"]
    assert "secret" not in repr(keys).lower()
    assert keys.secret_key not in repr(keys)


def test_a_role_by_its_arn_says_the_account(clients: Clients) -> None:
    (found,) = find_accounts(AccountSource(role=f"arn:aws:iam::{OTHER}:role/scan"), clients).found
    assert found.id == OTHER
    assert found.signer.current() is not None


def test_an_organization_without_its_suspended_accounts(
    clients: Clients, api: Callable[..., Any], cloud: Cloud
) -> None:
    organizations = api("organizations")
    organizations.create_organization(FeatureSet="ALL")
    made = [
        organizations.create_account(AccountName=f"a{at}", Email=f"a{at}@acme.example")["CreateAccountStatus"]
        for at in range(25)
    ]
    ids = [each["AccountId"] for each in made]
    organizations.tag_resource(ResourceId=ids[0], Tags=[{"Key": "team", "Value": "vision"}])
    organizations.close_account(AccountId=ids[1])
    direct = [row["Id"] for page in organizations.get_paginator("list_accounts").paginate() for row in page["Accounts"]]
    assert len(direct) == 26
    found = find_accounts(AccountSource(organization=True, role="scan"), clients)
    assert [each.id for each in found.found] == sorted(set(direct) - {ids[1]})
    assert found.notes == (f"account {ids[1]} (a1) is suspended: skipped",)
    tagged = next(each for each in found.found if each.id == ids[0])
    assert (tagged.name, tagged.context(), tagged.context()) == ("a0", (("team", "vision"),), (("team", "vision"),))
    assert [call.operation for call in cloud.calls].count("ListTagsForResource") == 1
    cloud.plan(Fault("denied", service="organizations"))
    other = next(each for each in found.found if each.id == ids[2])
    assert other.context() == ()
    with pytest.raises(InputError, match="AccessDenied"):
        find_accounts(AccountSource(organization=True, role="scan"), clients)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (AccountSource(accounts=(OTHER,)), "--role is missing"),
        (AccountSource(accounts=("12",), role="x"), "no account id"),
        (AccountSource(role="arn:aws:iam::x:role/y"), "no ARN of a role"),
        (AccountSource(external_id="x"), "without --role"),
        (AccountSource(profiles=("nobody",)), "no profile nobody"),
    ],
)
def test_wrong_words_are_told(clients: Clients, source: AccountSource, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        find_accounts(source, clients)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("kind", ["denied", "expired", "disabled", "html500", "dropped", "empty"])
def test_credentials_that_nobody_knows_are_wrong_input(clients: Clients, cloud: Cloud, kind: str) -> None:
    cloud.plan(Fault(kind, service="sts"))
    with pytest.raises(InputError, match="AWS does not know the default credentials"):
        find_accounts(AccountSource(), clients)


def test_without_credentials(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import boto3

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    bare = Clients(boto3.session.Session(), endpoint_url=cloud.url)
    with pytest.raises(InputError, match="the default credentials") as caught:
        find_accounts(AccountSource(), bare)
    assert "profile" in caught.value.hint
    bare.close()


def test_profiles_are_accounts_with_their_own_keys(
    clients: Clients, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, api: Callable[..., Any]
) -> None:
    """Two profiles of two accounts; moto tells accounts by the keys that its STS gave out."""
    given = api("sts").assume_role(RoleArn=f"arn:aws:iam::{OTHER}:role/x", RoleSessionName="someone")["Credentials"]
    (tmp_path / "credentials").write_text(
        "[one]\naws_access_key_id = a\naws_secret_access_key = b\n[two]\n"
        f"aws_access_key_id = {given['AccessKeyId']}\naws_secret_access_key = {given['SecretAccessKey']}\n"
        f"aws_session_token = {given['SessionToken']}\nregion = eu-west-1\n"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    found = find_accounts(AccountSource(profiles=("two", "one")), clients).found
    assert [each.id for each in found] == [ME, OTHER]
    assert found[1].signer.current() == Keys(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    assert found[1].signer.renew(found[1].signer.current()) is False
    with pytest.raises(CellTrouble, match="expired"):
        found[1].signer.current()


class Clock:
    now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


def role_keys(clients: Clients, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> RoleKeys:
    role = Role(f"arn:aws:iam::{OTHER}:role/scan")
    return RoleKeys(clients, role, base=OwnKeys(), base_account=ME, region="us-east-1", clock=clock)


def test_keys_are_taken_anew_before_they_expire(clients: Clients, cloud: Cloud) -> None:
    clock = Clock()
    keys = role_keys(clients, clock)
    first = keys.current()
    assert keys.current() == first
    clock.now += timedelta(minutes=45)
    assert keys.current() == first
    clock.now += timedelta(minutes=6)
    assert keys.current() != first
    assert [call.operation for call in cloud.calls] == ["AssumeRole"] * 2


def test_keys_that_expired_are_taken_anew_once_for_all_threads(clients: Clients, cloud: Cloud) -> None:
    keys = role_keys(clients)
    first = keys.current()
    assert keys.renew(first) is True
    assert keys.renew(first) is True
    assert keys.current() != first
    assert len(cloud.calls) == 2


@pytest.mark.parametrize(
    ("kind", "state"), [("denied", CellState.DENIED), ("scp", CellState.DENIED), ("html500", CellState.ERROR)]
)
def test_a_role_that_cannot_be_assumed_is_not_tried_again(
    clients: Clients, cloud: Cloud, kind: str, state: CellState
) -> None:
    keys = role_keys(clients)
    cloud.plan(Fault(kind, service="sts", operation="AssumeRole"))
    for _ in range(3):
        with pytest.raises(CellTrouble) as caught:
            keys.current()
        assert caught.value.state is state
        assert "role/scan" in caught.value.reason
    assert keys.renew(None) is False
    assert len(cloud.calls) == 1
