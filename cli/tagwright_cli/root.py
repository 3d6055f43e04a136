"""The `tagwright` command group."""

from __future__ import annotations

import click

from tagwright_cli.lazy import Context, LazyGroup
from tagwright_cli.version import __version__

COMMANDS = {
    "check": (
        "tagwright_cli.commands.check:command",
        "Judge infrastructure code against the tag dictionary and block what is not compliant.",
    ),
    "inspect": (
        "tagwright_cli.commands.inspect:command",
        "Show what tagwright understood of every resource: type, classes, tags, what is billed.",
    ),
    "explain": (
        "tagwright_cli.commands.explain:command",
        "Explain a rule: why it exists, what fires it and how to fix it.",
    ),
    "init": (
        "tagwright_cli.commands.init:command",
        "Start in a repository: propose a dictionary from the tags in use, and accept today's findings.",
    ),
    "dictionary": (
        "tagwright_cli.commands.dictionary:command",
        "Show and validate the tag dictionary.",
    ),
    "checkov": (
        "tagwright_cli.commands.checkov:command",
        "Carry the tag dictionary into Checkov.",
    ),
    "pulumi": (
        "tagwright_cli.commands.pulumi:command",
        "Bring the tag dictionary into Pulumi.",
    ),
    "drift": (
        "tagwright_cli.commands.drift:command",
        "Find live resources whose tags are missing, wrong or do not reach the bill.",
    ),
    "completion": (
        "tagwright_cli.commands.completion:command",
        "Print the shell code that completes tagwright's commands and options.",
    ),
    "version": (
        "tagwright_cli.commands.version:command",
        "Print the versions of tagwright and Python.",
    ),
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    help="Keep untagged AI infrastructure from being deployed.",
    examples=(
        "tagwright check infra/",
        "tagwright explain missing-tag",
    ),
    context_settings=Context,
    epilog=(
        "Exit codes: 0 nothing blocking; 1 blocking findings; 2 wrong input or configuration, a file that could not be "
        "parsed, or nothing scanned; 3 a crash of ours; 4 a live scan that did not see everything; 130 interrupted."
    ),
)
@click.version_option(__version__, "-V", "--version", message="tagwright %(version)s")
def cli() -> None:
    pass
