"""Selectors by glob: what covers what, and examples that people can read."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatchcase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

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


GLOBS = st.text("ab*?", min_size=1, max_size=5) | st.sampled_from(["[ab]*", "a[!b]", "*[ab]"])


@given(GLOBS, GLOBS, st.text("abc", max_size=5))
def test_a_glob_that_covers_takes_everything_that_the_other_takes(wide, narrow, name):
    """Soundness: a wrong yes would hide what a change breaks."""
    assume(_glob_covers(wide, narrow))
    assert not fnmatchcase(name, narrow) or fnmatchcase(name, wide)
