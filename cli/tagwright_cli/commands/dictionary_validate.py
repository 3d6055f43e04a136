"""`tagwright dictionary validate`."""

from __future__ import annotations

import click

from tagwright_cli.error_handler import say
from tagwright_cli.finding_dictionary import discovered
from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_stdout
from tagwright_cli.sanitise import short
from tagwright_cli.wording import count
from tagwright_dictionary.errors import EXIT_OK, DictionaryError


@make(
    "validate",
    help="Check a tag dictionary and everything it pulls in; the errors name line, column and fix.",
    examples=("tagwright dictionary validate", "tagwright dictionary validate tags/dictionary.yaml"),
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing when the dictionary is valid.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
def command(paths: tuple[str, ...], *, quiet: bool) -> int:
    from tagwright_dictionary.loading import load  # noqa: PLC0415 - the help needs none of it

    worst = EXIT_OK
    for source in paths or (discovered(None, quiet=quiet).source,):
        try:
            dictionary = load(source, cache=False)
        except DictionaryError as error:
            say(str(error))
            worst = error.exit_code
            continue
        if not quiet:
            size = f"{count(len(dictionary.keys), 'key')}, {count(len(dictionary.requirements), 'requirement')}"
            write_stdout(
                short(f"valid: {dictionary.name} {dictionary.version}, {size}, digest {dictionary.digest[:12]}")
            )
            write_stdout("\n")
    return worst
