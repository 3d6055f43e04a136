"""`tagwright checkov verify`."""

from __future__ import annotations

from pathlib import Path

import click

from tagwright_cli.error_handler import say
from tagwright_cli.finding_dictionary import loaded
from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_stdout
from tagwright_cli.sanitise import short


@make(
    "verify",
    help=(
        "Prove with planted resources that the checks bite in every framework.\n\n"
        "A resource without tags must be FAILED and one with all tags PASSED, by the real Checkov. "
        "With --dir the bundle of your pipeline is tried, with its own dictionary."
    ),
    examples=("tagwright checkov verify", "tagwright checkov verify --dir policies/checkov"),
)
@click.option("--dir", "folder", metavar="DIR", help="The bundle to try. Default: one made of the dictionary in use.")
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@click.option("--checkov", "program", default="", metavar="PROGRAM", help="The Checkov to run. Default: the installed.")
@click.option("--public-key", metavar="PEM", help="Have Checkov check the signatures with this key.")
def command(*, folder: str | None, dictionary: str | None, program: str, public_key: str | None) -> int:
    from tagwright_policies.checkov.locating import locate  # noqa: PLC0415 - the help needs none of it
    from tagwright_policies.checkov.verifying import Row, dictionary_of, verify  # noqa: PLC0415

    place = Path(folder) if folder is not None else None
    found = dictionary_of(place) if place is not None else loaded(dictionary, cache=True, quiet=False)[1]
    proof = verify(locate(program), found, place, Path(public_key) if public_key else None)

    def line(row: Row) -> str:
        verdict = "bites" if row.bites else "DOES NOT BITE"
        return f"{row.framework:<20}{'/'.join(row.violating):<16}{'/'.join(row.clean):<16}{verdict}"

    rows = [f"{'framework':<20}{'without tags':<16}{'with all tags':<16}", *map(line, proof.rows)]
    name = f"{found.name} {found.version}, digest {found.digest[:12]}"
    write_stdout("\n".join([*rows, "", short(f"dictionary {name}, {proof.checkov}")]) + "\n")
    for problem in proof.problems:
        say(f"tagwright: {problem}")
    if proof.exit_code:
        say("tagwright: this gate does not hold\n  help: tagwright checkov bundle -o DIR makes the checks anew")
    return proof.exit_code
