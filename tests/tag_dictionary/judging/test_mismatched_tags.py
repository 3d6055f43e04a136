"""`mismatched-tags`: what must fire, what must not, what is undecided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tagwright_dictionary.dictionary import Dictionary, Key, Match, Requirement, Selector, Value
from tagwright_dictionary.model import Bill, Classes, Severity, Tag, Unknown, Verdict

SOMETHING = Unknown("var.x has no value here", "pass --var x=...")
QUEUE = {"classes": Classes(frozenset({"queue"}))}


def test_fires(kit):
    """A cost center of another team: one error, with those of this team ready to paste."""
    judgement = kit.judge(kit.gpu(kit.with_(**{"cost-center": "cc-4200"})))
    finding = kit.only(judgement)
    assert judgement.verdict is Verdict.NON_COMPLIANT
    assert (finding.rule, finding.key, finding.value) == ("mismatched-tags", "cost-center", "cc-4200")
    assert finding.message == 'cost-center = "cc-4200" does not belong to team "vision"'
    assert finding.help == "allowed for this team: cc-4100 Research, cc-4110 Production."
    assert (finding.suggestions, finding.requirement) == (("cc-4100", "cc-4110"), "cost-center-of-team")


MUST_NOT_FIRE = {
    "belongs": {"team": "vision", "cost-center": "cc-4110"},
    "no team": {"cost-center": "cc-4200"},
    "no cost center": {"team": "vision"},
    "an empty team": {"team": "", "cost-center": "cc-4200"},
    "a team that names no cost centers": {"team": "lab", "cost-center": "cc-4200"},
    "an alias of such a team": {"team": "research", "cost-center": "cc-4200"},
    "a team that is not approved": {"team": "nobody-knows", "cost-center": "cc-4200"},
    "a cost center that is refused for itself": {"team": "vision", "cost-center": "cc-9999"},
    "a placeholder": {"team": "vision", "cost-center": "todo"},
    "one of the exclusive keys": {"project": "atlas"},
    "the other one empty": {"project": "atlas", "initiative": ""},
}


@pytest.mark.parametrize("values", MUST_NOT_FIRE.values(), ids=MUST_NOT_FIRE)
def test_does_not_fire(kit, values):
    """Nothing contradicts anything, or another rule says it."""
    judgement = kit.judge(kit.gpu(values, **QUEUE))
    assert [each for each in judgement.findings if each.rule == "mismatched-tags"] == []


# (tags, whether it is undecided)
UNKNOWN = [
    ({"team": SOMETHING, "cost-center": "cc-4200"}, True),
    ({"team": "search", "cost-center": SOMETHING}, False),  # value-not-allowed? already waits for cost-center
    ({"team": "lab", "cost-center": SOMETHING}, False),
    ({"team": SOMETHING}, False),
]


@pytest.mark.parametrize(("values", "undecided"), UNKNOWN)
def test_undecided(kit, values, undecided):
    """Unknown on either side is undecided, once a key, unless every way it can turn out is fine."""
    found = [each for each in kit.brief(kit.judge(kit.gpu(values, **QUEUE))) if each[0].startswith("mismatched")]
    assert found == ([("mismatched-tags?", "cost-center", "error")] if undecided else [])


def test_provably_fine(kit):
    """A cost center that every team may use is fine whatever the team; and all of them, whatever it is."""
    rows = tuple(Value(team, relations=(("cost", ("shared", team)),)) for team in ("one", "two"))
    keys = (Key("team", values=rows), Key("cost", values=(Value("shared"), Value("one"), Value("two"))))
    need = Requirement("r", Selector(everything=True), match=(Match("cost", "team", "cost"),))
    dictionary = Dictionary("d", "1.0.0", keys=keys, requirements=(need,))

    def brief(**values):
        return kit.brief(kit.judge(kit.gpu(values, **QUEUE), dictionary=dictionary))

    team = ("value-not-allowed?", "team", "error")
    assert brief(team=SOMETHING, cost="shared") == [team]
    assert brief(team=SOMETHING, cost="one") == [("mismatched-tags?", "cost", "error"), team]


def test_aliases_count_as_what_they_stand_for(kit):
    """On both sides."""
    rows = (Value("vision", aliases=("cv",), relations=(("cost", ("a-1",)),)),)
    keys = (
        Key("team", values=rows),
        Key("cost", values=(Value("a-1", aliases=("a1",)), Value("b-1", aliases=("b1",)))),
    )
    need = Requirement(
        "r", Selector(everything=True), match=(Match("cost", "team", "cost"),), severity=Severity.WARNING
    )
    dictionary = Dictionary("d", "1.0.0", keys=keys, requirements=(need,))

    def rules(**values):
        return {each.rule for each in kit.judge(kit.gpu(values, **QUEUE), dictionary=dictionary).findings}

    assert "mismatched-tags" in rules(team="cv", cost="b-1")
    assert "mismatched-tags" not in rules(team="cv", cost="a-1")
    assert "mismatched-tags" not in rules(team="vision", cost="a1")


def test_exclusive_keys_fire(kit):
    """Two keys of a group: one finding under the group's first key."""
    finding = kit.only(kit.judge(kit.gpu(kit.with_(project="atlas", initiative="north"))))
    assert (finding.rule, finding.key) == ("mismatched-tags", "project")
    assert finding.message == "project and initiative exclude each other"
    assert finding.help == "keep one of project, initiative."


@pytest.mark.parametrize(
    ("values", "complete", "undecided"),
    [
        ({"project": "atlas", "initiative": SOMETHING}, True, True),
        ({"project": "atlas"}, False, True),
        ({"project": SOMETHING}, True, False),
    ],
)
def test_exclusive_keys_undecided(kit, values, complete, undecided):
    """Where a second one may be there."""
    found = kit.brief(kit.judge(kit.gpu(kit.with_(**values), complete=complete)))
    assert (("mismatched-tags?", "project", "error") in found) is undecided


def test_each_thing_billed_is_compared_within_itself(kit):
    """Two launches of one template for two teams do not contradict each other."""
    vision = kit.tags(kit.good)
    search = kit.tags(kit.with_(team="search", **{"cost-center": "cc-4200"}))
    both = kit.judge(kit.gpu({}, bills=(Bill("a", vision), Bill("b", search))))
    assert (both.verdict, both.findings) == (Verdict.COMPLIANT, ())


def test_sensitive_sides_stay_hidden(kit):
    """Neither the value nor what would allow guessing it."""
    values = tuple(
        Tag(key, text, sensitive=key == "team") for key, text in kit.with_(**{"cost-center": "cc-4200"}).items()
    )
    finding = kit.only(kit.judge(kit.gpu(values)))
    assert finding.message == 'cost-center = "cc-4200" does not belong to team (sensitive value)'
    assert (finding.suggestions, finding.help) == ((), "make cost-center and team belong together.")


def test_the_requirement_s_severity(kit):
    """A cross-tag rule may be a recommendation."""
    soft = tuple(replace(each, severity=Severity.WARNING) for each in kit.dictionary.requirements)
    dictionary = replace(kit.dictionary, requirements=soft, _index={})
    judgement = kit.judge(kit.gpu(kit.with_(**{"cost-center": "cc-4200"})), dictionary=dictionary)
    assert (judgement.verdict, judgement.findings[0].severity) == (Verdict.COMPLIANT, Severity.WARNING)
