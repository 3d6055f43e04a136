"""`tagwright drift history`."""

from __future__ import annotations

import json

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.live.state import state_of, state_options
from tagwright_cli.output import write_stdout
from tagwright_dictionary.errors import EXIT_OK, InputError


@make(
    "history",
    help=(
        "List the runs that the history knows, or show the life of one finding.\n\n"
        "FINDING is the beginning of a finding's identity, the ARN of a resource or its name. --keep forgets the "
        "ledgers and events of older runs; their numbers, and all findings, stay."
    ),
    examples=(
        "tagwright drift history",
        "tagwright drift history arn:aws:s3:::acme-models",
    ),
)
@state_options
@click.option("--keep", type=click.IntRange(1), metavar="N", help="Keep the details of the newest N runs only.")
@click.option("--format", "-f", "form", type=click.Choice(("text", "json")), default="text", help="Default: text.")
@click.argument("finding", required=False, metavar="[FINDING]")
def command(*, state: str | None, history: str | None, keep: int | None, form: str, finding: str | None) -> int:
    from tagwright_drift.history.needs import check_installed  # noqa: PLC0415 - the help needs none of it

    check_installed()
    from tagwright_cli.live import history_view  # noqa: PLC0415 - the help needs none of it
    from tagwright_drift.history.store import open_history  # noqa: PLC0415

    if keep is not None and finding is not None:
        raise InputError("--keep is about runs, not about one finding", hint="tagwright drift history --keep 60")
    opened = open_history(state_of(state, history).url)
    try:
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
