"""A file is valid for us exactly when it is for Terraform."""

# ruff: noqa: E501, RUF001 - rows of sample texts; seeded randomness

from __future__ import annotations

from random import Random

import pytest
from tests.iac_readers.terraform import formatting, texts
from tests.iac_readers.terraform.hcl_text import HclText, mutate
from tests.oracle import need

from tagwright_iac.terraform.file_table import decode
from tagwright_iac.terraform.parser import Parser
from tagwright_iac.terraform.scanner import MAX_DEPTH
from tagwright_iac.terraform.source import SourceText, SyntaxProblem

SEED = 20261123
BATCH = 300

BODIES = (
    # newlines around arguments, blocks and their parts
    "a {\n b =\n 1\n}", "a {\n b\n = 1\n}", "a\n{\n}", 'a "x"\n{\n}', "a {\n b = 1 }", "a { b = 1\n}", "a { b = 1 }", "a { b = 1, c = 2 }",
    "a { b = 1, }", "a { c {} }", "a { b = 1\n c = 2 }", "a { b = 1 c = 2 }", "a {\n b = 1 /* \n */ c = 2\n}", "a {\n} /* \n */ b {\n}",
    "a {} b {}", "a {}{}", "a {} # c", "a {}", "a {\n}\n}", "a {", "}", "", "\n", "a { # c\n}", "a { /* c */ }", "a { /* \n */ }",
    "a { /* \n */ b = 1 }", "a { b = [\n1\n] }", "a { b = {\n} }", 'a { b = "${\n1\n}" }', "a { b = 1 # c }", "a { b = 1 } # c", "a { b }",
    "a{b=1}", 'a{b="x"}c{}', 'a"b"{\n}', 'a "b"c {\n}', "a b c d {\n}", "a 1 {\n}", "a = {\n}\nb {}", 'a "b" "c"', "a {\n b=1//c\n}", "a {\n b=1#c\n}",
    # names
    'a {\n "b" = 1\n}', "a {\n b.c = 1\n}", "a {\n b: 1\n}", "a {\n 1b = 1\n}", "a {\n -b = 1\n}", "a {\n b- = 1\n}", "a {\n ² = 1\n}", "a {\n b² = 1\n}",
    "a {\n e\u0301 = 1\n}", "a {\n \u0301e = 1\n}", "a {\n 𝒳 = 1\n}", "a {\n b = x·y\n}", "a {\n b = x\u200dy\n}", "a {\n x٣ = 1\n}", "a {\n Ⅷ = 1\n}",
    "a {\n if = 1\n in = 2\n for = 3\n}", "for {\n}", "a {\n b = 1\n b = 2\n}", "a {\n b = 1\n c {\n d = 1\n d = 1\n }\n}", "a {\n b = 1\n b {}\n}",
    # labels
    'a "b {\n}', 'a "b\n" {\n}', 'a "${b}" {\n}', 'a "$${b}" {\n}', 'a "b\\n" {\n}', 'a "%{b" {\n}', 'a "" {\n}', 'a "ü" ö {\n}',
    # characters that are not part of the language
    "a {\n b = a & b\n}", "a {\n b = a ^ b\n}", "a {\n b = a ** b\n}", "a {\n b = 'a'\n}", "a {\n b = `a`\n}", "a {\n b = 1;\n}", "a {\n b = 1,\n}", "a {\n b = a ~ b\n}",
    "a {\n\u00a0b = 1\n}", "a {\n\u2003b = 1\n}", "a {\n\x0b b = 1\n}", "\x0c", "\x00", "a {\n b = 1\x00\n}", 'a {\n b = "\x00"\n}', "a {\n b = 1\x85\n}", "a {\r b = 1\n}",
    "a {\n b = 1\r}\n", 'a {\n b = "\u2028"\n}', "a {\n b = “x”\n}", "a {}\ufeff", "\ufeffa {}", "\ufeff", 'a {\n b = "\ufeff"\n}', "a {\n b = 1 \\\n + 2\n}",
    # what merges and editors leave behind
    "a {\n<<<<<<< HEAD\n b = 1\n=======\n b = 2\n>>>>>>> x\n}", "a {\n b = \n}", "a {\n b\n}", "a {\n b 1\n}", "/* unclosed", "# c", "// c", "/ c", "a {}\n/*", "...", "---\na: b\n", "{}",
    '{"a": 1}', "a {\n b = <<EOT\nx\n}", "a {\n b = <<EOT\nx\nEOT", "b {\n a = <<E\nE\n}", "a { b = <<E\nx\nE\n}", "a {\n b = <<E\nx\r y\nE\n}", "a {\n b = <<E\r\nx\r\nE\r\n}\r\n",
    # CRLF and no new line at the end
    "a {\r\n b = 1\r\n}\r\n", "a {\r\n b = {\r\n c = 1\r\n d = 2\r\n }\r\n}", "a {\r\n b = 1 # c\r\n}", "a {\n b = 1\n}", "# c\r\na {}\r\n", "a {\r\n b = (\r\n 1\r\n + 2)\r\n}",
)  # fmt: skip


def ours(data: bytes) -> str | None:
    """Why we refuse the file, None when we do not."""
    try:
        Parser(SourceText("main.tf", decode("main.tf", data))).file()
    except SyntaxProblem as problem:
        return f"{problem.message}, line {problem.location.line}"
    return None


def disagreements(data: list[bytes]) -> list[str]:
    """Files that only one of the two accepts."""
    return [
        f"{text!r}: ours {mine}, Terraform {theirs}"
        for text, theirs in zip(data, formatting.refusals(data), strict=True)
        if ((mine := ours(text)) is None) != (theirs is None)
    ]


@pytest.fixture(autouse=True)
def _terraform() -> None:
    need.oracle()


def test_chosen_files_are_accepted_as_by_terraform() -> None:
    """Newlines, names, labels, strange characters and broken files: the same are refused."""
    data = [text.encode() for text in BODIES]
    assert 50 < sum(refusal is not None for refusal in formatting.refusals(data)) < len(data) - 30
    assert disagreements(data) == []


def test_our_configurations_are_accepted_as_by_terraform() -> None:
    """So it is for every configuration in the tests, the examples and TAGWRIGHT_CORPUS."""
    data = [path.read_bytes() for path in texts.files(".tf")]
    assert len(data) > 50
    assert disagreements(data) == []


@pytest.mark.parametrize("odd", [0.02, 0.15, 0.4])
def test_generated_files_are_accepted_as_by_terraform(odd: float) -> None:
    """Expressions of every kind with comments, newlines, CRLF and Unicode in odd places."""
    random = Random(SEED + int(odd * 100))
    data = [HclText(random, odd).file().encode() for _ in range(BATCH)]
    assert disagreements(data) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_spoiled_files_are_accepted_as_by_terraform(seed: int) -> None:
    """A token dropped, doubled, swapped or put in: the same files become invalid."""
    random = Random(SEED + seed)
    data = [mutate(random, HclText(random, random.choice((0.02, 0.3))).file()).encode() for _ in range(BATCH)]
    assert disagreements(data) == []


def test_spoiled_configurations_are_accepted_as_by_terraform() -> None:
    """The same for real files."""
    random = Random(SEED)
    chosen = random.choices(texts.files(".tf"), k=BATCH)
    data = [mutate(random, path.read_bytes().decode()).encode() for path in chosen]
    assert disagreements(data) == []


def test_deeper_than_the_limit_is_refused_by_us_alone() -> None:
    """The one thing that we refuse and Terraform accepts is nesting that nobody writes."""
    text = "a {\n b = " + "(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1) + "\n}\n"
    assert formatting.refusals([text.encode()]) == [None]
    refused = ours(text.encode())
    assert refused is not None
    assert refused.startswith(f"nested deeper than {MAX_DEPTH} levels")
