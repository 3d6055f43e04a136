"""`tagwright dictionary codeowners`."""

from __future__ import annotations

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_stdout
from tagwright_dictionary.errors import EXIT_OK


@make(
    "codeowners",
    help=(
        "Print the CODEOWNERS lines of the dictionary: for each of its files, who approves the keys in it.\n\n"
        "An approver is a login or e-mail address as it is, else its members in --teams, else a team of --org. "
        "GitHub asks by file; which key's approvers agreed is what `dictionary check-approval` checks."
    ),
    examples=(
        "tagwright dictionary codeowners --org acme >> .github/CODEOWNERS",
        "tagwright dictionary codeowners --teams .github/tag-teams",
    ),
)
@click.option("--org", default="", metavar="ORG", help="The organisation whose teams the approvers are.")
@click.option("--teams", metavar="FILE", help="Lines TEAM @login @login: who speaks for an approver's name.")
@click.option("--dictionary", metavar="FILE", help="The tag dictionary, a file of this repository.")
def command(*, org: str, teams: str | None, dictionary: str | None) -> int:
    from tagwright_cli.governance.local import local_dictionary  # noqa: PLC0415 - the help needs none of it
    from tagwright_cli.governance.trusted import text_of  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.codeowners import codeowners  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.reviews import NO_TEAMS, parse_teams  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.revisions import repository  # noqa: PLC0415
    from tagwright_dictionary.loading import load  # noqa: PLC0415

    path = local_dictionary(dictionary, doing="so nobody here owns it")
    known = parse_teams(text_of(teams, "teams file"), teams) if teams is not None else NO_TEAMS
    write_stdout(codeowners(load(path), repository(path), path, known, org), utf8=True)
    return EXIT_OK
