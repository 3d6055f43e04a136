"""`tagwright dictionary check-approval`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.options import day
from tagwright_cli.output import write_file, write_stdout
from tagwright_dictionary.errors import EXIT_BLOCKED, EXIT_OK, InputError

if TYPE_CHECKING:
    from tagwright_dictionary.dictionary import Dictionary
    from tagwright_dictionary.lifecycle.usage import Use

_FORMATS = ("text", "json", "markdown")


@make(
    "check-approval",
    help=(
        "Check in CI that those who own the changed keys have approved the change of the dictionary.\n\n"
        "Compares the dictionary with where this branch left REV, and names who changed what. The approvers are those "
        "that the dictionary and the teams file name at REV; only approvals of the present head commit count, never "
        "those of the author or of who wrote the change. Near duplicates among added values are refused, and values "
        "that go without a successor while they are in use. The exit code is 1 when anything is missing."
    ),
    examples=(
        "tagwright dictionary check-approval --base origin/main --event $GITHUB_EVENT_PATH --teams .github/tag-teams",
        "tagwright dictionary check-approval --base origin/main --in-use infra/ --in-use platform/",
    ),
)
@click.option("--base", required=True, metavar="REV", help="The branch or commit that the change goes into.")
@click.option("--event", metavar="FILE", help="The pull request's event file ($GITHUB_EVENT_PATH).")
@click.option("--reviews", metavar="FILE", help="Its reviews: gh api --paginate repos/O/R/pulls/N/reviews.")
@click.option("--teams", metavar="FILE", help="Lines TEAM @login @login: who speaks for an approver's name.")
@click.option("--in-use", multiple=True, metavar="PATH", help="Code in which removed values must not be in use.")
@click.option("--allow-similar", multiple=True, metavar="VALUE", help="An added value that may look like another.")
@click.option("--new", "is_new", is_flag=True, help="The dictionary is new: there is none at REV.")
@click.option("--dictionary", metavar="FILE", help="The tag dictionary, a file of this repository.")
@click.option("--format", "-f", "form", type=click.Choice(_FORMATS), default="text", help="Default: text.")
@click.option("--output", "-o", metavar="FILE", help="Write to a file instead of stdout.")
@click.option("--today", "today", envvar="TAGWRIGHT_TODAY", hidden=True, metavar="DAY")
def command(
    *,
    base: str,
    event: str | None,
    reviews: str | None,
    teams: str | None,
    in_use: tuple[str, ...],
    allow_similar: tuple[str, ...],
    is_new: bool,
    dictionary: str | None,
    form: str,
    output: str | None,
    today: str | None,
) -> int:
    from tagwright_cli.governance.approval_view import VIEWS  # noqa: PLC0415 - the help needs none of it
    from tagwright_cli.governance.local import unmoved_dictionary  # noqa: PLC0415
    from tagwright_cli.governance.submitted import Asked, submitted  # noqa: PLC0415
    from tagwright_cli.terminal import DEFAULT_WIDTH, Style, wants_colour, width_of  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.approval import Evidence, check_approval  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.diff import diff  # noqa: PLC0415

    if reviews is not None and event is None:
        raise InputError(
            "--reviews needs --event", hint="the event file says who the author is and which commit is the head"
        )
    when = day(today)
    path = unmoved_dictionary(dictionary, base, doing="so nothing of it can be approved here")
    change = submitted(Asked(path, base, event, reviews, teams, is_new), when)
    found = check_approval(
        diff(change.old, change.new, when),
        Evidence(
            change.voices,
            change.teams,
            _uses(change.old, in_use) if in_use else None,
            change.trusted,
            change.authors,
            change.elsewhere,
            allow_similar,
        ),
    )
    style = Style(
        colour=not output and wants_colour("auto", sys.stdout, os.environ),
        width=DEFAULT_WIDTH if output else width_of(sys.stdout, os.environ),
    )
    text = VIEWS[form](found, change.since, style)
    if output:
        write_file(output, text)
    else:
        write_stdout(text, utf8=form != "text")
    return EXIT_OK if found.approved else EXIT_BLOCKED


def _uses(dictionary: Dictionary, paths: tuple[str, ...]) -> dict[str, Use]:
    from tagwright_cli.pipeline import refuse_nothing  # noqa: PLC0415 - only where code is looked at
    from tagwright_dictionary.lifecycle.usage import used  # noqa: PLC0415
    from tagwright_dictionary.model import Location  # noqa: PLC0415
    from tagwright_iac.reading import ReadOptions, read  # noqa: PLC0415

    reading = read(paths, ReadOptions())
    refuse_nothing(reading, paths)
    if reading.problems:
        first = reading.problems[0]
        raise InputError(
            f"{len(reading.problems)} files cannot be read, so that nobody knows what is in use: {first.reason}",
            hint=first.hint or "mend the file, or leave it out",
            location=Location(first.path, first.line, first.column),
        )
    return used(dictionary, reading.resources)
