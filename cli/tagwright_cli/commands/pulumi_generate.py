"""`tagwright pulumi generate`."""

from __future__ import annotations

from pathlib import Path

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.new_files import write_new
from tagwright_cli.options import day
from tagwright_cli.output import write_stdout
from tagwright_cli.sanitise import short
from tagwright_cli.version import __version__
from tagwright_dictionary.errors import EXIT_OK, MissingExtraError


@make(
    "generate",
    help=(
        "Write a component package whose inputs are the dictionary's tags, for every Pulumi language.\n\n"
        "Required tags are required inputs and closed lists of values are enums, so that programs in TypeScript or Go "
        "do not compile without them. Use it with `pulumi package add DIR`."
    ),
    examples=(
        "tagwright pulumi generate tags.yaml -o components/",
        "tagwright pulumi generate tags.yaml -o components/ --name acme",
    ),
)
@click.option("--output", "-o", metavar="DIR", required=True, help="The folder to write.")
@click.option("--name", default="tagged", show_default=True, help="The package's name in Pulumi.")
@click.option("--force", is_flag=True, help="Write over the files of an earlier one.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing.")
@click.option("--today", "today", envvar="TAGWRIGHT_TODAY", hidden=True, metavar="DAY")
@click.argument("dictionary", metavar="DICT")
def command(dictionary: str, *, output: str, name: str, force: bool, quiet: bool, today: str | None) -> int:
    from tagwright_dictionary.loading import load  # noqa: PLC0415 - the help needs none of it

    found = load(dictionary)
    try:
        from tagwright_pulumi.hosting.generating import package  # noqa: PLC0415 - Pulumi is an optional part
    except ModuleNotFoundError as error:
        if error.name != "pulumi":
            raise
        raise MissingExtraError("pulumi", "tagwright pulumi generate") from None
    files = package(found, name=name, version=__version__, today=day(today))
    write_new(Path(output), files, force=force)
    if not quiet:
        write_stdout(short(f"written to {output}: {', '.join(files)}") + "\n")
        write_stdout(short(f"pulumi package add {output}") + "\n")
    return EXIT_OK
