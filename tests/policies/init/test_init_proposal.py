"""The dictionary that is proposed: in the repository's own words, valid, and passed by what it was made of."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagwright_dictionary.dictionary import Value
from tagwright_dictionary.judging import judge
from tagwright_dictionary.lifecycle.given import read_alone
from tagwright_dictionary.loading import canonical_json, load
from tagwright_dictionary.loading.data import shipped_path
from tagwright_dictionary.model import Classes, Reading, Resource, Tag, Tags
from tagwright_policies.init.grouping import grouped, shape, usable
from tagwright_policies.init.observed import observe
from tagwright_policies.init.proposal import propose
from tagwright_policies.init.writing import dictionary_text, settings_text

TODAY = date(2026, 11, 1)
SHIPPED = load(shipped_path())


def _reading(*tag_sets, provider="aws"):
    return Reading(
        tuple(
            Resource(
                f"aws_s3_bucket.r{number}",
                "aws_s3_bucket",
                provider,
                classes=Classes(frozenset({"bucket"})),
                tags=Tags(tuple(Tag(key, value) for key, value in sorted(tags.items()))),
            )
            for number, tags in enumerate(tag_sets)
        ),
        ("main.tf",),
        (),
    )


def _proposed(*tag_sets, provider="aws"):
    proposal = propose(SHIPPED, observe(_reading(*tag_sets, provider=provider)), "acme")
    return proposal, read_alone(dictionary_text(proposal).encode(), "tag-dictionary.yaml")


def _values(dictionary, key):
    return {value.value: value.aliases for value in dictionary.key(key).values}


def test_variants_become_aliases():
    """Known spellings too; the one that is used most is approved."""
    uses = [{"env": word} for word in ["production"] * 3 + ["Prod", "prd", "PROD", "dev", "qa-2", "qa-2"]]
    _, found = _proposed(*uses)
    values = _values(found, "env")
    assert values["production"] == ("prod", "prd", "live", "PROD", "Prod")
    assert values["dev"] == ("development", "develop")
    assert values["qa-2"] == ()
    assert "prod" not in values


def test_keys_are_spelled_as_in_use():
    """Requirements, conditions and spellings of clouds follow."""
    _, found = _proposed(*[{"Owner": "a@acme.example", "CostCenter": "CC-104", "Workload": "training"}] * 3)
    asked = next(each for each in found.requirements if each.id == "accountable-ai-spend")
    assert asked.require == ("Owner", "CostCenter", "Workload")
    assert found.key("owner") is None
    assert found.key("Owner").domains == ("acme.example",)
    assert found.key("CostCenter").pattern == "CC-[0-9]{3}"
    written = dict(found.encoding("gcp").keys)
    assert {key: written[key] for key in asked.require} == {
        "Owner": "owner",
        "CostCenter": "cost_center",
        "Workload": "workload",
    }


def test_keys_of_their_own():
    """A list where values repeat, open where they do not; a key that one block carries is left out, and named."""
    uses = [{"Squad": word, "Ticket": f"T{number}-x", "Once": "1"} for number, word in enumerate("aabbab")]
    for tags in uses[1:]:
        del tags["Once"]
    proposal, found = _proposed(*uses)
    assert _values(found, "Squad") == {"a": (), "b": ()}
    assert found.key("Ticket").values is None
    assert found.key("Once") is None
    assert [min(seen.spellings) for _, seen in proposal.left_out] == ["Once"]
    assert "#   Once (1)" in dictionary_text(proposal)


def test_nothing_in_use_is_the_shipped_dictionary():
    """Under its own name, without approvers of somebody else."""
    proposal, found = _proposed()
    assert [key.name for key in found.keys] == [key.name for key in SHIPPED.keys]
    assert {key.approvers for key in found.keys} == {()}
    assert (found.name, found.version) == ("acme", "0.1.0")
    assert found.requirements == tuple(
        each.__class__(**{**{f: getattr(each, f) for f in each.__slots__}, "location": mine.location})
        for each, mine in zip(SHIPPED.requirements, found.requirements, strict=True)
    )
    assert dictionary_text(proposal).count("# Not in use yet.") == len(SHIPPED.keys)


def test_the_text_is_what_was_proposed():
    """Comments and quotes lose nothing, whatever stands in tags."""
    odd = ["a: b", "# c", "'d", '"e', "*f", "yes", "1.10", "ü", "<b>|", "{x}y", "- g"]
    proposal, found = _proposed(*[{"Odd": value, "o:t,h": "x"} for value in odd * 2])
    assert canonical_json(found) == canonical_json(proposal.dictionary)
    assert set(_values(found, "Odd")) == set(odd)


def test_the_same_whatever_the_order():
    """Of resources."""
    uses = [{"env": "Prod"}, {"env": "prod"}, {"Env": "dev", "x": "1"}, {"X": "1"}]
    assert dictionary_text(_proposed(*uses)[0]) == dictionary_text(_proposed(*reversed(uses))[0])


WORDS = st.sampled_from(
    ["prod", "Prod", "PRODUCTION", "dev", "x", "todo", "a@b.example", "cc-1", "CC-22", "\x1b[31m", " y", ""]
)
KEYS = st.sampled_from(
    ["env", "Env", "environment", "owner", "Owner", "cost_center", "CostCenter", "squad", "aws:x", "Ü b"]
)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.dictionaries(KEYS, WORDS, max_size=5), max_size=8), st.sampled_from(["aws", "google", "kubernetes"]))
def test_whatever_is_in_use_the_proposal_is_valid(tag_sets, provider):
    """It loads, and no approved value of it is refused by itself."""
    proposal, found = _proposed(*tag_sets, provider=provider)
    assert canonical_json(found) == canonical_json(proposal.dictionary)
    for key in found.keys:
        for value in key.values or ():
            resource = Resource("r", "some_type", "", tags=Tags((Tag(key.name, value.value),)))
            rules = {finding.rule for finding in judge(found, resource, TODAY).findings if finding.key == key.name}
            assert not rules & {"value-not-allowed", "placeholder-value", "deprecated-value"}


def test_grouped():
    """Case, separators, plural; the most used group first after the known ones."""
    found = grouped(
        Counter({"Vision": 2, "vision": 3, "visions": 1, "search": 9}), (Value("speech", aliases=("asr",)),)
    )
    assert [(each.value, each.aliases) for each in found] == [
        ("speech", ("asr",)),
        ("search", ()),
        ("vision", ("Vision", "visions")),
    ]


@pytest.mark.parametrize(
    ("values", "pattern"),
    [
        ({"CC-104": 2, "CC-220": 1}, "CC-[0-9]{3}"),
        ({"a.b+1": 1}, r"a\.b\+[0-9]{1}"),
        ({"cc1": 1, "dd2": 1}, "(cc[0-9]{1}|dd[0-9]{1})"),
        ({"abc": 5}, ""),
        ({f"{letter}{number}": 1 for letter in "abcdefgh" for number in range(2)}, ""),
    ],
)
def test_shape(values, pattern):
    """Values that differ in digits only."""
    assert shape(Counter(values)) == pattern


def test_usable():
    """No placeholder, nothing invisible, nothing too long."""
    values = Counter({"vision": 1, "todo": 1, "a\u200bb": 1, "x" * 300: 1, "n/a": 1})
    assert usable(values) == Counter(vision=1)


SETTINGS = [
    ("", "# tagwright's settings for this repository.\ndictionary: d.yaml\n"),
    ("# mine\n", "# mine\ndictionary: d.yaml\n"),
    ("on_unknown: fail  # strict\n", "on_unknown: fail  # strict\ndictionary: d.yaml\n"),
    ("dictionary: old.yaml # was\nexclude: [a]\n", "dictionary: d.yaml # was\nexclude: [a]\n"),
]
LEFT_OUT = [
    ("", "# tagwright's settings for this repository.\ndictionary: d.yaml\nexclude: [x, \"t*\"]\n"),
    ("exclude: [x]  # kept\n", 'exclude: [x, "t*"]  # kept\ndictionary: d.yaml\n'),
    ("exclude:\n  - a\n", 'exclude:\n  - a\n  - x\n  - "t*"\ndictionary: d.yaml\n'),
    ("exclude: a\n", 'exclude: [a, x, "t*"]\ndictionary: d.yaml\n'),
    ("exclude: []\n", 'exclude: [x, "t*"]\ndictionary: d.yaml\n'),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), SETTINGS)
def test_settings(before, after):
    """What is there stays."""
    assert settings_text("d.yaml", before) == after


@pytest.mark.parametrize(("before", "after"), LEFT_OUT)
def test_settings_with_what_is_left_out(before, after):
    """Added to what is left out already."""
    assert settings_text("d.yaml", before, ("x", "t*")) == after
