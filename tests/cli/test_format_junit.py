"""JUnit XML."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from tagwright_cli.formats import junit
from tagwright_cli.report import Rendering


def _parsed(report):
    return ET.fromstring(junit.render(report, Rendering()).encode("utf-8"))  # noqa: S314 - our own output


def _outcomes(root):
    return [(case.get("classname"), case.get("name"), [child.tag for child in case]) for case in root.iter("testcase")]


def test_one_case_a_resource(make_report):
    """Blocked resources fail, undecided and exempt ones are skipped, what needs no tag is left out."""
    root = _parsed(make_report())
    assert _outcomes(root) == [
        ("aws_instance", "aws_instance.trainer[0]", ["failure"]),
        ("aws_instance", "aws_instance.trainer[1]", ["failure"]),
        ("aws_s3_bucket", "aws_s3_bucket.data", ["skipped"]),
        ("aws_s3_bucket", "aws_s3_bucket.good", []),
        ("aws_s3_bucket", "aws_s3_bucket.legacy", ["skipped"]),
    ]
    totals = {"tests": "5", "failures": "2", "errors": "0", "skipped": "2"}
    assert {name: root.get(name) for name in totals} == totals
    assert {name: root[0].get(name) for name in totals} == totals


def test_failure_says_what_and_where(make_report):
    """A failure names its rules, and its text has place, message and next step."""
    failure = next(_parsed(make_report()).iter("failure"))
    assert failure.get("type") == "missing-tag value-not-allowed"
    assert failure.text == (
        "infra/train.tf:5:3: error missing-tag: cost-center is required on GPU nodes\n"
        '  help: Add cost-center = "cc-4100" to tags.\n'
        'infra/train.tf:5:43: error value-not-allowed: workload = "trainng" is not approved: did you mean "training"?\n'
        '  help: Write workload = "training".'
    )


def test_what_could_not_be_read_is_an_error(broken_report):
    """A file that could not be read is an error, not a missing case."""
    root = _parsed(broken_report)
    assert root.get("errors") == "1"
    assert _outcomes(root)[0] == ("reading", "infra/broken.tf", ["error"])


def test_undecided_that_blocks_is_a_failure(changed, make_report):
    """With --on-unknown fail the undecided resource fails."""
    report = make_report()
    root = _parsed(changed(report, blocking="all"))
    assert ("aws_s3_bucket", "aws_s3_bucket.data", ["failure"]) in _outcomes(root)


def test_hostile_text_stays_text(changed, hostile_report):
    """The document stays well-formed with the same elements, whatever the text."""
    report = changed(hostile_report, blocking="all")
    rendered = junit.render(report, Rendering())
    root = ET.fromstring(rendered.encode("utf-8"))  # noqa: S314 - our own output
    assert [case[0].tag for case in root.iter("testcase")] == ["error", "failure", "skipped"]
    assert {element.tag for element in root.iter()} == {
        "testsuites",
        "testsuite",
        "testcase",
        "error",
        "failure",
        "skipped",
    }
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", rendered)
