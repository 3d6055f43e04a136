"""Inline suppressions: honoured, refused, expired, unused."""

from __future__ import annotations

from datetime import date

import pytest

from tagwright_dictionary.model import Location, Reading, Verdict
from tagwright_policies.gate import gate

ENOUGH = 'until=2026-11-01 reason="moves in March"'
ADDRESS = "aws_instance.a"
MISSING = ("missing-tag", ADDRESS, "owner", "error")


def _lacking(kit, *comments, **about):
    return kit.resource(ADDRESS, {"env": "prod"}, *comments, **about)


@pytest.mark.parametrize(
    "items", ["missing-tag", "owner", "missing-tag, owner", "owner, env, missing-tag, invalid-tag"]
)
def test_honoured_through_its_last_day(kit, items):
    """It takes the finding out, and says until when and why."""
    result = kit.gate(_lacking(kit, f"# tagwright:ignore[{items}] {ENOUGH}"))
    (judgement,) = result.judgements
    assert (result.exit_code, result.findings) == (0, ())
    assert (judgement.verdict, judgement.note) == (Verdict.EXEMPT, "exempt until 2026-11-01: moves in March")
    (accepted,) = result.accepted
    assert (accepted.finding.key, accepted.kind, accepted.reason) == ("owner", "inline", "moves in March")
    assert (accepted.until, accepted.location) == (date(2026, 11, 1), Location("main.tf", 5, 1))


def test_expired_the_day_after(kit):
    """The finding is back, and the day is named."""
    comment = f"# tagwright:ignore[owner] {ENOUGH}"
    result = kit.gate(_lacking(kit, comment), today=date(2026, 11, 2))
    assert kit.brief(result) == [("expired-exemption", ADDRESS, "", "error"), MISSING]
    assert result.findings[0].message == "the suppression expired on 2026-11-01"
    assert (result.exit_code, result.accepted) == (1, ())


def test_expired_takes_the_severity_of_what_it_covered(kit):
    """A warning that is back does not block."""
    values = {"owner": "vision", "env": "prod"}
    resource = kit.resource("aws_sqs_queue.a", values, f"# tagwright:ignore[team] {ENOUGH}")
    result = kit.gate(resource, today=date(2026, 11, 2))
    assert [each.severity for each in result.findings] == ["warning", "warning"]
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ("# tagwright:ignore[owner] until=2026-12-31", "it gives no reason"),
        ('# tagwright:ignore[owner] reason="x"', "it has no end: add until=YYYY-MM-DD"),
        ('# tagwright:ignore[owner] until=2026-99-99 reason="x"', 'until="2026-99-99" is not a day written YYYY-MM-DD'),
        ('# tagwright:ignore[] until=2026-12-31 reason="x"', "the bracket is empty: name a rule or a key"),
        (
            '# tagwright:ignore[Owner] until=2026-12-31 reason="x"',
            '"Owner" is neither a rule nor a key of the dictionary',
        ),
        (
            '# tagwright:ignore[owner, *] until=2026-12-31 reason="x"',
            '"*" is neither a rule nor a key of the dictionary',
        ),
    ],
)
def test_refused(kit, comment, says):
    """Not honoured, and said so: the finding stays and another one tells why."""
    result = kit.gate(_lacking(kit, comment))
    assert kit.brief(result) == [("invalid-suppression", ADDRESS, "", "error"), MISSING]
    assert result.findings[0].message == f"the suppression is not honoured: {says}"
    assert (result.exit_code, result.accepted) == (1, ())


@pytest.mark.parametrize("items", ["env", "invalid-tag", "missing-tag, env", "value-not-allowed, owner"])
def test_other_findings_stay(kit, items):
    """A rule and a key must both fit; one that fits nothing is unused."""
    result = kit.gate(_lacking(kit, f"# tagwright:ignore[{items}] {ENOUGH}"))
    assert kit.brief(result) == [("unused-suppression", ADDRESS, "", "warning"), MISSING]


def test_one_of_two_findings(kit):
    """What is left decides the verdict."""
    result = kit.gate(kit.resource(ADDRESS, {}, f"# tagwright:ignore[env] {ENOUGH}"))
    assert (kit.brief(result), len(result.accepted)) == ([MISSING], 1)
    assert result.judgements[0].verdict is Verdict.NON_COMPLIANT


def test_an_undecided_finding_can_be_answered_for(kit):
    """Then nothing is undecided any more."""
    resource = kit.resource(ADDRESS, {"env": "prod"}, f"# tagwright:ignore[owner] {ENOUGH}", complete=False)
    result = kit.gate(resource, on_unknown=kit.policy.FAIL)
    assert (result.exit_code, result.judgements[0].verdict) == (0, Verdict.EXEMPT)


def test_a_suppressed_warning_leaves_a_resource_compliant(kit):
    """It was compliant before."""
    resource = kit.resource("aws_sqs_queue.a", kit.good, f"# tagwright:ignore[team] {ENOUGH}")
    result = kit.gate(resource)
    assert (result.judgements[0].verdict, result.findings, len(result.accepted)) == (Verdict.COMPLIANT, (), 1)


def test_instances_share_the_comment_of_their_block(kit):
    """Used when any instance needs it, and said once a block when it is at fault."""
    good = f"# tagwright:ignore[owner] {ENOUGH}"
    bad = "# tagwright:ignore[owner] until=2026-12-31"

    def instances(comment):
        return (
            kit.resource("aws_instance.a[0]", kit.good, comment, block=ADDRESS),
            kit.resource("aws_instance.a[1]", {"env": "prod"}, comment, block=ADDRESS),
        )

    assert kit.gate(*instances(good)).findings == ()
    faults = [each for each in kit.gate(*instances(bad)).findings if each.rule == "invalid-suppression"]
    assert [(each.address, each.location) for each in faults] == [(ADDRESS, Location("main.tf", 5, 1))]


def test_a_comment_that_belongs_to_nothing(kit):
    """Unused, unless only a part was read; malformed ones are said as well."""
    loose = (
        kit.comment(f"# tagwright:ignore[owner] {ENOUGH}", line=90),
        kit.comment("# tagwright:ignore[owner]", line=91),
    )
    reading = Reading((kit.resource(ADDRESS),), ("main.tf",), suppressions=loose)
    result = gate(kit.dictionary(), reading, today=kit.today)
    assert kit.brief(result) == [("unused-suppression", "", "", "warning"), ("invalid-suppression", "", "", "error")]
    assert gate(kit.dictionary(), reading, today=kit.today, partial=True).findings == ()


def test_an_old_comment_beside_a_new_one(kit):
    """Somebody answers for the finding: the expired one is only unused."""
    old = '# tagwright:ignore[owner] until=2026-01-01 reason="old"'
    result = kit.gate(_lacking(kit, old, f"# tagwright:ignore[owner] {ENOUGH}"))
    assert kit.brief(result) == [("unused-suppression", ADDRESS, "", "warning")]
