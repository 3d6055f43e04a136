"""Commands that are imported only when they run, and help that opens with a sentence and two examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import click

ARGUMENTS = "tagwright.arguments"
"""Key of the raw arguments in a context's `meta`: the order of different options among each other is only there."""
Context = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _opening(command: click.Command, formatter: click.HelpFormatter, examples: tuple[str, ...]) -> None:
    sentence, _, rest = (command.help or "").partition("\n\n")
    formatter.write_text(" ".join(sentence.split()))
    if examples:
        formatter.write_paragraph()
        for example in examples:
            formatter.write(f"  {example}\n")
    if rest:
        formatter.write_paragraph()
        formatter.write_text(rest)
    formatter.write_paragraph()


class Command(click.Command):
    """A command whose help opens with one sentence and its examples."""

    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[ARGUMENTS] = tuple(args)
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _opening(self, formatter, self.examples)
        self.format_usage(ctx, formatter)
        self.format_options(ctx, formatter)
        self.format_epilog(ctx, formatter)


class LazyGroup(click.Group):
    """A group that knows its commands by name: `lazy` maps a name to ("module:attribute", summary)."""

    def __init__(
        self,
        *args: Any,
        lazy: Mapping[str, tuple[str, str]],
        examples: tuple[str, ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = dict(lazy)
        self.examples = examples

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.lazy:
            return None
        module, _, attribute = self.lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _opening(self, formatter, self.examples)
        self.format_usage(ctx, formatter)
        self.format_options(ctx, formatter)
        self.format_epilog(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self.lazy.items()])


def command(name: str, *, help: str, examples: tuple[str, ...]) -> Callable[[Callable[..., int]], Command]:  # noqa: A002
    """Decorator: a `Command` with our help layout; the function returns the exit code."""

    def wrap(function: Callable[..., int]) -> Command:
        made: Command = click.command(
            name,
            cls=Command,
            help=help,
            examples=examples,
            context_settings=Context,
        )(function)
        return made

    return wrap
