"""The report of a history: made from it, written, and turned into an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tagwright_cli.drift_formats import DRIFT_FORMATS, MOST, Look
from tagwright_cli.options import Target, targets
from tagwright_cli.output import write_file, write_stdout
from tagwright_cli.version import __version__
from tagwright_dictionary.errors import EXIT_BLOCKED, EXIT_INCOMPLETE, EXIT_OK, InputError

if TYPE_CHECKING:
    from tagwright_dictionary.dictionary import Dictionary
    from tagwright_drift.history.records import HistoryReader
    from tagwright_drift.report.model import ReportData

_Function = TypeVar("_Function", bound=Callable[..., Any])


def report_options(function: _Function) -> _Function:
    """How a report is written: `--most`, `--format`, `--output`, `--color`, `--quiet`, `--now`."""
    for decorate in (
        click.option("--now", "now", envvar="TAGWRIGHT_NOW", hidden=True, metavar="TIME"),
        click.option("--quiet", "-q", is_flag=True, help="No notes and no progress on stderr."),
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
            help=f"{', '.join(DRIFT_FORMATS)}; several, each with its own file. Default: text.",
            shell_complete=lambda *given: [name for name in DRIFT_FORMATS if name.startswith(given[-1])],
        ),
        click.option(
            "--most",
            type=click.IntRange(0),
            default=MOST,
            metavar="N",
            help=f"Findings in text; 0: all. Default: {MOST}.",
        ),
    ):
        function = decorate(function)
    return function


class Reporter:
    """Where a report goes and how it looks, checked before any work is done: a scan of an hour must not end in a
    mistyped format or a missing extra.
    """

    def __init__(self, formats: tuple[str, ...], output: str | None, colour: str, most: int) -> None:
        self.targets: Sequence[Target] = targets(formats, output, DRIFT_FORMATS)
        self._renderers = {target.format: DRIFT_FORMATS[target.format]() for target in self.targets}
        self._colour = colour
        self._most = most

    @property
    def tells(self) -> bool:
        """Whether a person reads the report on stdout."""
        return any(target.file is None and target.format in ("text", "markdown") for target in self.targets)

    def write(self, data: ReportData) -> None:
        """Every format is made before the first is written."""
        texts = [(target, self._renderers[target.format](data, self._look(target))) for target in self.targets]
        for target, text in texts:
            if target.file is not None:
                write_file(target.file, text)
            else:
                write_stdout(text, utf8=target.format != "text")

    def _look(self, target: Target) -> Look:
        from tagwright_cli.terminal import DEFAULT_WIDTH, Style, wants_colour, width_of  # noqa: PLC0415

        if target.file is not None or target.format != "text":
            return Look(Style(self._colour == "always" and target.format == "text", DEFAULT_WIDTH), self._most)
        return Look(
            Style(wants_colour(self._colour, sys.stdout, os.environ), width_of(sys.stdout, os.environ)), self._most
        )


def report_of(
    history: HistoryReader,
    rules: Dictionary,
    now: datetime,
    *,
    run: str = "",
    owner: str = "",
    since: datetime | None = None,
) -> ReportData:
    """The report as of `now` (aware), with the deadlines and targets of the dictionary."""
    from tagwright_drift.levels import Levels  # noqa: PLC0415 - the help needs none of it
    from tagwright_drift.report.assembling import assemble  # noqa: PLC0415
    from tagwright_drift.report.fixing import examples_of  # noqa: PLC0415

    return assemble(
        history,
        now=now,
        tool_version=__version__,
        targets=rules.targets,
        deadlines=Levels(rules).deadline,
        examples=examples_of(rules),
        run=run,
        owner=owner,
        since=since,
    )


def exit_code(data: ReportData) -> int:
    """4 when not everything was seen, which outweighs 1: an error is open; else 0."""
    if not data.whole:
        return EXIT_INCOMPLETE
    return EXIT_BLOCKED if data.counts.errors else EXIT_OK


def moment(given: str | None) -> datetime:
    """The time a report speaks of: the one given, else now, where the user is. Raises InputError."""
    if not given:
        return datetime.now().astimezone().replace(microsecond=0)
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise InputError(f"{given!r} is not a time", hint="write it as 2026-11-26T15:30:00+01:00") from None
    return found if found.tzinfo is not None else found.astimezone()
