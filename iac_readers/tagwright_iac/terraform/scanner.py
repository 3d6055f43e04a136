"""Tokens of HCL: blanks, comments, names and numbers, exactly as HashiCorp's scanner cuts them (scan_tokens.rl)."""

from __future__ import annotations

import re

from tagwright_iac.terraform import nodes as ast
from tagwright_iac.terraform.numbers import parse as parse_number
from tagwright_iac.terraform.source import SourceText, SyntaxProblem
from tagwright_iac.terraform.values import EvalError, LimitError

MAX_DEPTH = 200
"""Nesting that people write stays below 20; deeper text is refused rather than allowed to exhaust the stack."""

LINE_BLANK = r"(?:[ \t]+|\r(?=\n)|/\*[\s\S]*?\*/)*+(?:(?:#|//)[^\n]*+)?+"
ANY_BLANK = r"(?:[ \t\n]+|\r\n|(?:#|//)[^\n]*|/\*[\s\S]*?\*/)*+"
"""Blanks and comments, on one line or across them."""

_SKIP_LINE = re.compile(LINE_BLANK)
_SKIP_ALL = re.compile(ANY_BLANK)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*+(?![^\x00-\x7f])")
NUMBER = re.compile(r"[0-9](?:(?:[0-9.]|[eE][+-]?[0-9])*(?:[0-9]|[eE][+-]?[0-9]))?")
"""Greedy as in Terraform, which takes `1.2.3` for one number (and refuses it)."""


class Scanner:
    """A position in a piece of source text. Newlines count unless `ignore_newlines` is set (between brackets)."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        self.pos = 0
        self.depth = 0
        self.ignore_newlines = False

    def error(self, message: str, at: int | None = None) -> SyntaxProblem:
        """What was expected at a position, and what stands there."""
        start = self.pos if at is None else at
        found = self.text[start : start + 12].split("\n")[0]
        if found:
            return SyntaxProblem(f"{message}, found {found!r}", self.source.location(start))
        where = "line" if start < len(self.text) else "text"
        return SyntaxProblem(f"{message}, found the end of the {where}", self.source.location(start))

    def enter(self) -> None:
        """One level deeper; the caller takes it back."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"nested deeper than {MAX_DEPTH} levels")

    def skip(self) -> None:
        """Over blanks and comments, and newlines where they do not count."""
        pattern = _SKIP_ALL if self.ignore_newlines else _SKIP_LINE
        self.pos = pattern.match(self.text, self.pos).end()  # type: ignore[union-attr]

    def skip_all(self) -> None:
        """Over blanks, comments and newlines."""
        self.pos = _SKIP_ALL.match(self.text, self.pos).end()  # type: ignore[union-attr]

    def peek(self) -> str:
        """The character here, "" at the end."""
        return self.text[self.pos : self.pos + 1]

    def expect(self, token: str, what: str = "") -> None:
        """Over blanks and `token`."""
        self.skip()
        if not self.text.startswith(token, self.pos):
            raise self.error(f"expected {what or repr(token)}")
        self.pos += len(token)

    def name(self) -> str:
        """The identifier that begins here, "" when none does."""
        match = _NAME.match(self.text, self.pos)
        if match is not None:
            self.pos = match.end()
            return match[0]
        text, start, end = self.text, self.pos, self.pos
        if not text[start : start + 1].isidentifier():
            return ""
        while end < len(text) and (text[end] == "-" or ("a" + text[end]).isidentifier()):
            end += 1
        self.pos = end
        return text[start:end]

    def identifier(self, what: str) -> str:
        """The identifier that must begin here."""
        name = self.name()
        if not name:
            raise self.error(f"expected {what}")
        return name

    def at_word(self, word: str) -> bool:
        """Whether the identifier here is `word`; it is not consumed."""
        if not self.text.startswith(word, self.pos):
            return False
        start = self.pos
        found = self.name()
        self.pos = start
        return found == word

    def number(self, digits: str) -> ast.Literal:
        """The literal of a number token that ends here."""
        try:
            return ast.Literal(parse_number(digits))
        except (EvalError, LimitError) as problem:
            raise self.error(f"not a number that can be read ({problem})", self.pos - len(digits)) from problem
