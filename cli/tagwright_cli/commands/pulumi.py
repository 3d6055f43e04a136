"""`tagwright pulumi`: the group of its commands."""

from __future__ import annotations

from tagwright_cli.lazy import Context, LazyGroup

COMMANDS = {
    "init-pack": (
        "tagwright_cli.commands.pulumi_init_pack:command",
        "Write a policy pack that enforces the tag dictionary in the Pulumi engine.",
    ),
    "generate": (
        "tagwright_cli.commands.pulumi_generate:command",
        "Write a component package whose inputs are the dictionary's tags, for every Pulumi language.",
    ),
}

command = LazyGroup(
    "pulumi",
    lazy=COMMANDS,
    help="Bring the tag dictionary into Pulumi.",
    examples=("tagwright pulumi init-pack policy/", "tagwright pulumi generate tags.yaml -o components/"),
    context_settings=Context,
)
