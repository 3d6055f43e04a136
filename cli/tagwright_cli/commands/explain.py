"""`tagwright explain`."""

from __future__ import annotations

import difflib
import os
import sys

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_stdout
from tagwright_cli.terminal import width_of
from tagwright_cli.wrapping import PROSE, wrap
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.rules import RULES, explain


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [rule for rule in RULES if rule.startswith(incomplete)]


@make(
    "explain",
    help="Explain a rule: why it exists, what fires it and how to fix it; without a rule, list them all.",
    examples=("tagwright explain", "tagwright explain missing-tag"),
)
@click.argument("rule", required=False, shell_complete=_complete)
def command(rule: str | None) -> int:
    if rule is None:
        column, width = max(map(len, RULES)) + 2, min(width_of(sys.stdout, os.environ), PROSE)
        for name, known in RULES.items():
            lines = wrap(known.summary, width, first=f"{name:<{column}}", rest=" " * column)
            write_stdout("".join(f"{line}\n" for line in lines))
        return 0
    if rule not in RULES:
        near = difflib.get_close_matches(rule, RULES, n=1)
        raise InputError(
            f"there is no rule {rule!r}",
            hint=f"did you mean {near[0]}?" if near else "tagwright explain lists all rules",
        )
    write_stdout(explain(rule).rstrip("\n") + "\n")
    return 0
