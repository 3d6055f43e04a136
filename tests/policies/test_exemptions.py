"""Central exemptions: what they match, when they hold, what is said about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tagwright_dictionary.model import Location, Verdict

ADDRESS = 'module.m["a.b"].aws_instance.x[0]'

MATCHES = [
    {"addresses": (ADDRESS,)},
    {"addresses": ("module.m.aws_instance.x",)},
    {"addresses": ("module.*.aws_instance.x",)},
    {"addresses": ('module.m["*"].aws_instance.x[?]',)},
    {"addresses": ("nothing", "*")},
    {"types": ("aws_inst*",)},
    {"paths": ("infra/legacy/*",)},
    {"paths": ("infra/",)},
    {"paths": ("*/main.tf",)},
    {"accounts": ("1234*",)},
    {"addresses": ("module.*",), "types": ("aws_instance",), "paths": ("infra/*",), "accounts": ("123456789012",)},
    {"types": ("*",), "rules": ("missing-tag",)},
    {"types": ("*",), "keys": ("owner", "env")},
]

MISSES = [
    {"addresses": ("module.n.*",)},
    {"addresses": ("aws_instance.x",)},
    {"addresses": ("module.m[ab].aws_instance.x",)},
    {"types": ("aws_inst",)},
    {"paths": ("legacy/*",)},
    {"accounts": ("9*",)},
    {"types": ("aws_instance",), "paths": ("other/*",)},
    {"types": ("*",), "rules": ("value-not-allowed",)},
    {"types": ("*",), "keys": ("env",)},
]


def _gate(kit, exemption, **about):
    resource = kit.resource(
        ADDRESS, {"env": "prod"}, type="aws_instance", path="infra/legacy/main.tf", account="123456789012"
    )
    return kit.gate(resource, dictionary=kit.dictionary(exemption), **about)


@pytest.mark.parametrize("scope", MATCHES, ids=str)
def test_matches(kit, scope):
    """Every glob that is given has to match; the finding is taken out with reason, approver and day."""
    result = _gate(kit, kit.exemption(**scope))
    assert (result.exit_code, result.findings) == (0, ())
    (accepted,) = result.accepted
    assert (accepted.kind, accepted.id, accepted.approver, accepted.until) == (
        "exemption",
        "legacy",
        "ann",
        date(2026, 12, 31),
    )
    assert result.judgements[0].note == "exempt until 2026-12-31: moves in March"


@pytest.mark.parametrize("scope", MISSES, ids=str)
def test_misses(kit, scope):
    """The finding stays, and that the exemption is not needed here is an info."""
    result = _gate(kit, kit.exemption(**scope))
    assert [(each.rule, each.severity) for each in result.findings] == [
        ("unused-suppression", "info"),
        ("missing-tag", "error"),
    ]
    assert result.exit_code == 1
    assert [each.rule for each in _gate(kit, kit.exemption(**scope), partial=True).findings] == ["missing-tag"]


@pytest.mark.parametrize(("day", "held"), [(date(2026, 12, 31), True), (date(2027, 1, 1), False)])
def test_expiry(kit, day, held):
    """The last day is included; after it the finding is back and the day is named."""
    place = Location("exemptions.yaml", 4, 3)
    result = _gate(kit, kit.exemption(types=("*",), location=place), today=day)
    if held:
        assert (result.exit_code, result.judgements[0].verdict) == (0, Verdict.EXEMPT)
        return
    assert [(each.rule, each.severity) for each in result.findings] == [
        ("expired-exemption", "error"),
        ("missing-tag", "error"),
    ]
    assert result.findings[0].message == 'exemption "legacy" expired on 2026-12-31'
    assert result.findings[0].location == place
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reason": " "}, "it gives no reason"),
        ({"approver": ""}, "it names no approver"),
        ({"until": None}, "it has no last day"),
        ({"problem": "until is no date"}, "until is no date"),
        ({"types": ()}, "it names no address, type, path or account"),
        ({"rules": ("mising-tag",)}, '"mising-tag" is no rule'),
    ],
)
def test_refused(kit, changes, says):
    """Not honoured, and said so, even where only a part was read."""
    exemption = replace(kit.exemption(types=("*",)), **changes)
    for partial in (False, True):
        result = _gate(kit, exemption, partial=partial)
        assert [each.rule for each in result.findings] == ["invalid-suppression", "missing-tag"]
        assert result.findings[0].message == f'exemption "legacy" is not honoured: {says}'


def test_the_account_given_for_the_whole_run(kit):
    """Source code names no account: the caller may."""
    resource = kit.resource("aws_instance.a", {"env": "prod"})
    dictionary = kit.dictionary(kit.exemption(accounts=("42",)))
    assert kit.gate(resource, dictionary=dictionary).exit_code == 1
    assert kit.gate(resource, dictionary=dictionary, account="42").exit_code == 0


def test_a_comment_answers_first_and_both_are_used(kit):
    """Neither is called unused."""
    comment = '# tagwright:ignore[owner] until=2026-12-31 reason="here"'
    resource = kit.resource("aws_instance.a", {"env": "prod"}, comment)
    result = kit.gate(resource, dictionary=kit.dictionary(kit.exemption(types=("*",))))
    assert (result.findings, [each.kind for each in result.accepted]) == ((), ["inline"])
