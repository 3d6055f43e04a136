"""`tagwright inspect`."""

from __future__ import annotations

import os
import sys

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.options import assignments, day, reading_options
from tagwright_dictionary.errors import EXIT_BAD_INPUT, EXIT_OK

_FORMATS = ("text", "json")


@make(
    "inspect",
    help=(
        "Show what tagwright understood of every resource: type, classes, tags and their origin, what is billed.\n\n"
        "It blocks nothing: the exit code is 0 when everything could be read."
    ),
    examples=("tagwright inspect infra/", "tagwright inspect --format json plan.json"),
)
@reading_options
@click.option("--format", "-f", "form", type=click.Choice(_FORMATS), default="text", help="Default: text.")
@click.option("--output", "-o", metavar="FILE", help="Write to a file instead of stdout.")
@click.option(
    "--color",
    "--colour",
    "colour",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour; auto follows the terminal, NO_COLOR and FORCE_COLOR.",
)
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
@click.option("--today", "today", envvar="TAGWRIGHT_TODAY", hidden=True, metavar="DAY")
@click.pass_context
def command(
    context: click.Context,
    *,
    paths: tuple[str, ...],
    dictionary: str | None,
    variables: tuple[str, ...],
    var_files: tuple[str, ...],
    exclude: tuple[str, ...],
    jobs: int,
    no_cache: bool,
    form: str,
    output: str | None,
    colour: str,
    quiet: bool,
    today: str | None,
) -> int:
    from tagwright_cli.formats import inspection, json_document  # noqa: PLC0415 - after the options are checked
    from tagwright_cli.output import write_file, write_stdout  # noqa: PLC0415
    from tagwright_cli.pipeline import Request, run  # noqa: PLC0415
    from tagwright_cli.report import Rendering  # noqa: PLC0415
    from tagwright_cli.terminal import DEFAULT_WIDTH, Style, wants_colour, width_of  # noqa: PLC0415

    report = run(
        Request(
            paths=paths,
            today=day(today),
            dictionary=dictionary,
            assignments=assignments(context, variables, var_files),
            exclude=exclude,
            jobs=jobs,
            cache=not no_cache,
            quiet=quiet,
        ),
    )
    style = Style(
        colour=colour == "always" if output else wants_colour(colour, sys.stdout, os.environ),
        width=DEFAULT_WIDTH if output else width_of(sys.stdout, os.environ),
    )
    render = json_document.render if form == "json" else inspection.render
    text = render(report, Rendering(style, quiet=quiet))
    if output:
        write_file(output, text)
    else:
        write_stdout(text, utf8=form == "json")
    return EXIT_BAD_INPUT if report.result.problems else EXIT_OK
