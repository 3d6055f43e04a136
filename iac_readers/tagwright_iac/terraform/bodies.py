"""Bodies: the arguments and blocks of a file or block, whatever syntax they were written in.

Three implementations: `TreeBody` over tree-sitter (every ordinary file; expressions are parsed when first needed),
`ParsedBody` over our own parser (files tree-sitter is wrong about) and `JsonBody` (.tf.json).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from tagwright_dictionary.model import Location
from tagwright_iac.terraform import expressions as ast
from tagwright_iac.terraform.parser import ParsedBlock, Parser
from tagwright_iac.terraform.source import SourceText, SyntaxProblem
from tagwright_iac.terraform.values import EvalError

if TYPE_CHECKING:
    from tree_sitter import Node


class Argument:
    """`name = expression`. `kind` and `label` say what it belongs to, for the origin of the tags written in it."""

    __slots__ = ("_expression", "_parse", "label_kind", "location", "name")

    def __init__(self, name: str, location: Location, parse: Any) -> None:
        self.name = name
        self.location = location
        self._parse = parse
        self._expression: ast.Expression | None = None

    def expression(self, label: str = "", kind: str = "resource") -> ast.Expression:
        """The parsed expression. EvalError when it is not valid HCL (tree-sitter is more tolerant than Terraform)."""
        if self._expression is None:
            try:
                self._expression = self._parse(label, kind)
            except SyntaxProblem as problem:
                raise EvalError(f"{problem.location}: {problem.message}") from problem
            except RecursionError as error:
                raise EvalError(f"{self.location}: the expression is nested too deep") from error
            self._parse = None
        assert self._expression is not None  # noqa: S101 - for the type checker: set just above
        return self._expression


class Body(Protocol):
    """Arguments and blocks."""

    def arguments(self) -> Mapping[str, Argument]:
        """Every argument by name."""

    def blocks(self, block_type: str, labels: int = 0) -> tuple[Block, ...]:
        """The blocks of that type in source order; `labels` is how many labels JSON must unfold."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block with its labels."""

    type: str
    labels: tuple[str, ...]
    body: Body
    location: Location


@dataclass(slots=True)
class TreeFile:
    """A parsed file: its bytes and how it is shown."""

    path: str
    data: bytes
    ascii: bool

    def location(self, node: Node) -> Location:
        row, column = node.start_point
        if not self.ascii:
            start = node.start_byte
            column = len(self.data[start - column : start].decode())
        return Location(self.path, row + 1, column + 1, node.end_point[0] + 1)

    def text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode()


class TreeBody:
    """A body node of tree-sitter-hcl."""

    __slots__ = ("_arguments", "_blocks", "file", "node")

    def __init__(self, file: TreeFile, node: Node | None) -> None:
        self.file = file
        self.node = node
        self._arguments: dict[str, Argument] | None = None
        self._blocks: dict[str, list[Block]] = {}

    def _index(self) -> dict[str, Argument]:
        arguments: dict[str, Argument] = {}
        file = self.file
        end_row = -1
        for child in self.node.children if self.node is not None else ():
            kind = child.type
            if kind == "attribute":
                identifier, _, value = (part for part in child.children if part.type != "comment")
                name = file.text(identifier)
                location = file.location(child)
                if child.start_point[0] <= end_row:
                    raise SyntaxProblem("expected a new line before this argument", location)
                if name in arguments:
                    raise SyntaxProblem(f"the argument {name!r} was already set in this block", location)
                arguments[name] = Argument(name, location, _TreeExpression(file, value))
                end_row = child.end_point[0]
            elif kind == "block":
                block = _tree_block(file, child)
                if child.start_point[0] <= end_row:
                    raise SyntaxProblem("expected a new line before this block", block.location)
                self._blocks.setdefault(block.type, []).append(block)
                end_row = child.end_point[0]
        self._arguments = arguments
        return arguments

    def arguments(self) -> Mapping[str, Argument]:
        return self._arguments if self._arguments is not None else self._index()

    def blocks(self, block_type: str, labels: int = 0) -> tuple[Block, ...]:  # noqa: ARG002
        if self._arguments is None:
            self._index()
        return tuple(self._blocks.get(block_type, ()))

    def all_blocks(self) -> Iterator[Block]:
        if self._arguments is None:
            self._index()
        for blocks in self._blocks.values():
            yield from blocks


class _TreeExpression:
    """Parses the text of an expression node when called."""

    __slots__ = ("file", "node")

    def __init__(self, file: TreeFile, node: Node) -> None:
        self.file = file
        self.node = node

    def __call__(self, label: str, kind: str) -> ast.Expression:
        where = self.file.location(self.node)
        text = self.file.text(self.node)
        return Parser(SourceText(self.file.path, text, where.line, where.column), label, kind).expression_only()


def _tree_block(file: TreeFile, node: Node) -> Block:
    children = node.children
    labels: list[str] = []
    body: Node | None = None
    for child in children[1:]:
        kind = child.type
        if kind == "string_lit":
            labels.append(file.text(child)[1:-1])
        elif kind == "identifier":
            labels.append(file.text(child))
        elif kind == "body":
            body = child
    return Block(file.text(children[0]), tuple(labels), TreeBody(file, body), file.location(node))


class ParsedBody:
    """A body read by our own parser."""

    __slots__ = ("block", "source")

    def __init__(self, source: SourceText, block: ParsedBlock) -> None:
        self.source = source
        self.block = block

    def arguments(self) -> Mapping[str, Argument]:
        return {
            item.name: Argument(item.name, self.source.location(item.start, item.end), _Ready(item.expression))
            for item in self.block.attributes
        }

    def all_blocks(self) -> Iterator[Block]:
        for block in self.block.blocks:
            yield Block(block.type, block.labels, ParsedBody(self.source, block),
                        self.source.location(block.start, block.end))

    def blocks(self, block_type: str, labels: int = 0) -> tuple[Block, ...]:  # noqa: ARG002
        return tuple(block for block in self.all_blocks() if block.type == block_type)


@dataclass(frozen=True, slots=True)
class _Ready:
    """An expression that is parsed already."""

    value: ast.Expression

    def __call__(self, label: str, kind: str) -> ast.Expression:  # noqa: ARG002
        return self.value


@dataclass(slots=True)
class MergedBody:
    """A body with override files applied: their arguments replace, their blocks replace all blocks of the type."""

    base: Body
    override: Body
    _arguments: dict[str, Argument] = field(default_factory=dict)

    def arguments(self) -> Mapping[str, Argument]:
        if not self._arguments:
            self._arguments = {**self.base.arguments(), **self.override.arguments()}
        return self._arguments

    def blocks(self, block_type: str, labels: int = 0) -> tuple[Block, ...]:
        if block_type == "dynamic":
            # A static override block replaces dynamic ones of its type as well, and the other way round.
            own = self.override.blocks("dynamic", 1)
            kept = tuple(
                block
                for block in self.base.blocks("dynamic", 1)
                if not any(other.labels == block.labels for other in own)
                and not (block.labels and self.override.blocks(block.labels[0], 0))
            )
            return (*kept, *own)
        replaced = self.override.blocks(block_type, labels)
        if replaced or any(block.labels[:1] == (block_type,) for block in self.override.blocks("dynamic", 1)):
            return replaced
        return self.base.blocks(block_type, labels)


def merge_bodies(base: Body, overrides: Iterable[Body]) -> Body:
    """`base` with each override applied in order."""
    for override in overrides:
        base = MergedBody(base, override)
    return base
