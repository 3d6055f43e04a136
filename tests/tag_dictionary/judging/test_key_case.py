"""`key-case`: what must fire, what must not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tagwright_dictionary.model import Bill, Classes, Severity, Tags, Unknown, Verdict


def _without(kit, *names, **more):
    return {key: value for key, value in kit.good.items() if key not in names} | more


@pytest.mark.parametrize("written", ["Owner", "OWNER", "oWNER"])
def test_fires_instead_of_missing_tag(kit, written):
    """The required key in another case is one finding with the right spelling; its value is not looked at."""
    judgement = kit.judge(kit.gpu(_without(kit, "owner", **{written: "todo"})))
    finding = kit.only(judgement)
    assert judgement.verdict is Verdict.NON_COMPLIANT
    assert (finding.rule, finding.key, finding.severity) == ("key-case", "owner", Severity.ERROR)
    assert (finding.suggestions, finding.help) == (("owner",), f"rename {written} to owner.")
    assert finding.requirement == "accountable-ai-spend"


def test_fires_where_the_key_is_there_twice(kit):
    """In the right case and in another one: still a finding, and only that."""
    finding = kit.only(kit.judge(kit.gpu(kit.with_(OWNER="ml-vision@acme.example"))))
    assert (finding.rule, finding.help) == ("key-case", "remove OWNER.")
    assert finding.message == "owner is here twice in different cases, also as OWNER"
    both_wrong = kit.judge(kit.gpu(_without(kit, "owner", Owner="a@acme.example", OWNER="a@acme.example")))
    assert [each.rule for each in both_wrong.findings] == ["key-case"]


def test_fires_for_incomplete_tags(kit):
    """What is visible is certain, whatever else may come."""
    judgement = kit.judge(kit.gpu(_without(kit, "owner", Owner="a@acme.example"), complete=False))
    assert ("key-case", "owner", "error") in kit.brief(judgement)
    assert "owner" not in [each.key for each in judgement.findings if each.rule == "missing-tag"]


def test_fires_as_a_warning_where_nobody_requires_the_key(kit):
    """An optional key in another case does not block."""
    judgement = kit.judge(kit.gpu(kit.with_(Project="atlas")))
    assert (judgement.verdict, kit.brief(judgement)) == (Verdict.COMPLIANT, [("key-case", "project", "warning")])


def test_fires_for_the_provider_s_spelling(kit):
    """On Google it is cost_center that is expected."""
    values = _without(kit, "cost-center", "owner", "Name", COST_CENTER="cc-4100", owner="x")
    found = kit.judge(kit.gpu(values, provider="google", type="google_compute_instance")).findings
    case = next(each for each in found if each.rule == "key-case")
    assert (case.key, case.help) == ("cost-center", "rename COST_CENTER to cost_center.")


def test_fires_on_what_reaches_the_bill(kit):
    """A carrier that hands on the key in another case: key-case, not missing-tag and not unreached."""
    reaching = kit.tags(_without(kit, "owner", Owner="a@acme.example"))
    assert kit.brief(kit.judge(kit.gpu({}, bills=(Bill("instances", reaching),)))) == [("key-case", "owner", "error")]
    both = kit.judge(kit.gpu(kit.good, bills=(Bill("instances", reaching),)))
    assert kit.brief(both) == [("key-case", "owner", "error")]


def test_is_undecided_where_its_severity_is(kit):
    """If it depends on something unknown whether the key is required, so does whether this is an error."""
    doubt = Unknown("var.size has no value here")
    judgement = kit.judge(kit.gpu({"Owner": "a@acme.example"}, classes=Classes(frozenset(), (("gpu", doubt),))))
    assert ("key-case?", "owner", "error") in kit.brief(judgement)
    assert judgement.verdict is Verdict.UNDECIDED


MUST_NOT_FIRE = {
    "exactly the key": {"project": "atlas"},
    "another key": {"Projects": "atlas"},
    "another separator": {"cost_center": "cc-4100"},
    "not a key of the dictionary": {"name": "x", "NAME": "y"},
}


@pytest.mark.parametrize("more", MUST_NOT_FIRE.values(), ids=MUST_NOT_FIRE)
def test_does_not_fire(kit, more):
    """Other keys are other keys."""
    judgement = kit.judge(kit.gpu(kit.with_(**more)))
    assert [each for each in judgement.findings if each.rule == "key-case"] == []


def test_does_not_fire_for_two_keys_of_the_dictionary(kit):
    """Where the dictionary itself has keys that differ in case, each is exact."""
    shouting = replace(kit.dictionary.key("project"), name="PROJECT")
    dictionary = replace(kit.dictionary, keys=(*kit.dictionary.keys, shouting), _index={})
    resource = kit.gpu(kit.with_(project="atlas", PROJECT="atlas"))
    assert kit.judge(resource, dictionary=dictionary).findings == ()


def test_an_empty_key_in_the_right_case_is_still_missing(kit):
    """`owner = ""` beside `Owner = "x"`: both are said, and the first cannot vanish when more tags come to light."""
    judgement = kit.judge(kit.gpu(kit.with_(owner="", Owner="a@acme.example")))
    assert kit.brief(judgement) == [("key-case", "owner", "error"), ("missing-tag", "owner", "error")]


def test_no_tags_no_finding(kit):
    """A key that is not there has no case."""
    assert kit.judge(kit.gpu({}, classes=Classes(), tags=Tags())).findings == ()
