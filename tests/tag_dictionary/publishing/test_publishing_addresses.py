"""Addresses that last."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwright_dictionary.publishing.addresses import key_page, root_of, slug, value_page

ANY = st.text(alphabet=st.characters(), min_size=1, max_size=300)


@given(ANY)
def test_a_name_is_safe_everywhere(text):
    """No separator, no dot file, no device, no capital letter, nothing to quote in an address, not too long."""
    name = slug(text)
    assert re.fullmatch(r"[a-z0-9~][a-z0-9._@~-]{0,119}", name)
    assert not name.endswith(".")
    assert not re.fullmatch(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", name)


@given(ANY, ANY)
def test_two_texts_never_share_a_name(one, other):
    """Not even where the file system does not tell small letters from capitals."""
    assert (slug(one).casefold() == slug(other).casefold()) == (one == other)


@pytest.mark.parametrize("text", ["cc-4100", "a", "v1.2", "ml@acme.example", "snake_case", "index"])
def test_a_plain_value_is_its_own_name(text):
    """People can write the address by heart."""
    assert value_page("cost-center", text) == f"values/cost-center/{text}.html"


@pytest.mark.parametrize(
    ("text", "beginning"),
    [("Prod", "prod"), ("a/b", "a-b"), ("..", ""), ("con", "con"), ("\u6771\u4eac", ""), ("x" * 300, "x" * 40)],
)
def test_other_values_get_a_beginning_and_a_digest(text, beginning):
    """The name is made of the text alone: it never changes with the list around it."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    assert slug(text) == f"{beginning}~{digest}"


def test_pages_of_a_long_list():
    """The first page is the key's own; the others can not be taken for a key or a value."""
    assert key_page("team") == "keys/team.html"
    assert key_page("team", 2) == "pages/team/2.html"
    assert [root_of(path) for path in ("index.html", key_page("a"), value_page("a", "b"))] == ["", "../", "../../"]
