"""`tagwright completion`."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_stdout

SHELLS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
VARIABLE = "_TAGWRIGHT_COMPLETE"


@make(
    "completion",
    help="Print the shell code that completes tagwright's commands and options.",
    examples=(
        'eval "$(tagwright completion bash)"    # in ~/.bashrc; zsh the same in ~/.zshrc',
        "tagwright completion fish > ~/.config/fish/completions/tagwright.fish",
    ),
)
@click.argument("shell", type=click.Choice(list(SHELLS)))
def command(shell: str) -> int:
    from tagwright_cli.root import cli  # noqa: PLC0415 - the root names this module, not the other way round

    complete = SHELLS[shell](cli, {}, "tagwright", VARIABLE)
    # The template itself: `source()` would first ask the installed shell for its version, which may not be here.
    write_stdout(complete.source_template % complete.source_vars())
    return 0
