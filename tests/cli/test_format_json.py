"""The JSON document."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

from tagwright_cli.formats import json_document
from tagwright_cli.report import Rendering


@pytest.fixture(scope="module")
def schema():
    return json.loads((files("tagwright_cli") / "data" / "report.schema.json").read_text("utf-8"))


def _rendered(report):
    return json.loads(json_document.render(report, Rendering()))


def test_schema_is_a_schema(schema):
    """The shipped schema is a valid one."""
    jsonschema.Draft202012Validator.check_schema(schema)


def test_documents_follow_the_schema(make_report, clean_report, broken_report, hostile_report, schema):
    """Every document validates against the schema that ships with the package."""
    for report in (make_report(), clean_report, broken_report, hostile_report):
        jsonschema.validate(_rendered(report), schema, cls=jsonschema.Draft202012Validator)


def test_schema_refuses_what_the_contract_forbids(make_report, schema):
    """The schema is not a rubber stamp: a value beside known = false is refused."""
    document = _rendered(make_report())
    document["resources"][2]["tags"]["owner"]["value"] = "made up"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)


def test_summary_and_coverage(broken_report):
    """Counts are those of the resources and definite findings; problems are listed."""
    document = _rendered(broken_report)
    assert document["summary"] == {
        "resources": 6,
        "compliant": 1,
        "non_compliant": 2,
        "undecided": 1,
        "exempt": 1,
        "not_applicable": 1,
        "findings": {"error": 4, "warning": 0, "info": 0, "undecided": 1},
    }
    assert document["coverage"] == {
        "files": 4,
        "problems": [
            {
                "path": "infra/broken.tf",
                "line": 7,
                "column": 3,
                "reason": "expected a closing brace",
                "hint": "close the block that opens in line 2",
            },
        ],
        "notes": [],
    }


def test_every_resource_is_there(make_report):
    """Also resources that need no tag are in the document."""
    assert [(item["address"], item["verdict"]) for item in _rendered(make_report())["resources"]] == [
        ("aws_instance.trainer[0]", "non-compliant"),
        ("aws_instance.trainer[1]", "non-compliant"),
        ("aws_s3_bucket.data", "undecided"),
        ("aws_s3_bucket.good", "compliant"),
        ("aws_s3_bucket.legacy", "exempt"),
        ("aws_iam_policy_attachment.x", "not-applicable"),
    ]


def test_unknown_and_sensitive_tags(make_report):
    """An unknown value is null with its cause; a sensitive value is null and said to be."""
    bucket = _rendered(make_report())["resources"][2]
    assert bucket["tags"] == {
        "owner": {"value": None, "known": False, "cause": "var.tags has no value here", "origin": None},
        "token": {"value": None, "known": True, "cause": None, "origin": None, "sensitive": True},
    }
    assert (bucket["complete"], bucket["incomplete_cause"]) == (False, "var.tags has no value here")


def test_a_finding(make_report):
    """A finding carries the contract's fields, and whether it blocks."""
    assert _rendered(make_report())["findings"][1] == {
        "rule": "value-not-allowed",
        "severity": "error",
        "certainty": "definite",
        "blocking": True,
        "address": "aws_instance.trainer[0]",
        "type": "aws_instance",
        "key": "workload",
        "value": "trainng",
        "message": 'workload = "trainng" is not approved: did you mean "training"?',
        "cause": None,
        "requirement": "accountable-ai-spend",
        "help": 'Write workload = "training".',
        "suggestions": ["training"],
        "location": {"path": "infra/train.tf", "line": 5, "column": 43, "end_line": None},
        "fingerprint": "0-2",
    }


def test_hostile_text_survives_as_data(hostile_report, hostile):
    """JSON keeps the text as it is, and nothing breaks out of its string."""
    document = json.loads(json_document.render(hostile_report, Rendering()).encode("utf-8", "backslashreplace"))
    assert document["findings"][0]["value"] == hostile
