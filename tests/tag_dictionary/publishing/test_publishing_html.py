"""HTML that is escaped by construction."""

from __future__ import annotations

import json
import re

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwright_dictionary.publishing.html import Html, el, escaped, script_json, together, visible

ANY = st.text(alphabet=st.characters(), max_size=60)


def parsed(markup):
    return html5lib.parseFragment(f"<div>{markup}</div>", namespaceHTMLElements=False)[0]


@given(ANY)
def test_text_stays_text(text):
    """Whatever is put into an element is what a browser shows, but for what does not print."""
    node = parsed(el("p", text))[0]
    assert node.text == visible(text) or (node.text is None and not text)
    assert len(node) == 0


@given(ANY, ANY)
def test_attributes_stay_attributes(text, other):
    """No attribute ends early, and none begins inside another."""
    node = parsed(el("a", "x", href=text, title=other))[0]
    assert dict(node.attrib) == {"href": visible(text), "title": visible(other)}


@given(ANY)
def test_nothing_hidden_is_left(text):
    """What is shown prints: no control, no direction override, no zero-width character."""
    assert visible(text).isprintable()


@given(st.recursive(ANY | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(ANY, inner)))
def test_json_in_a_script_is_json_and_ends_no_script(data):
    """It reads back as it was, and holds nothing that a browser would take for the end of a script or line."""
    text = script_json(data)
    assert json.loads(text) == data
    assert not re.search("[<>&\u2028\u2029]", text)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (el("p"), "<p></p>"),
        (el("p", None, "a & b", Html("<i>c</i>")), "<p>a &amp; b<i>c</i></p>"),
        (el("label", "x", for_="y", hidden=True, title=None, class_=""), '<label for="y" hidden class="">x</label>'),
        (el("br"), "<br>"),
        (el("time", "d", aria_label='"'), '<time aria-label="&quot;">d</time>'),
        (together(["<", Html("<b>"), None], ", "), "&lt;, <b>"),
    ],
)
def test_markup(made, expected):
    """Elements, attributes and children as documented."""
    assert made == expected


def test_joined_text_is_escaped_again():
    """Only what this module has made is markup: a string built from it is text again."""
    assert escaped("<" + el("b", "x")) == "&lt;&lt;b&gt;x&lt;/b&gt;"
