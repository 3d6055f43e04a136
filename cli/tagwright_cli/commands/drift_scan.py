"""`tagwright drift scan`."""

from __future__ import annotations

import re
import secrets
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.live.aws_options import aws_options, needs_aws, options_of
from tagwright_cli.live.reporting import Reporter, exit_code, moment, report_of, report_options
from tagwright_cli.live.state import State, state_of, state_options
from tagwright_cli.output import write_stdout
from tagwright_cli.version import __version__
from tagwright_dictionary.errors import EXIT_INCOMPLETE, EXIT_INTERRUPTED, EXIT_OK, InputError

if TYPE_CHECKING:
    from tagwright_dictionary.dictionary import Dictionary
    from tagwright_drift.cells import Coverage
    from tagwright_drift.inventories.aws.inventory import AwsInventory
    from tagwright_drift.report.model import ReportData
    from tagwright_drift.runs.model import RunHeader

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SHARE = re.compile(r"([0-9]{1,5})/([0-9]{1,5})")


@make(
    "scan",
    help=(
        "Look at every live resource of AWS accounts, judge it by the dictionary, and report.\n\n"
        "Every account, region and type is a cell; what could not be seen is said first and never called clean. The "
        "scan is kept as a run in the state folder and merged into the history of findings. Interrupted or killed, it "
        "keeps what it has seen. It reads only; `tagwright drift iam-policy` prints what it needs. The exit code is 4 "
        "when not everything was seen, else 1 when an error is open."
    ),
    examples=(
        "tagwright drift scan --profile prod --format text --format html=report.html",
        "tagwright drift scan --organization --role tagwright-drift --scope hot",
    ),
)
@aws_options
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@state_options
@click.option("--out", metavar="DIR", help="Only write the run below this folder; `drift merge` applies it later.")
@click.option("--shard", metavar="I/N", help="Only the I-th of N shares of the cells; needs --out and --run-id.")
@click.option("--run-id", metavar="ID", help="The name of the run; all shards of one run are given the same.")
@click.option("--accept-shrink", is_flag=True, help="Believe cells that lost most of what they held.")
@report_options
def command(
    *,
    dictionary: str | None,
    state: str | None,
    history: str | None,
    out: str | None,
    shard: str | None,
    run_id: str | None,
    accept_shrink: bool,
    most: int,
    formats: tuple[str, ...],
    output: str | None,
    colour: str,
    quiet: bool,
    now: str | None,
    **aws: Any,
) -> int:
    from tagwright_drift.history.needs import check_installed  # noqa: PLC0415 - the help needs none of it

    check_installed()
    needs_aws("Reading live AWS accounts")
    from tagwright_cli.error_handler import say  # noqa: PLC0415
    from tagwright_cli.finding_dictionary import loaded  # noqa: PLC0415
    from tagwright_drift.inventories.aws.inventory import AwsInventory  # noqa: PLC0415
    from tagwright_drift.runs.model import RunHeader  # noqa: PLC0415

    share = _share(shard, out, run_id)
    if out is not None and (formats or output):
        raise InputError("--out writes a run and no report", hint="tagwright drift merge DIR, then drift report")
    reporter = Reporter(formats, output, colour, most)
    _, rules = loaded(dictionary, cache=True, quiet=quiet)
    started = moment(now).astimezone(UTC) if now else datetime.now(UTC)
    places = state_of(state, history)
    header = RunHeader(
        run_id or f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}",
        started,
        "narrowed" if aws["regions"] or aws["types"] else aws["scope"],
        AwsInventory.name,
        __version__,
        rules.name,
        rules.version,
        rules.digest,
        share,
        (moment(now) if now else datetime.now().astimezone()).date().isoformat(),
    )
    if out is None:
        _catch_up(places, quiet=quiet)
    inventory = AwsInventory(options_of(aws))
    with closing(inventory):
        coverage, path, interrupted = _scan(
            inventory, header, rules, Path(out) if out else places.runs, aws["threads"], quiet
        )
        if not quiet:
            for note in inventory.notes:
                say(f"tagwright: {note}")
    if out is not None:
        from tagwright_drift.report.words import coverage_words  # noqa: PLC0415

        write_stdout(f"{coverage_words(coverage)}\n{path}\n")
        if interrupted:
            return EXIT_INTERRUPTED
        return EXIT_OK if coverage.whole or not coverage.planned else EXIT_INCOMPLETE
    data = _merged(places, path, rules, moment(now), accept_shrink=accept_shrink)
    reporter.write(data)
    if not quiet and not reporter.tells:
        from tagwright_drift.report.words import coverage_words  # noqa: PLC0415

        say(f"tagwright: {coverage_words(coverage)}")
    return EXIT_INTERRUPTED if interrupted else exit_code(data)


def _share(shard: str | None, out: str | None, run_id: str | None) -> tuple[int, int]:
    if run_id is not None and not _RUN_ID.fullmatch(run_id):
        raise InputError(
            f"--run-id {run_id!r} cannot name a folder",
            hint="up to 100 letters, digits, dots, hyphens and underscores, a letter or digit first",
        )
    if shard is None:
        return (1, 1)
    found = _SHARE.fullmatch(shard)
    number, of = (found[1], found[2]) if found else ("0", "0")
    if not 1 <= int(number) <= int(of) <= 10_000:
        raise InputError(f"--shard {shard} is no share", hint="--shard 2/8: the second of eight")
    if out is None or not run_id:
        raise InputError(
            "a shard needs --out and --run-id",
            hint="give all shards of one run the same --run-id; `tagwright drift merge` puts them together",
        )
    return (int(number), int(of))


def _catch_up(places: State, *, quiet: bool) -> None:
    """Scans that were killed are merged first, so that what they saw is not lost and the clocks are right."""
    from tagwright_cli.error_handler import say  # noqa: PLC0415
    from tagwright_drift.history.recovering import recover  # noqa: PLC0415
    from tagwright_drift.history.store import open_history  # noqa: PLC0415
    from tagwright_drift.report.words import coverage_words  # noqa: PLC0415

    with closing(open_history(places.url, create=True)) as history:
        if not places.runs.is_dir():
            return
        for applied in recover(places.runs, history):
            if not quiet:
                say(f"tagwright: recovered the scan {applied.run}: {coverage_words(applied.coverage)}")


def _scan(
    inventory: AwsInventory, header: RunHeader, rules: Dictionary, runs: Path, threads: int, quiet: bool
) -> tuple[Coverage, Path, bool]:
    from datetime import date  # noqa: PLC0415

    from tagwright_cli.live.judging import gated  # noqa: PLC0415
    from tagwright_cli.live.stopping import stopping  # noqa: PLC0415
    from tagwright_cli.progress import progress_for  # noqa: PLC0415
    from tagwright_drift.runs.writing import RunWriter  # noqa: PLC0415
    from tagwright_drift.scanning.engine import Scan  # noqa: PLC0415
    from tagwright_drift.scanning.executors import EXECUTORS  # noqa: PLC0415
    from tagwright_drift.scanning.sharding import shard_of  # noqa: PLC0415

    number, of = header.shard
    planned = (each for each in inventory.plan() if of == 1 or shard_of(each.cell, of) == number)
    progress = progress_for("cells", quiet=quiet)
    scan = Scan(
        inventory, gated(rules, date.fromisoformat(header.judged_on)), EXECUTORS["threads"](threads), progress=progress
    )
    try:
        with stopping("stopping: what was seen is kept, the rest counts as unseen; once more ends at once") as stop:
            inventory.stop_with(stop)
            with RunWriter(runs, header, planned) as writer:
                if not writer.cells and of == 1:
                    raise InputError("nothing to scan: no account has a region and a type left", hint="widen --region")
                coverage = scan.run(writer, stop)
                return coverage, writer.path, stop.is_set()
    finally:
        if progress is not None:
            progress.close()


def _merged(places: State, path: Path, rules: Dictionary, now: datetime, *, accept_shrink: bool) -> ReportData:
    from tagwright_drift.history.applying import apply  # noqa: PLC0415
    from tagwright_drift.history.merge import Guard  # noqa: PLC0415
    from tagwright_drift.history.store import open_history  # noqa: PLC0415
    from tagwright_drift.runs.reading import open_run  # noqa: PLC0415

    folder = open_run(path)
    with closing(open_history(places.url, create=True)) as history:
        apply(history, [folder], guard=Guard(accept=accept_shrink))
        return report_of(history, rules, now, run=folder.header.id)
