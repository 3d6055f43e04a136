"""What is written of an observation comes back."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from tagwright_dictionary.model import (
    Bill,
    Certainty,
    Classes,
    Finding,
    Judgement,
    Resource,
    Severity,
    Tag,
    Tags,
    Unknown,
    Verdict,
)
from tagwright_drift.cells import Cell
from tagwright_drift.live import Hop, LiveResource, Observation
from tagwright_drift.runs.rows import FLAGS, TEXT, TIMES, from_row, to_row
from tagwright_drift.runs.writing import _schema

text = st.text(max_size=12)  # hypothesis gives no lone surrogates; the second test does
word = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
unknown = st.builds(Unknown, text, text)
value = text | unknown
times = st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@st.composite
def tag_sets(draw):
    items = draw(st.dictionaries(text, value, max_size=4))
    complete = draw(st.booleans())
    return Tags(
        tuple(Tag(key, items[key]) for key in sorted(items)), complete, None if complete else draw(st.none() | unknown)
    )


@st.composite
def observations(draw):
    tags = draw(tag_sets())
    cell = Cell(draw(word), draw(word), draw(word))
    resource = Resource(
        draw(word),
        cell.type,
        "aws",
        "live",
        draw(st.sampled_from([True, False, None])),
        Classes(
            frozenset(draw(st.sets(word, max_size=2))), tuple(draw(st.lists(st.tuples(word, unknown), max_size=2)))
        ),
        tags,
        tuple(draw(st.lists(st.builds(Bill, text, tag_sets(), st.booleans(), text, text), max_size=2))),
        attributes=tuple(draw(st.lists(st.tuples(word, st.lists(value, max_size=2).map(tuple)), max_size=2))),
        account=cell.account,
        note=draw(text),
    )
    finding = st.builds(
        Finding,
        text,
        st.sampled_from(Severity),
        st.just(resource.address),
        st.just(resource.type),
        text,
        text,
        st.none() | text,
        st.sampled_from(Certainty),
        st.none() | unknown,
        text,
        text,
        st.lists(text, max_size=2).map(tuple),
        st.none(),
        text,
    )
    hop = st.builds(Hop, text, text, st.lists(text, max_size=2).map(tuple), st.booleans(), text, text)
    live = LiveResource(
        resource,
        cell,
        draw(text),
        draw(text),
        draw(times),
        draw(text),
        draw(text),
        draw(word),
        draw(times),
        tuple(draw(st.lists(hop, max_size=2))),
        tuple(draw(st.lists(st.tuples(text, value, text), max_size=2))),
    )
    findings = tuple(draw(st.lists(finding, max_size=2)))
    return Observation(live, Judgement(resource, draw(st.sampled_from(Verdict)), findings, draw(text)))


@given(st.lists(observations(), min_size=1, max_size=4))
def test_what_goes_in_comes_out(seen):
    """Through a real Parquet file, in order, field by field."""
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pylist([to_row(each) for each in seen], schema=_schema())
    pq.write_table(table, sink)
    back = pq.read_table(pa.BufferReader(sink.getvalue())).to_pylist()
    assert [from_row(row) for row in back] == seen


def test_a_lone_surrogate_in_a_tag_survives():
    """A hostile value may hold what UTF-8 cannot: tags and causes come back to the letter, names as an escape."""
    cell = Cell("1", "r", "aws_instance")
    tags = Tags((Tag("k\ud800", "v\udfff"),))
    resource = Resource("arn\ud800", "aws_instance", "aws", "live", tags=tags, account="1")
    row = to_row(Observation(LiveResource(resource, cell, "n\ud800", "r"), Judgement(resource, Verdict.COMPLIANT)))
    back = from_row(pa.Table.from_pylist([row], schema=_schema()).to_pylist()[0])
    assert back.live.resource.tags == tags
    assert (back.live.resource.address, back.live.name) == ("arn\\ud800", "n\\ud800")


def test_a_row_has_every_column_and_no_other():
    """The columns are one list, not two."""
    cell = Cell("1", "r", "t")
    resource = Resource("a", "t")
    row = to_row(Observation(LiveResource(resource, cell, "n", "r"), Judgement(resource, Verdict.COMPLIANT)))
    assert sorted(row) == sorted((*TEXT, *TIMES, *FLAGS))
