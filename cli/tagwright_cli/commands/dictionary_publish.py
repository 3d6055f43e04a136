"""`tagwright dictionary publish`."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.options import day
from tagwright_cli.output import write_stdout
from tagwright_cli.version import __version__
from tagwright_dictionary.errors import EXIT_OK, InputError

_EPOCH = "SOURCE_DATE_EPOCH"


@make(
    "publish",
    help=(
        "Write the dictionary as a static site: pages to read and search, data for programs, a feed of changes.\n\n"
        "The site works from any web host and from a disk, and asks nothing of the network. --previous names earlier "
        "versions (files, pinned URLs or git references, or git:REV[:PATH] of this repository) for the changelog and "
        "for pages at addresses that are gone; --next names the version that is being prepared, which is then shown "
        "beside this one. The same dictionaries and days give the same bytes; the day is that "
        f"of --date, else of {_EPOCH}, else today."
    ),
    examples=(
        "tagwright dictionary publish --to site",
        "tagwright dictionary publish --to site --previous git:v2.2.0 --released 2.2.0=2026-09-01",
    ),
)
@click.option("--to", "folder", required=True, metavar="DIR", help="The folder: empty, new, or of an earlier build.")
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@click.option("--previous", multiple=True, metavar="SOURCE", help="An earlier version; may be given several times.")
@click.option("--next", "following", metavar="SOURCE", help="The next version: what it changes, beside this one.")
@click.option("--next-date", "begins", metavar="DAY", help="When the next version is to come into force.")
@click.option("--date", "when", metavar="DAY", help="When this version comes into force.")
@click.option("--released", multiple=True, metavar="VERSION=DAY", help="When an earlier version came into force.")
@click.option("--url", "home", default="", metavar="URL", help="Where the site will live, for the links of the feed.")
@click.option("--force", is_flag=True, help="Write between the files of a folder that is not ours.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing, and no notes.")
@click.option("--today", "today", envvar="TAGWRIGHT_TODAY", hidden=True, metavar="DAY")
def command(
    *,
    folder: str,
    dictionary: str | None,
    previous: tuple[str, ...],
    following: str | None,
    begins: str | None,
    when: str | None,
    released: tuple[str, ...],
    home: str,
    force: bool,
    quiet: bool,
    today: str | None,
) -> int:
    from tagwright_cli.finding_dictionary import loaded  # noqa: PLC0415 - the help needs none of it
    from tagwright_cli.progress import progress_for  # noqa: PLC0415
    from tagwright_cli.sanitise import short  # noqa: PLC0415
    from tagwright_cli.wording import count  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.revisions import open_dictionary  # noqa: PLC0415
    from tagwright_dictionary.publishing import Options, Release, publish  # noqa: PLC0415

    days = _days(released)
    if begins and not following:
        raise InputError(f"--next-date {begins} is the day of no version", hint="name the version with --next")
    starts = day(begins) if begins else None
    options = Options(_day(when, today), f"tagwright {__version__}", _home(home), force)
    found, current = loaded(dictionary, cache=True, quiet=quiet)
    earlier = [open_dictionary(source, found.source) for source in previous]
    coming = Release(open_dictionary(following, found.source), starts) if following else None
    for version in days.keys() - {each.version for each in earlier}:
        raise InputError(
            f"--released {version} is the version of no --previous dictionary",
            hint=f"versions given: {', '.join(each.version for each in earlier) or 'none'}",
        )
    progress = progress_for("files", quiet=quiet)
    try:
        made = publish(
            current,
            Path(folder),
            options,
            [Release(each, days.get(each.version)) for each in earlier],
            progress,
            coming,
        )
    finally:
        if progress is not None:
            progress.close()
    if not quiet:
        size = f"{made.bytes / 1_000_000:.1f} MB"
        gone = f", {count(made.removed, 'stale file')} removed" if made.removed else ""
        write_stdout(
            f"{short(current.name)} {short(current.version)}: {count(made.pages, 'page')} and "
            f"{count(made.files - made.pages, 'other file')} in {short(folder)} ({size}{gone}), "
            f"digest {made.digest[:12]}\n"
        )
    return EXIT_OK


def _day(given: str | None, today: str | None) -> date:
    epoch = os.environ.get(_EPOCH, "")
    if given or today or not epoch:
        return day(given or today)
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise InputError(f"{_EPOCH}={epoch} is not a number of seconds", hint="or name the day with --date") from None


def _days(released: tuple[str, ...]) -> dict[str, date]:
    days: dict[str, date] = {}
    for text in released:
        version, equals, written = text.partition("=")
        if not equals or not written:
            raise InputError(f"--released {text} names no day", hint="--released 2.2.0=2026-09-01")
        days[version] = day(written)
    return days


def _home(given: str) -> str:
    if given and not given.startswith(("https://", "http://")):
        raise InputError(f"--url {given} is not a web address", hint="--url https://tags.acme.example/")
    return given if not given or given.endswith("/") else f"{given}/"
