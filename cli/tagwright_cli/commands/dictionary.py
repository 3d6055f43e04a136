"""`tagwright dictionary`: the group of its commands."""

from __future__ import annotations

from tagwright_cli.lazy import Context, LazyGroup

COMMANDS = {
    "validate": (
        "tagwright_cli.commands.dictionary_validate:command",
        "Check a tag dictionary and everything it pulls in.",
    ),
    "show": (
        "tagwright_cli.commands.dictionary_show:command",
        "Show the dictionary in use, or one of its keys with the approved values.",
    ),
    "diff": (
        "tagwright_cli.commands.dictionary_diff:command",
        "Compare two versions: what changed, whom it breaks, which version it demands.",
    ),
}

command = LazyGroup(
    "dictionary",
    lazy=COMMANDS,
    help="Show and validate the tag dictionary.",
    examples=("tagwright dictionary validate tags.yaml", "tagwright dictionary show cost-center"),
    context_settings=Context,
)
