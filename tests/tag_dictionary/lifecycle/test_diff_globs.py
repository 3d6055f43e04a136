"""Selectors by glob: what covers what, and examples that people can read."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatchcase
from itertools import product

import pytest

from tagwright_dictionary.dictionary import Condition, Dictionary, Key, Requirement, Selector
from tagwright_dictionary.lifecycle.diff import diff
from tagwright_dictionary.lifecycle.diff_requirements import _glob_covers

TODAY = date(2026, 11, 26)
KEYS = (Key("cc", pattern="cc-[0-9]{4}"), Key("stage"))
WHEN = Condition((("stage", ("prod",)),))


def _dictionary(*types, when=WHEN):
    return Dictionary("globs", "1.0.0", KEYS, (Requirement("r", Selector(types=types), ("cc",), when),))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (("aws_*",), ("*",), "it selects more resources"),
        (("aws_s3_*",), ("aws_*",), "it selects more resources"),
        (("aws_*",), ("aws_s3_*", "aws_instance"), "it selects fewer resources"),
        (("aws_*",), ("aws_?",), "it selects fewer resources"),
        (("aws_*",), ("google_*",), "it selects others"),
        (("aws_?",), ("aws_[ab]",), "it selects others"),  # fewer, but not for sure
    ],
)
def test_which_selects_more(before, after, words):
    """In words, and in what it does: more tightens, fewer loosens."""
    (change,) = diff(_dictionary(*before), _dictionary(*after), TODAY).changes
    assert change.message == f"r: {words}"
    if words != "it selects others":
        assert change.breaks == (words == "it selects more resources")


def test_globs_that_select_alike_are_no_change():
    """`aws_*` takes all of `aws_s3_*`."""
    assert diff(_dictionary("aws_*"), _dictionary("aws_s3_*", "aws_*"), TODAY).changes == ()


@pytest.mark.parametrize(("glob", "told"), [("aws_*", "an aws_example"), ("google_*", "a google_example")])
def test_an_example_reads_as_a_resource(glob, told):
    """Not "an aws_ with no tags"."""
    (change,) = diff(_dictionary(glob), _dictionary(glob, when=Condition()), TODAY).changes
    assert change.message == "r: it always holds"
    assert change.tightens is not None
    assert str(change.tightens) == f"{told} with no tags: cc is required on {told.split()[1]}"


def test_a_glob_that_covers_takes_everything_that_the_other_takes():
    """Soundness, over all small globs: a wrong yes would hide what a change breaks. A set's letters are no text, so
    that `a*b*` does not cover `a[!b]`.
    """
    globs = ["".join(each) for size in (1, 2, 3, 4) for each in product("ab*?", repeat=size)]
    globs += ["[ab]*", "a[!b]", "*[ab]"]
    names = ["".join(each) for size in range(5) for each in product("abc", repeat=size)]
    takes = {glob: frozenset(name for name in names if fnmatchcase(name, glob)) for glob in globs}
    covering = [(wide, narrow) for wide in globs for narrow in globs if _glob_covers(wide, narrow)]
    assert [(wide, narrow) for wide, narrow in covering if not takes[narrow] <= takes[wide]] == []
    assert {("a*", "ab"), ("*", "a[!b]"), ("a*b*", "a?b"), ("a*", "a*b?")} <= set(covering)
