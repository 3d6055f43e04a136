"""Terraform's JSON syntax (.tf.json, .tfvars.json): the same bodies, out of JSON.

Strings are templates, except where the language wants a plain name. `//` is a comment in a body and an ordinary key
in an object value. Positions are those of the property in the text, found by a scan of the file.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tagwright_dictionary.model import Location
from tagwright_iac.terraform import nodes as ast
from tagwright_iac.terraform.bodies import Argument, Block
from tagwright_iac.terraform.numbers import parse as parse_number
from tagwright_iac.terraform.parser import Parser
from tagwright_iac.terraform.scanner import MAX_DEPTH
from tagwright_iac.terraform.source import SourceText, SyntaxProblem
from tagwright_iac.terraform.values import EvalError, LimitError

_BLANK = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\.)*+"')
_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9.])")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class JsonNode:
    """A JSON value with the place it begins: str, bool, None, `JsonNumber`, list of nodes, or property list."""

    value: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class JsonNumber:
    """A number as written, so that no digit is lost."""

    text: str


@dataclass(frozen=True, slots=True)
class Property:
    """One property; duplicates stay, because each may be a block."""

    name: str
    value: JsonNode
    start: int


class JsonReader:
    """A small JSON parser that keeps positions and duplicate properties (the standard library keeps neither)."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        self.pos = 0
        self.depth = 0

    def document(self) -> JsonNode:
        node = self.value()
        self.blank()
        if self.pos != len(self.text):
            raise self.error("the end of the document")
        return node

    def error(self, expected: str) -> SyntaxProblem:
        found = self.text[self.pos : self.pos + 12].split("\n")[0]
        return SyntaxProblem(
            f"expected {expected}, found {found!r}" if found else f"expected {expected}", self.source.location(self.pos)
        )

    def blank(self) -> None:
        self.pos = _BLANK.match(self.text, self.pos).end()  # type: ignore[union-attr]

    def value(self) -> JsonNode:
        self.blank()
        start = self.pos
        character = self.text[start : start + 1]
        if character == '"':
            return JsonNode(self.string(), start, self.pos)
        if character in "{[" and character:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise SyntaxProblem(f"nested deeper than {MAX_DEPTH} levels", self.source.location(start))
            result: Any = self.properties() if character == "{" else self.array()
            self.depth -= 1
            return JsonNode(result, start, self.pos)
        match = _NUMBER.match(self.text, start)
        if match is not None:
            self.pos = match.end()
            return JsonNode(JsonNumber(match[0]), start, self.pos)
        for word, constant in _WORDS.items():
            if self.text.startswith(word, start):
                self.pos += len(word)
                return JsonNode(constant, start, self.pos)
        raise self.error("a JSON value")

    def string(self) -> str:
        match = _STRING.match(self.text, self.pos)
        if match is None:
            raise self.error("a JSON string")
        text = match[0][1:-1]
        if "\\" in text:
            try:
                text = json.loads(match[0])
            except ValueError as error:
                raise self.error("a valid JSON string") from error
            # Half of a surrogate pair is no character: Go reads it as this one.
            text = _SURROGATE.sub("\ufffd", text)
        self.pos = match.end()
        return text if text.isascii() else unicodedata.normalize("NFC", text)

    def properties(self) -> tuple[Property, ...]:
        self.pos += 1
        found: list[Property] = []
        self.blank()
        if self.text.startswith("}", self.pos):
            self.pos += 1
            return ()
        while True:
            self.blank()
            start = self.pos
            name = self.string()
            self.blank()
            if not self.text.startswith(":", self.pos):
                raise self.error("':'")
            self.pos += 1
            found.append(Property(name, self.value(), start))
            if self.separator("}"):
                return tuple(found)

    def array(self) -> tuple[JsonNode, ...]:
        self.pos += 1
        found: list[JsonNode] = []
        self.blank()
        if self.text.startswith("]", self.pos):
            self.pos += 1
            return ()
        while True:
            found.append(self.value())
            if self.separator("]"):
                return tuple(found)

    def separator(self, close: str) -> bool:
        self.blank()
        character = self.text[self.pos : self.pos + 1]
        self.pos += 1
        if character == close:
            return True
        if character != ",":
            self.pos -= 1
            raise self.error(f"',' or '{close}'")
        return False


def is_properties(value: Any) -> bool:
    """Whether a node's value is an object (an empty one is an empty tuple, like an empty array)."""
    return isinstance(value, tuple) and all(isinstance(item, Property) for item in value)


@dataclass(slots=True)
class JsonBody:
    """A body of the JSON syntax: one object, or several that an array holds."""

    source: SourceText
    properties: tuple[Property, ...]
    _arguments: dict[str, Argument] = field(default_factory=dict)

    def arguments(self) -> Mapping[str, Argument]:
        if not self._arguments:
            for item in self.properties:
                if item.name != "//":
                    self._arguments[item.name] = Argument(
                        item.name, self.source, item.start, item.value.end, _JsonExpression(self.source, item.value)
                    )
        return self._arguments

    def blocks(self, block_type: str, labels: int = 0) -> tuple[Block, ...]:
        """The blocks of that type. What is no object may still be an argument ("${var.blocks}") and is left out."""
        found: list[Block] = []
        for item in self.properties:
            if item.name == block_type:
                found.extend(self._unfold(block_type, item.value, labels, (), item.start, strict=False))
        return tuple(found)

    def all_blocks(self) -> Iterator[Block]:
        """Top-level blocks of a file, by the number of labels the language gives each type."""
        for item in self.properties:
            labels = _LABELS.get(item.name)
            if labels is not None:
                yield from self._unfold(item.name, item.value, labels, (), item.start)

    def _unfold(
        self, block_type: str, node: JsonNode, labels: int, names: tuple[str, ...], start: int, *, strict: bool = True
    ) -> Iterator[Block]:
        value = node.value
        if self.source.text[node.start : node.start + 1] == "[":
            for element in value:
                yield from self._unfold(block_type, element, labels, names, element.start, strict=strict)
            return
        if not is_properties(value):
            if value is not None and strict:
                raise SyntaxProblem(
                    f"a {block_type} block is an object or an array of objects", self.source.location(node.start)
                )
            return
        if labels:
            for item in value:
                if item.name != "//":
                    inner = (*names, item.name)
                    yield from self._unfold(block_type, item.value, labels - 1, inner, item.start, strict=strict)
            return
        yield Block(block_type, names, JsonBody(self.source, value), self.source.location(start, node.end))


_LABELS = {
    "resource": 2, "data": 2, "ephemeral": 2, "variable": 1, "output": 1, "module": 1, "provider": 1, "locals": 0,
    "terraform": 0, "check": 1, "moved": 0, "import": 0, "removed": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _JsonExpression:
    """Turns a JSON node into an expression when called."""

    source: SourceText
    node: JsonNode

    def __call__(self, label: str, kind: str) -> ast.Expression:
        # JSON defaults of variables do not evaluate `${}`, as in a tfvars file.
        return json_expression(self.source, self.node, label, kind, plain=kind == "variable")


def json_expression(
    source: SourceText, node: JsonNode, label: str, kind: str, *, plain: bool = False
) -> ast.Expression:
    """The expression a JSON value stands for. `plain`: strings are taken literally (tfvars, variable defaults)."""
    value = node.value
    if isinstance(value, str):
        if plain or ("${" not in value and "%{" not in value):
            return ast.Literal(value)
        where = source.location(node.start)
        return Parser(SourceText(where.path, value, where.line, where.column), label, kind).template_only()
    if isinstance(value, JsonNumber):
        negative = value.text.startswith("-")
        try:
            literal: ast.Expression = ast.Literal(parse_number(value.text.removeprefix("-")))
        except (EvalError, LimitError) as problem:
            raise SyntaxProblem(f"not a number that can be read ({problem})", source.location(node.start)) from problem
        return ast.Unary("-", literal) if negative else literal
    if isinstance(value, tuple):
        if is_properties(value) and source.text[node.start] == "{":
            items = []
            for item in value:
                at = source.location(item.start)
                key: str | ast.Expression = item.name
                if not plain and ("${" in item.name or "%{" in item.name):
                    key = Parser(SourceText(at.path, item.name, at.line, at.column), label, kind).template_only()
                element = json_expression(source, item.value, label, kind, plain=plain)
                items.append(ast.ObjectItem(key, element, item.start, item.value.end))
            return ast.Object(tuple(items), source, node.start, label, kind)
        return ast.Tuple(tuple(json_expression(source, item, label, kind, plain=plain) for item in value))
    return ast.Literal(value)


def json_file(source: SourceText) -> JsonBody:
    """A .tf.json file: an object, or an array of objects that count as one."""
    node = JsonReader(source).document()
    if source.text[node.start] == "[":
        merged: list[Property] = []
        for element in node.value:
            if not is_properties(element.value):
                raise SyntaxProblem("the elements of the root array are objects", source.location(element.start))
            merged.extend(element.value)
        return JsonBody(source, tuple(merged))
    if not is_properties(node.value):
        raise SyntaxProblem("a .tf.json file is an object", Location(source.path, 1, 1))
    return JsonBody(source, node.value)
