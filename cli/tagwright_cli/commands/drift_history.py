"""`tagwright drift history`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.live.state import state_of, state_options
from tagwright_cli.output import write_stdout
from tagwright_dictionary.errors import EXIT_OK, InputError

if TYPE_CHECKING:
    from tagwright_drift.history.store import History


@make(
    "history",
    help=(
        "Show the runs that the history knows, or the life of one finding.\n\n"
        "FINDING is the beginning of a finding's identity, the ARN of a resource or its name. --keep forgets the "
        "ledgers and events of older runs; their numbers, all findings, and what the next report takes, stay. "
        "--retire closes what no scan can close: the open findings of an account, region or type that the newest full "
        "scan does not look for any more."
    ),
    examples=(
        "tagwright drift history arn:aws:s3:::acme-models",
        'tagwright drift history --retire 111122223333 --reason "account closed, FIN-812"',
    ),
)
@state_options
@click.option("--keep", type=click.IntRange(1), metavar="N", help="Keep the details of the newest N runs only.")
@click.option("--retire", metavar="PLACE", help="ACCOUNT, ACCOUNT/REGION or ACCOUNT/REGION/TYPE, scanned no more.")
@click.option("--reason", metavar="TEXT", help="Why; kept in the history of each finding.")
@click.option("--now", "now", envvar="TAGWRIGHT_NOW", hidden=True, metavar="TIME")
@click.option("--format", "-f", "form", type=click.Choice(("text", "json")), default="text", help="Default: text.")
@click.argument("finding", required=False, metavar="[FINDING]")
def command(
    *,
    state: str | None,
    history: str | None,
    keep: int | None,
    retire: str | None,
    reason: str | None,
    now: str | None,
    form: str,
    finding: str | None,
) -> int:
    from tagwright_drift.history.needs import check_installed  # noqa: PLC0415 - the help needs none of it

    check_installed()
    from tagwright_cli.live import history_view  # noqa: PLC0415 - the help needs none of it
    from tagwright_drift.history.store import open_history  # noqa: PLC0415

    if keep is not None and finding is not None:
        raise InputError("--keep is about runs, not about one finding", hint="tagwright drift history --keep 60")
    if retire is not None and (keep is not None or finding is not None):
        raise InputError("--retire stands alone", hint="tagwright drift history --retire ACCOUNT --reason TEXT")
    if reason is not None and retire is None:
        raise InputError("--reason is about --retire", hint="--retire ACCOUNT --reason TEXT")
    opened = open_history(state_of(state, history).url)
    try:
        if retire is not None:
            return _retire(opened, retire, reason or "", now, form)
        forgotten = None if keep is None else opened.prune(keep)
        if finding is None:
            runs = opened.runs()
            document = history_view.runs_json(runs)
            text = history_view.runs_text(runs, forgotten)
        else:
            found = opened.finding(finding)
            if not found:
                raise InputError(
                    f"the history in {opened.name} knows no finding {finding!r}",
                    hint="name the beginning of an identity, an ARN or a name as `tagwright drift report` shows them",
                )
            lives = [(each, opened.life(each.identity)) for each in found]
            document = history_view.lives_json(lives)
            text = history_view.lives_text(lives)
    finally:
        opened.close()
    if form == "json":
        write_stdout(json.dumps(document, indent=2, sort_keys=True) + "\n", utf8=True)
    else:
        write_stdout(text)
    return EXIT_OK


def _retire(history: History, place: str, reason: str, now: str | None, form: str) -> int:
    from tagwright_cli.live.reporting import moment  # noqa: PLC0415 - the help needs none of it
    from tagwright_cli.sanitise import short  # noqa: PLC0415
    from tagwright_cli.wording import count  # noqa: PLC0415
    from tagwright_drift.history.retiring import retire, where_of  # noqa: PLC0415

    where = where_of(place)
    gone = retire(history, where, reason, moment(now))
    if form == "json":
        write_stdout(json.dumps({"retired": gone, "place": str(where)}, indent=2, sort_keys=True) + "\n", utf8=True)
    else:
        write_stdout(f"{count(gone, 'finding')} of {short(str(where))} retired: seen again, they go on as they were.\n")
    return EXIT_OK
