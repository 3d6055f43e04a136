"""The pull reader against the json module, through windows of a few characters."""

import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagwright_iac.plan import cursor as module
from tagwright_iac.plan.cursor import Cursor, MalformedError

_documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
_quick = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
_styles = st.sampled_from([{}, {"indent": 2}, {"separators": (",", ":")}, {"ensure_ascii": False}])


@pytest.fixture(autouse=True)
def small_windows(monkeypatch):
    monkeypatch.setattr(module, "CHUNK", 5)


def cursor(text, encoding="utf-8"):
    return Cursor(io.BytesIO(text.encode(encoding)))


@given(_documents, _styles, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@_quick
def test_value_is_what_json_reads(document, style, encoding):
    """Whatever falls on the edge of a window, the value is the json module's."""
    found = cursor(json.dumps(document, **style), encoding)
    assert found.value() == document
    assert found.peek() == ""


@given(st.dictionaries(st.text(), _documents, min_size=1), _styles, st.sampled_from(["utf-8", "utf-16"]))
@_quick
def test_skipping_leads_to_the_same_places(document, style, encoding):
    """Every skipped value can be found again at the offset that was noted, in any encoding."""
    found = cursor(json.dumps(document, **style), encoding)
    offsets = {}
    for key in found.entries():
        offsets[key] = found.offset
        found.skip()
    assert found.peek() == ""
    assert offsets.keys() == document.keys()
    for key, offset in reversed(offsets.items()):
        found.seek(offset)
        assert found.value() == document[key]


@given(st.lists(_documents), _styles)
@_quick
def test_items_are_the_elements(document, style):
    """An array is read element by element."""
    found = cursor(json.dumps(document, **style))
    assert [found.value() for _ in found.items()] == document


MALFORMED = {
    "cut off": '{"a": [1, 2',
    "cut off in a string": '{"a": "b',
    "cut off in a key": '{"a',
    "no comma": '{"a": 1 "b": 2}',
    "no colon": '{"a" 1}',
    "a key that is no string": "{1: 2}",
    "not a number": '{"a": NaN}',
    "infinite": '{"a": -Infinity}',
    "a word": '{"a": nope}',
    "closed twice": '{"a": ]}',
    "a number of ten thousand digits": '{"a": ' + "9" * 10_000 + "}",
    "nested ten thousand deep": '{"a": ' + "[" * 10_000 + "]" * 10_000 + "}",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("chunk", [5, 1 << 20])
def test_malformed(text, chunk, monkeypatch):
    """One kind of error, whatever is wrong and wherever the window ends."""
    monkeypatch.setattr(module, "CHUNK", chunk)
    found = cursor(text)
    with pytest.raises(MalformedError):
        [found.value() for _ in found.entries()]


def test_what_is_skipped_need_not_fit_or_nest_in_bounds():
    """A section nobody needs is passed over however deep it is."""
    found = cursor('{"deep": ' + '[{"a":' * 20_000 + '"]"' + "}]" * 20_000 + ', "b": 1}')
    values = {}
    for key in found.entries():
        values[key] = found.skip() if key == "deep" else found.value()
    assert values == {"deep": None, "b": 1}


def test_a_value_that_is_too_large_is_refused(monkeypatch):
    """One value cannot take all the memory."""
    monkeypatch.setattr(module, "LARGEST_VALUE", 1000)
    with pytest.raises(MalformedError, match="characters"):
        cursor('["' + "x" * 5000 + '"]').value()


def test_latin_1_is_refused():
    """Bytes that are no UTF-8 are named as such."""
    with pytest.raises(MalformedError, match="UTF-8"):
        Cursor(io.BytesIO('{"a": "é"}'.encode("latin-1"))).value()
