"""Values of root variables: TF_VAR_*, tfvars files, --var and --var-file, in Terraform's order of precedence."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from tagwright_dictionary.model import Problem
from tagwright_iac.reading import ReadOptions
from tagwright_iac.terraform.bodies import Argument, ParsedBody
from tagwright_iac.terraform.expressions import Env, Expression
from tagwright_iac.terraform.file_table import FileTable, ReadError
from tagwright_iac.terraform.files import syntax_error
from tagwright_iac.terraform.json_syntax import JsonReader, is_properties, json_expression
from tagwright_iac.terraform.parser import Parser
from tagwright_iac.terraform.session import nothing
from tagwright_iac.terraform.source import SourceText, SyntaxProblem
from tagwright_iac.terraform.types import TypeSpec
from tagwright_iac.terraform.values import EvalError, Value


@dataclass(frozen=True, slots=True)
class Assignment:
    """One variable's value as given: an expression, or raw text of an environment variable or --var."""

    source: str
    expression: Expression | None = None
    argument: Argument | None = None
    raw: str = ""
    file: str = ""

    def value(self, spec: TypeSpec) -> Value:
        """The value, before conversion. Raw text is a string where the type is a string or not given."""
        expression = self.expression
        if self.argument is not None:
            expression = self.argument.expression(self.source, "variable")
        if expression is None:
            if spec.kind in ("any", "string"):
                return self.raw
            try:
                expression = Parser(SourceText(self.source, self.raw), self.source, "variable").expression_only()
            except SyntaxProblem as problem:
                raise EvalError(f"{self.source} is not an expression: {problem.message}") from problem
        return expression.evaluate(Env(nothing()))


@dataclass(slots=True)
class RootValues:
    """The assignments of a root, by variable name, and the files that could not be read."""

    values: dict[str, Assignment] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def read_root_values(table: FileTable, directory: str, options: ReadOptions) -> RootValues:
    """Everything that gives the root in `directory` its variables; later ones win."""
    root = RootValues()
    for name, value in options.environ:
        if name.startswith("TF_VAR_"):
            root.values[name.removeprefix("TF_VAR_")] = Assignment(name, raw=value)
    for path in automatic_files(directory):
        _read_into(root, table, path)
    for kind, text in options.assignments:
        if kind == "file":
            _read_into(root, table, os.path.join(options.cwd, text), given=True)  # noqa: PTH118
        else:
            name, _, value = text.partition("=")
            root.values[name.strip()] = Assignment(f"--var {name.strip()}", raw=value)
    return root


def automatic_files(directory: str) -> tuple[str, ...]:
    """The tfvars files Terraform reads by itself, in order."""
    try:
        names = sorted(entry.name for entry in os.scandir(directory) if entry.is_file())
    except OSError:
        return ()
    automatic = [name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    plain = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    return tuple(os.path.join(directory, name) for name in (*plain, *automatic))  # noqa: PTH118


def _read_into(root: RootValues, table: FileTable, path: str, *, given: bool = False) -> None:
    shown = table.show(path)
    try:
        values = parse_values(table, path, given=given)
    except ReadError as error:
        root.problems.append(error.problem)
        return
    root.files.append(shown)
    root.values.update(values)


def parse_values(table: FileTable, path: str, *, given: bool = False) -> Mapping[str, Assignment]:
    """The assignments of one tfvars file. A file the user names may lie outside the tree. ReadError when broken."""
    shown = table.show(path)
    if given and not table.inside(path):
        outside = os.path.dirname(os.path.realpath(path))  # noqa: PTH120
        table = FileTable(table.cwd, outside, pipes=True, consulted=table.consulted)
    text = table.text(path)
    source = SourceText(shown, text)
    try:
        if path.endswith(".json"):
            node = JsonReader(source).document()
            if not is_properties(node.value):
                raise SyntaxProblem("a tfvars file holds an object", source.location(0))
            return {
                item.name: Assignment(
                    shown, json_expression(source, item.value, shown, "variable", plain=True), file=shown
                )
                for item in node.value
            }
        body = ParsedBody(source, Parser(source, shown, "variable").file())
        return {name: Assignment(shown, argument=argument, file=shown) for name, argument in body.arguments().items()}
    except SyntaxProblem as problem:
        raise syntax_error(problem) from problem
    except RecursionError as error:
        raise ReadError(Problem(shown, "is nested too deep")) from error
