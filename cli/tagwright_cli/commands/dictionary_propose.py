"""`tagwright dictionary propose`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.options import day
from tagwright_cli.output import write_file, write_stdout
from tagwright_cli.sanitise import clean
from tagwright_dictionary.errors import EXIT_OK, InputError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from tagwright_dictionary.dictionary import Dictionary
    from tagwright_dictionary.lifecycle.propose import Proposal


@make(
    "propose",
    help=(
        "Propose a value for a key: edit the dictionary's files and print the change with a commit message.\n\n"
        "Adds the value where the key's values are kept (the YAML file or its CSV table), raises the version as the "
        "changes since the last commit demand, and writes only what is valid; comments, order and quotes stay."
    ),
    examples=(
        'tagwright dictionary propose team vision-lab --title "Vision lab" --relate cost-center=cc-4110',
        "tagwright dictionary propose workload fine-tuning --alias sft --dry-run",
    ),
)
@click.option("--title", default="", help="What it is called.")
@click.option("--description", default="", help="What it means.")
@click.option("--owner", default="", help="Who answers for it.")
@click.option("--billing-code", default="", help="Where finance books it.")
@click.option("--alias", "aliases", multiple=True, metavar="WORD", help="What people type instead.")
@click.option("--relate", "relations", multiple=True, metavar="KEY=VALUE", help="A value of another key it goes with.")
@click.option("--reason", default="", help="Why, where the dictionary extends another and a value loosens it.")
@click.option("--allow-similar", is_flag=True, help="It may look like another value.")
@click.option("--dictionary", metavar="FILE", help="The tag dictionary, a file.")
@click.option("--message", metavar="FILE", help="Write the commit message there too, for git commit -F.")
@click.option("--dry-run", is_flag=True, help="Print, and write nothing.")
@click.option("--today", "today", envvar="TAGWRIGHT_TODAY", hidden=True, metavar="DAY")
@click.argument("key")
@click.argument("value")
def command(
    key: str,
    value: str,
    *,
    title: str,
    description: str,
    owner: str,
    billing_code: str,
    aliases: tuple[str, ...],
    relations: tuple[str, ...],
    reason: str,
    allow_similar: bool,
    dictionary: str | None,
    message: str | None,
    dry_run: bool,
    today: str | None,
) -> int:
    from tagwright_cli.governance.local import local_dictionary  # noqa: PLC0415 - the help needs none of it
    from tagwright_dictionary.lifecycle.propose import Wanted, propose  # noqa: PLC0415

    wanted = Wanted(
        key,
        value,
        title=title,
        description=description,
        owner=owner,
        billing_code=billing_code,
        aliases=tuple(dict.fromkeys(aliases)),
        relations=_relations(relations),
        reason=reason,
        similar=allow_similar,
    )
    when = day(today)
    path = local_dictionary(dictionary, doing="so there is none to edit")
    proposal = propose(path, wanted, when, _committed(path))
    if not dry_run:
        _write(proposal)
    if message is not None:
        write_file(message, proposal.message)
    lines = [*proposal.patch.splitlines(), "", "commit message:", ""]
    lines += [f"    {line}".rstrip() for line in proposal.message.splitlines()]
    lines += ["", "nothing is written (--dry-run)" if dry_run else "written; review it and commit"]
    write_stdout("".join(f"{clean(line)}\n" for line in lines))
    return EXIT_OK


def _relations(given: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise InputError(f"--relate {text} names no value", hint="--relate cost-center=cc-4100")
        if value not in found.setdefault(name, []):
            found[name].append(value)
    return tuple((name, tuple(values)) for name, values in found.items())


def _committed(path: Path) -> Dictionary | None:
    """The dictionary as it was last committed; None where it never was, or git is not in use."""
    from tagwright_dictionary.lifecycle.revisions import at_commit, repository  # noqa: PLC0415

    try:
        place = repository(path)
        commit, relative = place.commit("HEAD"), place.relative(path)
        if not place.has(commit, relative):
            return None
    except InputError:
        return None
    return at_commit(place, commit, relative)


def _write(proposal: Proposal) -> None:
    """All files or none."""
    done = []
    try:
        for changed in proposal.files:
            write_file(str(changed.path), changed.after)
            done.append(changed)
    except OutputError:
        for changed in done:
            write_file(str(changed.path), changed.before)
        raise
