"""Which regular expressions are accepted, decided without running them."""
# ruff: noqa: E501 - tables read better unbroken

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagwright_dictionary.loading.pattern_safety import examine, problem

MUST_ACCEPT = [
    "", "a", "a|b", "cc-[0-9]{4}", "^cc-[0-9]{4}$", r"cc-\d{4}", "[a-z0-9][a-z0-9.-]{1,62}", "[a-z0-9]+(-[a-z0-9]+)*",
    "(prod|dev)-[a-z]+(-[a-z0-9]+)*", "[a-z][a-z0-9-]*[a-z0-9]", "[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "[A-Z]{2,5}-[0-9]{1,6}",
    r"([0-9]{1,3}\.){3}[0-9]{1,3}", "[0-9]{4}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])", r"[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,8}",
    "https?://[^/ ]+(/[^ ]*)?", "(us|eu|ap)-(east|west|north|south)-[1-9]", "[^,]+(,[^,]+)*", ".*", ".+", ".{0,60}-ml-.{0,60}",
    "(a|b|c)*", "(ab|cd)+", "(?:[a-z]{1,10}/){0,5}[a-z]{1,10}", "(?P<unit>[a-z]+)-[0-9]+", "[a-z]{1,20}[a-z0-9]{1,20}",
    "(team-)?[a-z]{3,20}", "[a-zäöüß]+", "[^\x00-\x7f]+", "(prod|production|prd)", "a{3}", "a{0}", "a*?b", "(ml|ml-ops|ml-eng)?",
    r"\S+@acme\.example", r"[A-Za-z]+( [A-Za-z]+)*", "x(y(z(w)?)?)?", "[01]{8}", r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:\d{12}:.+",
]  # fmt: skip

SLOW = "it could take very long"
EMPTY = "a group that can be empty is repeated"
MUST_REFUSE = {
    "(a+)+": SLOW, "(a+)+b": SLOW, "([a-z]+)*x": SLOW, "(x+x+)+y": SLOW, "(a|aa)+": SLOW, "(a|ab|b)*c": SLOW, "(.+,)+.+": SLOW,
    r"(\w+\s?)*!": SLOW, r"(\d+|[0-9a-f]+)*": SLOW, "((a+)b?)+": SLOW, "(a{1,30}){1,30}b": SLOW, "([a-z]{2,}){2,}": SLOW,
    "a*a*b": SLOW, ".*.*x": SLOW, ".*foo.*": SLOW, "[a-z0-9]+[a-z]+": SLOW, r"\w+\d+": SLOW, "a+b*a+c": SLOW, "(a*b?)a*c": SLOW,
    "a?" * 30 + "a" * 30: SLOW, "(ab|a)(bc|c)?" * 20: SLOW, r"([^x]+|[^y]+)*": SLOW,
    "(a*)*b": EMPTY, "(a?)+": EMPTY, "(.*)*": EMPTY, "(a?){30}a{30}": EMPTY, "((a*))*": EMPTY, "(a*b*)+c": EMPTY, "(|a)+": EMPTY,
    "(a?|b?)" * 20: "several alternatives of one group can be empty",
    "(?=a)a": "look-ahead", "(?!a)b": "look-ahead", "(?<=a)b": "look-ahead", "(?<!a)b": "look-ahead", "[a-z]+(?=x)x": "look-ahead",
    r"(a)\1": "back-references", "(?P<x>a)(?P=x)": "back-references", "(a)?(?(1)b|c)": "conditional groups",
    "(?>a+)b": "atomic groups", "a++b": "possessive", "a*+": "possessive", "(?i)abc": "inline flags", "a(?i:b)": "inline flags",
    "(?x) a": "inline flags", r"\bfoo": "word boundaries", r"foo\Bbar": "word boundaries",
    "[a-z": "not a regular expression", "(": "not a regular expression", "*a": "not a regular expression", "a{2,1}": "not a regular",
    "a{0,5000}": "repeats more than", "(a{1,900}){1,900}": "its repeats can match", "a{99999999999}": "not a usable",
    "a" * 513: "at most 512", "(" * 255 + "a" + ")" * 255: "more than 60 groups",
}  # fmt: skip


@pytest.mark.parametrize("pattern", MUST_ACCEPT)
def test_accepted(pattern):
    """Ordinary patterns pass, and what was accepted compiles."""
    assert problem(pattern) == ""
    re.compile(pattern, re.ASCII)


@pytest.mark.parametrize("pattern", MUST_REFUSE)
def test_refused(pattern):
    """Dangerous or unsupported patterns are refused for the right reason."""
    assert MUST_REFUSE[pattern] in problem(pattern)


@pytest.mark.parametrize("pattern", [*MUST_ACCEPT, *MUST_REFUSE])
def test_the_check_itself_is_bounded(pattern):
    """Its own work stays within a few times the stated bound."""
    assert examine(pattern).work < 2_000_000


ATOMS = st.sampled_from(
    ["a", "b", "[ab]", "[a-z]", ".", r"\d", r"\w", "-", "[^a]", "ab", "(?:a|b)", "(?:a|ab)", "(?:ab|b)?"]
)
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,9}", "{2,}", "*?", "{1,60}"])).map(
            lambda p: f"({p[0]}){p[1]}"
        ),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
    ),
    max_leaves=8,
)

RUNNER = """
import json, re, sys
for pattern in json.load(sys.stdin):
    compiled = re.compile(pattern, re.ASCII)
    for seed in ("a", "b", "ab", "aab", "abb", "a-", "0", "a0", "z", "ba"):
        for end in ("", "!", "\\n", "b", "a"):
            compiled.fullmatch((seed * 256)[:255] + end)
"""


@settings(max_examples=8, deadline=None)
@given(st.lists(PATTERNS, min_size=25, max_size=25))
def test_accepted_patterns_are_quick(patterns):
    """Whatever is accepted answers on 256 hostile characters; a single exponential one would take years."""
    accepted = [pattern for pattern in [*patterns, *MUST_ACCEPT] if not problem(pattern)]
    subprocess.run([sys.executable, "-c", RUNNER], input=json.dumps(accepted), text=True, check=True, timeout=120)
