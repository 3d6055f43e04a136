"""Readings in writing: nothing is lost."""

# ruff: noqa: E501 - rows of sample texts

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagwright_dictionary.model import (
    Bill,
    Classes,
    Location,
    Origin,
    Problem,
    Reading,
    Resource,
    Suppression,
    Tag,
    Tags,
    Unknown,
)
from tagwright_iac.codec import decode, encode

TEXT = st.sampled_from(("", "a", "owner", "ü 日本", "\x00", "\u2028", 'q"\\', "[?]", "0", "\udce9")) | st.text(
    max_size=5
)
NUMBER = st.integers(0, 100_000)
LOCATIONS = st.builds(Location, TEXT, NUMBER, NUMBER, NUMBER)
UNKNOWNS = st.builds(Unknown, TEXT, TEXT)
ORIGINS = st.builds(Origin, TEXT, TEXT, st.none() | LOCATIONS)
VALUES = TEXT | UNKNOWNS
TAGS = st.builds(
    Tags,
    st.lists(st.builds(Tag, TEXT, VALUES, st.none() | ORIGINS, st.booleans()), max_size=3).map(tuple),
    st.booleans(),
    st.none() | UNKNOWNS,
)
SUPPRESSIONS = st.builds(
    Suppression, st.lists(TEXT, max_size=2).map(tuple), st.none() | TEXT, st.none() | TEXT, LOCATIONS, TEXT, TEXT
)
RESOURCES = st.builds(
    Resource,
    address=TEXT,
    type=TEXT,
    provider=TEXT,
    framework=TEXT,
    taggable=st.sampled_from((True, False, None)),
    classes=st.builds(
        Classes, st.frozensets(TEXT, max_size=3), st.lists(st.tuples(TEXT, UNKNOWNS), max_size=2).map(tuple)
    ),
    tags=TAGS,
    bills=st.lists(st.builds(Bill, TEXT, TAGS, st.booleans(), TEXT, TEXT), max_size=2).map(tuple),
    location=st.none() | LOCATIONS,
    tag_location=st.none() | LOCATIONS,
    attributes=st.lists(st.tuples(TEXT, st.lists(VALUES, max_size=2).map(tuple)), max_size=2).map(tuple),
    instance_key=TEXT,
    block=TEXT,
    scope=TEXT,
    sources=st.lists(TEXT, max_size=2).map(tuple),
    suppressions=st.lists(SUPPRESSIONS, max_size=2).map(tuple),
    account=TEXT,
    exists=st.none() | UNKNOWNS,
    note=TEXT,
)
READINGS = st.builds(
    Reading,
    st.lists(RESOURCES, max_size=3).map(tuple),
    st.lists(TEXT, max_size=3).map(tuple),
    st.lists(st.builds(Problem, TEXT, TEXT, NUMBER, NUMBER, TEXT), max_size=2).map(tuple),
    st.lists(SUPPRESSIONS, max_size=2).map(tuple),
    st.lists(TEXT, max_size=2).map(tuple),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(READINGS)
def test_decoding_gives_what_was_encoded(reading: Reading) -> None:
    """decode(encode(r)) == r, for every reading, and the same reading is written the same way."""
    text = encode(reading)
    assert decode(text) == reading
    assert decode(text.encode()) == reading
    assert encode(decode(text)) == text


def test_every_field_of_a_resource_is_written() -> None:
    """A field added to the model must be added here: one that differs in each field survives."""
    assert len(Resource.__dataclass_fields__) == 19
    assert len(Reading.__dataclass_fields__) == 5


def test_equal_parts_are_written_once() -> None:
    """A thousand resources that share their tags are hardly longer than one."""
    tags = Tags(tuple(Tag(f"key{index}", "value" * 10, Origin("local", "local.common")) for index in range(20)))
    one = encode(Reading((Resource("a", "t", tags=tags),)))
    many = encode(Reading(tuple(Resource("a", "t", tags=tags) for _ in range(1000))))
    assert len(many) < len(one) + 1000 * 120


@pytest.mark.parametrize("text", [
    "", "{}", "[]", "5", "null", "{", '{"resources": []}', '{"locations": 5, "origins": []}', '"x"',
    json.dumps({**json.loads(encode(Reading())), "resources": [[1]]}), json.dumps({**json.loads(encode(Reading())), "tags": [["a", 7, 7, 0]]}),
    json.dumps({**json.loads(encode(Reading())), "suppressions": [[[], None, None, None, "", ""]]}),
])  # fmt: skip
def test_other_text_is_refused(text: str) -> None:
    """Anything else raises what a cache takes for a miss."""
    with pytest.raises((ValueError, KeyError, TypeError, IndexError)):
        decode(text)
