"""`tagwright drift doctor` and `drift iam-policy`, as a user calls them, against a real server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from tests.drift_scanner.faults import Cloud, Fault

from tagwright_cli.commands.drift_doctor import command as doctor
from tagwright_cli.commands.drift_iam_policy import command as iam_policy
from tagwright_dictionary.errors import InputError, MissingExtraError

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "TAGWRIGHT_AWS_ENDPOINT_URL": cloud.url,
    }.items():
        monkeypatch.setenv(name, value)

    def called(command: click.Command, *arguments: str) -> tuple[int, str]:
        code = command.main(list(arguments), standalone_mode=False)
        return int(code), capsys.readouterr().out

    return called


def types(*names: str) -> list[str]:
    return [word for name in names for word in ("--type", name)]


def test_nothing_blind(run: Run, api: Callable[..., Any]) -> None:
    api("sqs").create_queue(QueueName="q")
    code, out = run(doctor, *types("aws_sqs_queue", "aws_s3_bucket", "aws_lambda_function"))
    assert code == 0
    assert out == (
        "123456789012  sees 3 of 3 resource types\n"
        "  note    not tried, for there was nothing to try them on: lambda:ListTags,\n"
        "          s3:GetBucketLocation, s3:GetBucketTagging\n"
        "\n"
        "1 account: nothing goes blind.\n"
    )


def test_what_is_refused_is_named_with_its_action(run: Run, cloud: Cloud, api: Callable[..., Any]) -> None:
    api("sqs").create_queue(QueueName="q")
    cloud.plan(
        Fault("denied", service="lambda"),
        Fault("scp", service="s3"),
        Fault("denied", service="sqs", operation="ListQueueTags"),
        Fault("denied", service="tagging"),
    )
    wanted = types("aws_sqs_queue", "aws_s3_bucket", "aws_lambda_function", "aws_dynamodb_table")
    code, out = run(doctor, "--format", "json", *wanted)
    assert code == 4
    document = json.loads(out)
    (account,) = document["accounts"]
    assert document["whole"] is account["whole"] is False
    told = {each["type"]: (each["state"], each["reason"], each["refused"]) for each in account["types"]}
    assert told == {
        "aws_dynamodb_table": ("sees", None, []),
        "aws_lambda_function": (
            "blind",
            "AccessDeniedException for lambda:ListFunctions",
            ["lambda:ListFunctions"],
        ),
        "aws_s3_bucket": (
            "blind",
            "AccessDenied for s3:ListAllMyBuckets, by a service control policy",
            ["s3:ListAllMyBuckets"],
        ),
        "aws_sqs_queue": ("partly", "AccessDeniedException for sqs:ListQueueTags", ["sqs:ListQueueTags"]),
    }
    assert len(account["notes"]) == 1
    assert "takes longer" in account["notes"][0]
    code, out = run(doctor, *wanted)
    assert code == 4
    assert "  blind   aws_lambda_function  us-east-1\n" in out
    assert "1 of 1 account would not be seen whole." in out
    assert "iam-policy" in out


def test_each_permission_is_tried_once_and_a_page_is_enough(run: Run, cloud: Cloud, api: Callable[..., Any]) -> None:
    for at in range(40):
        api("sqs").create_queue(QueueName=f"q{at}")
    cloud.plan()
    run(doctor, *types("aws_sqs_queue"))
    asked = [call.operation for call in cloud.calls]
    assert sorted(asked) == [
        "DescribeInstanceTypes",
        "DescribeRegions",
        "GetCallerIdentity",
        "GetResources",
        "ListQueueTags",
        "ListQueues",
    ]


def test_an_account_whose_role_is_refused_is_blind(run: Run, cloud: Cloud) -> None:
    cloud.plan(Fault("denied", service="sts", operation="AssumeRole"))
    code, out = run(doctor, "--account", "222222222222", "--role", "scan", *types("aws_sqs_queue"))
    assert code == 4
    assert "222222222222  blind: nothing of it can be read\n" in out
    assert "sts:AssumeRole of arn:aws:iam::222222222222:role/scan" in " ".join(out.split())


def test_every_type_is_probed(run: Run) -> None:
    from tagwright_drift.inventories.aws.registry import listers

    code, out = run(doctor, "--format", "json")
    out = out[out.index("{") :]  # moto prints what it does not know
    told = {each["type"]: each["state"] for each in json.loads(out)["accounts"][0]["types"]}
    assert set(told) == set(listers())
    assert code == 4  # moto does not have them all
    assert {told[name] for name in ("aws_instance", "aws_s3_bucket", "aws_sagemaker_endpoint")} == {"sees"}
    assert told["aws_kendra_index"] == "blind"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--region", "mars-1"], "no region 'mars-1'"),
        (["--type", "aws_nothing"], "aws_nothing"),
        (["--account", "222222222222"], "--role is missing"),
        (["--accounts-file", "/does/not/exist", "--role", "x"], "cannot be read"),
        (["--profile", "nobody"], "no profile nobody"),
    ],
)
def test_wrong_words_are_wrong_input(run: Run, arguments: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        run(doctor, *arguments)
    assert caught.value.exit_code == 2


def test_hostile_names_do_nothing_to_a_terminal(
    run: Run, cloud: Cloud, api: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("account,name\n123456789012,\x1b[31m::error::x\n")
    code, out = run(doctor, "--accounts-file", str(tmp_path / "a.csv"), "--role", "x", *types("aws_sqs_queue"))
    assert code == 0
    assert "\x1b" not in out
    assert "(\\x1b[31m::error::x)" in out
    assert not [line for line in out.splitlines() if line.lstrip().startswith("::")]


def test_the_policy_as_json_and_into_a_file(run: Run, tmp_path: Path) -> None:
    from tagwright_drift.inventories.aws.policy import policy_document

    code, out = run(iam_policy)
    assert (code, json.loads(out)) == (0, policy_document())
    code, out = run(iam_policy, "--scope", "hot", "--output", str(tmp_path / "p.json"))
    assert (code, out) == (0, "")
    assert json.loads((tmp_path / "p.json").read_text()) == policy_document("hot")


def test_the_policy_of_a_few_types(run: Run) -> None:
    _, out = run(iam_policy, *types("aws_sqs_queue"))
    named = [action for statement in json.loads(out)["Statement"] for action in statement["Action"]]
    assert named == [
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeRegions",
        "sqs:ListQueueTags",
        "sqs:ListQueues",
        "sts:GetCallerIdentity",
        "tag:GetResources",
    ]
    _, out = run(iam_policy, "--types", *types("aws_sqs_queue"))
    assert out == "aws_sqs_queue\n  sqs:ListQueues\n  sqs:ListQueueTags\n"


def test_many_accounts_at_once_in_order(run: Run, cloud: Cloud) -> None:
    accounts = [f"{at:012}" for at in range(1, 10)]
    cloud.plan(Fault("denied", service="sqs", account=accounts[4]))
    named = [word for account in reversed(accounts) for word in ("--account", account)]
    code, out = run(doctor, "--role", "scan", *named, *types("aws_sqs_queue", "aws_s3_bucket"), "--format", "json")
    document = json.loads(out)
    assert code == 4
    assert [(each["account"], each["whole"]) for each in document["accounts"]] == [
        (account, account != accounts[4]) for account in accounts
    ]


@pytest.mark.parametrize("command", [doctor, iam_policy])
def test_without_boto3_the_extra_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, command: click.Command) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda *_: None)
    with pytest.raises(MissingExtraError) as caught:
        run(command)
    assert caught.value.hint == "pip install 'tagwright[aws]'"
