"""GitLab code quality."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from tagwright_cli.formats import gitlab
from tagwright_cli.report import Rendering


def _entries(report):
    return json.loads(gitlab.render(report, Rendering()).encode("utf-8", "backslashreplace"))


def test_entries(make_report):
    """Findings with the fields GitLab asks for; undecided ones are only information."""
    entries = _entries(make_report())
    assert [(entry["check_name"], entry["severity"], entry["location"]) for entry in entries] == [
        ("missing-tag", "critical", {"path": "infra/train.tf", "lines": {"begin": 5}}),
        ("value-not-allowed", "critical", {"path": "infra/train.tf", "lines": {"begin": 5}}),
        ("missing-tag", "critical", {"path": "infra/train.tf", "lines": {"begin": 5}}),
        ("value-not-allowed", "critical", {"path": "infra/train.tf", "lines": {"begin": 5}}),
        ("missing-tag", "info", {"path": "infra/train.tf", "lines": {"begin": 8}}),
    ]
    assert entries[0]["description"] == "aws_instance.trainer[0]: cost-center is required on GPU nodes"


def test_fingerprints_are_unique_and_stable(changed, make_report):
    """GitLab drops entries with the same fingerprint, so equal ones are told apart, the same way each time."""
    report = make_report()
    report = changed(
        report,
        findings=tuple(replace(each, fingerprint="same") for each in report.result.findings),
    )
    fingerprints = [entry["fingerprint"] for entry in _entries(report)]
    assert len(set(fingerprints)) == len(fingerprints)
    assert fingerprints == [entry["fingerprint"] for entry in _entries(report)]


def test_fingerprint_does_not_depend_on_the_others(changed, make_report):
    """A finding keeps its fingerprint when another one before it goes."""
    report = make_report()
    before = {entry["fingerprint"] for entry in _entries(report)}
    after = {entry["fingerprint"] for entry in _entries(changed(report, findings=report.result.findings[1:]))}
    assert after < before


def test_nothing_found_is_an_empty_list(clean_report):
    """A clean run is an empty array, not an empty file."""
    assert gitlab.render(clean_report, Rendering()) == "[]\n"


def test_what_could_not_be_read_is_an_entry(broken_report):
    """A file that could not be read is an entry of its own."""
    assert _entries(broken_report)[0]["description"] == "not read: expected a closing brace"


def test_hostile_text_stays_text(hostile_report):
    """Descriptions are single printable lines of bounded length; fingerprints are hexadecimal."""
    for entry in _entries(hostile_report):
        assert entry["description"].isprintable()
        assert len(entry["description"]) < 12_000
        assert re.fullmatch("[0-9a-f]{64}", entry["fingerprint"])
