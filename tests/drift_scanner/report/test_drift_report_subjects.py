"""Findings told resource by resource, and mended by one command where one is enough."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.drift_scanner.report.estate import LEVELS, NOW, STARTED, History, finding, many, run_of

from tagwright_dictionary.dictionary import Dictionary, Key, Value
from tagwright_drift.report.assembling import assemble
from tagwright_drift.report.fixing import combined, examples_of, fix_for
from tagwright_drift.report.subjects import subjects


def _items(*records):
    run = run_of(1, started=STARTED, cells=[])
    return assemble(History([run], list(records)), now=NOW, tool_version="0", deadlines=LEVELS).items


def _said(*records):
    return [[said.message for said in subject.said] for subject in subjects(_items(*records))]


OWNER = finding(1, key="owner", message="owner is required on GPU nodes", suggestions=())
WORKLOAD = finding(
    1, key="workload", message="workload is required on GPU nodes", suggestions=("training", "inference")
)
COST = finding(1)


def test_keys_with_the_same_fault_are_one_sentence():
    """And one command that sets all of them, each from a variable of its own or to its only value."""
    (subject,) = subjects(_items(OWNER, WORKLOAD, replace(COST, suggestions=("cc-4100",))))
    assert [said.message for said in subject.said] == ["cost-center, owner and workload are required on GPU nodes"]
    words = shlex.split(subject.command)
    assert words[:6] == [
        "aws",
        "resourcegroupstaggingapi",
        "tag-resources",
        "--region",
        "eu-west-1",
        "--resource-arn-list",
    ]
    assert sorted(words[words.index("--tags") + 1 :]) == [
        "cost-center=cc-4100",
        "owner=${TAG_OWNER:?choose an approved value of owner}",
        "workload=${TAG_WORKLOAD:?choose an approved value of workload}",
    ]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (OWNER, replace(WORKLOAD, severity="warning")),
        (OWNER, replace(WORKLOAD, certainty="undecided")),
        (OWNER, replace(WORKLOAD, first_seen=NOW - timedelta(days=3))),  # another deadline
        (OWNER, replace(WORKLOAD, message="workload is required on GPU nodes when environment is prod")),
        (OWNER, replace(WORKLOAD, rule="value-not-allowed", value="x", message='workload = "x" is not approved')),
        (replace(OWNER, message="is is required"), replace(WORKLOAD, message="are required")),
    ],
)
def test_what_differs_is_told_apart(left, right):
    """Another severity, certainty, deadline, rest of the sentence, or a value."""
    assert sorted(_said(left, right)[0]) == sorted((left.message, right.message))


def test_reach_of_several_keys_is_one_sentence():
    """Although it has a value: the value is not what is wrong."""
    made = [
        finding(1, rule="unreached", key=key, value="v", message=f"{key} does not reach the volumes: they stay behind")
        for key in ("owner", "team")
    ]
    assert _said(*made) == [["owner and team do not reach the volumes: they stay behind"]]


def test_every_finding_is_told_once():
    """Whatever is merged: each item is in exactly one sentence of exactly one subject."""
    items = _items(*many(200))
    found = [item for subject in subjects(items) for said in subject.said for item in said.items]
    assert sorted(item.record.identity for item in found) == sorted(item.record.identity for item in items)
    assert next(subject.first for subject in subjects(items)) == items[0]


def test_an_example_is_nobodys_value():
    """Examples in the dictionary show the form and are not offered as the fix; an approved value is."""
    keys = (
        Key("owner", examples=("ml-vision@acme.example",), format="email"),
        Key("workload", values=(Value("training"),), examples=("training",)),
    )
    examples = examples_of(Dictionary("d", "1.0.0", keys))
    assert examples == {("owner", "ml-vision@acme.example")}
    record = finding(1, rule="placeholder-value", key="owner", value="todo", suggestions=("ml-vision@acme.example",))
    assert fix_for(record).value == "ml-vision@acme.example"
    fix = fix_for(record, examples)
    assert (fix.value, fix.code) == ("", "")
    assert "ml-vision" not in fix.command
    closed = finding(1, key="workload", suggestions=("training",))
    assert fix_for(closed, examples).value == "training"


def test_commands_that_differ_otherwise_are_not_joined():
    """Two resources, or a command without tags, cannot be one command."""
    one = "aws x tag-resources --resource-arn-list a --tags k=1"
    assert combined([one, one.replace("k=1", "l=2")]) == "aws x tag-resources --resource-arn-list a --tags k=1 l=2"
    assert combined([one, one]) == one
    assert combined([one, one.replace(" a ", " b ")]) == ""
    assert combined([one, "aws y"]) == ""
    assert combined([]) == ""
