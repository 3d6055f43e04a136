"""`tagwright init`."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.options import day
from tagwright_cli.output import write_stdout
from tagwright_cli.sanitise import clean
from tagwright_cli.wording import count, listed
from tagwright_dictionary.errors import EXIT_BLOCKED, EXIT_OK, InputError

if TYPE_CHECKING:
    from tagwright_cli.governance.starting import Started


@make(
    "init",
    help=(
        "Start in a repository: propose a dictionary from the tags in use, and accept today's findings.\n\n"
        "Reads the code in PATH (default: this folder) as `tagwright check` does, groups the spellings of keys and "
        "values, and writes tag-dictionary.yaml, .tagwright.yaml and .tagwright-baseline.json there. Nothing that "
        "exists is written over without --force. Afterwards `tagwright check --baseline .tagwright-baseline.json` is "
        "clean, and blocks what is new."
    ),
    examples=(
        "tagwright init",
        "tagwright init infra/ --name acme-ml --exclude examples --dry-run",
    ),
)
@click.option("--name", metavar="NAME", help="The name of the dictionary. Default: that of the folder.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out what matches, today and in every check.")
@click.option("--force", is_flag=True, help="Write over files of an earlier start.")
@click.option("--dry-run", is_flag=True, help="Print the proposed dictionary, and write nothing.")
@click.option("--today", "today", envvar="TAGWRIGHT_TODAY", hidden=True, metavar="DAY")
@click.argument("path", default=".")
def command(
    path: str, *, name: str | None, exclude: tuple[str, ...], force: bool, dry_run: bool, today: str | None
) -> int:
    from tagwright_cli.governance.starting import name_of, start, write  # noqa: PLC0415 - the help needs none of it

    folder = Path(path)
    if not folder.is_dir():
        raise InputError(f"{path} is not a folder", hint="name the root of the repository, or a folder in it")
    when = day(today)
    with contextlib.chdir(folder):
        started = start(name or name_of(Path.cwd()), when, tuple(dict.fromkeys(exclude)), force=force or dry_run)
        if dry_run:
            write_stdout(started.files[0][1], utf8=True)
            return EXIT_OK
        write(started)
    write_stdout("".join(f"{clean(line)}\n" for line in _report(started, path)))
    sys.stdout.flush()
    return EXIT_BLOCKED if started.today.blocked else EXIT_OK


def _report(started: Started, path: str) -> Iterator[str]:
    dictionary = started.proposal.dictionary
    yield f"read {count(started.resources, 'resource')} in {count(started.sources, 'file')}"
    yield ""
    yield "keys in use"
    for name, seen in started.proposal.used:
        if seen is None:
            continue
        key = dictionary.key(name)
        written = [spelling for spelling in sorted(seen.spellings) if spelling != name]
        also = f", also written {listed(written, 4)}" if written else ""
        yield f"  {name}: {count(seen.blocks, 'resource')}{also}"
        values = key.values if key is not None and key.values is not None else ()
        for value in values:
            others = [alias for alias in value.aliases if alias in seen.values]
            if others:
                yield f"      {value.value} instead of {listed(others, 6)}"
    if started.proposal.left_out:
        names = [min(seen.spellings) for _, seen in started.proposal.left_out]
        yield f"  left out: {listed(names, 8)}"
    yield ""
    yield "written"
    keys = f"{count(len(dictionary.keys), 'key')}, {count(len(dictionary.requirements), 'requirement')}"
    details = (f"{dictionary.name} {dictionary.version}, {keys}", "names it", f"{count(started.accepted, 'finding')}")
    for (file, _), detail in zip(started.files, details, strict=True):
        yield f"  {file:<26} {detail}"
    yield ""
    if started.today.blocked:
        yield f"not accepted: {count(len(started.today.blocking), 'finding')} about suppressions; mend these first:"
        yield from (f"  {finding.location}: {finding.message}" for finding in started.today.blocking[:10])
        yield ""
    where = "" if path == "." else f"cd {shlex.quote(path)} && "
    yield "next"
    yield "  1. read tag-dictionary.yaml: which spelling is right, who approves which key"
    yield f"  2. {where}tagwright check --baseline .tagwright-baseline.json     # clean today, blocks what is new"
    yield "  3. commit the three files, and run that line in the pre-commit hook and in CI"
    yield "  4. when something is mended, shrink the baseline:"
    yield "     tagwright check --baseline .tagwright-baseline.json --write-baseline .tagwright-baseline.json"
