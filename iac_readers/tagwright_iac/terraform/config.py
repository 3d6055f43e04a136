"""A module directory as written: its files put together, override files applied, nothing evaluated."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tagwright_dictionary.model import Location, Problem
from tagwright_iac.terraform.bodies import Argument, Block, Body, MergedBody
from tagwright_iac.terraform.file_table import FileTable, ReadError
from tagwright_iac.terraform.files import ParsedFile, parse_file
from tagwright_iac.terraform.names import is_override, list_configuration
from tagwright_iac.terraform.source import SyntaxProblem
from tagwright_iac.terraform.types import TypeSpec


@dataclass(frozen=True, slots=True)
class Declaration:
    """A block with the file it came from (override files merged in)."""

    block: Block
    body: Body
    file: str

    @property
    def location(self) -> Location:
        return self.block.location


@dataclass(frozen=True, slots=True)
class RequiredProvider:
    """An entry of required_providers: normalised source ("hashicorp/aws") and version constraint."""

    source: str
    version: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(slots=True)
class ModuleConfig:
    """The declarations of one module directory; `unread` is a file that could not be read, and may declare more."""

    directory: str
    files: list[ParsedFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: str = ""
    variables: dict[str, Declaration] = field(default_factory=dict)
    locals: dict[str, tuple[Argument, str]] = field(default_factory=dict)
    outputs: dict[str, Declaration] = field(default_factory=dict)
    resources: dict[tuple[str, str], Declaration] = field(default_factory=dict)
    data: dict[tuple[str, str], Declaration] = field(default_factory=dict)
    modules: dict[str, Declaration] = field(default_factory=dict)
    providers: dict[tuple[str, str], Declaration] = field(default_factory=dict)
    required: dict[str, RequiredProvider] = field(default_factory=dict)
    types: dict[str, TypeSpec] = field(default_factory=dict)

    def source_of(self, local_name: str) -> str:
        """The provider a local name stands for: required_providers, else hashicorp's."""
        required = self.required.get(local_name)
        return required.source if required is not None and required.source else f"hashicorp/{local_name}"


def load_module(table: FileTable, directory: str) -> ModuleConfig:
    """Read and put together every configuration file of `directory`; what cannot be read is in `problems`."""
    config = ModuleConfig(directory)
    overrides: list[ParsedFile] = []
    try:
        os.scandir(directory).close()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        pass  # whoever calls it says so
    except OSError as error:
        config.problems.append(Problem(table.show(directory), f"cannot be listed: {error.strerror or error}"))
    for name in list_configuration(directory):
        try:
            parsed = parse_file(table, os.path.join(directory, name))  # noqa: PTH118
        except ReadError as error:
            config.problems.append(error.problem)
            config.unread = config.unread or error.problem.path
            continue
        config.files.append(parsed)
        if is_override(name):
            overrides.append(parsed)
        else:
            for block in parsed.blocks:
                _guarded(config, block, parsed.path, override=False)
    for parsed in overrides:
        for block in parsed.blocks:
            _guarded(config, block, parsed.path, override=True)
    return config


def _guarded(config: ModuleConfig, block: Block, path: str, *, override: bool) -> None:
    try:
        _add(config, block, path, override=override)
    except SyntaxProblem as problem:
        config.problems.append(
            Problem(
                problem.location.path,
                f"is not valid Terraform: {problem.message}",
                problem.location.line,
                problem.location.column,
            )
        )


_TABLES = {"variable": ("variables", 1), "output": ("outputs", 1), "module": ("modules", 1)}


def _add(config: ModuleConfig, block: Block, path: str, *, override: bool) -> None:
    kind = block.type
    if kind in _TABLES:
        name, labels = _TABLES[kind]
        table: dict[str, Declaration] = getattr(config, name)
        if _has_labels(config, block, labels):
            _put(config, table, block.labels[0], block, path, override=override)
    elif kind in ("resource", "data"):
        if _has_labels(config, block, 2):
            pairs = config.resources if kind == "resource" else config.data
            _put(config, pairs, (block.labels[0], block.labels[1]), block, path, override=override)
    elif kind == "locals":
        for name, argument in block.body.arguments().items():
            if name in config.locals and not override:
                config.problems.append(_duplicate(f"local.{name}", argument.location))
            config.locals[name] = (argument, path)
    elif kind == "provider":
        if _has_labels(config, block, 1):
            _put(config, config.providers, (block.labels[0], _alias(block)), block, path, override=override)
    elif kind == "terraform":
        for required in block.body.blocks("required_providers"):
            for name, argument in required.body.arguments().items():
                config.required[name] = _required_provider(name, argument)


def _has_labels(config: ModuleConfig, block: Block, count: int) -> bool:
    if len(block.labels) == count:
        return True
    where = block.location
    config.problems.append(
        Problem(
            where.path,
            f"a {block.type} block has {count} label(s), found {len(block.labels)}",
            where.line,
            where.column,
        )
    )
    return False


def _put(
    config: ModuleConfig, table: dict[Any, Declaration], key: Any, block: Block, path: str, *, override: bool
) -> None:
    existing = table.get(key)
    if existing is None:
        table[key] = Declaration(block, block.body, path)
    elif override:
        table[key] = Declaration(existing.block, MergedBody(existing.body, block.body), existing.file)
    else:
        name = ".".join(part for part in (key if isinstance(key, tuple) else (str(key),)) if part)
        config.problems.append(_duplicate(f"{block.type} {name}", block.location))


def _duplicate(what: str, location: Location) -> Problem:
    return Problem(
        location.path,
        f"{what} is declared twice in this module",
        location.line,
        location.column,
        "remove or rename one of the two",
    )


def literal(argument: Argument | None) -> object:
    """The constant an argument is written as; None when it is absent or not a constant."""
    if argument is None:
        return None
    from tagwright_iac.terraform.expressions import Literal  # noqa: PLC0415 - keeps the import graph a tree
    from tagwright_iac.terraform.values import EvalError  # noqa: PLC0415

    try:
        expression = argument.expression()
    except EvalError:
        return None
    return expression.value if isinstance(expression, Literal) else None


def _alias(block: Block) -> str:
    value = literal(block.body.arguments().get("alias"))
    return value if isinstance(value, str) else ""


def _required_provider(name: str, argument: Argument) -> RequiredProvider:
    from tagwright_iac.terraform import nodes as ast  # noqa: PLC0415
    from tagwright_iac.terraform.values import EvalError  # noqa: PLC0415

    try:
        expression = argument.expression()
    except EvalError:
        return RequiredProvider(f"hashicorp/{name}")
    if isinstance(expression, ast.Literal):
        return RequiredProvider(f"hashicorp/{name}", str(expression.value or ""))
    source, version = f"hashicorp/{name}", ""
    aliases: tuple[str, ...] = ()
    if isinstance(expression, ast.Object):
        for item in expression.items:
            value = item.value.value if isinstance(item.value, ast.Literal) else None
            if item.key == "source" and isinstance(value, str):
                source = normalise_source(value)
            elif item.key == "version" and isinstance(value, str):
                version = value
            elif item.key == "configuration_aliases" and isinstance(item.value, ast.Tuple):
                aliases = tuple(
                    ".".join((alias.root, *alias.names))
                    for alias in item.value.items
                    if isinstance(alias, ast.Reference)
                )
    return RequiredProvider(source, version, aliases)


def normalise_source(source: str) -> str:
    """The short form: `registry.terraform.io/hashicorp/aws` and `aws` both are `hashicorp/aws`."""
    parts = source.lower().split("/")
    if len(parts) == 3:  # host/namespace/name
        parts = parts[1:]
    return "/".join(parts) if len(parts) > 1 else f"hashicorp/{parts[0]}"


def module_source(declaration: Declaration) -> str | None:
    """The literal source of a module call, None when it is not a constant."""
    value = literal(declaration.body.arguments().get("source"))
    return value if isinstance(value, str) else None


def is_local_source(source: str | None) -> bool:
    """Whether a module source is a path, as Terraform decides it."""
    return source is not None and (source in (".", "..") or source.startswith(("./", "../", ".\\", "..\\")))


def local_dependencies(config: ModuleConfig) -> Mapping[str, str]:
    """Real directories of the module calls with local sources, by call name."""
    found: dict[str, str] = {}
    for name, declaration in config.modules.items():
        source = module_source(declaration)
        if source is not None and is_local_source(source):
            found[name] = os.path.normpath(os.path.join(config.directory, source.replace("\\", "/")))  # noqa: PTH118
    return found
