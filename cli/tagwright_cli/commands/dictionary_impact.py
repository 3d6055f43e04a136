"""`tagwright dictionary impact`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.options import assignments, day
from tagwright_cli.output import write_file, write_stdout
from tagwright_dictionary.errors import EXIT_BAD_INPUT, EXIT_BLOCKED, EXIT_INCOMPLETE, EXIT_OK, InputError

if TYPE_CHECKING:
    from tagwright_dictionary.dictionary import Dictionary
    from tagwright_dictionary.model import Judgement

_FORMATS = ("text", "json", "markdown")
_OF_TERRAFORM = ("TF_VAR_", "TF_WORKSPACE")


@make(
    "impact",
    help=(
        "Show what a change of the dictionary would break before it is merged: resources, repositories, owners, "
        "dollars.\n\n"
        "Judges the same code, plans or inspect documents (`tagwright inspect --format json`) under the old and the "
        "new dictionary, and with the live scanner also `inventory` (what a scan saw) and `history` (what the history "
        "of findings remembers; `history:URL` names it). The exit code is 1 when anything will fail that passes now, "
        "2 when not everything could be read, 4 when a scan had not seen everything."
    ),
    examples=(
        "tagwright dictionary impact tags/dictionary.yaml --dictionary git:main --against infra/ --against ../platform",
        "tagwright dictionary impact next.yaml --against inventory.json --costs costs.csv --format markdown",
    ),
)
@click.option(
    "--against", multiple=True, required=True, metavar="PATH", help="Code, a plan, a document, or a live source."
)
@click.option("--dictionary", metavar="OLD", help="The dictionary to compare with. Default: the one in use.")
@click.option("--costs", metavar="FILE", help="A CSV table: address,usd_per_day (and repository, scope).")
@click.option(
    "--owner-key",
    "owner_keys",
    multiple=True,
    metavar="KEY",
    help="The key that names the owner. Default: owner, else team.",
)
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="The value of a Terraform variable.")
@click.option("--var-file", "var_files", multiple=True, metavar="FILE", help="A file of Terraform variable values.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out matching folders and files.")
@click.option("--format", "-f", "form", type=click.Choice(_FORMATS), default="text", help="Default: text.")
@click.option("--output", "-o", metavar="FILE", help="Write to a file instead of stdout.")
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
@click.option("--today", "today", envvar="TAGWRIGHT_TODAY", hidden=True, metavar="DAY")
@click.argument("new")
@click.pass_context
def command(
    context: click.Context,
    new: str,
    *,
    against: tuple[str, ...],
    dictionary: str | None,
    costs: str | None,
    owner_keys: tuple[str, ...],
    variables: tuple[str, ...],
    var_files: tuple[str, ...],
    exclude: tuple[str, ...],
    form: str,
    output: str | None,
    quiet: bool,
    today: str | None,
) -> int:
    from tagwright_cli.finding_dictionary import discovered  # noqa: PLC0415 - the help needs none of it
    from tagwright_cli.governance.impact_view import VIEWS  # noqa: PLC0415
    from tagwright_cli.governance.sources import inventories  # noqa: PLC0415
    from tagwright_cli.governance.trusted import text_of  # noqa: PLC0415
    from tagwright_cli.terminal import DEFAULT_WIDTH, Style, wants_colour, width_of  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.costs import NO_COSTS, parse_costs  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.diff import diff  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.impact import impact  # noqa: PLC0415
    from tagwright_dictionary.lifecycle.revisions import open_dictionary  # noqa: PLC0415
    from tagwright_iac.reading import ReadOptions  # noqa: PLC0415
    from tagwright_policies.gate import gate  # noqa: PLC0415

    when = day(today)
    source = dictionary if dictionary is not None else discovered(None, quiet=quiet).source
    before, after = open_dictionary(source, new), open_dictionary(new, source)
    prices = parse_costs(text_of(costs, "table of costs"), costs) if costs is not None else NO_COSTS
    found = inventories(
        against,
        ReadOptions(
            assignments=assignments(context, variables, var_files),
            environ=tuple(sorted(pair for pair in os.environ.items() if pair[0].startswith(_OF_TERRAFORM))),
            cwd=Path.cwd(),
            exclude=exclude,
        ),
    )
    if not any(each.reading.resources or each.reading.problems for each in found):
        raise InputError(
            f"nothing to judge: no resource was read in {', '.join(against)}",
            hint="name folders with Terraform code, plans, or inspect documents",
        )
    judged: list[tuple[str, Judgement, Judgement]] = []
    for each in found:
        pair = [gate(which, each.reading, today=when, partial=True).judgements for which in (before, after)]
        judged += zip(each.repositories, *pair, strict=True)
    result = impact(
        diff(before, after, when),
        judged,
        prices,
        _owner_keys(before, after, owner_keys),
        tuple(problem for each in found for problem in each.reading.problems),
    )
    style = Style(
        colour=not output and wants_colour("auto", sys.stdout, os.environ),
        width=DEFAULT_WIDTH if output else width_of(sys.stdout, os.environ),
    )
    text = VIEWS[form](result, style)
    if output:
        write_file(output, text)
    else:
        write_stdout(text, utf8=form != "text")
    unread = [each for each in found if each.reading.problems]
    if unread:
        return EXIT_INCOMPLETE if all(each.live for each in unread) else EXIT_BAD_INPUT
    return EXIT_BLOCKED if result.breaks else EXIT_OK


def _owner_keys(before: Dictionary, after: Dictionary, given: tuple[str, ...]) -> tuple[str, ...]:
    names = [key.name for each in (after, before) for key in each.keys]
    for name in given:
        if name not in names:
            raise InputError(f"neither dictionary has a key {name!r}", hint="name one with --owner-key")
    return given or tuple(name for name in ("owner", "Owner", "team", "Team") if name in names)
