"""The inline suppression as people write it: what is understood, what is refused and why, what is none."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwright_dictionary.model import Location
from tagwright_dictionary.suppression_syntax import expiry, parse

HERE = Location("main.tf", 3, 5)
DAY = "until=2026-12-31"

UNDERSTOOD = [
    (
        f'# tagwright:ignore[missing-tag, owner] {DAY} reason="moves in March"',
        ("missing-tag", "owner"),
        "moves in March",
    ),
    (f'#tagwright:ignore[owner] {DAY} reason="x"', ("owner",), "x"),
    (f'// tagwright:ignore[owner] {DAY} reason="x"', ("owner",), "x"),
    (f'/* tagwright:ignore[owner] {DAY} reason="x" */', ("owner",), "x"),
    (f'/*\n * tagwright:ignore[owner] {DAY} reason="x"\n */', ("owner",), "x"),
    (f"##  Tagwright : Ignore [ owner ,model ]  reason = 'it is' {DAY}", ("owner", "model"), "it is"),
    (f"# tagwright:ignore[owner owner;model] {DAY} reason=FIN-112", ("owner", "model"), "FIN-112"),
    (f"# tagwright:ignore[owner] {DAY}, reason=\"a ']' # b\"", ("owner",), "a ']' # b"),
    (f'# tflint-ignore: x # tagwright:ignore[owner] {DAY} reason="x"', ("owner",), "x"),
    (f'tagwright:ignore[owner] {DAY} reason="x"', ("owner",), "x"),
    ('# tagwright:ignore[owner] until="2026-12-31" reason="x"', ("owner",), "x"),
]

REFUSED = [
    (f'# tagwright:ignore {DAY} reason="x"', "no rule or key is named"),
    (f'# tagwright:ignore[] {DAY} reason="x"', "the bracket is empty"),
    (f'# tagwright:ignore[ , ] {DAY} reason="x"', "the bracket is empty"),
    (f'# tagwright:ignore[owner {DAY} reason="x"', "the bracket is not closed"),
    (f"# tagwright:ignore[owner] {DAY}", "it gives no reason"),
    (f'# tagwright:ignore[owner] {DAY} reason=""', "it gives no reason"),
    (f'# tagwright:ignore[owner] {DAY} reason="  "', "it gives no reason"),
    ('# tagwright:ignore[owner] reason="x"', "it has no end"),
    ('# tagwright:ignore[owner] until=2026-02-30 reason="x"', "is not a day"),
    ('# tagwright:ignore[owner] until=31.12.2026 reason="x"', "is not a day"),
    ('# tagwright:ignore[owner] until=20261231 reason="x"', "is not a day"),
    ('# tagwright:ignore[owner] until=never reason="x"', "is not a day"),
    (f'# tagwright:ignore[owner] {DAY} reason="x', "a quote is not closed"),
    (f"# tagwright:ignore[owner] {DAY} because it is late", "is not understood"),
    (f'# tagwright:ignore[owner] {DAY} reason="x" untill=2030-01-01', 'unknown field "untill"'),
    (f'# tagwright:ignore[owner] {DAY} {DAY} reason="x"', "until is given twice"),
    (f'# tagwright:skip[owner] {DAY} reason="x"', "it is not written tagwright:ignore"),
    (f'# tagwright-ignore[owner] {DAY} reason="x"', "it is not written tagwright:ignore"),
    (f'# tagwright:ignored[owner] {DAY} reason="x"', "it is not written tagwright:ignore"),
]

NONE = [
    "",
    "# owner is required here",
    "# see tagwright:ignore in the docs",
    "# tagwright: the tags of this module come from locals.tf",
    "# checkov:skip=CKV_AWS_1: why",
    "# notagwright:ignore[owner]",
]


@pytest.mark.parametrize(("text", "items", "reason"), UNDERSTOOD)
def test_understood(text, items, reason):
    """Any comment style, any spacing, either order."""
    found = parse(text, HERE)
    assert found is not None
    assert (found.items, found.until, found.reason, found.problem) == (items, "2026-12-31", reason, "")
    assert (found.location, found.raw) == (HERE, text.strip())


@pytest.mark.parametrize(("text", "says"), REFUSED)
def test_refused(text, says):
    """A malformed one is found, with what is wrong: it must neither work nor vanish."""
    found = parse(text, HERE)
    assert found is not None
    assert says in found.problem
    assert found.problem.isprintable()


@pytest.mark.parametrize("text", NONE)
def test_none(text):
    """Other comments are none."""
    assert parse(text, HERE) is None


@given(st.text(st.sampled_from("tagwright:ignore[]#/* \n=\"'until,reason2026-12-31\x00")) | st.text())
def test_never_raises(text):
    """No comment makes the parser fail."""
    found = parse(f"# tagwright:ignore{text}", HERE)
    assert found is None or found.problem or (found.items and found.reason and expiry(found.until))


@pytest.mark.parametrize("piece", ["#", "tagwright", "tagwright:", "tagwright:ignore", " ", '="', "[", "a="])
def test_is_quick_on_hostile_comments(piece):
    """A megabyte of almost-suppression costs no more than a page of it."""
    started = time.process_time()
    for _ in range(20):
        parse("# " + piece * 200_000, HERE)
    assert time.process_time() - started < 5  # seconds


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2028-02-29", date(2028, 2, 29)),
        ("2027-02-29", None),
        ("2026-1-1", None),
        ("\u0662026-01-01", None),
        (None, None),
    ],
)
def test_expiry(text, day):
    """A real day, written YYYY-MM-DD with ASCII digits."""
    assert expiry(text) == day
