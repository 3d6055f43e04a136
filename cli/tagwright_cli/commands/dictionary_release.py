"""`tagwright dictionary release`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.options import day
from tagwright_cli.output import write_stdout
from tagwright_cli.sanitise import clean
from tagwright_dictionary.errors import EXIT_OK


@make(
    "release",
    help=(
        "Write the dictionary as files that never change: canonical JSON, an archive, and SHA256SUMS.\n\n"
        "Everything it pulls in is inside. A version that was released stays as it is; another dictionary under it, "
        "or a version too low for what changed since the last release there, is refused (exit 1)."
    ),
    examples=(
        "tagwright dictionary release -o public/",
        "tagwright dictionary release -o public/ --dictionary tags/dictionary.yaml --format json",
    ),
)
@click.option("--output", "-o", "folder", required=True, metavar="DIR", help="The folder of all releases.")
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@click.option("--format", "-f", "form", type=click.Choice(["text", "json"]), default="text", help="Default: text.")
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
@click.option("--today", "today", envvar="TAGWRIGHT_TODAY", hidden=True, metavar="DAY")
def command(*, folder: str, dictionary: str | None, form: str, quiet: bool, today: str | None) -> int:
    from tagwright_cli.finding_dictionary import discovered  # noqa: PLC0415 - the help needs none of it
    from tagwright_dictionary.lifecycle.release import SUMS, release  # noqa: PLC0415
    from tagwright_dictionary.loading import load  # noqa: PLC0415

    when = day(today)
    source = discovered(dictionary, quiet=quiet).source
    # What is published is validated now, whatever a cache says.
    released = release(load(source, cache=False), Path(folder), when)
    found = released.dictionary
    since = released.previous
    if form == "json":
        document = {
            "schema": 1,
            "name": found.name,
            "version": found.version,
            "digest": found.digest,
            "files": [{"name": name, "sha256": sha256} for name, sha256 in released.files],
            "written": list(released.written),
            "since": since.old.version if since is not None else None,
            "bump": since.bump.word if since is not None else None,
        }
        write_stdout(json.dumps(document, ensure_ascii=False, indent=2) + "\n", utf8=True)
        return EXIT_OK
    lines = [f"{found.name} {found.version}" + ("" if released.written else ": released already, nothing is written")]
    if since is not None:
        lines.append(f"  {since.bump.word} after {since.old.version}")
    lines += [f"  {sha256}  {Path(folder, name).as_posix()}" for name, sha256 in released.files]
    name, sha256 = released.files[0]
    lines += [
        f"  {Path(folder, SUMS).as_posix()}",
        "",
        "use it (put the folder behind https):",
        f"  extends: https://HOST/{name}#sha256={sha256}",
        "sign it, if you like:",
        f"  minisign -S -m {Path(folder, name).as_posix()}",
    ]
    write_stdout("".join(f"{clean(line)}\n" for line in lines))
    return EXIT_OK
