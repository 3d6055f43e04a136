"""`tagwright pulumi init-pack`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tagwright_cli.finding_dictionary import loaded
from tagwright_cli.lazy import command as make
from tagwright_cli.new_files import write_new
from tagwright_cli.output import write_stdout
from tagwright_cli.sanitise import short
from tagwright_cli.version import __version__
from tagwright_dictionary.errors import EXIT_OK

_MAIN = '''\
"""The tag dictionary as a policy pack; `tagwright pulumi init-pack --force` brings a newer dictionary."""

from pathlib import Path

from pulumi_policy import PolicyPack
from tagwright_pulumi.policies import policies

# PolicyPack serves for ever and never returns: it stays in this file.
PolicyPack("tagwright", policies(Path(__file__).with_name("dictionary.yaml")))
'''

_ABOUT = """\
runtime: python
version: {version}
description: {about}
"""


@make(
    "init-pack",
    help=(
        "Write a policy pack that enforces the tag dictionary in the Pulumi engine.\n\n"
        "The dictionary is written into the pack as one file, with everything that it pulls in: "
        "the pack can be published."
    ),
    examples=(
        "tagwright pulumi init-pack policy/",
        "tagwright pulumi init-pack policy/ --dictionary tags.yaml --force",
    ),
)
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@click.option("--force", is_flag=True, help="Write over the files of an earlier pack.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing.")
@click.argument("folder", metavar="DIR")
def command(folder: str, *, dictionary: str | None, force: bool, quiet: bool) -> int:
    from tagwright_dictionary.loading.dumping import dump  # noqa: PLC0415 - the help needs none of it

    _, found = loaded(dictionary, cache=True, quiet=quiet)
    sentence = f"Tags as the dictionary {found.name} {found.version} asks for, enforced by tagwright."
    about = _ABOUT.format(version=__version__, about=json.dumps(sentence, ensure_ascii=False))
    files = {
        "PulumiPolicy.yaml": about,
        "__main__.py": _MAIN,
        "dictionary.yaml": dump(found),
        "requirements.txt": f"tagwright[pulumi-policy]=={__version__}\n",
    }
    write_new(Path(folder), files, force=force)
    if not quiet:
        names = ", ".join(files)
        write_stdout(short(f"written to {folder}: {names}") + "\n")
        write_stdout(short(f"pulumi preview --policy-pack {folder}") + "\n")
    return EXIT_OK
