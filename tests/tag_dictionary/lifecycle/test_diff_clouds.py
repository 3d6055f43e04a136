"""What a cloud refuses by itself is no example of what the dictionary lets through there."""

from __future__ import annotations

from datetime import date

import pytest

from tagwright_dictionary.dictionary import Dictionary, Key, ProviderEncoding, Requirement, Selector, Value
from tagwright_dictionary.lifecycle.diff import diff
from tagwright_dictionary.lifecycle.versions import Bump

TODAY = date(2026, 11, 26)
RESPELLED = (ProviderEncoding("gcp", (("stage", "level"),)),)
REQUIRED = (Requirement("r", Selector(everything=True), ("stage",)),)


def _dictionary(key, *, respelled, required=True, placeholders=()):
    return Dictionary(
        "clouds",
        "1.0.0",
        (key,),
        REQUIRED if required else (),
        providers=RESPELLED if respelled else (),
        placeholders=placeholders,
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (Key("stage", pattern="[A-Za-z]+", examples=("Prod",)), "a"),
        (Key("stage", values=(Value("Prod"), Value("prod"))), "prod"),
        (Key("stage", values=(Value("pre prod"), Value("prod"))), "prod"),
    ],
    ids=["example", "list", "characters"],
)
def test_a_respelling_breaks_although_the_first_value_is_none_there(key, value):
    """Google Cloud refuses "Prod" under any spelling; what it takes passed before, and lacks its key now."""
    found = diff(_dictionary(key, respelled=True), _dictionary(key, respelled=False), TODAY)
    (change,) = found.changes
    assert found.bump is Bump.MAJOR
    assert change.tightens is not None
    assert (change.tightens.tags, change.tightens.rule) == ((("level", value),), "missing-tag")


def test_a_respelling_loosens_although_a_placeholder_is_no_label():
    """A bad value under the former spelling fails before, and nobody looks at it now."""
    before, now = (
        _dictionary(Key("stage", format="url"), respelled=each, required=False, placeholders=("Aa",))
        for each in (False, True)
    )
    (change,) = diff(before, now, TODAY).changes
    assert change.loosens is not None
    assert [key for key, _ in change.loosens.tags] == ["stage"]


def test_a_respelling_breaks_nobody_where_no_value_is_a_label():
    """All approved values have upper-case letters: on Google Cloud none of them ever passed."""
    key = Key("stage", values=(Value("Prod"), Value("Dev")))
    found = diff(_dictionary(key, respelled=True), _dictionary(key, respelled=False), TODAY)
    assert found.bump is Bump.MINOR
    assert [change.tightens for change in found.changes] == [None]


@pytest.mark.parametrize(
    ("key", "breaks"),
    [
        (Key("owner"), True),
        (Key("owner", format="email"), True),
        (Key("owner", pattern="[a-z]+(@[a-z]+)?"), True),
        (Key("owner", values=(Value("ml"), Value("ml@acme"))), True),
        (Key("owner", pattern="[a-z]{1,63}"), False),
        (Key("owner", values=(Value("ml"), Value("web"))), False),
    ],
    ids=["open", "format", "pattern", "list", "labels by pattern", "labels by list"],
)
def test_an_annotation_that_becomes_a_label_breaks_what_no_label_holds(key, breaks):
    """An e-mail address is fine in an annotation."""
    before = Dictionary("clouds", "1.0.0", (key,), providers=(ProviderEncoding("kubernetes", (), ("owner",)),))
    found = diff(before, Dictionary("clouds", "1.0.0", (key,)), TODAY)
    assert [change.path for change in found.changes] == ["providers.kubernetes.annotations.owner"]
    assert [change.breaks for change in found.changes] == [breaks]
    witnesses = [change.tightens.rule for change in found.changes if change.tightens is not None]
    assert witnesses == (["invalid-tag"] if breaks else [])


@pytest.mark.parametrize("values", [("prod", "Dev"), ("Dev", "prod")])
@pytest.mark.parametrize("cloud", ["gcp", "kubernetes"])
def test_values_that_were_written_as_labels_break_when_they_no_longer_are(values, cloud):
    """`dev` stood for "Dev" there; a value beside it that is its own label form must not hide that."""
    key = Key("stage", values=tuple(map(Value, values)))
    before = Dictionary("clouds", "1.0.0", (key,), providers=(ProviderEncoding(cloud, (), (), "label"),))
    (change,) = diff(before, Dictionary("clouds", "1.0.0", (key,)), TODAY).changes
    assert change.tightens is not None
    assert (change.tightens.tags, change.tightens.rule) == ((("stage", "dev"),), "value-not-allowed")
