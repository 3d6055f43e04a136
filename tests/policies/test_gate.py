"""The gate's answer: what blocks, which exit code, what is counted."""

from __future__ import annotations

import pytest

from tagwright_dictionary.model import Problem, Severity, Unknown, Verdict
from tagwright_policies.gate import gate

PROBLEM = Problem("broken.tf", "expected }", 3, 1)


def test_clean(kit):
    """Everything compliant: 0, nothing said."""
    result = kit.gate(kit.resource("aws_instance.a"))
    assert (result.exit_code, result.blocked, result.findings, result.accepted, result.waiting) == (
        0,
        False,
        (),
        (),
        (),
    )
    assert result.verdicts == {
        Verdict.COMPLIANT: 1,
        Verdict.NON_COMPLIANT: 0,
        Verdict.UNDECIDED: 0,
        Verdict.EXEMPT: 0,
        Verdict.NOT_APPLICABLE: 0,
    }


def test_blocked(kit):
    """A definite error blocks: 1; judgements stay in the reading's order, findings are sorted by place."""
    later, sooner = kit.resource("aws_instance.z", {}, line=20), kit.resource("aws_instance.y", {"env": "prod"}, line=3)
    result = kit.gate(later, sooner)
    assert kit.brief(result) == [
        ("missing-tag", "aws_instance.y", "owner", "error"),
        ("missing-tag", "aws_instance.z", "env", "error"),
        ("missing-tag", "aws_instance.z", "owner", "error"),
    ]
    assert (result.exit_code, result.blocking) == (1, result.findings)
    assert [each.resource for each in result.judgements] == [later, sooner]


def test_a_warning_does_not_block(kit):
    """It is shown and counted."""
    result = kit.gate(kit.resource("aws_sqs_queue.a"))
    assert (result.exit_code, result.verdicts[Verdict.COMPLIANT]) == (0, 1)
    assert result.severities == {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 0}


@pytest.mark.parametrize(
    ("policy", "code", "blocking"),
    [(None, 0, 0), ("ignore", 0, 0), ("warn", 0, 0), ("fail", 1, 2)],
)
def test_on_unknown(kit, policy, code, blocking):
    """Undecided errors block only with fail, undecided warnings never; they are shown and counted always."""
    result = kit.gate(kit.resource("aws_sqs_queue.a", {}, complete=False), on_unknown=policy and kit.policy(policy))
    assert kit.brief(result) == [
        ("missing-tag?", "aws_sqs_queue.a", "env", "error"),
        ("missing-tag?", "aws_sqs_queue.a", "owner", "error"),
        ("missing-tag?", "aws_sqs_queue.a", "team", "warning"),
    ]
    assert (result.exit_code, len(result.blocking), result.verdicts[Verdict.UNDECIDED]) == (code, blocking, 1)


def test_the_dictionary_s_policy_holds_where_none_is_given(kit):
    """`unknown: fail` in the dictionary; the option overrides it."""
    dictionary = kit.dictionary(unknown=kit.policy.FAIL)
    resource = kit.resource("aws_instance.a", {}, complete=False)
    assert kit.gate(resource, dictionary=dictionary).exit_code == 1
    assert kit.gate(resource, dictionary=dictionary, on_unknown=kit.policy.WARN).exit_code == 0


def test_what_waits_is_grouped_by_cause(kit):
    """The cause that most resources wait for comes first."""
    var = Unknown("var.env has no value here")
    result = kit.gate(
        kit.resource("aws_instance.a", {"owner": "x1", "env": var}),
        *(kit.resource(f"aws_instance.b[{n}]", {}, complete=False) for n in range(3)),
    )
    assert [(str(each), len(each.findings)) for each in result.waiting] == [
        ("3 resources wait: var.tags has no value here", 6),
        ("1 resource waits: var.env has no value here", 1),
    ]


@pytest.mark.parametrize(
    ("values", "about", "code"),
    [
        ({"owner": "vision", "env": "prod"}, {"problems": (PROBLEM,)}, 2),
        ({}, {"problems": (PROBLEM,)}, 2),
    ],
)
def test_a_problem_outweighs_everything(kit, values, about, code):
    """What could not be read makes it 2, and what could be read is still judged and shown."""
    resource = kit.resource("aws_instance.a", values)
    result = gate(kit.dictionary(), kit.reading(resource, **about), today=kit.today)
    assert (result.exit_code, result.blocked, result.problems) == (code, not values, (PROBLEM,))


def test_nothing_scanned_is_never_clean(kit):
    """No file and no resource is 2; files without resources are fine, and so are resources without files."""
    assert gate(kit.dictionary(), kit.reading(files=()), today=kit.today).exit_code == 2
    assert gate(kit.dictionary(), kit.reading(), today=kit.today).exit_code == 0
    live = kit.reading(kit.resource("aws_instance.a"), files=())
    assert gate(kit.dictionary(), live, today=kit.today).exit_code == 0


def test_the_same_again(kit):
    """The same input gives an equal result."""
    resources = [kit.resource(f"aws_instance.x[{n}]", {}, line=n) for n in range(5)]
    assert kit.gate(*resources) == kit.gate(*resources)
