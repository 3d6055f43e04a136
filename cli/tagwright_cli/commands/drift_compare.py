"""`tagwright drift compare`."""

from __future__ import annotations

import os
import sys

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.live.state import state_of, state_options
from tagwright_cli.output import write_file, write_stdout
from tagwright_dictionary.errors import EXIT_BLOCKED, EXIT_INCOMPLETE, EXIT_OK

_FORMATS = ("text", "json", "markdown")


@make(
    "compare",
    help=(
        "Compare code with what is live: tags changed by hand, resources gone, resources that no code knows.\n\n"
        "STATES are what code last applied: terraform.tfstate files, outputs of `terraform show -json`, exports of "
        "`pulumi stack export`; name all of an account's, for a resource in none of them is called unmanaged. The live "
        "side is the newest full scan; nothing is asked of a cloud. Values that a state marks as sensitive are never "
        "shown. The exit code is 1 when anything differs, else 4 when what was needed had not been seen."
    ),
    examples=(
        "tagwright drift compare state.json    # terraform show -json > state.json",
        "tagwright drift compare states/*.json --no-unmanaged --format markdown",
    ),
)
@click.option("--run", metavar="RUN", help="A run's folder, or the beginning of its id. Default: the newest full run.")
@click.option("--ignore-key", multiple=True, metavar="GLOB", help="Leave out keys that others set by design.")
@click.option("--no-unmanaged", is_flag=True, help="Leave out live resources that are in no state.")
@state_options
@click.option("--format", "-f", "form", type=click.Choice(_FORMATS), default="text", help="Default: text.")
@click.option("--output", "-o", metavar="FILE", help="Write to a file instead of stdout.")
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
@click.argument("states", nargs=-1, required=True, metavar="STATES...")
def command(
    *,
    states: tuple[str, ...],
    run: str | None,
    ignore_key: tuple[str, ...],
    no_unmanaged: bool,
    state: str | None,
    history: str | None,
    form: str,
    output: str | None,
    quiet: bool,
) -> int:
    from tagwright_drift.history.needs import check_installed  # noqa: PLC0415 - the help needs none of it

    check_installed()
    from tagwright_cli.error_handler import say  # noqa: PLC0415
    from tagwright_cli.live.choosing import choose  # noqa: PLC0415
    from tagwright_cli.live.compare_view import VIEWS  # noqa: PLC0415
    from tagwright_cli.terminal import DEFAULT_WIDTH, Style, wants_colour, width_of  # noqa: PLC0415
    from tagwright_drift.declared.comparing import compare  # noqa: PLC0415
    from tagwright_drift.declared.reading import read_states  # noqa: PLC0415

    read = read_states(states)
    chosen = choose(state_of(state, history), run)
    missing = chosen.missing()
    if missing and not quiet:
        say(f"tagwright: shards {', '.join(map(str, missing))} of {chosen.header.id} are not there")
    found = compare(
        read,
        lambda: (each.live for each in chosen.observations()),
        chosen.results(),
        ignore=ignore_key,
        unmanaged=not no_unmanaged,
    )
    style = Style(
        colour=not output and form == "text" and wants_colour("auto", sys.stdout, os.environ),
        width=DEFAULT_WIDTH if output else width_of(sys.stdout, os.environ),
    )
    text = VIEWS[form](found, chosen.header, style)
    if output:
        write_file(output, text)
    else:
        write_stdout(text, utf8=form != "text")
    if found.differences:
        return EXIT_BLOCKED
    return EXIT_OK if found.whole and not missing else EXIT_INCOMPLETE
