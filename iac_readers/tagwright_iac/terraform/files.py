"""Reading files of a scanned tree, safely: bounded, inside the tree, valid UTF-8, every refusal with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from tagwright_dictionary.model import Location, Problem
from tagwright_iac.terraform.bodies import Block, Body, ParsedBody
from tagwright_iac.terraform.file_table import FileTable, ReadError, decode
from tagwright_iac.terraform.json_syntax import json_file
from tagwright_iac.terraform.parser import Parser
from tagwright_iac.terraform.source import SourceText, SyntaxProblem


@dataclass(slots=True)
class ParsedFile:
    """One configuration file: its top-level blocks and whether an ignore comment may be in it."""

    path: str
    blocks: tuple[Block, ...]
    data: bytes
    body: Body


def parse_file(table: FileTable, path: str) -> ParsedFile:
    """Parse one .tf, .tofu or .tf.json file. ReadError with line and column when it is not valid."""
    shown = table.show(path)
    data = table.read(path)
    try:
        source = SourceText(shown, decode(shown, data))
        body = json_file(source) if path.endswith(".json") else ParsedBody(source, Parser(source).file())
        blocks = tuple(body.all_blocks())
    except SyntaxProblem as problem:
        raise syntax_error(problem) from problem
    except RecursionError as error:
        raise ReadError(Problem(shown, "is nested too deep")) from error
    if body.arguments() and not path.endswith(".json"):
        stray = next(iter(body.arguments().values()))
        where = stray.location
        raise ReadError(
            Problem(
                shown,
                f"an argument ({stray.name}) is not expected at the top level of a file",
                where.line,
                where.column,
            )
        )
    return ParsedFile(shown, blocks, data, body)


def syntax_error(problem: SyntaxProblem) -> ReadError:
    """The read error of text that does not parse."""
    where = problem.location
    return ReadError(
        Problem(
            where.path,
            f"is not valid Terraform: {problem.message}",
            where.line,
            where.column,
            "run terraform fmt or terraform validate to see it in context",
        )
    )


def problem_at(location: Location, reason: str, hint: str = "") -> Problem:
    """A problem at a place in a file."""
    return Problem(location.path, reason, location.line, location.column, hint)
