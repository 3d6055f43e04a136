"""What the documentation says of types, actions and options is so."""

from __future__ import annotations

import re
from pathlib import Path

from tagwright_cli.live.aws_options import _OPTIONS
from tagwright_drift.inventories.aws.registry import is_hot, listers

PAGE = Path(__file__).parents[3] / "docs" / "drift-aws.md"


def test_the_table_of_types_is_the_registry() -> None:
    text = PAGE.read_text("utf-8")
    table = text[text.index("| service | types |") : text.index("Names are those of the catalogue")]
    told = {name: bool(star) for name, star in re.findall(r"`((?:aws_|AWS::)[\w:]+)`(\\\*)?", table)}
    assert told == {name: is_hot(each) for name, each in listers().items()}


def test_the_options_it_names_exist() -> None:
    import click

    @click.command()
    def command() -> None: ...

    for decorate in _OPTIONS:
        command = decorate(command)
    known = {name for option in command.params for name in option.opts}
    named = set(re.findall(r"(--[a-z][a-z-]+)", PAGE.read_text("utf-8")))
    elsewhere = {"--format", "--types", "--costs", "--allocation-tags"}
    assert named <= known | elsewhere
