"""SARIF."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from tagwright_cli.formats import sarif
from tagwright_cli.report import Rendering
from tagwright_dictionary.model import Location
from tagwright_dictionary.rules import RULES

SCHEMA = json.loads((Path(__file__).parent.parent / "data" / "sarif-schema-2.1.0.json").read_text("utf-8"))


def _run(report):
    document = json.loads(sarif.render(report, Rendering()).encode("utf-8", "backslashreplace"))
    jsonschema.validate(
        document,
        SCHEMA,
        cls=jsonschema.Draft4Validator,
        format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER,
    )
    return document["runs"][0]


def test_follows_the_official_schema(make_report, clean_report, broken_report, hostile_report):
    """Every report validates against the schema of OASIS, hostile text or not."""
    for report in (make_report(), clean_report, broken_report, hostile_report):
        _run(report)


def test_results(make_report):
    """A result has its rule, level, place with column, and a fingerprint that survives line moves."""
    results = _run(make_report())["results"]
    assert [(item["ruleId"], item["level"], "suppressions" in item) for item in results] == [
        ("missing-tag", "error", False),
        ("value-not-allowed", "error", False),
        ("missing-tag", "error", False),
        ("value-not-allowed", "error", False),
        ("missing-tag", "note", False),
        ("missing-tag", "error", True),
    ]
    assert results[1]["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "infra/train.tf"},
                "region": {"startLine": 5, "startColumn": 43},
            },
            "logicalLocations": [{"fullyQualifiedName": "aws_instance.trainer[0]", "kind": "resource"}],
        },
    ]
    assert results[1]["partialFingerprints"] == {"tagwright/v1": "0-2"}


def test_accepted_findings_are_suppressed_results(make_report):
    """What an exemption accepts is in the log with its justification, so that it is seen and does not count."""
    assert _run(make_report())["results"][-1]["suppressions"] == [
        {"kind": "external", "justification": "moves to the new account (approved by jo, until 2027-03-01)"},
    ]


def test_every_rule_is_described(make_report):
    """The rules carry title, text, level and an address derived from their id; results point to them."""
    run = _run(make_report())
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert all(rule["helpUri"].endswith(f"/docs/rules/{rule['id']}.md") for rule in rules)
    assert all(rules[item["ruleIndex"]]["id"] == item["ruleId"] for item in run["results"])


def test_what_could_not_be_read_is_a_notification(broken_report):
    """A run that could not read everything is not successful, and says why."""
    invocation = _run(broken_report)["invocations"][0]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    assert invocation["toolExecutionNotifications"] == [
        {
            "descriptor": {"id": "not-read"},
            "level": "error",
            "message": {"text": "expected a closing brace\nclose the block that opens in line 2"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "infra/broken.tf"},
                        "region": {"startLine": 7, "startColumn": 3},
                    },
                },
            ],
        },
    ]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/ü.tf", "a%20b/%C3%BC.tf"),
        ("./main.tf", "main.tf"),
        ("c:evil.tf", "c%3Aevil.tf"),
        ("100%.tf", "100%25.tf"),
        ("x?y#z.tf", "x%3Fy%23z.tf"),
    ],
)
def test_paths_are_uris(changed, make_report, path, uri):
    """A path becomes a relative URI reference, whatever its characters."""
    report = make_report()
    moved = changed(
        report,
        findings=(replace(report.result.findings[0], location=Location(path, 1, 1)),),
        accepted=(),
    )
    location = _run(moved)["results"][0]["locations"][0]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": uri}
