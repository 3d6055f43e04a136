"""`tagwright drift tickets`."""

from __future__ import annotations

import os
import re
from contextlib import closing

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.live.reporting import moment, report_of
from tagwright_cli.live.state import state_of, state_options
from tagwright_cli.output import write_stdout
from tagwright_dictionary.errors import EXIT_INCOMPLETE, EXIT_OK, InputError

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
_BY = ("owner", "account", "type")


@make(
    "tickets",
    help=(
        "Keep GitHub issues in step with the open findings: one an owner, updated in place, closed when mended.\n\n"
        "Without --apply nothing is written: the steps are printed. An issue is found again by a hidden mark in its "
        "text and by its label. It is closed only when the history has resolved all of it, which takes a scan that saw "
        "the place whole. GITHUB_TOKEN needs to read and write the repository's issues. The exit code is 4 when the "
        "scan behind it did not see everything."
    ),
    examples=(
        "tagwright drift tickets --repository acme/infra",
        "tagwright drift tickets --repository acme/infra --by account --apply",
    ),
)
@click.option("--repository", required=True, metavar="OWNER/NAME", help="Where the issues live.")
@click.option("--by", type=click.Choice(_BY), default="owner", help="What makes an issue. Default: owner.")
@click.option("--apply", "really", is_flag=True, help="Write to GitHub.")
@click.option("--dry-run", is_flag=True, help="Only print the steps, which is what happens without --apply.")
@click.option("--link", default="", metavar="URL", help="Where the whole report can be read.")
@click.option("--label", default="tagwright-drift", metavar="NAME", help="Default: tagwright-drift.")
@click.option(
    "--api",
    default="https://api.github.com",
    envvar="GITHUB_API_URL",
    metavar="URL",
    help="The API of GitHub Enterprise.",
)
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@state_options
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
@click.option("--now", "now", envvar="TAGWRIGHT_NOW", hidden=True, metavar="TIME")
def command(
    *,
    repository: str,
    by: str,
    really: bool,
    dry_run: bool,
    link: str,
    label: str,
    api: str,
    dictionary: str | None,
    state: str | None,
    history: str | None,
    quiet: bool,
    now: str | None,
) -> int:
    from tagwright_drift.history.needs import check_installed  # noqa: PLC0415 - the help needs none of it

    check_installed()
    from tagwright_cli.finding_dictionary import loaded  # noqa: PLC0415
    from tagwright_cli.sanitise import short  # noqa: PLC0415
    from tagwright_drift.history.store import open_history  # noqa: PLC0415
    from tagwright_drift.report.words import coverage_words  # noqa: PLC0415
    from tagwright_drift.tickets.github import GitHub  # noqa: PLC0415
    from tagwright_drift.tickets.planning import Act, plan  # noqa: PLC0415

    if really and dry_run:
        raise InputError("--apply and --dry-run exclude each other", hint="name one of them")
    if not _REPOSITORY.fullmatch(repository):
        raise InputError(f"--repository {repository} is no repository", hint="--repository acme/infra")
    token = os.environ.get("GITHUB_TOKEN") or os.environ.get("GH_TOKEN") or ""
    if not token:
        raise InputError("there is no token for GitHub", hint="export GITHUB_TOKEN=...; it needs issues: write")
    _, rules = loaded(dictionary, cache=True, quiet=quiet)
    with closing(open_history(state_of(state, history).url)) as opened:
        data = report_of(opened, rules, moment(now))
    tracker = GitHub(repository, token, api, label)
    steps = plan(data, tracker.tickets(), by, link)
    write_stdout(coverage_words(data.run.coverage) + "\n")
    for step in steps:
        number = f"#{step.number} " if step.number else ""
        line = f"{step.act:<6}  {number}{short(step.title)}"
        if step.act is not Act.KEEP and really:
            line += f"  {short(tracker.take(step))}"
        write_stdout(line + "\n")
    if not steps:
        write_stdout("no issue is needed\n")
    elif not really and any(step.act is not Act.KEEP for step in steps):
        write_stdout("nothing was written: --apply does it\n")
    return EXIT_OK if data.whole else EXIT_INCOMPLETE
