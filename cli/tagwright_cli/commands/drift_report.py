"""`tagwright drift report`."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime, time, timedelta

import click

from tagwright_cli.drift_formats import DRIFT_FORMATS, MOST, Look
from tagwright_cli.lazy import command as make
from tagwright_cli.live.state import state_of, state_options
from tagwright_cli.options import Target, targets
from tagwright_cli.output import write_file, write_stdout
from tagwright_cli.version import __version__
from tagwright_dictionary.errors import EXIT_BLOCKED, EXIT_INCOMPLETE, EXIT_OK, InputError

_FORMATS = ", ".join(DRIFT_FORMATS)


@make(
    "report",
    help=(
        "Report what the live scans saw, what is open, since when, what it costs and who answers for it.\n\n"
        "The newest full scan is reported, and every finding that is open; coverage comes first. Targets and service "
        "levels are those of the dictionary. The HTML form is one file that needs no network. The exit code is 4 when "
        "not everything was seen, else 1 when an error is open, 2 when there is no history."
    ),
    examples=(
        "tagwright drift report",
        "tagwright drift report --format text --format html=report.html --format csv=findings.csv",
    ),
)
@state_options
@click.option("--run", "run", default="", metavar="RUN", help="Report an earlier scan: its id, or the beginning of it.")
@click.option("--owner", default="", metavar="OWNER", help="Only findings of this owner or team.")
@click.option("--since", metavar="DAY", help="Changes since this day (or 7d), not since the scan before.")
@click.option(
    "--most", type=click.IntRange(0), default=MOST, metavar="N", help=f"Findings in text; 0: all. Default: {MOST}."
)
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@click.option(
    "--format",
    "-f",
    "formats",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help=f"{_FORMATS}; several, each with its own file. Default: text.",
    shell_complete=lambda *given: [name for name in DRIFT_FORMATS if name.startswith(given[-1])],
)
@click.option("--output", "-o", metavar="FILE", help="Write the report to a file instead of stdout.")
@click.option(
    "--color",
    "--colour",
    "colour",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour; auto follows the terminal, NO_COLOR and FORCE_COLOR.",
)
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
@click.option("--now", "now", envvar="TAGWRIGHT_NOW", hidden=True, metavar="TIME")
def command(
    *,
    state: str | None,
    history: str | None,
    run: str,
    owner: str,
    since: str | None,
    most: int,
    dictionary: str | None,
    formats: tuple[str, ...],
    output: str | None,
    colour: str,
    quiet: bool,
    now: str | None,
) -> int:
    from tagwright_drift.history.needs import check_installed  # noqa: PLC0415 - the help needs none of it

    check_installed()
    from tagwright_cli.error_handler import say  # noqa: PLC0415 - the help needs none of it
    from tagwright_cli.finding_dictionary import loaded  # noqa: PLC0415
    from tagwright_drift.history.store import open_history  # noqa: PLC0415
    from tagwright_drift.levels import Levels  # noqa: PLC0415
    from tagwright_drift.report.assembling import assemble  # noqa: PLC0415
    from tagwright_drift.report.words import coverage_words, dictionary_words  # noqa: PLC0415

    wanted = targets(formats, output, DRIFT_FORMATS)
    renderers = {target.format: DRIFT_FORMATS[target.format]() for target in wanted}
    moment = _moment(now)
    _, rules = loaded(dictionary, cache=True, quiet=quiet)
    opened = open_history(state_of(state, history).url)
    try:
        data = assemble(
            opened,
            now=moment,
            tool_version=__version__,
            targets=rules.targets,
            deadlines=Levels(rules).deadline,
            run=run,
            owner=owner,
            since=_since(since, moment),
        )
    finally:
        opened.close()
    texts = [(target, renderers[target.format](data, _look(target, colour, most))) for target in wanted]
    for target, text in texts:
        if target.file is not None:
            write_file(target.file, text)
        else:
            write_stdout(text, utf8=target.format != "text")
    if not quiet:
        if rules.digest != data.run.dictionary_digest:
            say(
                f"tagwright: the scan judged by {dictionary_words(data.run)}; service levels and targets are those of "
                f"{rules.name} {rules.version}"
            )
        if not any(target.file is None and target.format in ("text", "markdown") for target in wanted):
            say(f"tagwright: {coverage_words(data.run.coverage)}")
    if not data.whole:
        return EXIT_INCOMPLETE
    return EXIT_BLOCKED if data.counts.errors else EXIT_OK


def _look(target: Target, colour: str, most: int) -> Look:
    from tagwright_cli.terminal import DEFAULT_WIDTH, Style, wants_colour, width_of  # noqa: PLC0415

    if target.file is not None or target.format != "text":
        return Look(Style(colour=colour == "always" and target.format == "text", width=DEFAULT_WIDTH), most)
    return Look(
        Style(colour=wants_colour(colour, sys.stdout, os.environ), width=width_of(sys.stdout, os.environ)), most
    )


def _moment(given: str | None) -> datetime:
    if not given:
        return datetime.now().astimezone().replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise InputError(f"{given!r} is not a time", hint="write it as 2026-11-26T15:30:00+01:00") from None
    return moment if moment.tzinfo is not None else moment.astimezone()


def _since(given: str | None, now: datetime) -> datetime | None:
    """A day at its first moment where the user is, or so many days before now."""
    if given is None:
        return None
    number = given.removesuffix("d")
    if given != number and number.isascii() and number.isdigit() and len(number) <= 4:
        return now - timedelta(days=int(number))
    try:
        return datetime.combine(date.fromisoformat(given), time(), now.tzinfo)
    except ValueError:
        raise InputError(f"--since {given} is neither a day nor a number of days", hint="2026-11-01, or 30d") from None
