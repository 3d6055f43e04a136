"""Text from the outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwright_cli.sanitise import clean, printable
from tagwright_cli.wrapping import wrap


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "arn:aws:s3:::bucket/key",  # the colons of an ARN are no command
        'module.m["a"].aws_instance.x[0]',
        "a # comment ## and a heading",
        "東京 naïve 🚀",
        "50% of 100",
    ],
)
def test_ordinary_text_is_left_alone(text):
    """What a person can read stays as it is."""
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("\u202eevil", "\\u202eevil"),
        ("tra\u200bining", "tra\\u200bining"),
        ("a\u2028b", "a\\u2028b"),
        ("\U000e0041", "\\U000e0041"),
        ("::error::x", "\\x3a:error::x"),
        ("see ::set-env name=A::b", "see \\x3a:set-env name=A::b"),
        ("x##[error]y", "x\\x23#[error]y"),
        ("##vso[task]", "\\x23#vso[task]"),
    ],
)
def test_dangerous_text_is_escaped(text, safe):
    """Controls, hidden characters and runner commands are written as escapes."""
    assert clean(text) == safe


def test_cut_to_length():
    """A long text ends in an ellipsis."""
    assert clean("x" * 30, 10) == "xxxxxxxxx…"


@given(st.text())
def test_result_is_always_printable(text):
    """Whatever comes in, one printable line comes out, and doing it twice changes nothing."""
    assert clean(text).isprintable()
    assert printable(printable(text)) == printable(text)


@given(st.text(alphabet="ab: #[vso]\n", max_size=200), st.integers(24, 60))
def test_no_wrapped_line_is_a_command(text, width):
    """Wrapping never brings a runner command to the start of a line."""
    assert [line for line in wrap(clean(text), width) if line.lstrip().startswith("::")] == []
