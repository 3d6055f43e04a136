"""Values that a reader would take for one another."""

from __future__ import annotations

from datetime import date

import pytest

from tagwright_dictionary.dictionary import Key, Value
from tagwright_dictionary.lifecycle.nearness import near_duplicates, why_near

NEAR = [
    ("vision", "Vision"),
    ("vision", "visions"),
    ("Vision", "visions"),
    ("data-prep", "data_prep"),
    ("data-prep", "DataPrep"),
    ("data prep", "dataprep"),
    ("query", "queries"),
    ("batch", "batches"),
    ("box-a", "BoxA"),
    ("search", "se\u0430rch"),  # a Cyrillic a
    ("caf\u00e9", "cafe"),
    ("caf\u00e9", "cafe\u0301"),
    ("\u00c9quipe", "equipe"),
    ("caf\u00e9s", "cafe"),
]
FAR = [
    ("cc-4100", "cc-4110"),
    ("cc-41", "cc-4-1"),  # separators between digits count
    ("3.1", "31"),
    ("v1", "v2"),
    ("class", "clas"),  # no plural
    ("status", "statu"),
    ("aws", "aw"),
    ("train", "training"),
    ("prod", "production"),  # aliases say that
    ("vision", "search"),
    ("\u043c\u043e\u0439", "\u043c\u043e\u0438"),  # two Russian words: the mark makes another letter
]


@pytest.mark.parametrize(("one", "other"), NEAR)
def test_near(one, other):
    """Whichever way round."""
    assert why_near(one, other)
    assert why_near(other, one)


@pytest.mark.parametrize(("one", "other"), FAR)
def test_far(one, other):
    """Two values, whichever way round."""
    assert not why_near(one, other)
    assert not why_near(other, one)


def test_an_accent_is_said():
    """The reason names what differs, also through `near_duplicates`, which looks in groups."""
    key = _key("caf\u00e9", "cafe")
    assert [each.why for each in near_duplicates(key, {"cafe"})] == ["they differ only in accents"]


def _key(*values):
    return Key("team", values=tuple(each if isinstance(each, Value) else Value(each) for each in values))


def test_only_what_is_added_counts():
    """What was there before is not the fault of this change; a pair is told once."""
    key = _key("vision", "Vision", "search")
    assert near_duplicates(key, {"search"}) == ()
    assert [str(each) for each in near_duplicates(key, {"Vision"})] == [
        'team: "Vision" is nearly "vision": they differ only in case'
    ]
    assert len(near_duplicates(key, {"vision", "Vision"})) == 1


def test_aliases_of_others_count_and_own_ones_do_not():
    """`cv` is an alias of vision: a value `CV` would be a trap. A value's own aliases are its other spellings."""
    key = _key(Value("vision", aliases=("cv", "Vision")), "CV")
    assert [(each.value, each.other) for each in near_duplicates(key, {"CV", "vision"})] == [("CV", "cv")]


def test_a_spelling_may_be_corrected():
    """A deprecated value that names the new one as its successor is on its way out."""
    old = Value("visions", status="deprecated", until=date(2027, 1, 1), replaced_by="vision")
    assert near_duplicates(_key(old, "vision"), {"vision"}) == ()
    other = Value("visions", status="deprecated", replaced_by="search")
    assert len(near_duplicates(_key(other, "vision", "search"), {"vision"})) == 1
