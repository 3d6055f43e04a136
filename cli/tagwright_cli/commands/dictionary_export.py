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

SUMMARIES = {
    "aws-tag-policy": "AWS Organizations tag policies: case of keys, values, and types that must carry a key.",
    "terraform-module": "A Terraform module: a validated variable for each key, tags and labels as outputs.",
    "rego": "A Rego policy with its data, for conftest on Terraform plans (terraform show -json).",
    "custodian": "Cloud Custodian policies for AWS: one for each resource type and requirement.",
    "json-schema": "A JSON Schema (2020-12) of a resource's tags, with a definition for each class.",
    "python-enums": "Python constants and enums of the keys and approved values.",
    "typescript-enums": "TypeScript constants and union types of the keys and approved values.",
}
"""The targets of `tagwright_policies.exports.TARGETS` and their summaries, known here without loading them."""

NAMES = tuple(SUMMARIES)
_MARK = b"tagwright dictionary export "
_READ = 8192
"""Bytes of a file in which the header of an export shows."""


@make(
    "export",
    help=(
        "Write the dictionary for another engine; what that engine cannot express is listed, never dropped silently."
        "\n\nThe list stands in the header of what is written, and on stderr. --strict refuses (exit 1, nothing is "
        "written) when there is anything in it; --accept names what may be missing all the same, by its first word. "
        "A file in DIR that is no earlier export is never overwritten without --force.\n\n\b\nTargets:\n"
        + "\n".join(f"  {name:<17} {summary}" for name, summary in SUMMARIES.items())
    ),
    examples=(
        "tagwright dictionary export terraform-module --to modules/tags",
        "tagwright dictionary export json-schema --strict --accept unreached > tags.schema.json",
    ),
)
@click.option("--to", "folder", metavar="DIR", help="The folder to write to; without it a single file goes to stdout.")
@click.option("--output", "-o", "output", metavar="FILE", help="Write a target that is a single file to FILE.")
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@click.option("--strict", is_flag=True, help="Refuse when anything cannot be expressed.")
@click.option(
    "--accept", multiple=True, metavar="SUBJECT", help="With --strict: accept this gap (unreached, severity)."
)
@click.option("--check", is_flag=True, help="Write nothing; fail when the files in DIR are not what would be written.")
@click.option("--force", is_flag=True, help="Overwrite files that are no earlier export.")
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
@click.option("--today", "today", envvar="TAGWRIGHT_TODAY", hidden=True, metavar="DAY")
@click.argument("target", type=click.Choice(NAMES), metavar="TARGET")
def command(
    *,
    target: str,
    folder: str | None,
    output: str | None,
    dictionary: str | None,
    strict: bool,
    accept: tuple[str, ...],
    check: bool,
    force: bool,
    quiet: bool,
    today: str | None,
) -> int:
    from tagwright_cli.finding_dictionary import loaded  # noqa: PLC0415 - the help needs none of it
    from tagwright_policies.exports import TARGETS, Maker  # noqa: PLC0415

    when = day(today)
    if check and folder is None:
        raise InputError("--check compares files, so it needs --to", hint="name the folder of the export")
    if output is not None and folder is not None:
        raise InputError("--output names a file and --to a folder", hint="give one of them")
    _, found = loaded(dictionary, cache=True, quiet=quiet)
    maker = Maker(f"tagwright {__version__}", f"tagwright dictionary export {target}")
    export = TARGETS[target].export(found, when, maker)
    left = [gap for gap in export.gaps if gap.subject not in accept]
    if strict and left:
        say(f"tagwright: {target} cannot express everything in {found.name} {found.version}")
        _list(left)
        say(f"  help: --accept {left[0].subject} accepts the first; nothing was written")
        return EXIT_BLOCKED
    if output is not None:
        text = _single(export, target)
        _refuse_foreign({Path(output): text}, force=force)
        write_file(output, text)
    elif folder is None:
        write_stdout(_single(export, target), utf8=True)
    elif check:
        return _compare(export, Path(folder))
    else:
        _write(export, Path(folder), force=force)
        say(f"tagwright: wrote {count(len(export.files), 'file')} to {clean(folder)}")
    if export.gaps and not quiet:
        say(f"tagwright: {target} does not express (tagwright check does):")
        _list(export.gaps)
    return EXIT_OK


def _list(gaps: tuple[Gap, ...] | list[Gap]) -> None:
    for gap in gaps:
        say(f"  {gap.subject}: {gap.text}")


def _single(export: Export, target: str) -> str:
    """The text of a target that is one file (a README beside it apart)."""
    first, *rest = export.files
    if any(file.path != "README.md" for file in rest):
        raise InputError(
            f"{target} is {count(len(export.files), 'file')}, which do not fit into one",
            hint=f"tagwright dictionary export {target} --to DIR",
        )
    return first.text


def _ours(path: Path) -> bool:
    """Whether a file is of an earlier export: its header says so, or (a tag policy has none) that of the README."""
    try:
        with path.open("rb") as file:
            found = _MARK in file.read(_READ)
        if not found and path.suffix == ".json" and path.name.startswith("tag-policy"):
            with path.with_name("README.md").open("rb") as file:
                found = _MARK in file.read(_READ)
    except OSError:
        return False
    return found


def _refuse_foreign(texts: dict[Path, str], *, force: bool) -> None:
    for path, text in () if force else texts.items():
        try:
            same = path.is_file() and path.read_bytes() == text.encode()
        except OSError:
            same = False
        if path.is_file() and not same and not _ours(path):
            raise OutputError(
                f"{clean(str(path))} is no earlier export, and is left as it is",
                hint="name another place, or overwrite it with --force",
            )


def _left(export: Export, folder: Path) -> list[Path]:
    """Files of an earlier export that are in none of this one: an engine would still read them."""
    mine = {folder / file.path for file in export.files}
    places = {(path.parent, path.suffix) for path in mine}
    found = {path for parent, suffix in places if parent.is_dir() for path in parent.glob(f"*{suffix}")}
    return sorted(path for path in found - mine if path.is_file() and _ours(path))


def _write(export: Export, folder: Path, *, force: bool) -> None:
    _refuse_foreign({folder / file.path: file.text for file in export.files}, force=force)
    for path in _left(export, folder):
        say(f"tagwright: {clean(str(path))} is of an earlier export, and not of this one: remove it")
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
    left = _left(export, folder)
    for each in left:
        say(f"tagwright: {clean(str(each))} is of an earlier export, and not of this one: remove it")
    return EXIT_BLOCKED if stale or left else EXIT_OK
