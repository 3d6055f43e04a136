"""`tagwright drift merge`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.live.state import state_of, state_options
from tagwright_cli.output import write_stdout


@make(
    "merge",
    help=(
        "Merge the shards of one run into the history, in one transaction.\n\n"
        "DIRS are run folders, or folders that hold them (what `tagwright drift scan --shard i/n --out DIR` wrote). "
        "All shards must be there; --partial merges without the missing ones, whose cells count as unseen. A run that "
        "the history has already changes nothing. The exit code is 4 when the run did not see everything."
    ),
    examples=(
        "tagwright drift merge shards/1 shards/2 shards/3",
        "tagwright drift merge shards --history postgresql://tagwright@db.acme.example/tags",
    ),
)
@click.option("--partial", is_flag=True, help="Merge although shards are missing.")
@click.option("--accept-shrink", is_flag=True, help="Believe cells that lost most of what they held.")
@state_options
@click.option("--format", "-f", "form", type=click.Choice(("text", "json")), default="text", help="Default: text.")
@click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
@click.argument("folders", nargs=-1, required=True, metavar="DIRS...")
def command(
    *,
    partial: bool,
    accept_shrink: bool,
    state: str | None,
    history: str | None,
    form: str,
    quiet: bool,
    folders: tuple[str, ...],
) -> int:
    from tagwright_drift.history.needs import check_installed  # noqa: PLC0415 - the help needs none of it

    check_installed()
    from tagwright_cli.live.merging import applied_json, applied_words, exit_code  # noqa: PLC0415
    from tagwright_cli.progress import progress_for  # noqa: PLC0415
    from tagwright_drift.history.applying import apply  # noqa: PLC0415
    from tagwright_drift.history.merge import Guard  # noqa: PLC0415
    from tagwright_drift.history.shards import shards_of  # noqa: PLC0415
    from tagwright_drift.history.store import open_history  # noqa: PLC0415
    from tagwright_drift.runs.reading import RunFolder, find_runs, open_run  # noqa: PLC0415

    found: list[RunFolder] = []
    for name in folders:
        path = Path(name)
        found += [open_run(path)] if (path / "run.json").is_file() else find_runs(path) or [open_run(path)]
    shards_of(found, partial=partial)  # before a history is begun for nothing
    progress = progress_for("cells", quiet=quiet)
    opened = open_history(state_of(state, history).url, create=True)
    try:
        applied = apply(opened, found, guard=Guard(accept=accept_shrink), partial=partial, progress=progress)
    finally:
        opened.close()
        if progress is not None:
            progress.close()
    if form == "json":
        write_stdout(json.dumps(applied_json(applied), indent=2, sort_keys=True) + "\n", utf8=True)
    else:
        write_stdout(applied_words(applied))
    return exit_code([applied])
