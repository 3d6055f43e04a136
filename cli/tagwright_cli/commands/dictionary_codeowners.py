"""`tagwright dictionary codeowners`."""

from __future__ import annotations

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_stdout
from tagwright_cli.sanitise import clean
from tagwright_dictionary.errors import EXIT_BLOCKED, EXIT_OK


@make(
    "codeowners",
    help=(
        "Print the CODEOWNERS lines of the dictionary: for each of its files, who approves the keys in it.\n\n"
        "An approver is a login or e-mail address as it is, else its members in --teams, else a team of --org. "
        "GitHub asks by file; which key's approvers agreed is what `dictionary check-approval` checks. With --check "
        "nothing is printed but what a CODEOWNERS file gets wrong, and the exit code is 1 then."
    ),
    examples=(
        "tagwright dictionary codeowners --org acme >> .github/CODEOWNERS",
        "tagwright dictionary codeowners --teams .github/tag-teams --check .github/CODEOWNERS",
    ),
)
@click.option("--org", default="", metavar="ORG", help="The organisation whose teams the approvers are.")
@click.option("--teams", metavar="FILE", help="Lines TEAM @login @login: who speaks for an approver's name.")
@click.option("--check", "existing", metavar="FILE", help="Compare with a CODEOWNERS file instead of printing.")
@click.option("--dictionary", metavar="FILE", help="The tag dictionary, a file of this repository.")
def command(*, org: str, teams: str | None, existing: str | None, dictionary: str | None) -> int:
    from tagwright_cli.governance.local import local_dictionary  # noqa: PLC0415 - the help needs none of it
    from tagwright_cli.governance.trusted import text_of  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.codeowners import codeowners, differences, owners  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.reviews import NO_TEAMS, parse_teams  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.revisions import repository  # noqa: PLC0415
    from tagwright_dictionary.loading import load  # noqa: PLC0415

    path = local_dictionary(dictionary, doing="so nobody here owns it")
    known = parse_teams(text_of(teams, "teams file"), teams) if teams is not None else NO_TEAMS
    loaded = load(path)
    wanted = owners(loaded, repository(path), path, known, org)
    if existing is None:
        write_stdout(codeowners(loaded, wanted), utf8=True)
        return EXIT_OK
    wrong = differences(text_of(existing, "CODEOWNERS file"), wanted)
    told = [clean(f"{existing}: {each}", 600) for each in wrong] or [clean(f"{existing}: as it should be")]
    write_stdout("".join(f"{line}\n" for line in told))
    return EXIT_BLOCKED if wrong else EXIT_OK
