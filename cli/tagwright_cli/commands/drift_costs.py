"""`tagwright drift costs`."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.live.state import state_of, state_options
from tagwright_cli.output import write_file, write_stdout
from tagwright_dictionary.errors import EXIT_OK, InputError

if TYPE_CHECKING:
    from tagwright_cli.live.choosing import Chosen
    from tagwright_drift.dollars.dollars import Dollars
    from tagwright_drift.dollars.model import Ask, Since
    from tagwright_drift.history.store import History

_FORMATS = ("text", "json", "csv")


@make(
    "costs",
    help=(
        "Say what missing and wrong tags cost: a bill joined with the newest scan, resource by resource.\n\n"
        "EXPORTS are FOCUS 1.x or CUR 2.0 exports with resource ids: files (.parquet, .csv, .csv.gz), folders, globs "
        "or s3:// addresses. Without a bill, --prices estimates from a price file of yours. Dollars a day of every "
        "finding are kept in the history, where reports find them."
    ),
    examples=(
        "tagwright drift costs s3://acme-billing/focus/data/BILLING_PERIOD=2026-10/",
        "tagwright drift costs --prices prices.yaml --format csv -o costs.csv",
    ),
)
@click.option("--prices", metavar="FILE", help="Estimate from this price file (YAML or CSV) instead of a bill.")
@click.option("--currency", default="", metavar="CODE", help="Count the rows of this currency only.")
@click.option("--from", "first", metavar="DAY", help="Count charges from this day on (UTC).")
@click.option("--to", "last", metavar="DAY", help="Count charges up to this day, included (UTC).")
@click.option("--run", metavar="RUN", help="A run's folder, or the beginning of its id. Default: the newest full run.")
@click.option("--allocation-tags", is_flag=True, help="Ask AWS which required keys are active as cost allocation tags.")
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary, for --allocation-tags.")
@click.option("--profile", metavar="NAME", help="The AWS profile for S3 and for --allocation-tags.")
@click.option("--owner-key", "owner_keys", multiple=True, metavar="KEY", help="Default: owner, else team.")
@click.option("--memory", default=1024, type=click.IntRange(128), metavar="MB", help="DuckDB's limit. Default: 1024.")
@click.option("--no-save", is_flag=True, help="Keep nothing in the history.")
@state_options
@click.option("--format", "-f", "form", type=click.Choice(_FORMATS), default="text", help="Default: text.")
@click.option("--output", "-o", metavar="FILE", help="Write to a file instead of stdout.")
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
@click.option("--now", "now", envvar="TAGWRIGHT_NOW", hidden=True, metavar="TIME")
@click.argument("exports", nargs=-1, metavar="[EXPORTS]...")
def command(
    *,
    exports: tuple[str, ...],
    prices: str | None,
    currency: str,
    first: str | None,
    last: str | None,
    run: str | None,
    allocation_tags: bool,
    dictionary: str | None,
    profile: str | None,
    owner_keys: tuple[str, ...],
    memory: int,
    no_save: bool,
    state: str | None,
    history: str | None,
    form: str,
    output: str | None,
    quiet: bool,
    now: str | None,
) -> int:
    from tagwright_drift.history.needs import check_installed  # noqa: PLC0415 - the help needs none of it

    check_installed()
    from tagwright_cli.error_handler import say  # noqa: PLC0415
    from tagwright_cli.live.choosing import choose  # noqa: PLC0415
    from tagwright_cli.live.costs_view import VIEWS, Shown  # noqa: PLC0415
    from tagwright_cli.terminal import DEFAULT_WIDTH, Style, wants_colour, width_of  # noqa: PLC0415
    from tagwright_drift.cells import coverage  # noqa: PLC0415
    from tagwright_drift.dollars.allocation import activation, client_for  # noqa: PLC0415
    from tagwright_drift.dollars.model import Ask as Asked  # noqa: PLC0415

    if bool(exports) == (prices is not None):
        raise InputError(
            "a bill and a price file at once" if exports else "neither a bill nor a price file",
            hint="name exports, or --prices FILE for an estimate without them",
        )
    if prices is not None and (currency or first or last):
        raise InputError("--currency, --from and --to are about a bill", hint="leave them out with --prices")
    ask = Asked(currency, _start(first, "--from"), _start(last, "--to", after=True), memory)
    if owner_keys:
        ask = replace(ask, owner_keys=owner_keys)
    moment = _moment(now)
    where = state_of(state, history)
    chosen = choose(where, run)
    if chosen.missing() and not quiet:
        say(f"tagwright: shards {', '.join(map(str, chosen.missing()))} of {chosen.header.id} are not there")
    tags = activation(_required(dictionary, quiet=quiet), client_for(profile)) if allocation_tags else ()
    with ExitStack() as stack:
        dollars = stack.enter_context(_dollars(stack, chosen, exports, prices, profile, ask, moment, quiet=quiet))
        opened = _history(where.url, named=history is not None, needed=not no_save, quiet=quiet)
        began: dict[str, datetime] = {}
        since: dict[str, Since] = {}
        if opened is not None:
            stack.callback(opened.close)
            began = {each.identity: each.first_seen for each in opened.findings()}
            since = {each.identity: each for each in dollars.since(began.items(), moment)}
            if not no_save and dollars.spend.currency == "USD":
                opened.save_costs(chosen.header.id, dollars.per_identity(), dict(dollars.metrics()))
        if not quiet and dollars.spend.currency != "USD":
            say("tagwright: nothing is kept in the history, which is in USD")
        shown = Shown(dollars, chosen.header, coverage(chosen.results().values()), began, since, tags)
        style = Style(
            colour=not output and form == "text" and wants_colour("auto", sys.stdout, os.environ),
            width=DEFAULT_WIDTH if output else width_of(sys.stdout, os.environ),
        )
        text = VIEWS[form](shown, style)
    if output:
        write_file(output, text)
    else:
        write_stdout(text, utf8=form != "text")
    return EXIT_OK


def _dollars(
    stack: ExitStack,
    chosen: Chosen,
    exports: tuple[str, ...],
    prices: str | None,
    profile: str | None,
    ask: Ask,
    now: datetime,
    *,
    quiet: bool,
) -> Dollars:
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - the help needs none of it

    from tagwright_cli.progress import progress_for  # noqa: PLC0415
    from tagwright_drift.dollars import buckets  # noqa: PLC0415
    from tagwright_drift.dollars.estimating import estimate  # noqa: PLC0415
    from tagwright_drift.dollars.exports import local_files  # noqa: PLC0415
    from tagwright_drift.dollars.joining import join  # noqa: PLC0415
    from tagwright_drift.dollars.prices import read_prices  # noqa: PLC0415

    if prices is not None:
        return estimate(chosen.observations(), read_prices(Path(prices)), now, ask)
    remote = [source for source in exports if buckets.is_remote(source)]
    files = [(path, str(path)) for path in local_files([each for each in exports if not buckets.is_remote(each)])]
    if remote:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="tagwright-exports-")))
        files += buckets.download(remote, folder, buckets.client_for(profile))
    progress = progress_for("files", quiet=quiet)
    try:
        return join(chosen.observations(), files, ask, progress)
    finally:
        if progress is not None:
            progress.close()


def _history(url: str, *, named: bool, needed: bool, quiet: bool) -> History | None:
    """The history, where there is one: without, costs are shown and not kept."""
    from tagwright_cli.error_handler import say  # noqa: PLC0415 - the help needs none of it
    from tagwright_drift.history.store import open_history  # noqa: PLC0415

    path = url.removeprefix("sqlite:///")
    if not named and not Path(path).is_file():
        if needed and not quiet:
            say(f"tagwright: nothing is kept, for there is no history in {path}")
        return None
    return open_history(url)


def _required(dictionary: str | None, *, quiet: bool) -> tuple[str, ...]:
    from tagwright_cli.finding_dictionary import loaded  # noqa: PLC0415 - the help needs none of it

    _, rules = loaded(dictionary, cache=True, quiet=quiet)
    return tuple(sorted({key for each in rules.requirements for key in each.require}))


def _start(given: str | None, option: str, *, after: bool = False) -> datetime | None:
    """The first moment of a day, or (`after`) of the day after it."""
    if given is None:
        return None
    try:
        day = date.fromisoformat(given)
        moved = date.fromordinal(day.toordinal() + after)
    except (ValueError, OverflowError):
        raise InputError(f"{option} {given} is not a day", hint=f"{option} 2026-10-01") from None
    return datetime.combine(moved, time(), UTC)


def _moment(given: str | None) -> datetime:
    if not given:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise InputError(f"{given!r} is not a time", hint="write it as 2026-11-26T15:30:00+01:00") from None
    return moment if moment.tzinfo is not None else moment.astimezone()
