"""Findings by what has to be mended."""

from __future__ import annotations

from dataclasses import replace

from tagwright_cli.grouping import group
from tagwright_cli.merging import merged
from tagwright_dictionary.model import Judgement, Location, Resource, Severity, Suppression, Verdict


def _resource(name, **changes):
    return Resource(address=name, type="aws_s3_bucket", location=Location("a.tf", 1), block=name, **changes)


def _bad(resource, *findings):
    return Judgement(resource, Verdict.NON_COMPLIANT, findings)


def _summary(judgements, extra=()):
    shown = [finding for judgement in judgements for finding in judgement.findings]
    return [
        (block.address, block.addresses, [(each.rule, each.key) for each in block.findings])
        for block in group(judgements, [*shown, *extra])
    ]


def test_instances_of_a_block_are_one(finding):
    """Instances with the same findings are one group, named by their block."""
    judgements = [
        _bad(replace(_resource("b"), address=f"b[{n}]"), finding(address=f"b[{n}]", message=f"b[{n}] lacks owner"))
        for n in range(3)
    ]
    assert _summary(judgements) == [("b", ("b[0]", "b[1]", "b[2]"), [("missing-tag", "cost-center")])]


def test_instances_with_other_findings_stay_apart(finding):
    """An instance with a finding of its own is a group of its own."""
    first, second = (replace(_resource("b"), address=f"b[{n}]") for n in range(2))
    judgements = [_bad(first, finding(address="b[0]")), _bad(second, finding(address="b[1]", key="owner"))]
    assert _summary(judgements) == [
        ("b[0]", ("b[0]",), [("missing-tag", "cost-center")]),
        ("b[1]", ("b[1]",), [("missing-tag", "owner")]),
    ]


def test_equal_addresses_of_two_roots_stay_apart(finding):
    """The same address in two root modules is two resources."""
    judgements = [_bad(_resource("b", scope=scope), finding(address="b")) for scope in ("x", "y")]
    assert [addresses for _, addresses, _ in _summary(judgements)] == [("b",), ("b",)]


def test_one_wrong_value_that_many_blocks_use_is_one(finding):
    """A wrong value that stands in one place is told once, with the blocks it concerns; the rest stays with them."""
    wrong = {"rule": "placeholder-value", "key": "owner", "value": "todo", "location": Location("locals.tf", 3, 5)}
    judgements = [_bad(_resource(name), finding(address=name), finding(address=name, **wrong)) for name in ("b", "c")]
    assert _summary(judgements) == [
        ("b", ("b",), [("missing-tag", "cost-center")]),
        ("c", ("c",), [("missing-tag", "cost-center")]),
        ("", ("b", "c"), [("placeholder-value", "owner")]),
    ]


def test_equal_values_in_two_places_are_two(finding):
    """The same wrong value written twice has to be mended twice."""
    judgements = [
        _bad(_resource(name), finding(address=name, value="todo", location=Location("a.tf", line)))
        for line, name in enumerate(("b", "c"), 1)
    ]
    assert [addresses for _, addresses, _ in _summary(judgements)] == [("b",), ("c",)]


def test_a_finding_about_a_comment_stands_with_its_block(finding):
    """An expired suppression is shown where its block is shown."""
    place = Location("a.tf", 2)
    resource = _resource("b", suppressions=(Suppression(("owner",), "2020-01-01", "x", place),))
    expired = finding(address="b", rule="expired-exemption", key="", location=place)
    assert _summary([_bad(resource, finding(address="b"))], [expired]) == [
        ("b", ("b",), [("expired-exemption", ""), ("missing-tag", "cost-center")]),
    ]


def test_a_finding_about_no_resource_stands_alone(finding):
    """A fault of a central exemption belongs to no block."""
    loose = finding(address="", rule="unused-suppression", location=Location("exemptions.yaml", 4))
    assert _summary([], [loose]) == [("", (), [("unused-suppression", "cost-center")])]


def test_errors_come_first(finding):
    """Within a block errors stand before warnings."""
    warning = finding(address="b", rule="a-rule", severity=Severity.WARNING)
    assert _summary([_bad(_resource("b"), warning, finding(address="b"))])[0][2] == [
        ("missing-tag", "cost-center"),
        ("a-rule", "cost-center"),
    ]


def test_keys_with_the_same_fault_are_one_sentence(finding):
    """Messages that differ in nothing but the key are told together."""
    findings = [finding(key=key, message=f"{key} is required on GPU nodes") for key in ("owner", "team", "workload")]
    assert [each.message for each in merged(findings)] == ["owner, team and workload are required on GPU nodes"]


def test_different_faults_stay_apart(finding):
    """Another severity, another sentence or a value of its own is another line."""
    findings = (
        finding(key="owner", message="owner is required on GPU nodes"),
        finding(key="team", message="team is required on GPU nodes", severity=Severity.WARNING),
        finding(key="model", message="model is required on buckets"),
        finding(key="a", value="x", message="a is wrong"),
        finding(key="b", value="x", message="b is wrong"),
    )
    assert merged(findings) == findings
