"""Tomorrow's dictionary beside today's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import html5lib
import pytest

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector, Value
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.judging import judge
from tagwright_dictionary.model import Resource, Severity, Tag, Tags
from tagwright_dictionary.publishing import Options, Release, publish
from tagwright_dictionary.publishing.ahead import Ahead, sides
from tagwright_dictionary.publishing.comparing import compare
from tagwright_dictionary.publishing.facts import Facts
from tagwright_dictionary.publishing.history import Chapter, Line

DAY = date(2026, 11, 23)


def table(site, caption):
    """The rows of the table of that name, cell by cell, as a reader sees them."""
    tree = html5lib.parse((site / "ahead.html").read_text("utf-8"), namespaceHTMLElements=False)
    region = tree.find(f".//div[@aria-label='{caption}']")
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in region.iter("tr")]


def test_what_changes_on_its_day(acme_site):
    """Rules that get stricter, values that end and exemptions that run out, soonest first, today beside then."""
    assert table(acme_site, "On a day that is set") == [
        ["From", "What", "Today", "Then"],
        ["2027-01-01", "team, environment missing on every resource (team-recommended)", "warns", "blocks"],
        ["2027-02-01", "cost-center cc-4000 Old research", "accepted with a warning", "refused: use cc-4100"],
        ["2027-04-01", "exemption legacy-training", "exempt", "judged like every other"],
    ]


def test_the_next_version_beside_this_one(acme_site):
    """Every change with both sides and what it does to verdicts."""
    assert table(acme_site, "Version 3.0.0 beside 2.3.0") == [
        ["What", "Today (2.3.0)", "Then (3.0.0)", "Change"],
        ["team speech", "approved", "gone", "is removed without a successor tightened"],
        ["team voice", "not approved", "approved", "is added (Speech and voice) loosened"],
        ["cost-center cc-3900", "approved", "gone, use cc-4100", 'is removed: use "cc-4100"'],
        ["cost-center cc-4300", "not approved", "approved", "is added (Speech) loosened"],
        ["workload inference", "serving", "serving, infer", "gets the alias infer"],
        ["environment sandbox", "not approved", "approved", "is added (Sandbox) loosened"],
        ["customer", "not there", "there", "is added: The customer whose models these are."],
        ["production-names-its-model", "not required", "required", "team is required"],
        ["team-recommended", "2027-01-01", "2027-02-01", "it becomes an error on 2027-02-01 loosened"],
    ]


def test_pages_say_what_is_ahead_of_them(acme_site):
    """A key says what changes about it and its values, a value what the next version does to it."""

    def section(path):
        tree = html5lib.parse((acme_site / path).read_text("utf-8"), namespaceHTMLElements=False)
        found = [each for each in tree.iter("section") if each.findtext("h2") == "Coming up"]
        return [" ".join("".join(item.itertext()).split()) for each in found for item in each.iter("li")]

    assert section("keys/cost-center.html") == ["2027-02-01 cost-center cc-4000 Old research is refused"]
    assert section("keys/team.html") == [
        "2027-01-01 team, environment missing on every resource (team-recommended) blocks, not warns",
        "version 3.0.0 (2027-01-15): production-names-its-model: team is required",
        "version 3.0.0 (2027-01-15): team-recommended: it becomes an error on 2027-02-01 loosened",
    ]
    assert section("values/team/speech.html") == [
        "version 3.0.0 (2027-01-15): team speech is removed without a successor tightened"
    ]
    assert section("values/team/vision.html") == section("keys/owner.html") == []
    assert section("index.html")[0] == "version 3.0.0 (2027-01-15) brings 9 changes"


def test_programs_read_the_same(acme_site):
    """`changes.json` has every turn and the next version."""
    document = json.loads((acme_site / "changes.json").read_text("utf-8"))
    assert [(each["date"], each["keys"], each["value"], each["then"]) for each in document["ahead"]] == [
        ("2027-01-01", ["team", "environment"], "", "blocks"),
        ("2027-02-01", ["cost-center"], "cc-4000", "refused"),
        ("2027-04-01", [], "", "judged like every other"),
    ]
    coming = document["next"]
    assert (coming["version"], coming["date"], coming["since"], coming["level"]) == (
        "3.0.0",
        "2027-01-15",
        "2.3.0",
        "major",
    )
    assert len(coming["changes"]) == 9


def dictionary():
    end = date(2027, 1, 31)
    values = (
        Value("old", status="deprecated", until=end),
        Value("older", status="deprecated", until=date(2026, 11, 22)),
        Value("eternal", status="deprecated", until=date.max),
        Value("endless", status="deprecated"),
        Value("current"),
    )
    keys = (Key("team", values=values), Key("owner"))
    rules = (
        Requirement("later", Selector(everything=True), ("owner",), severity=Severity.INFO, becomes_error=end),
        Requirement("begun", Selector(everything=True), ("owner",), severity=Severity.WARNING, becomes_error=DAY),
        Requirement("error", Selector(everything=True), ("owner",), becomes_error=end),
    )
    return Dictionary("d", "1.0.0", keys, rules)


def test_only_what_is_still_to_come_is_ahead():
    """Neither what has begun or ended already, nor what never does, nor what blocks anyway."""
    assert [(turn.requirement or turn.value, turn.day) for turn in Ahead.of(dictionary(), DAY).turns] == [
        ("later", date(2027, 1, 31)),
        ("old", date(2027, 2, 1)),
    ]


def test_each_turn_is_the_day_on_which_judge_turns():
    """The day before, `judge` says the one thing, on the day the other."""
    made = dictionary()

    def severities(tags, day):
        resource = Resource("x", "aws_s3_bucket", tags=Tags(tuple(Tag(*each) for each in tags.items())))
        return {(found.rule, found.key): found.severity for found in judge(made, resource, day).findings}

    for turn in Ahead.of(made, DAY).turns:
        rule = "deprecated-value" if turn.value else "missing-tag"
        tags = {"team": turn.value, "owner": "x"} if turn.value else {}
        # The other two rules ask for the same key, and harder.
        made = replace(made, requirements=tuple(each for each in made.requirements if each.id == "later"))
        before = severities(tags, turn.day - timedelta(days=1))[rule, turn.keys[0]]
        after = severities(tags, turn.day)[rule, turn.keys[0]]
        assert (before is Severity.ERROR, after is Severity.ERROR) == (False, True)


def test_a_key_is_required_from_the_day_that_judge_asks_for_it(acme):
    """Recommended until then, and the start page says from when."""
    facts = Facts.of(acme, DAY)
    assert [(key.name, facts.standing(key.name)) for key in acme.keys] == [
        ("owner", 0), ("team", 1), ("cost-center", 0), ("workload", 0), ("environment", 1), ("model", 0),
        ("initiative", 2),
    ]  # fmt: skip
    assert facts.mandatory_from("team") == date(2027, 1, 1)
    assert Facts.of(acme, date(2027, 1, 1)).standing("team") == 0


def test_nothing_ahead_is_said(tmp_path):
    """An empty page would look broken."""
    publish(Dictionary("d", "1.0.0", (Key("team"),)), tmp_path / "site", Options(DAY))
    text = (tmp_path / "site" / "ahead.html").read_text("utf-8")
    assert "what holds today holds until the next version." in text
    assert "<table" not in text
    assert "Coming up</h2>" not in (tmp_path / "site" / "index.html").read_text("utf-8")


def test_a_key_lists_only_the_first_of_many(tmp_path):
    """A page of a key stays readable; the rest is one link away."""
    values = tuple(Value(f"v{number}", status="deprecated", until=date(2027, 1, 1)) for number in range(25))
    publish(Dictionary("d", "1.0.0", (Key("team", values=values),)), tmp_path / "site", Options(DAY))
    text = (tmp_path / "site" / "keys" / "team.html").read_text("utf-8")
    assert text.count("is refused") == 20
    assert '<a href="../ahead.html">and 5 more</a>' in text
    assert len(table(tmp_path / "site", "On a day that is set")) == 26


def test_a_next_version_needs_a_number_of_its_own(acme, tmp_path):
    """One number for two dictionaries would be two truths under one name."""
    with pytest.raises(InputError, match=r"two dictionaries have version 2\.3\.0"):
        publish(acme, tmp_path / "site", Options(DAY), coming=Release(replace(acme, name="other")))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (Line("added", "", "team", "x", after="x"), ("not approved", "approved")),
        (Line("removed", "", "team", "x", before="x", after="y"), ("approved", "gone, use y")),
        (Line("renamed", "", "team", "x", before="x", after="y"), ("approved", "gone, use y")),
        (Line("removed", "", "team", before="team"), ("there", "gone")),
        (Line("changed", "", "team", before="is approved", after="is deprecated"), ("approved", "deprecated")),
        (Line("changed", "", requirement="r", before="a", field="require.a"), ("required", "not required")),
        (Line("changed", "", requirement="r", after="2027-01-01", field="from"), ("nothing", "2027-01-01")),
        (Line("added", "", requirement="r", after="all require a"), ("not there", "all require a")),
    ],
)
def test_both_sides_of_a_change(line, expected):
    """Never empty, never the same words on both sides."""
    assert sides(line) == expected


def test_ids_with_dots_are_ids(acme):
    """A requirement's id may hold dots, and its changes are still its own."""
    old = replace(acme, requirements=(Requirement("a.b", Selector(everything=True), ("team",)),), _index={})
    new = replace(
        old, version="2.4.0", requirements=(replace(old.requirements[0], require=("team", "owner")),), _index={}
    )
    (line,) = compare(old, new, DAY).lines
    assert (line.requirement, line.field, line.text, line.touches) == (
        "a.b",
        "require.owner",
        "owner is required",
        ("owner",),
    )
    assert Ahead.of(old, DAY, Chapter(Release(new), old, compare(old, new, DAY))).lines_of("owner", "") == [line]
