"""`missing-tag`: what must fire, what must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tagwright_dictionary.dictionary import Selector
from tagwright_dictionary.model import Bill, Classes, Location, Origin, Severity, Tag, Tags, Unknown, Verdict

KIND = Unknown("var.size has no value here", "pass --var-file")


@pytest.mark.parametrize("key", ["owner", "cost-center", "workload"])
@pytest.mark.parametrize("value", [None, ""], ids=["absent", "empty"])
def test_fires(kit, key, value):
    """A required key that is absent or empty is one definite error, and nothing else is said."""
    values = {name: text for name, text in kit.good.items() if name != key} | ({} if value is None else {key: value})
    judgement = kit.judge(kit.gpu(values))
    assert judgement.verdict is Verdict.NON_COMPLIANT
    assert kit.brief(judgement) == [("missing-tag", key, "error")]
    assert judgement.findings[0].requirement == "accountable-ai-spend"
    assert judgement.findings[0].location == Location("train.tf", 12, 3)


MUST_NOT_FIRE = {
    "everything is there": ({}, {}),
    "another class than the requirement's": (
        {"owner": "", "cost-center": ""},
        {"classes": Classes(frozenset({"queue"}))},
    ),
    "the condition does not hold: not prod": ({"environment": "staging"}, {}),
    "the condition does not hold: no environment at all": ({"environment": ""}, {}),
    "blanks are a placeholder, not a gap": ({"owner": "  "}, {}),
    "a look-alike value is there, if wrong": ({"workload": "tr\u0430ining"}, {}),
}


@pytest.mark.parametrize(("changes", "about"), MUST_NOT_FIRE.values(), ids=MUST_NOT_FIRE)
def test_does_not_fire(kit, changes, about):
    """Nothing is missing here."""
    judgement = kit.judge(kit.gpu(kit.with_(**changes), **about))
    assert [each for each in judgement.findings if each.rule == "missing-tag"] == []


@pytest.mark.parametrize(
    ("about", "note"),
    [
        ({"taggable": False}, "this type cannot carry tags"),
        ({"taggable": None}, "the type is in no table: whether it can carry tags is not known"),
        ({"taggable": None, "note": "aws_new_thing is in no table"}, "aws_new_thing is in no table"),
        (
            {"classes": Classes(frozenset({"queue"}))},
            "no requirement applies to it and it carries no key of the dictionary",
        ),
    ],
)
def test_not_applicable(kit, about, note):
    """What cannot be tagged, is of no known type, or concerns nobody is not applicable, with a note."""
    judgement = kit.judge(kit.gpu({}, **about))
    assert (judgement.verdict, judgement.findings, judgement.note) == (Verdict.NOT_APPLICABLE, (), note)


@pytest.mark.parametrize("environment", ["prod", "production", "prd"])
@pytest.mark.parametrize("workload", ["training", "serving"])
def test_a_condition_takes_aliases_for_what_they_stand_for(kit, environment, workload):
    """`production` is `prod` when a condition asks; the spelling is a finding of its own."""
    judgement = kit.judge(kit.gpu(kit.with_(environment=environment, workload=workload)))
    assert ("missing-tag", "model", "error") in kit.brief(judgement)


def test_incomplete_tags_are_undecided(kit):
    """`tags = var.tags` with no value: never missing, never fine."""
    judgement = kit.judge(kit.gpu({"owner": "a@acme.example"}, complete=False))
    assert judgement.verdict is Verdict.UNDECIDED
    assert kit.brief(judgement) == [
        ("mismatched-tags?", "project", "error"),
        ("missing-tag?", "cost-center", "error"),
        ("missing-tag?", "model", "error"),
        ("missing-tag?", "workload", "error"),
    ]
    assert {each.cause for each in judgement.findings} == {kit.waiting}
    assert judgement.findings[0].help == "pass --var-file, or check the plan"


def test_an_unknown_condition_is_undecided_only_where_it_matters(kit):
    """A requirement that may hold asks nothing of a resource that fulfils it."""
    env = {"environment": Unknown("var.env has no value here")}
    lacking = kit.judge(kit.gpu(kit.with_(**env)))
    assert kit.brief(lacking) == [("missing-tag?", "model", "error"), ("value-not-allowed?", "environment", "error")]
    having = kit.judge(kit.gpu(kit.with_(**env, model="llama-3")))
    assert kit.brief(having) == [("value-not-allowed?", "environment", "error")]
    excluded = kit.judge(kit.gpu(kit.with_(**env, workload="platform")))
    assert kit.brief(excluded) == [("value-not-allowed?", "environment", "error")]


def test_a_possible_class_is_undecided(kit):
    """It may be a GPU node: what it would then lack is undecided, with the cause of that doubt."""
    judgement = kit.judge(kit.gpu({}, classes=Classes(frozenset(), (("gpu", KIND),))))
    assert kit.brief(judgement) == [
        ("missing-tag?", "cost-center", "error"),
        ("missing-tag?", "owner", "error"),
        ("missing-tag?", "workload", "error"),
    ]
    assert {each.cause for each in judgement.findings} == {KIND}
    assert judgement.findings[0].message == "cost-center is missing and may be required on GPU nodes"


def test_a_resource_that_may_not_exist_is_undecided(kit):
    """Where count is unknown all findings wait for it."""
    doubt = Unknown("count depends on var.n")
    judgement = kit.judge(kit.gpu(kit.with_(owner="todo", workload=""), exists=doubt))
    assert judgement.verdict is Verdict.UNDECIDED
    assert kit.brief(judgement) == [("missing-tag?", "workload", "error"), ("placeholder-value?", "owner", "error")]
    assert {each.cause for each in judgement.findings} == {doubt}
    assert kit.judge(kit.gpu(kit.good, exists=doubt)).verdict is Verdict.COMPLIANT


@pytest.mark.parametrize(
    ("key", "rule"),
    [("owner", "value-not-allowed?"), ("workload", "value-not-allowed?"), ("model", "value-not-allowed?")],
)
def test_an_unknown_value_is_one_undecided_finding(kit, key, rule):
    """A required, bounded key whose value is unknown is undecided once."""
    values = kit.with_(environment="prod", model="llama-3") | {key: Unknown("known after apply")}
    assert (rule, key, "error") in kit.brief(kit.judge(kit.gpu(values)))
    assert [each.key for each in kit.judge(kit.gpu(values)).findings].count(key) == 1


def test_an_unknown_value_of_an_open_key_may_be_empty(kit):
    """A required key that anything fits is undecided as missing; one that nobody requires is left alone."""
    need = replace(kit.dictionary.requirements[0], require=("project",))
    dictionary = replace(kit.dictionary, requirements=(need,), _index={})
    unknown = {"project": Unknown("known after apply")}
    required = kit.judge(kit.gpu(unknown), dictionary=dictionary)
    assert kit.brief(required) == [("missing-tag?", "project", "error")]
    assert required.findings[0].message == "project is required on GPU nodes and may be empty"
    assert kit.judge(kit.gpu(kit.with_(**unknown))).findings == ()


@pytest.mark.parametrize(
    ("day", "severity", "verdict"),
    [
        (date(2026, 12, 31), "warning", Verdict.COMPLIANT),
        (date(2027, 1, 1), "error", Verdict.NON_COMPLIANT),
    ],
)
def test_a_recommendation_becomes_an_error_on_its_day(kit, day, severity, verdict):
    """`from:` includes its day; a warning does not make a resource non-compliant."""
    resource = kit.gpu({}, type="aws_sagemaker_notebook_instance", classes=Classes())
    judgement = kit.judge(resource, day)
    assert (judgement.verdict, kit.brief(judgement)) == (verdict, [("missing-tag", "budget", severity)])


def test_several_requirements_make_one_finding(kit):
    """The highest severity wins, the first requirement of that severity is named."""
    first, second, third = (
        replace(kit.dictionary.requirements[0], id=name, require=("owner",), severity=severity)
        for name, severity in (("soft", Severity.WARNING), ("hard", Severity.ERROR), ("also-hard", Severity.ERROR))
    )
    dictionary = replace(kit.dictionary, requirements=(first, second, third), _index={})
    finding = kit.only(kit.judge(kit.gpu({}), dictionary=dictionary))
    assert (finding.severity, finding.requirement) == (Severity.ERROR, "hard")


def test_a_possible_error_stands_before_a_certain_warning(kit):
    """The verdict must not look better than it may turn out."""
    soft = replace(kit.dictionary.requirements[0], id="soft", require=("owner",), severity=Severity.WARNING)
    hard = replace(soft, id="hard", severity=Severity.ERROR, selector=Selector(classes=("bucket",)))
    dictionary = replace(kit.dictionary, requirements=(soft, hard), _index={})
    judgement = kit.judge(kit.gpu({}, classes=Classes(frozenset({"gpu"}), (("bucket", KIND),))), dictionary=dictionary)
    assert (judgement.verdict, kit.brief(judgement)) == (Verdict.UNDECIDED, [("missing-tag?", "owner", "error")])


def test_a_carrier_is_judged_by_what_it_launches(kit):
    """A launch template's own tags cost nothing: the key has to be on everything it launches."""

    def carrier(*reaching):
        return kit.judge(kit.gpu({}, bills=tuple(Bill(f"b{n}", tags) for n, tags in enumerate(reaching))))

    good, bare, open_ = kit.tags(kit.good), Tags(), Tags((), complete=False, cause=kit.waiting)
    assert carrier(good, good).verdict is Verdict.COMPLIANT
    assert carrier(good, bare).verdict is Verdict.NON_COMPLIANT
    assert [each.rule for each in carrier(good, bare).findings] == ["missing-tag"] * 3
    assert carrier(good, open_).verdict is Verdict.UNDECIDED


def test_help_offers_what_fits(kit):
    """The cost centers of the team that is there, with their titles; the line that tags everything at once."""
    origin = Origin("default_tags", "provider.aws", Location("providers.tf", 4, 5))
    tags = (Tag("team", "vision", origin), Tag("workload", "training"), Tag("owner", "ml-vision@acme.example"))
    finding = kit.only(kit.judge(kit.gpu(tags)))
    assert finding.message == "cost-center is required on GPU nodes"
    assert finding.suggestions == ("cc-4100", "cc-4110")
    assert finding.help == (
        "cost centers of team vision: cc-4100 Research, cc-4110 Production. "
        "Add it here, or once for all resources in provider default_tags (providers.tf:4)."
    )


@pytest.mark.parametrize(
    "written", ["cost_center", "CostCenter", "cost center", "c\u043est-center", "cost-\u200bcenter"]
)
def test_another_spelling_is_missing_with_a_rename(kit, written):
    """Other separators or look-alike letters in a key: missing, and the help names what was found."""
    values = {name: value for name, value in kit.good.items() if name != "cost-center"} | {written: "cc-4100"}
    found = [each for each in kit.judge(kit.gpu(values)).findings if each.rule == "missing-tag"]
    assert [each.key for each in found] == ["cost-center"]
    assert found[0].help.startswith("found ")
    assert found[0].help.endswith(": rename it to cost-center.")


def test_the_provider_s_spelling_counts(kit):
    """On Google the dictionary's cost-center is the label cost_center; the finding keeps the dictionary's key."""
    values = {"team": "vision", "workload": "training", "cost_center": "cc-4100"}
    there = kit.judge(kit.gpu(values, provider="google", type="google_compute_instance"))
    assert [each.key for each in there.findings] == ["owner"]
    lacking = {"team": "vision", "workload": "training", "owner": "x"}
    finding = kit.judge(kit.gpu(lacking, provider="google", type="google_compute_instance")).findings[0]
    assert (finding.key, finding.message) == ("cost-center", "cost_center is required on GPU nodes")
