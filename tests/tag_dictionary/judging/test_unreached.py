"""`unreached`: what must fire, what must not, what is undecided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tagwright_dictionary.model import Bill, Severity, Tags, Unknown, Verdict

HOP = "tag blocks without propagate_at_launch = true"
FIX = "write propagate_at_launch = true."


def _lacking(kit, *keys, complete=True):
    return kit.tags({key: value for key, value in kit.good.items() if key not in keys}, complete=complete)


def test_fires_for_a_carrier(kit):
    """On the group, not on what it launches: where it stops and what to write."""
    judgement = kit.judge(kit.gpu(kit.good, bills=(Bill("instances", _lacking(kit, "owner"), False, HOP, FIX),)))
    finding = kit.only(judgement)
    assert judgement.verdict is Verdict.NON_COMPLIANT
    assert (finding.rule, finding.key, finding.requirement) == ("unreached", "owner", "accountable-ai-spend")
    assert finding.message == f"owner does not reach the instances: {HOP}"
    assert finding.help == FIX


def test_fires_for_further_bills(kit):
    """An instance is billed itself, and its volumes beside it."""
    own = Bill("instance", kit.tags(kit.good), own=True)
    judgement = kit.judge(kit.gpu(kit.good, bills=(own, Bill("root volume", Tags()))))
    assert kit.brief(judgement) == [("unreached", key, "error") for key in ("cost-center", "owner", "workload")]


def _must_not_fire(kit):
    own, bare = Bill("instance", kit.tags(kit.good), own=True), Bill("root volume", Tags())
    return {
        "everything arrives": (kit.good, (own, Bill("root volume", kit.tags(kit.good)))),
        "nothing but itself is billed": (kit.good, (own,)),
        "nothing is billed": (kit.good, ()),
        "missing on both is only missing": ({}, (replace(own, tags=Tags()), bare)),
        "empty on the resource is only missing": (dict.fromkeys(kit.good, ""), (own, bare)),
        "a key that nobody requires": ({"project": "atlas"}, (Bill("instances", kit.tags(kit.good)),)),
    }


@pytest.mark.parametrize("name", range(6))
def test_does_not_fire(kit, name):
    """Nothing stops on its way."""
    why, (values, bills) = list(_must_not_fire(kit).items())[name]
    found = kit.judge(kit.gpu(values, bills=bills)).findings
    assert [each for each in found if each.rule == "unreached"] == [], why


def test_undecided_where_what_arrives_cannot_be_seen(kit):
    """Incomplete tags on the bill, or an unknown value there."""
    open_ = kit.judge(kit.gpu(kit.good, bills=(Bill("instances", _lacking(kit, "owner", complete=False)),)))
    assert (open_.verdict, kit.brief(open_)) == (
        Verdict.UNDECIDED,
        [("mismatched-tags?", "project", "error"), ("unreached?", "owner", "error")],
    )
    unknown = kit.tags(kit.with_(owner=Unknown("known after apply")))
    assert kit.brief(kit.judge(kit.gpu(kit.good, bills=(Bill("instances", unknown),)))) == [
        ("value-not-allowed?", "owner", "error"),
    ]


@pytest.mark.parametrize(
    ("reach", "verdict"),
    [
        (None, Verdict.NON_COMPLIANT),
        (Severity.ERROR, Verdict.NON_COMPLIANT),
        (Severity.WARNING, Verdict.COMPLIANT),
        (Severity.INFO, Verdict.COMPLIANT),
    ],
)
def test_severity(kit, reach, verdict):
    """`reach` where the requirement has one, else the requirement's own."""
    needs = tuple(replace(each, reach=reach) for each in kit.dictionary.requirements)
    dictionary = replace(kit.dictionary, requirements=needs, _index={})
    resource = kit.gpu(kit.good, bills=(Bill("instances", _lacking(kit, "owner")),))
    judgement = kit.judge(resource, dictionary=dictionary)
    assert (judgement.verdict, kit.only(judgement).severity) == (verdict, reach or Severity.ERROR)


def test_one_finding_for_several_bills(kit):
    """One a key; its fingerprint changes when it concerns another set of bills, so a baseline does not hide it."""
    one, two = Bill("a", _lacking(kit, "owner")), Bill("b", _lacking(kit, "owner"))
    both = kit.only(kit.judge(kit.gpu(kit.good, bills=(one, two))))
    first = kit.only(kit.judge(kit.gpu(kit.good, bills=(one,))))
    assert both.message == first.message
    assert both.fingerprint != first.fingerprint
    assert both.fingerprint == kit.only(kit.judge(kit.gpu(kit.good, bills=(two, one)))).fingerprint
