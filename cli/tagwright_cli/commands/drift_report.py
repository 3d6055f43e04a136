"""`tagwright drift report`."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, time, timedelta

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.live.reporting import Reporter, exit_code, moment, report_of, report_options
from tagwright_cli.live.state import state_of, state_options
from tagwright_dictionary.errors import InputError

_LONGEST = 4
"""Digits of a number of days: more than 27 years is a mistake."""


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
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@report_options
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
    from tagwright_cli.sanitise import short  # noqa: PLC0415
    from tagwright_drift.history.store import open_history  # noqa: PLC0415
    from tagwright_drift.report.words import coverage_words, dictionary_words  # noqa: PLC0415

    reporter = Reporter(formats, output, colour, most)
    when = moment(now)
    start = _since(since, when)
    _, rules = loaded(dictionary, cache=True, quiet=quiet)
    with closing(open_history(state_of(state, history).url)) as opened:
        data = report_of(opened, rules, when, run=run, owner=owner, since=start)
    reporter.write(data)
    if not quiet:
        if rules.digest != data.run.dictionary_digest:
            say(
                f"tagwright: the scan judged by {short(dictionary_words(data.run))}; service levels and targets are "
                f"those of {short(rules.name)} {short(rules.version)}"
            )
        if not reporter.tells:
            say(f"tagwright: {coverage_words(data.run.coverage)}")
    return exit_code(data)


def _since(given: str | None, now: datetime) -> datetime | None:
    """A day at its first moment where the user is, or so many days before now."""
    if given is None:
        return None
    number = given.removesuffix("d")
    try:
        if given != number and number.isascii() and number.isdigit() and len(number) <= _LONGEST:
            return now - timedelta(days=int(number))
        return datetime.combine(date.fromisoformat(given), time(), now.tzinfo)
    except (ValueError, OverflowError):
        raise InputError(f"--since {given} is neither a day nor a number of days", hint="2026-11-01, or 30d") from None
