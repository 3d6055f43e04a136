"""Hostile calls end quickly with LimitError; nothing is produced first."""

from __future__ import annotations

import time

import pytest
from tests.iac_readers.functions.comparing import evaluate

from tagwright_iac.terraform.functions import NAMES, lookup
from tagwright_iac.terraform.parser import Parser
from tagwright_iac.terraform.source import SourceText
from tagwright_iac.terraform.values import EvalError, LimitError

LARGE = "[" + ", ".join(["1"] * 1000) + "]"
BOMB = (
    'yamldecode("a: &a [x,x,x,x,x,x,x,x,x]\\n'
    + "".join(
        f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\\n"
        for before, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    + '")'
)
HOSTILE = (
    'format("%999999999d", 1)',
    'format("%.999999999f", 1)',
    'format("%99999999999999999999s", "a")',
    'format("%9999999s", "a")',
    'indent(1000000000, "a\\nb")',
    f"setproduct({LARGE}, {LARGE}, {LARGE})",
    f"length(setproduct({', '.join([LARGE] * 30)}))",
    'tonumber("1e999999999")',
    'tonumber("1e-99999")',
    "1e1400 * 1e1400",
    "1e-1000 * 1e-1000",
    f'tonumber("{"9" * 5000}")',
    f'parseint("{"9" * 5000}", 10)',
    f'jsondecode("{"9" * 5000}")',
    f'jsondecode("{"[" * 100000}")',
    f'yamldecode("{"[" * 1000}")',
    f'regex("{"a" * 30000}", "a")',
    BOMB,
    f'replace("{"a" * 20000}", "a", "{"b" * 20000}")',
    f'replace("{"a" * 20000}", "/a/", "{"b" * 20000}")',
    f'join("{"-" * 100000}", {LARGE})',
)
REFUSED_OR_UNKNOWN = ("range(1000000000)", "pow(10, 1000000000)", "pow(10, 400)", "range(0, 1, 0.0000001)")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:40])
def test_hostile_calls_hit_the_limit(text: str) -> None:
    """Work beyond the budget is refused before it is done."""
    start = time.monotonic()
    with pytest.raises(LimitError):
        evaluate(text)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("text", REFUSED_OR_UNKNOWN)
def test_terraforms_own_limits_hold(text: str) -> None:
    """What Terraform bounds itself is bounded alike."""
    start = time.monotonic()
    got = evaluate(text)
    assert isinstance(got, EvalError) or "infinite" in got.cause
    assert time.monotonic() - start < 1


def test_slow_patterns_are_linear() -> None:
    """RE2 has no bad patterns."""
    start = time.monotonic()
    assert evaluate(f'length(regexall("(a*)*b", "{"a" * 50000}"))') == 0
    assert time.monotonic() - start < 5


def test_core_prefix_and_unknown_names() -> None:
    """`core::f` is f; a name that Terraform does not have is None; try and can are the evaluator's."""
    assert lookup("core::upper") is lookup("upper")
    assert [lookup(name) for name in ("nope", "core::", "", "try", "can", "provider::aws::arn_parse")] == [None] * 6
    assert all(lookup(name) is not None for name in NAMES)


def test_strings_of_hostile_shape_parse() -> None:
    """The limits above are the functions', not the parser's."""
    assert Parser(SourceText("t.tf", HOSTILE[0])).expression_only() is not None
