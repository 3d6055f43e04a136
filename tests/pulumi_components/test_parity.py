"""One table of tags through the judge, the Pulumi gate and the Terraform gate: the same rules, keys and words."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tagwright_dictionary.loading import load
from tagwright_dictionary.model import Certainty, Severity
from tagwright_iac.reading import ReadOptions, read
from tagwright_policies.gate import gate
from tagwright_pulumi import Bucket, TagGate, TagPolicyError

TODAY = date(2026, 11, 23)

CASES = [
    {},
    {"owner": "ml@acme.example"},
    {"owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "training"},
    {"owner": "ml@other.example", "cost-center": "4100", "workload": "trainng"},
    {"owner": "todo", "cost-center": "cc-0000", "workload": "n/a"},
    {"Owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "train"},
    {"owner": "", "cost-center": " ", "workload": "training"},
    {"owner": "ml@acme.example", "cost-center": "cc-4200", "workload": "training", "team": "vision"},
    {"owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "training", "aws:x": "y"},
    {"owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "training", "note": "v" * 300},
    {
        "owner": "ml@acme.example",
        "cost-center": "cc-4100",
        "workload": "training",
        **dict.fromkeys(map(str, range(60)), "x"),
    },
]


def blocked(finding):
    return finding.severity is Severity.ERROR and finding.certainty is Certainty.DEFINITE


def by_terraform(folder, dictionary, written):
    body = "\n".join(f"    {json.dumps(key)} = {json.dumps(value)}" for key, value in written.items())
    (folder / "tf").mkdir()
    (folder / "tf" / "main.tf").write_text(f'resource "aws_s3_bucket" "b" {{\n  tags = {{\n{body}\n  }}\n}}\n')
    reading = read(["tf"], ReadOptions(cwd=str(folder)))
    assert reading.problems == ()
    result = gate(dictionary, reading, today=TODAY)
    return {(each.rule, each.key, each.message) for each in result.findings if blocked(each)}


def by_pulumi(loopback, written):
    caught = []

    def program():
        try:
            Bucket("b", {"tags": written}, gate=TagGate(today=TODAY))
        except TagPolicyError as error:
            caught.extend(error.problems)
            raise

    result = loopback(program)
    assert (result.exit_code == 0) == (not caught)
    return {(each.rule, each.key, each.message) for each in caught}


@pytest.mark.parametrize("written", CASES, ids=range(len(CASES)))
def test_the_gates_agree(loopback, project, written):
    """A bucket in Terraform and the same one in Pulumi are refused for the same reasons, in the same words."""
    dictionary = load(project / "dictionary.yaml")
    assert by_pulumi(loopback, written) == by_terraform(project, dictionary, written)
