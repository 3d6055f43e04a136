"""`tagwright explain`."""

from __future__ import annotations

import difflib

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_stdout
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
        width = max(map(len, RULES))
        write_stdout("".join(f"{name:<{width}}  {known.summary}\n" for name, known in RULES.items()))
        return 0
    if rule not in RULES:
        near = difflib.get_close_matches(rule, RULES, n=1)
        raise InputError(
            f"there is no rule {rule!r}",
            hint=f"did you mean {near[0]}?" if near else "tagwright explain lists all rules",
        )
    write_stdout(explain(rule).rstrip("\n") + "\n")
    return 0
