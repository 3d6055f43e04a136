"""`tagwright dictionary diff`."""

from __future__ import annotations

import os
import sys

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.options import day
from tagwright_cli.output import write_file, write_stdout
from tagwright_dictionary.errors import EXIT_BLOCKED, EXIT_OK

_FORMATS = ("text", "json", "markdown")


@make(
    "diff",
    help=(
        "Compare two versions of the tag dictionary: what changed, whom it breaks, which version it demands.\n\n"
        "OLD and NEW are files, pinned URLs or git references, or git:REV[:PATH] of this repository; NEW is the "
        "dictionary in use when left out. Tightened means: some tags that pass under OLD fail under NEW, and an "
        "example is shown. The exit code is 1 when the version of NEW is lower than the changes demand."
    ),
    examples=(
        "tagwright dictionary diff git:main",
        "tagwright dictionary diff git:v2.3.0:tags/dictionary.yaml tags/dictionary.yaml --format markdown",
    ),
)
@click.option("--format", "-f", "form", type=click.Choice(_FORMATS), default="text", help="Default: text.")
@click.option("--output", "-o", metavar="FILE", help="Write to a file instead of stdout.")
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
@click.option("--today", "today", envvar="TAGWRIGHT_TODAY", hidden=True, metavar="DAY")
@click.argument("old")
@click.argument("new", required=False)
def command(old: str, new: str | None, *, form: str, output: str | None, quiet: bool, today: str | None) -> int:
    from tagwright_cli.finding_dictionary import discovered  # noqa: PLC0415 - the help needs none of it
    from tagwright_cli.governance.diff_view import VIEWS  # noqa: PLC0415
    from tagwright_cli.terminal import DEFAULT_WIDTH, Style, wants_colour, width_of  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.diff import diff  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.revisions import PREFIX, open_dictionary  # noqa: PLC0415

    when = day(today)
    # A revision without a path means the file that the other side names, else the dictionary in use.
    names = [text for text in (new, old) if text is not None]
    if new is None or all(text.startswith(PREFIX) for text in names):
        names.append(discovered(None, quiet=quiet).source)
    before = open_dictionary(old, *names)
    after = open_dictionary(new if new is not None else names[-1], *names)
    found = diff(before, after, when)
    style = Style(
        colour=not output and wants_colour("auto", sys.stdout, os.environ),
        width=DEFAULT_WIDTH if output else width_of(sys.stdout, os.environ),
    )
    text = VIEWS[form](found, when, style)
    if output:
        write_file(output, text)
    else:
        write_stdout(text, utf8=form != "text")
    return EXIT_OK if found.version_matches else EXIT_BLOCKED
