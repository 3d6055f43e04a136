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
    "publish": (
        "tagwright_cli.commands.dictionary_publish:command",
        "Write the dictionary as a static site: pages to read and search, data for programs, a feed of changes.",
    ),
    "impact": (
        "tagwright_cli.commands.dictionary_impact:command",
        "Show what a change would break: resources, repositories, owners, dollars.",
    ),
    "check-approval": (
        "tagwright_cli.commands.dictionary_check_approval:command",
        "Check that those who own the changed keys have approved the change.",
    ),
    "codeowners": (
        "tagwright_cli.commands.dictionary_codeowners:command",
        "Print the CODEOWNERS lines of the dictionary.",
    ),
    "propose": (
        "tagwright_cli.commands.dictionary_propose:command",
        "Propose a value: edit the dictionary and print the commit message.",
    ),
    "release": (
        "tagwright_cli.commands.dictionary_release:command",
        "Write the dictionary as files that never change: canonical JSON, an archive, SHA256SUMS.",
    ),
    "verify": (
        "tagwright_cli.commands.dictionary_verify:command",
        "Check a released dictionary: its digest, a signature, and that it loads.",
    ),
    "export": (
        "tagwright_cli.commands.dictionary_export:command",
        "Write the dictionary for another engine: tag policy, Terraform, Rego, Custodian, JSON Schema, enums.",
    ),
    "import": (
        "tagwright_cli.commands.dictionary_import:command",
        "Make a dictionary from AWS Organizations tag policies.",
    ),
}

command = LazyGroup(
    "dictionary",
    lazy=COMMANDS,
    help="Show and validate the tag dictionary.",
    examples=("tagwright dictionary validate tags.yaml", "tagwright dictionary show cost-center"),
    context_settings=Context,
)
