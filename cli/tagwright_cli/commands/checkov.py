"""`tagwright checkov`: the group of its commands."""

from __future__ import annotations

from tagwright_cli.lazy import Context, LazyGroup

COMMANDS = {
    "bundle": (
        "tagwright_cli.commands.checkov_bundle:command",
        "Write the tag dictionary as a folder of checks that any Checkov loads.",
    ),
    "run": (
        "tagwright_cli.commands.checkov_run:command",
        "Run Checkov with the tag checks, and fail where Checkov would look away.",
    ),
    "verify": (
        "tagwright_cli.commands.checkov_verify:command",
        "Prove with planted resources that the checks bite in every framework.",
    ),
}

command = LazyGroup(
    "checkov",
    lazy=COMMANDS,
    help="Carry the tag dictionary into Checkov.",
    examples=("tagwright checkov bundle -o policies/checkov", "tagwright checkov run -d infra/"),
    context_settings=Context,
)
