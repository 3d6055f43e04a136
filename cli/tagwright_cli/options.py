"""Options that several commands share, and how their text becomes typed values."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import click

from tagwright_cli.formats import FORMATS
from tagwright_cli.lazy import ARGUMENTS
from tagwright_dictionary.errors import InputError

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Target:
    """One report to write: its format, and the file (None: stdout)."""

    format: str
    file: str | None


def targets(
    formats: tuple[str, ...], output: str | None, known: Collection[str] = tuple(FORMATS)
) -> tuple[Target, ...]:
    """`--format text --format sarif=out.sarif --output FILE` as targets. Raises InputError on an unknown format, and
    where two reports would go to one place. `known` are the formats that there are.
    """
    made: list[Target] = []
    for given in formats or ("text",):
        name, equals, file = given.partition("=")
        if name not in known:
            raise InputError(
                f"there is no output format {name!r}",
                hint=f"one of {', '.join(known)}; FORMAT=FILE writes to a file",
            )
        if equals and not file:
            raise InputError(f"--format {given} names no file", hint=f"--format {name}=report.txt")
        made.append(Target(name, file or None))
    free = [position for position, target in enumerate(made) if target.file is None]
    if output is not None:
        if len(free) != 1:
            raise InputError(
                "--output needs exactly one --format without a file of its own",
                hint="--format text --format json=report.json",
            )
        made[free[0]] = Target(made[free[0]].format, output)
        free = []
    if len(free) > 1:
        raise InputError(
            f"only one report can go to stdout, not {len(free)}",
            hint="give the others a file: --format json=report.json",
        )
    files = [os.path.realpath(target.file) for target in made if target.file is not None]
    if len(set(files)) < len(files):
        raise InputError("two reports would be written to the same file", hint="give each format a file of its own")
    return tuple(made)


def day(text: str | None) -> date:
    """The day to judge by: the one given (YYYY-MM-DD), else today where the user is."""
    if not text:
        return date.today()  # noqa: DTZ011 - an expiry day ends at the user's midnight
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is not a day", hint="write it as 2026-12-31") from None


def reading_options(function: _Function) -> _Function:
    """PATHS and how they are read."""
    for decorate in (
        click.option("--no-cache", is_flag=True, help="Read everything anew; keep nothing."),
        click.option(
            "--jobs",
            type=click.IntRange(0),
            default=0,
            metavar="N",
            help="Worker processes; 0 (the default): one a core for large trees.",
        ),
        click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out matching folders and files."),
        click.option(
            "--var-file",
            "var_files",
            multiple=True,
            metavar="FILE",
            help="A file of Terraform variable values.",
        ),
        click.option(
            "--var",
            "variables",
            multiple=True,
            metavar="NAME=VALUE",
            help="The value of a Terraform variable.",
        ),
        click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference."),
        click.argument("paths", nargs=-1, metavar="[PATHS]..."),
    ):
        function = decorate(function)
    return function


def output_options(function: _Function) -> _Function:
    """Where the report goes and how it is dressed."""
    for decorate in (
        click.option("--today", "today", envvar="TAGWRIGHT_TODAY", hidden=True, metavar="DAY"),
        click.option("--quiet", "-q", is_flag=True, help="Print nothing when clean, and no notes."),
        click.option(
            "--color",
            "--colour",
            "colour",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            help="Colour; auto follows the terminal, NO_COLOR and FORCE_COLOR.",
        ),
        click.option("--output", "-o", metavar="FILE", help="Write the report to a file instead of stdout."),
        click.option(
            "--format",
            "-f",
            "formats",
            multiple=True,
            metavar="FORMAT[=FILE]",
            help=f"{', '.join(FORMATS)}; several, each with its own file. Default: text.",
            shell_complete=_complete_format,
        ),
    ):
        function = decorate(function)
    return function


def _complete_format(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in FORMATS if name.startswith(incomplete)]


def assignments(
    context: click.Context,
    variables: tuple[str, ...],
    var_files: tuple[str, ...],
) -> tuple[tuple[str, str], ...]:
    """("var", "name=value") and ("file", path) in the order of the command line, as Terraform applies them."""
    for value in variables:
        name, equals, _ = value.partition("=")
        if not equals or not name.strip():
            raise InputError(f"--var {name} has no value", hint="--var name=value")
    queues = {"--var": [("var", value) for value in variables], "--var-file": [("file", file) for file in var_files]}
    order: list[tuple[str, str]] = []
    for argument in context.meta.get(ARGUMENTS, ()):
        queue = queues.get(argument.partition("=")[0])
        if queue:
            order.append(queue.pop(0))
    return (*order, *queues["--var-file"], *queues["--var"])
