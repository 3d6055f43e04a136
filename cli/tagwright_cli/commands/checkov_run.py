"""`tagwright checkov run`."""

from __future__ import annotations

import click

from tagwright_cli.error_handler import say
from tagwright_cli.finding_dictionary import loaded
from tagwright_cli.lazy import command as make
from tagwright_cli.sanitise import short
from tagwright_cli.wording import count

_SHOWN = 5


@make(
    "run",
    help=(
        "Run Checkov with the tag checks, and fail where Checkov would look away.\n\n"
        "Everything after our own options goes to Checkov as it is. The exit code is Checkov's, but 2 where the checks "
        "did not load, a file could not be parsed, a folder is missing, or no resource was judged."
    ),
    examples=(
        "tagwright checkov run -d infra/",
        "tagwright checkov run --dictionary tags.yaml -- -f plan.json -o sarif",
    ),
)
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@click.option("--checkov", "program", default="", metavar="PROGRAM", help="The Checkov to run. Default: the installed.")
@click.option("--quiet-summary", is_flag=True, help="Do not count on stderr what was judged.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[CHECKOV ARGS]...")
def command(arguments: tuple[str, ...], *, dictionary: str | None, program: str, quiet_summary: bool) -> int:
    from tagwright_policies.checkov.locating import locate  # noqa: PLC0415 - the help needs none of it
    from tagwright_policies.checkov.running import run  # noqa: PLC0415

    _, found = loaded(dictionary, cache=True, quiet=quiet_summary)
    checkov = locate(program)
    result = run(found, arguments, checkov)
    judged = result.judged
    if not quiet_summary:
        verdicts = ", ".join(f"{number} {name}" for name, number in sorted(judged.verdicts.items()))
        counted = count(len(judged.resources), "resource")
        say(short(f"tagwright: {counted} judged{': ' if verdicts else ''}{verdicts}"))
        for cause, number in judged.causes[:_SHOWN]:
            say(short(f"tagwright: undecided, {count(number, 'resource')}: {cause}"))
        say(short(f"tagwright: dictionary {found.name} {found.version}, digest {found.digest[:12]}, {checkov}"))
    for problem in result.problems:
        say(f"tagwright: {problem}")
    if result.problems:
        say("  help: this run says nothing about the code; mend what is named and run again")
    return result.exit_code


command.context_settings = {
    **command.context_settings,
    "ignore_unknown_options": True,
    "allow_interspersed_args": False,
}
