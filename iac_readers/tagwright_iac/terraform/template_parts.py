"""Pieces of a template and how they become one expression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tagwright_iac.terraform import nodes as ast


@dataclass(frozen=True, slots=True)
class Directive:
    """`%{ if }`, `%{ else }`, `%{ endif }`, `%{ for }`, `%{ endfor }`."""

    kind: str
    at: int
    expression: ast.Expression | None = None
    key_name: str = ""
    value_name: str = ""


Part = str | ast.Expression | Directive


def flush_indentation(parts: list[Part]) -> None:
    """Take the common indentation off a `<<-` heredoc; blank lines do not count when it is found.

    As hclsyntax's flushHeredocTemplateParts: a piece that begins a line and is no literal counts as not indented.
    """
    smallest: int | None = None
    starts: list[int] = []
    at_line_start = True
    for index, part in enumerate(parts):
        if at_line_start:
            at_line_start = False
            if isinstance(part, str):
                stripped = part.lstrip()
                if stripped or not part.endswith("\n"):
                    spaces = len(part) - len(stripped)
                    starts.append(index)
                    smallest = spaces if smallest is None else min(smallest, spaces)
            else:
                smallest = 0
        if isinstance(part, str) and part.endswith("\n"):
            at_line_start = True
    for index in starts:
        text = parts[index]
        if isinstance(text, str):
            parts[index] = text[smallest or 0 :]


def assemble(parts: list[Part], error: Callable[[str, int], Exception]) -> ast.Expression:
    """One expression from template pieces: a literal, the bare value of a lone `${...}`, or a template."""
    if not parts:
        return ast.Literal("")
    if len(parts) == 1 and isinstance(parts[0], ast.Expression):
        return parts[0]
    if all(isinstance(part, str) for part in parts):
        return ast.Literal("".join(part for part in parts if isinstance(part, str)))
    nodes, rest = _sequence(parts, 0, (), error)
    if rest < len(parts):
        stray = parts[rest]
        raise error("unexpected template directive", stray.at if isinstance(stray, Directive) else 0)
    return ast.Template(nodes)


def _sequence(
    parts: list[Part], index: int, ends: tuple[str, ...], error: Callable[[str, int], Exception]
) -> tuple[tuple[str | ast.Expression, ...], int]:
    """Pieces from `index` up to a directive whose kind is in `ends` (or the end)."""
    nodes: list[str | ast.Expression] = []
    while index < len(parts):
        part = parts[index]
        if not isinstance(part, Directive):
            if isinstance(part, str) and nodes and isinstance(nodes[-1], str):
                nodes[-1] += part
            else:
                nodes.append(part)
            index += 1
            continue
        if part.kind in ends or part.kind not in ("if", "for"):
            break
        if part.kind == "if":
            node, index = _if(parts, index, part, error)
        else:
            node, index = _for(parts, index, part, error)
        nodes.append(node)
    return tuple(nodes), index


def _kind(parts: list[Part], index: int) -> str:
    part = parts[index] if index < len(parts) else None
    return part.kind if isinstance(part, Directive) else ""


def _if(
    parts: list[Part], index: int, directive: Directive, error: Callable[[str, int], Exception]
) -> tuple[ast.Expression, int]:
    if_true, index = _sequence(parts, index + 1, ("else", "endif"), error)
    if_false: tuple[str | ast.Expression, ...] = ()
    if _kind(parts, index) == "else":
        if_false, index = _sequence(parts, index + 1, ("endif",), error)
    if _kind(parts, index) != "endif" or directive.expression is None:
        raise error("this template 'if' has no 'endif'", directive.at)
    return ast.Conditional(directive.expression, ast.Template(if_true), ast.Template(if_false)), index + 1


def _for(
    parts: list[Part], index: int, directive: Directive, error: Callable[[str, int], Exception]
) -> tuple[ast.Expression, int]:
    content, index = _sequence(parts, index + 1, ("endfor",), error)
    if _kind(parts, index) != "endfor" or directive.expression is None:
        raise error("this template 'for' has no 'endfor'", directive.at)
    node = ast.ForTuple(directive.key_name, directive.value_name, directive.expression, ast.Template(content), None)
    return ast.JoinedFor(node), index + 1
