"""`tagwright drift replay`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_stdout


@make(
    "replay",
    help=(
        "Build a history anew from the run folders: the same, row for row, as scan by scan.\n\n"
        "RUNS is a folder of run folders, such as .tagwright/drift/runs. For a history that was lost or damaged, for "
        "another database, and to prove one. A replay that was broken off goes on where it was; a history that holds "
        "anything else is not touched. The exit code is 4 when the newest run did not see everything."
    ),
    examples=(
        "tagwright drift replay .tagwright/drift/runs --history new.db",
        "tagwright drift replay runs --history postgresql://tagwright@db.acme.example/tags",
    ),
)
@click.option("--history", required=True, metavar="NEW", help="The new history: a file, or postgresql://...")
@click.option("--partial", is_flag=True, help="Merge runs of which shards are missing.")
@click.option("--format", "-f", "form", type=click.Choice(("text", "json")), default="text", help="Default: text.")
@click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
@click.argument("runs", metavar="RUNS")
def command(*, history: str, partial: bool, form: str, quiet: bool, runs: str) -> int:
    from tagwright_drift.history.needs import check_installed  # noqa: PLC0415 - the help needs none of it

    check_installed()
    from tagwright_cli.live import merging  # noqa: PLC0415 - the help needs none of it
    from tagwright_cli.progress import progress_for  # noqa: PLC0415
    from tagwright_drift.history.recovering import replay, runs_to_replay  # noqa: PLC0415
    from tagwright_drift.history.store import open_history  # noqa: PLC0415

    ordered = runs_to_replay(Path(runs))  # before a history is begun for nothing
    progress = progress_for("cells", quiet=quiet)
    opened = open_history(history, create=True)
    try:
        merged = list(replay(ordered, opened, partial=partial, progress=progress))
    finally:
        opened.close()
        if progress is not None:
            progress.close()
    if form == "json":
        document = {"runs": [merging.applied_json(each) for each in merged]}
        write_stdout(json.dumps(document, indent=2, sort_keys=True) + "\n", utf8=True)
    else:
        write_stdout("".join(merging.applied_words(each) for each in merged) + merging.summary(merged))
    return merging.exit_code(merged[-1:])
