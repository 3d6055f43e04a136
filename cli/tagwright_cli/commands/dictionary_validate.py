"""`tagwright dictionary validate`."""

from __future__ import annotations

import click

from tagwright_cli.error_handler import say
from tagwright_cli.finding_dictionary import discovered
from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_stdout
from tagwright_cli.sanitise import short
from tagwright_cli.wording import count


@make(
    "validate",
    help="Check a tag dictionary and everything it pulls in; the errors name line, column and fix.",
    examples=("tagwright dictionary validate", "tagwright dictionary validate tags/dictionary.yaml"),
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing when the dictionary is valid.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
def command(paths: tuple[str, ...], *, quiet: bool) -> int:
    from tagwright_dictionary.errors import TagwrightError  # noqa: PLC0415
    from tagwright_dictionary.loading import load, validate  # noqa: PLC0415

    sources = paths or (discovered(None, quiet=quiet).source,)
    worst = 0
    for source in sources:
        try:
            problems = validate(source)
            dictionary = load(source, cache=False) if not problems else None
        except TagwrightError as error:
            problems, dictionary = (error,), None
        for problem in problems:
            say(str(problem))
            worst = max(worst, problem.exit_code)
        if dictionary is not None and not quiet:
            digest = f", digest {dictionary.digest[:12]}" if dictionary.digest else ""
            write_stdout(
                short(f"valid: {dictionary.name} {dictionary.version}, {count(len(dictionary.keys), 'key')}, ")
                + f"{count(len(dictionary.requirements), 'requirement')}{digest}\n",
            )
    return worst
