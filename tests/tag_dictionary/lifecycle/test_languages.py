"""Texts that one form accepts and another does not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwright_dictionary.dictionary import Key
from tagwright_dictionary.judging.placeholders import Placeholders
from tagwright_dictionary.judging.values import KeyCheck
from tagwright_dictionary.lifecycle.languages import texts

PATTERNS = ("cc-[0-9]{4}", "cc-[0-9]{3,4}", "[a-z]+", "[a-z0-9]+(-[a-z0-9]+)*", "(red|green)", "[a-z].{0,3}", r"\d+\w?")
# (inside, outside): whether a text is in the first and not in the second
DIFFERENT = [
    (Key("k", pattern="cc-[0-9]{3,4}"), Key("k", pattern="cc-[0-9]{4}"), True),
    (Key("k", pattern="cc-[0-9]{4}"), Key("k", pattern="cc-[0-9]{3,4}"), False),
    (Key("k", pattern="[a-z0-9]+(-[a-z0-9]+)*"), Key("k", format="slug"), False),
    (Key("k", pattern="[a-z0-9-]+"), Key("k", format="slug"), True),
    (Key("k", pattern="[a-z0-9.-]{1,62}"), Key("k", pattern="[a-z0-9.-]{1,61}"), True),
    (Key("k", pattern="(a|b)(c|d)"), Key("k", pattern="ac|ad|bc|bd"), False),
    (Key("k", format="email", domains=("a.example", "b.example")), Key("k", format="email"), False),
    (Key("k", format="email"), Key("k", format="email", domains=("a.example",)), True),
    (Key("k", format="integer"), Key("k", format="slug"), True),  # -1
    (Key("k", format="date"), Key("k", format="slug"), False),
    (Key("k", format="slug", pattern="[0-9]+"), Key("k", format="integer"), False),
    (Key("k", format="url"), Key("k", pattern="https://.*"), True),
]


@pytest.mark.parametrize(("inside", "outside", "differ"), DIFFERENT)
def test_difference(inside, outside, differ):
    """A text is found exactly where there is one, and it is one."""
    found = texts((inside,), outside)
    assert found.complete
    one, other = KeyCheck(inside, Placeholders()), KeyCheck(outside, Placeholders())
    proven = [text for text in found.found if one.accepts(text) and not other.accepts(text)]
    assert bool(proven) is differ


@given(st.sampled_from(PATTERNS), st.sampled_from(PATTERNS))
def test_patterns_agree_with_re(inside, outside):
    """Of two patterns: every text found is in one and not in the other, as `re` itself sees it."""
    for text in texts((Key("k", pattern=inside),), Key("k", pattern=outside)).found:
        assert re.fullmatch(inside, text, re.ASCII)
        assert not re.fullmatch(outside, text, re.ASCII)


def test_shortest_first_and_the_same_every_time():
    """The example in a report is the plainest there is."""
    found = texts((Key("k", pattern="[a-z]{2,}"),)).found
    assert list(map(len, found)) == sorted(map(len, found))
    assert found == texts((Key("k", pattern="[a-z]{2,}"),)).found
    assert found[0] == "aa"


def test_what_is_no_pattern_accepts_nothing():
    """As when judging."""
    assert texts((Key("k", pattern="("),)).found == ()


def test_a_walk_that_is_too_long_says_so():
    """Bounded: a pattern made to explode gives up."""
    found = texts((Key("k", pattern="[ab]{0,9}a[ab]{900}c"),), Key("k", pattern="(a|b|c)*d"))
    assert not found.complete
