"""Patterns in the common subset of Python, RE2 and ECMAScript mean what they meant; placeholders are those of judge."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fnmatch import fnmatchcase

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from tagwright_dictionary.dictionary import Key
from tagwright_dictionary.judging.formats import FORMATS, expression
from tagwright_dictionary.judging.placeholders import Placeholders
from tagwright_dictionary.loading.pattern_safety import problem
from tagwright_policies.exports import patterns
from tagwright_policies.exports.pretending import SEPARATORS, nobodys, one_pattern, pretending

PATTERNS = [
    "cc-[0-9]{4}", "[a-z0-9]+(-[a-z0-9]+)*", "a|bc|", "(?:a|b){2,3}c?", r"\d+\s?\w*", r"[\Da]", r"[^\W_]+", ".{0,5}",
    "[^,]+", r"\.\*\[", r"[\]\\^-]", "a{3}", "a{2,}", "(ab)+?", r"x\/y", "[a-]", "^a$", "\u00e9|[\u00e0-\u00ff]",
    "(a?b)?",
    r"[\s\S]{1,3}", "(x{2}){2}", "[&~|]+", r"\Aq\Z",
]  # fmt: skip
TEXTS = st.text(st.sampled_from("abcdexyz019-_., \n\\]^[&~|/*\u00e9\u00e0\u0416\U0001f600"), max_size=8)


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_portable_patterns_match_the_same(pattern, text):
    """In Python and in RE2, on any text: the original under `re.ASCII`, whole, and the portable form agree."""
    found = patterns.portable(pattern)
    assert found.problem == ""
    expected = re.compile(pattern, re.ASCII).fullmatch(text) is not None
    assert (re.compile(rf"(?:{found.text})\Z").match(text) is not None) is expected
    assert (re2.compile(f"^(?:{found.text})$").match(text) is not None) is expected
    if expected and not text.isascii():
        assert not found.ascii_only


@pytest.mark.filterwarnings("ignore:Possible:FutureWarning")
@settings(max_examples=300, deadline=None)
@given(pattern=st.text(st.sampled_from("ab0[]^-\\(){},?*+|.dwsDWS1239"), max_size=12), text=TEXTS)
def test_any_accepted_pattern_is_portable(pattern, text):
    """A pattern that the loader accepts is carried over with its meaning, or says why it is not."""
    if problem(pattern):
        return
    found = patterns.portable(pattern)
    if not found.problem:
        expected = re.compile(pattern, re.ASCII).fullmatch(text) is not None
        assert (re2.compile(f"^(?:{found.text})$").match(text) is not None) is expected


@pytest.mark.parametrize("pattern", [r"(a)\1", "(?=a)b", "(?:(?:x{40}){40})", r"a\b", "[", "(?i)a" * 3])
def test_what_is_not_portable_says_so(pattern):
    """No text is given where there is a problem."""
    found = patterns.portable(pattern)
    assert found.problem
    assert found.text == ""


@pytest.mark.parametrize(
    "glob", ["aws_sagemaker_*", "aws_?3*", "AWS::EC2::*", "[ab]*", "[!a]b", "a.b", "*", "a[", "[]a]x"]
)
@pytest.mark.parametrize(
    "name", ["aws_sagemaker_x", "aws_s3_bucket", "AWS::EC2::Instance", "ab", "bb", "a.b", "axb", "a[", "]x"]
)
def test_globs(glob, name):
    """A glob as a pattern matches what `fnmatch` matches."""
    assert (re2.compile(f"^(?:{patterns.glob(glob)})$").match(name) is not None) is fnmatchcase(name, glob)


VALUES = {
    "email": [
        "a@b.c",
        "a.b@acme.example",
        "a@b",
        "@b.c",
        "a@",
        "a@b.c ",
        "a b@c.d",
        "a@b..c",
        "a@-b.c",
        "x@acme.example\n",
    ],
    "slug": ["a", "a-b", "a--b", "-a", "a-", "A", "a1-2", ""],
    "url": ["https://a", "http://a.b:80/x?y#z", "https://a@b/", "ftp://a", "https://[::1]/", "https://a b", "https://"],
    "arn": ["arn:aws:s3:::b", "arn:aws-cn:iam::1:role/x", "arn:gcp:s3:::b", "arn:aws:s3:::"],
    "integer": ["0", "-1", "+1", "1.0", "", "12345678901234567890", "\u0661"],
}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in VALUES.items() for value in values])
def test_formats_as_patterns(kind, value):
    """The pattern of a format accepts exactly what the format accepts."""
    key = Key("k", format=kind)
    text = patterns.portable(expression(key)).text
    assert (re2.compile(f"^(?:{text})$").match(value) is not None) is FORMATS[kind](value, key)


def test_the_pattern_of_days_is_the_calendar():
    """Every day of eight hundred years, the days that are none, and the ends of the calendar."""
    check = re.compile(expression(Key("k", format="date"))).fullmatch
    day = date(1599, 1, 1)
    while day < date(2401, 1, 1):
        assert check(day.isoformat()), day
        day += timedelta(days=1)
    for year in range(1890, 2110):
        for month in range(14):
            for number in range(27, 34):
                text = f"{year:04}-{month:02}-{number:02}"
                assert (check(text) is not None) is FORMATS["date"](text, Key("k")), text
    assert check("0001-01-01")
    assert check("9999-12-31")
    assert not check("0000-01-01")


def _pretends(value, key):
    """As the targets with functions ask: words, letters, raw."""
    lists = pretending(("acme-tbd",))
    letters = re.sub(f"{SEPARATORS}+", "", value.lower())
    if key.format == "integer" and re.fullmatch("[0-9]+", value):
        return re.fullmatch(lists.raw, value.lower()) is not None
    found = letters in lists.words or re.fullmatch(lists.letters, letters) or re.fullmatch(lists.raw, value.lower())
    if key.format == "email":
        local, at, _ = value.lower().partition("@")
        found = found or (at and re.sub(f"{SEPARATORS}+", "", local) in lists.mailboxes)
        found = found or re.fullmatch(nobodys(key.domains), value)
    return bool(found)


WORDS = st.sampled_from(
    ["todo", "ToDo", "n/a", "N.A.", "tbd:", "acme tbd", "${x}", "{{ a }}", "<x>", "[a b]", "$(x)", "__x__", "0",
    "000", "aaa",
     "-", " ", "\t", "\x01", "test@", "a@example.com", "noone@x.y", "vision", "cc-4100", "x", "1", "%A%", "@@a@@",
     "no", "ne"]
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(
    parts=st.lists(st.one_of(WORDS, st.text(max_size=3)), max_size=4), kind=st.sampled_from(["", "email", "integer"])
)
def test_placeholders_are_those_of_judge(parts, kind):
    """On ASCII values both spellings of the word lists say what judge says; on others they never say more."""
    value = "".join(parts)
    key = Key("k", format=kind)
    judged = Placeholders(("acme-tbd",)).why(value, key) != "" or any(
        ord(char) < 32 and char not in "\t\n\r" for char in value
    )
    judged = judged or "\x7f" in value
    mine = _pretends(value, key)
    digits = kind == "integer" and re.fullmatch("[0-9]+", value) is not None
    whole = re.fullmatch(one_pattern(("acme-tbd",), email=kind == "email"), value) is not None and not digits
    if kind == "email":
        whole = whole or re.fullmatch(nobodys(()), value) is not None
    if value.isascii() and value:
        assert mine == judged
        assert whole == judged
    elif not judged:
        assert not mine
        assert not whole
