"""`tagwright checkov bundle`."""

from __future__ import annotations

from pathlib import Path

import click

from tagwright_cli.finding_dictionary import loaded
from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_stdout
from tagwright_cli.sanitise import short
from tagwright_cli.wording import count
from tagwright_dictionary.dictionary import UnknownPolicy
from tagwright_dictionary.errors import EXIT_OK


@make(
    "bundle",
    help=(
        "Write the tag dictionary as a folder of checks that any Checkov loads.\n\n"
        "The folder needs no tagwright where it is used: checkov -d . --external-checks-dir DIR. "
        "The same dictionary gives the same bytes."
    ),
    examples=(
        "tagwright checkov bundle -o policies/checkov",
        "tagwright checkov bundle --dictionary tags.yaml --sign-key key.pem -o checks",
    ),
)
@click.option("--output", "-o", required=True, metavar="DIR", help="The folder; new, empty, or an older bundle.")
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@click.option("--force", is_flag=True, help="Write into a folder that holds other things; these stay.")
@click.option(
    "--warnings",
    type=click.Choice(["pass", "fail"]),
    default="pass",
    help="What a finding that is no error does to its check; its text is in the details either way.",
)
@click.option(
    "--on-unknown",
    type=click.Choice([policy.value for policy in UnknownPolicy]),
    help="What an undecided requirement does to its check. Default: as the dictionary says.",
)
@click.option("--sign-key", metavar="PEM", help="Sign for Checkov's --external-checks-public-key with this key.")
def command(
    *, output: str, dictionary: str | None, force: bool, warnings: str, on_unknown: str | None, sign_key: str | None
) -> int:
    from tagwright_policies.checkov.bundle import Options, build  # noqa: PLC0415 - the help needs none of it
    from tagwright_policies.checkov.signing import signed  # noqa: PLC0415
    from tagwright_policies.checkov.writing import write  # noqa: PLC0415

    _, found = loaded(dictionary, cache=True, quiet=False)
    options = Options(warnings == "fail", UnknownPolicy(on_unknown) if on_unknown else None)
    bundle = build(found, options)
    files = signed(bundle.files, Path(sign_key)) if sign_key else bundle.files
    write(files, Path(output), force=force)
    checks = count(len(bundle.plan.checks), "check")
    write_stdout(short(f"{output}: {checks} of {found.name} {found.version}, digest {found.digest[:12]}") + "\n")
    return EXIT_OK
