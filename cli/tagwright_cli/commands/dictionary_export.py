"""`tagwright dictionary export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagwright_cli.error_handler import say
from tagwright_cli.lazy import command as make
from tagwright_cli.options import day
from tagwright_cli.output import write_file, write_stdout
from tagwright_cli.sanitise import clean
from tagwright_cli.version import __version__
from tagwright_cli.wording import count
from tagwright_dictionary.errors import EXIT_BLOCKED, EXIT_OK, InputError, OutputError

if TYPE_CHECKING:  # the targets are loaded when one is asked for
    from tagwright_policies.exports import Export, Gap

NAMES = (
    "aws-tag-policy",
    "terraform-module",
    "rego",
    "custodian",
    "json-schema",
    "python-enums",
    "typescript-enums",
)
"""The targets of `tagwright_policies.exports.TARGETS`, known here without loading them."""


@make(
    "export",
    help=(
        "Write the dictionary for another engine; what that engine cannot express is listed, never dropped silently."
        "\n\nThe list stands in the header of what is written, and on stderr. --strict refuses (exit 1, nothing is "
        "written) when there is anything in it; --accept names what may be missing all the same, by its first word."
    ),
    examples=(
        "tagwright dictionary export terraform-module --to modules/tags",
        "tagwright dictionary export json-schema --strict --accept unreached > tags.schema.json",
    ),
)
@click.option("--to", "folder", metavar="DIR", help="The folder to write to; without it a single file goes to stdout.")
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@click.option("--strict", is_flag=True, help="Refuse when anything cannot be expressed.")
@click.option(
    "--accept", multiple=True, metavar="SUBJECT", help="With --strict: accept this gap (unreached, severity)."
)
@click.option("--check", is_flag=True, help="Write nothing; fail when the files in DIR are not what would be written.")
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
@click.option("--today", "today", envvar="TAGWRIGHT_TODAY", hidden=True, metavar="DAY")
@click.argument("target", type=click.Choice(NAMES), metavar="TARGET")
def command(
    *,
    target: str,
    folder: str | None,
    dictionary: str | None,
    strict: bool,
    accept: tuple[str, ...],
    check: bool,
    quiet: bool,
    today: str | None,
) -> int:
    from tagwright_cli.finding_dictionary import loaded  # noqa: PLC0415 - the help needs none of it
    from tagwright_policies.exports import TARGETS, Maker  # noqa: PLC0415

    when = day(today)
    if check and folder is None:
        raise InputError("--check compares files, so it needs --to", hint="name the folder of the export")
    _, found = loaded(dictionary, cache=True, quiet=quiet)
    maker = Maker(f"tagwright {__version__}", f"tagwright dictionary export {target}")
    export = TARGETS[target].export(found, when, maker)
    left = [gap for gap in export.gaps if gap.subject not in accept]
    if strict and left:
        say(f"tagwright: {target} cannot express everything in {found.name} {found.version}")
        _list(left)
        say(f"  help: --accept {left[0].subject} accepts the first; nothing was written")
        return EXIT_BLOCKED
    if folder is None:
        _to_stdout(export, target)
    elif check:
        return _compare(export, Path(folder))
    else:
        _write(export, Path(folder))
        say(f"tagwright: wrote {count(len(export.files), 'file')} to {clean(folder)}")
    if export.gaps and not quiet:
        say(f"tagwright: {target} does not express (tagwright check does):")
        _list(export.gaps)
    return EXIT_OK


def _list(gaps: tuple[Gap, ...] | list[Gap]) -> None:
    for gap in gaps:
        say(f"  {gap.subject}: {gap.text}")


def _to_stdout(export: Export, target: str) -> None:
    first, *rest = export.files
    if any(file.path != "README.md" for file in rest):
        raise InputError(
            f"{target} is {count(len(export.files), 'file')}, which do not fit on stdout",
            hint=f"tagwright dictionary export {target} --to DIR",
        )
    write_stdout(first.text, utf8=True)


def _write(export: Export, folder: Path) -> None:
    for file in export.files:
        path = folder / file.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"{path.parent} cannot be made: {error.strerror}", hint="name a folder that you may write to"
            ) from error
        write_file(str(path), file.text)


def _compare(export: Export, folder: Path) -> int:
    stale = []
    for file in export.files:
        try:
            same = (folder / file.path).read_bytes() == file.text.encode()
        except OSError:
            same = False
        if not same:
            stale.append(file.path)
    for path in stale:
        say(f"tagwright: {clean(str(folder / path))} is not what the dictionary gives: export again")
    return EXIT_BLOCKED if stale else EXIT_OK
