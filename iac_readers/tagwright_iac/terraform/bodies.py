"""Bodies: the arguments and blocks of a file or block, whatever syntax they were written in: `ParsedBody` (HCL) and
`JsonBody` (.tf.json, in json_syntax.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tagwright_dictionary.model import Location
from tagwright_iac.terraform import nodes as ast
from tagwright_iac.terraform.parser import ParsedAttribute, ParsedBlock
from tagwright_iac.terraform.source import SourceText, SyntaxProblem
from tagwright_iac.terraform.values import EvalError


class Argument:
    """`name = expression`, where it stands, and the expression when it is asked for."""

    __slots__ = ("_end", "_expression", "_location", "_parse", "_source", "_start", "name")

    def __init__(
        self, name: str, source: SourceText, start: int, end: int, parse: Callable[[str, str], ast.Expression]
    ) -> None:
        self.name = name
        self._source = source
        self._start = start
        self._end = end
        self._location: Location | None = None
        self._parse = parse
        self._expression: ast.Expression | None = None

    @property
    def location(self) -> Location:
        """Where the argument is written, name and value."""
        if self._location is None:
            self._location = self._source.location(self._start, self._end)
        return self._location

    @property
    def text(self) -> str:
        """The argument as written."""
        return self._source.text[self._start : self._end]

    def expression(self, label: str = "", kind: str = "resource") -> ast.Expression:
        """The parsed expression. `kind` and `label` say what it belongs to, for the origin of the tags written in it;
        the first to ask decides. EvalError when a string of the JSON syntax is no template.
        """
        if self._expression is None:
            try:
                self._expression = self._parse(label, kind)
            except SyntaxProblem as problem:
                raise EvalError(f"{problem.location}: {problem.message}") from problem
            except RecursionError as error:
                raise EvalError(f"{self.location}: the expression is nested too deep") from error
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


class ParsedBody:
    """A body read by our own parser."""

    __slots__ = ("_arguments", "_blocks", "block", "source")

    def __init__(self, source: SourceText, block: ParsedBlock) -> None:
        self.source = source
        self.block = block
        self._arguments: dict[str, Argument] | None = None
        self._blocks: tuple[Block, ...] | None = None

    def arguments(self) -> Mapping[str, Argument]:
        if self._arguments is None:
            self._arguments = {
                item.name: Argument(item.name, self.source, item.start, item.end, _Parsed(item))
                for item in self.block.attributes
            }
        return self._arguments

    def all_blocks(self) -> tuple[Block, ...]:
        if self._blocks is None:
            self._blocks = tuple(
                Block(
                    block.type,
                    block.labels,
                    ParsedBody(self.source, block),
                    self.source.location(block.start, block.end),
                )
                for block in self.block.blocks
            )
        return self._blocks

    def blocks(self, block_type: str, labels: int = 0) -> tuple[Block, ...]:  # noqa: ARG002
        if not self.block.blocks:
            return ()
        return tuple([block for block in self.all_blocks() if block.type == block_type])


class _Parsed:
    """Hands out an expression that is parsed already, and tells its object literals what they belong to."""

    __slots__ = ("attribute",)

    def __init__(self, attribute: ParsedAttribute) -> None:
        self.attribute = attribute

    def __call__(self, label: str, kind: str) -> ast.Expression:
        for node in self.attribute.objects:
            node.label = label
            node.kind = kind
        return self.attribute.expression


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
