"""Our parser, python-hcl2 and tree-sitter-hcl see the same blocks, arguments and expressions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lark.exceptions import LarkError
from tests.iac_readers.terraform import skeleton, texts
from tests.iac_readers.terraform.hcl_text import HclText

from tagwright_iac.terraform.parser import Parser
from tagwright_iac.terraform.source import SourceText, SyntaxProblem

FILES = texts.files(".tf")
BEYOND_HCL2 = {"unicode/main.tf", "templates/main.tf"}
"""Letters beyond ASCII in names and `~` in interpolations: python-hcl2 8.1.4 knows neither."""


_BLANK_AFTER_MARKER = re.compile(r"^[ \t]*[A-Z_]+[ \t]+$", re.MULTILINE)


def _short(path: Path) -> str:
    return "/".join(path.parts[-2:])


def _text(path: Path) -> str:
    return path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode()


@pytest.mark.parametrize("path", FILES, ids=_short)
def test_same_shape_as_python_hcl2(path: Path) -> None:
    """Every file of the tests and examples (and of TAGWRIGHT_CORPUS) has python-hcl2's blocks, labels, arguments and
    expressions, in order.
    """
    text = _text(path)
    ours = texts.ROOT in path.parents
    if _BLANK_AFTER_MARKER.search(text):
        return  # python-hcl2 8.1.4 then reads on to the next marker
    try:
        expected = skeleton.from_hcl2(text)
    except LarkError:
        assert not ours or _short(path) in BEYOND_HCL2 or path.parent.name.startswith("error_")
        return
    try:
        body = Parser(SourceText(str(path), text)).file()
    except SyntaxProblem:
        # Terraform refuses it as well, which test_parser_acceptance.py shows; python-hcl2 is more tolerant.
        assert not ours or path.parent.name.startswith("error_")
        return
    found = skeleton.ours(body)
    assert skeleton.same(found, expected), (found, expected)


def test_same_blocks_as_tree_sitter() -> None:
    """tree-sitter-hcl finds the same blocks and arguments wherever it finds no fault; it finds few."""
    faulty = []
    for path in FILES:
        expected = skeleton.from_tree_sitter(path.read_bytes())
        if expected is None:
            faulty.append(_short(path))
            continue
        try:
            body = Parser(SourceText(str(path), _text(path))).file()
        except SyntaxProblem:
            assert texts.ROOT not in path.parents or path.parent.name.startswith("error_")
            continue
        assert skeleton.same(skeleton.ours(body, expressions=False), expected), path
    assert len(faulty) < len(FILES) / 10


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.randoms(use_true_random=False), st.sampled_from((0.0, 0.05, 0.2)))
def test_generated_text_has_the_same_blocks_as_tree_sitter(random: object, odd: float) -> None:
    """Whatever both accept has the same blocks and arguments (tree-sitter-hcl loses the end of some heredocs)."""
    text = HclText(random, odd).file()  # type: ignore[arg-type]
    if "<<" in text:
        return
    expected = skeleton.from_tree_sitter(text.encode())
    try:
        body = Parser(SourceText("main.tf", text)).file()
    except SyntaxProblem:
        return
    if expected is not None:
        assert skeleton.same(skeleton.ours(body, expressions=False), expected), text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.randoms(use_true_random=False))
def test_generated_text_has_the_same_shape_as_python_hcl2(random: object) -> None:
    """Whatever both accept has the same structure."""
    text = HclText(random, 0.0).file()  # type: ignore[arg-type]
    if not text.isascii():
        return
    try:
        body = Parser(SourceText("main.tf", text)).file()
        expected = skeleton.from_hcl2(text)
    except (SyntaxProblem, LarkError):
        return
    found = skeleton.ours(body)
    assert skeleton.same(found, expected), (text, found, expected)


def test_positions_are_those_of_the_text() -> None:
    """Arguments and blocks know line, column and last line, counted in characters, after CRLF and a byte order mark."""
    text = (
        'a "ü" {\r\n  /* ö */ b = [\r\n 1]\r\n}\r\n\r\nc {\r\n}\r\n' + "# filler\r\n" * 100 + "d {\r\n  e = 1\r\n}\r\n"
    )
    source = SourceText("x/main.tf", text)
    body = Parser(source).file()
    first, second, third = (source.location(block.start, block.end) for block in body.blocks)
    assert [(where.line, where.column, where.end_line) for where in (first, second, third)] == [
        (1, 1, 4),
        (6, 1, 7),
        (108, 1, 110),
    ]
    arguments = [source.location(item.start, item.end) for block in body.blocks for item in block.attributes]
    assert [(where.line, where.column, where.end_line) for where in arguments] == [(2, 11, 3), (109, 3, 109)]
