"""`tagwright dictionary verify`."""

from __future__ import annotations

import json

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_stdout
from tagwright_cli.sanitise import clean
from tagwright_cli.wording import count
from tagwright_dictionary.errors import EXIT_OK


@make(
    "verify",
    help=(
        "Check a released dictionary: its digest, a minisign signature where a key is given, and that it loads.\n\n"
        "The digest comes from --sha256, from #sha256= in the name, or from the SHA256SUMS beside a file; where there "
        "is none, or any two differ, the check fails. Exit code 1: it is not what it should be; 2: it cannot be "
        "looked at."
    ),
    examples=(
        "tagwright dictionary verify public/acme-ml-2.3.0.json --public-key minisign.pub",
        "tagwright dictionary verify https://tags.acme.example/acme-ml-2.3.0.json --sha256 DIGEST",
    ),
)
@click.option("--sha256", metavar="DIGEST", help="The SHA-256 that the file must have, in hex.")
@click.option("--signature", metavar="FILE", help="Its minisign signature. Default: the .minisig file beside it.")
@click.option("--public-key", metavar="KEY", help="Who must have signed it: the minisign.pub file, or its second line.")
@click.option("--format", "-f", "form", type=click.Choice(["text", "json"]), default="text", help="Default: text.")
@click.argument("source", metavar="FILE|URL")
def command(source: str, *, sha256: str | None, signature: str | None, public_key: str | None, form: str) -> int:
    from tagwright_dictionary.lifecycle.verify import verify  # noqa: PLC0415 - the help needs none of it

    found = verify(source, sha256=sha256, signature=signature, public_key=public_key)
    dictionary = found.dictionary
    if form == "json":
        document = {
            "schema": 1,
            "verified": True,
            "name": dictionary.name,
            "version": dictionary.version,
            "digest": dictionary.digest,
            "sha256": found.sha256,
            "pinned_by": found.pinned_by,
            "signed": found.comment is not None,
            "trusted_comment": found.comment,
        }
        write_stdout(json.dumps(document, ensure_ascii=False, indent=2) + "\n", utf8=True)
        return EXIT_OK
    size = f"{count(len(dictionary.keys), 'key')}, {count(len(dictionary.requirements), 'requirement')}"
    lines = [
        f"verified: {dictionary.name} {dictionary.version}, {size}",
        f"  sha256     {found.sha256}, as {found.pinned_by} says",
        f"  signature  {'valid: ' + found.comment if found.comment is not None else 'none was asked for'}",
    ]
    write_stdout("".join(f"{clean(line, 400)}\n" for line in lines))
    return EXIT_OK
