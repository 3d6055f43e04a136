r"""HCL files and bodies, parsed exactly as HashiCorp's parser reads them.

One pass in Python is as fast as tree-sitter-hcl's own (6 MB/s, measured on terraform-aws-modules), gives the
expressions at once, and is exact: tree-sitter-hcl 1.2.0 takes newlines for blanks, associates nested conditionals to
the left and refuses `{ a = b\n (c) = d }`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tagwright_iac.terraform import nodes as ast
from tagwright_iac.terraform.expression_parser import ExpressionParser

_ARGUMENT = re.compile(
    r"([A-Za-z_][A-Za-z0-9_-]*+)[ \t]*+=(?!=)[ \t]*+"
    r'(?:(?:"([\x20!#&-\[\]-\x7e]*+)"|(true|false|null)|([0-9]{1,18}))(?=[ \t]*+\r?\n))?'
)
"""The beginning of an argument; all of it in the most common line, a constant without anything special in it."""

_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class ParsedAttribute(NamedTuple):
    """`name = expression` of a parsed body, with the object literals inside."""

    name: str
    expression: ast.Expression
    start: int
    end: int
    objects: tuple[ast.Object, ...] = ()


class ParsedBlock(NamedTuple):
    """A block of a parsed body."""

    type: str
    labels: tuple[str, ...]
    attributes: tuple[ParsedAttribute, ...]
    blocks: tuple[ParsedBlock, ...]
    start: int
    end: int


class Parser(ExpressionParser):
    """A parser over one piece of source text: a file, an expression or a template."""

    def file(self) -> ParsedBlock:
        """The whole text as a body. SyntaxProblem when it is not one."""
        self.is_file = True
        attributes, blocks = self._body("")
        return ParsedBlock("", (), attributes, blocks, 0, len(self.text))

    def _body(self, end: str) -> tuple[tuple[ParsedAttribute, ...], tuple[ParsedBlock, ...]]:
        """Attributes and blocks, one a line, up to the closing brace `end` (or the end of the text)."""
        text = self.text
        attributes: list[ParsedAttribute] = []
        seen: set[str] = set()
        blocks: list[ParsedBlock] = []
        self.enter()
        while True:
            self.skip_all()
            start = self.pos
            simple = _ARGUMENT.match(text, start)
            if simple is not None:
                self.pos = simple.end()
                if simple.lastindex == 1:
                    attributes.append(self._attribute(simple[1], start))
                    self._line_end("argument")
                else:
                    attributes.append(ParsedAttribute(simple[1], _constant(simple), start, self.pos))
            elif text.startswith(end, start) if end else start >= len(text):
                self.pos += len(end)
                break
            else:
                name = self.identifier("'}' to close the block" if start >= len(text) else "an argument or block name")
                self.skip()
                if self.peek() != "=":
                    blocks.append(self._block(name, start))
                    self._line_end("block")
                    continue
                self.pos += 1
                attributes.append(self._attribute(name, start))
                self._line_end("argument")
            name = attributes[-1].name
            if name in seen:
                raise self.error(f"the argument {name!r} was already set in this block", start)
            seen.add(name)
        self.depth -= 1
        return tuple(attributes), tuple(blocks)

    def _attribute(self, name: str, start: int) -> ParsedAttribute:
        self.skip()
        self.objects = []
        expression = self.expression()
        return ParsedAttribute(name, expression, start, self.pos, tuple(self.objects))

    def _line_end(self, what: str) -> None:
        self.skip()
        if self.peek() not in ("\n", ""):
            raise self.error(f"expected a new line after this {what}")

    def _block(self, name: str, start: int) -> ParsedBlock:
        labels: list[str] = []
        while (following := self.peek()) != "{":
            labels.append(self._quoted_label() if following == '"' else self.identifier("'=', a label or '{'"))
            self.skip()
        self.pos += 1
        self.skip()
        if self.peek() in ("\n", "}", ""):
            attributes, blocks = self._body("}")
        else:
            attributes, blocks = self._single(), ()
        return ParsedBlock(name, tuple(labels), attributes, blocks, start, self.pos)

    def _quoted_label(self) -> str:
        start = self.pos
        label = self.quoted()
        if not isinstance(label, ast.Literal) or not isinstance(label.value, str):
            raise self.error("a block label is a plain string", start)
        return label.value

    def _single(self) -> tuple[ParsedAttribute, ...]:
        """The one argument of a block that is written on one line."""
        start = self.pos
        name = self.identifier("an argument")
        self.skip()
        self.expect("=", "'=': a block on one line holds one argument")
        attribute = self._attribute(name, start)
        if self.peek() != "}":
            raise self.error("expected '}': a block on one line holds one argument")
        self.pos += 1
        return (attribute,)


def _constant(simple: re.Match[str]) -> ast.Literal:
    _, text, word, digits = simple.groups()
    if text is not None:
        return ast.Literal(text)
    if word is not None:
        return ast.Literal(_CONSTANTS[word], word=word)
    return ast.Literal(int(digits))
