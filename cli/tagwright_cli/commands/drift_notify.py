"""`tagwright drift notify`."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.live.reporting import moment, report_of
from tagwright_cli.live.state import State, state_of, state_options
from tagwright_cli.output import write_stdout
from tagwright_dictionary.errors import EXIT_BAD_INPUT, EXIT_INCOMPLETE, EXIT_OK, InputError

if TYPE_CHECKING:
    from tagwright_drift.history.records import HistoryReader, RunRecord
    from tagwright_drift.notify.channels import Channel
    from tagwright_drift.notify.sending import Sent

_FILE = "notify.yaml"


@make(
    "notify",
    help=(
        "Tell channels and owners what is new and due, and say so when no scan came.\n\n"
        "The channels file names addresses of Slack, Teams, e-mail, webhooks and what else Apprise knows, with their "
        "secrets in the environment; see docs/drift-notify.md. Nobody is told of the same scan twice, and only what "
        "was not taken is tried again. With --watch nothing is told but that a scan did not come, and the exit code is "
        "then 4. The exit code is 2 when a message was not taken."
    ),
    examples=(
        "tagwright drift notify --config notify.yaml --link https://drift.acme.example/report.html",
        "tagwright drift notify --watch --full-within 8d --hot-within 12h",
    ),
)
@click.option("--config", metavar="FILE", help=f"The channels file. Default: {_FILE}.")
@click.option("--link", default="", metavar="URL", help="Where the whole report can be read.")
@click.option("--dry-run", is_flag=True, help="Print what would be sent, and to which channel; send nothing.")
@click.option("--again", is_flag=True, help="Send also what was sent of this scan before.")
@click.option("--watch", is_flag=True, help="Only look whether scans came, and tell the watching channels if not.")
@click.option("--full-within", default="8d", metavar="SPAN", help="How old a full scan may be. Default: 8d.")
@click.option("--hot-within", metavar="SPAN", help="How old a hot scan may be. Default: none is expected.")
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@state_options
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
@click.option("--now", "now", envvar="TAGWRIGHT_NOW", hidden=True, metavar="TIME")
def command(
    *,
    config: str | None,
    link: str,
    dry_run: bool,
    again: bool,
    watch: bool,
    full_within: str,
    hot_within: str | None,
    dictionary: str | None,
    state: str | None,
    history: str | None,
    quiet: bool,
    now: str | None,
) -> int:
    from tagwright_drift.history.needs import check_installed  # noqa: PLC0415 - the help needs none of it

    check_installed()
    from tagwright_drift.history.store import open_history  # noqa: PLC0415
    from tagwright_drift.notify.watching import span  # noqa: PLC0415

    at = moment(now)
    places = state_of(state, history)
    expected = [("full", span(full_within, "--full-within"))]
    if hot_within:
        expected.append(("hot", span(hot_within, "--hot-within")))
    if link and not link.startswith(("https://", "http://")):
        raise InputError(f"--link {link} is no web address", hint="--link https://drift.acme.example/report.html")
    channels = _channels(config, optional=watch, dry_run=dry_run)
    if watch:
        return _watch(places, channels, expected, at, dry_run=dry_run)
    with closing(open_history(places.url)) as opened:
        return _tell(opened, places, channels, link, dictionary, at, dry_run=dry_run, again=again, quiet=quiet)


def _channels(config: str | None, *, optional: bool, dry_run: bool) -> tuple[Channel, ...]:
    """All addresses are tried out on the library before anything is sent: half of the owners told is worse."""
    from tagwright_drift.notify.channels import read_channels  # noqa: PLC0415
    from tagwright_drift.notify.sending import AppriseSender, check_address  # noqa: PLC0415

    path = Path(config or _FILE)
    if config is None and not path.exists():
        if optional:
            return ()
        raise InputError(f"there is no {_FILE} here", hint="--config names the channels file; see docs/drift-notify.md")
    channels = read_channels(path)
    if not dry_run:
        sender = AppriseSender()
        for channel in channels:
            check_address(channel, sender)
    return channels


def _tell(
    history: HistoryReader,
    places: State,
    channels: tuple[Channel, ...],
    link: str,
    dictionary: str | None,
    at: datetime,
    *,
    dry_run: bool,
    again: bool,
    quiet: bool,
) -> int:
    from tagwright_cli.finding_dictionary import loaded  # noqa: PLC0415
    from tagwright_cli.sanitise import short  # noqa: PLC0415
    from tagwright_drift.notify.remembering import Memory  # noqa: PLC0415
    from tagwright_drift.notify.sending import AppriseSender, refusal  # noqa: PLC0415
    from tagwright_drift.notify.telling import digests, tell  # noqa: PLC0415

    _, rules = loaded(dictionary, cache=True, quiet=quiet)
    data = report_of(history, rules, at)
    if dry_run:
        texts = []
        for channel in channels:
            for each in digests(data, channel, link):
                whom = f"{channel.name}{f' for {short(each.owner)}' if each.owner else ''}"
                reason = refusal(channel, each)
                said = f"not sent to {whom}: {short(reason)}" if reason else f"to {whom}\n{each.title}\n\n{each.body}"
                texts.append(f"{said}\n")
        write_stdout(_shown("\n".join(texts) or "nothing would be sent\n"))
        return EXIT_OK
    memory = Memory(places.folder)
    try:
        sent = list(tell(data, channels, AppriseSender(), memory, link=link, again=again))
    finally:
        memory.save()
    return _outcome(sent)


def _watch(
    places: State,
    channels: tuple[Channel, ...],
    expected: list[tuple[str, timedelta]],
    at: datetime,
    *,
    dry_run: bool,
) -> int:
    from tagwright_drift.history.store import open_history  # noqa: PLC0415
    from tagwright_drift.notify.sending import AppriseSender  # noqa: PLC0415
    from tagwright_drift.notify.telling import alarm  # noqa: PLC0415
    from tagwright_drift.notify.watching import missing  # noqa: PLC0415

    # No history at all is the worst case of a scan that did not come, not a mistake of the caller.
    runs: tuple[RunRecord, ...] = ()
    if places.begun():
        with closing(open_history(places.url)) as opened:
            runs = opened.runs()
    gone = missing(runs, at, expected)
    if not gone:
        write_stdout("Every scan came in time.\n")
        return EXIT_OK
    write_stdout("".join(f"{each.words(at)}\n" for each in gone))
    if not dry_run and channels:
        _outcome(list(alarm(gone, channels, AppriseSender(), lambda each: each.words(at))))
    return EXIT_INCOMPLETE


def _outcome(sent: list[Sent]) -> int:
    from tagwright_cli.sanitise import short  # noqa: PLC0415
    from tagwright_cli.wording import count  # noqa: PLC0415

    lost = [each for each in sent if not each.ok]
    lines = [f"{count(len(sent) - len(lost), 'message')} sent."] if sent else ["Everybody has been told already."]
    for each in lost:
        whom = f" for {short(each.owner)}" if each.owner else ""
        lines.append(f"not sent to {short(each.channel)}{whom}: {short(each.reason)}")
    write_stdout("\n".join(lines) + "\n")
    return EXIT_BAD_INPUT if lost else EXIT_OK


def _shown(text: str) -> str:
    from tagwright_cli.sanitise import clean  # noqa: PLC0415

    return "".join(f"{clean(line)}\n" for line in text.rstrip("\n").split("\n"))
