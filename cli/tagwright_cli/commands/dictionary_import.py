"""`tagwright dictionary import`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tagwright_cli.error_handler import say
from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_file, write_stdout
from tagwright_dictionary.errors import EXIT_OK, InputError
from tagwright_dictionary.model import Location

SOURCES = ("aws-tag-policy",)
_LARGEST = 4_000_000


@make(
    "import",
    help=(
        "Make a dictionary from the rules of another system: AWS Organizations tag policies.\n\n"
        "FILES are policies, or what `aws organizations describe-policy` and `describe-effective-policy` print; - is "
        "stdin. What a dictionary does not hold is said on stderr and in the head of the file."
    ),
    examples=(
        "tagwright dictionary import aws-tag-policy policy.json > tags.yaml",
        "tagwright dictionary import aws-tag-policy --name acme -o tags.yaml policy-1.json policy-2.json",
    ),
)
@click.option("--name", default="imported", metavar="NAME", help="The name of the dictionary. Default: imported.")
@click.option("--version", default="0.1.0", metavar="VERSION", help="Its version. Default: 0.1.0.")
@click.option("--output", "-o", metavar="FILE", help="Write to a file instead of stdout.")
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
@click.argument("source", type=click.Choice(SOURCES), metavar="aws-tag-policy")
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
def command(*, source: str, files: tuple[str, ...], name: str, version: str, output: str | None, quiet: bool) -> int:  # noqa: ARG001 - there is one source
    from tagwright_policies.exports.aws_tag_policy_import import as_yaml, read_tag_policies  # noqa: PLC0415

    found = read_tag_policies([(path, _read(path)) for path in files], name, version)
    text = as_yaml(found)
    if output is None:
        write_stdout(text, utf8=True)
    else:
        write_file(output, text)
    if not quiet:
        for note in found.notes:
            say(f"tagwright: {note}")
    return EXIT_OK


def _read(path: str) -> str:
    try:
        if path == "-":
            data = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(_LARGEST + 1)
        return data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", location=Location(path)) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8", location=Location(path)) from error
