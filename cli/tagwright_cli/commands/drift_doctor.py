"""`tagwright drift doctor`."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.live.aws_options import aws_options, needs_aws, options_of
from tagwright_cli.output import write_stdout
from tagwright_dictionary.errors import EXIT_INCOMPLETE, EXIT_OK

if TYPE_CHECKING:
    from tagwright_cli.terminal import Style
    from tagwright_drift.inventories.aws.accounts import Account
    from tagwright_drift.inventories.aws.checkup import Checkup

_ATTEMPTS = 2  # somebody waits for it, and a refusal is told by the first


@make(
    "doctor",
    help=(
        "Tell what a scan of AWS would not see, and why, before it runs.\n\n"
        "Tries every permission once in each account, with the first page of each list and one read of tags, and says "
        "which resource types go blind. Looks in --region, else in the region of the configuration. The exit code is "
        "4 when something goes blind, 2 without credentials."
    ),
    examples=(
        "tagwright drift doctor",
        "tagwright drift doctor --organization --role tagwright-drift --format json",
    ),
)
@aws_options
@click.option("--format", "-f", "form", type=click.Choice(("text", "json")), default="text", help="Default: text.")
@click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
def command(*, form: str, quiet: bool, **aws: Any) -> int:
    needs_aws("A look at AWS")
    from tagwright_cli.progress import progress_for  # noqa: PLC0415 - the help needs none of it
    from tagwright_cli.terminal import Style, wants_colour, width_of  # noqa: PLC0415
    from tagwright_drift.inventories.aws.checkup import check  # noqa: PLC0415 - needs boto3
    from tagwright_drift.inventories.aws.inventory import AwsInventory  # noqa: PLC0415

    aws["attempts"] = min(aws["attempts"], _ATTEMPTS)
    options = options_of(aws)
    inventory = AwsInventory(options)
    progress = progress_for("accounts", quiet=quiet)
    now = datetime.now(UTC)

    def one(account: Account) -> Checkup:
        regions = options.regions or (inventory.clients.session.region_name or account.home,)
        return check(inventory, account, regions, now)

    try:
        accounts = inventory.accounts()
        inventory.check_regions()
        found: list[Checkup] = []
        for start in range(0, len(accounts), options.threads):
            batch = accounts[start : start + options.threads]
            found += inventory.clients.spread(one, batch)
            if progress is not None:
                progress(len(found), len(accounts))
    finally:
        if progress is not None:
            progress.close()
        inventory.close()
    if form == "json":
        write_stdout(json.dumps(_document(found, inventory.notes), indent=2, sort_keys=True) + "\n", utf8=True)
    else:
        style = Style(wants_colour("auto", sys.stdout, os.environ), width_of(sys.stdout, os.environ))
        write_stdout(_text(found, inventory.notes, style))
    return EXIT_OK if all(each.whole for each in found) else EXIT_INCOMPLETE


def _document(found: list[Checkup], notes: list[str]) -> dict[str, Any]:
    return {
        "whole": all(each.whole for each in found),
        "notes": notes,
        "accounts": [
            {
                "account": each.account,
                "name": each.name,
                "whole": each.whole,
                "trouble": each.trouble or None,
                "notes": list(each.notes),
                "types": [
                    {
                        "type": probe.type,
                        "service": probe.service,
                        "region": probe.region,
                        "state": probe.state,
                        "reason": probe.reason or None,
                        "refused": list(probe.refused),
                        "untried": list(probe.untried),
                    }
                    for probe in each.probes
                ],
            }
            for each in found
        ],
    }


def _text(found: list[Checkup], notes: list[str], style: Style) -> str:
    from tagwright_cli.sanitise import clean, short  # noqa: PLC0415 - the help needs none of it
    from tagwright_cli.wording import count  # noqa: PLC0415
    from tagwright_cli.wrapping import wrap  # noqa: PLC0415

    colours = {"sees": "green", "blind": "bold red", "partly": "yellow", "absent": "dim"}
    lines: list[str] = []
    for each in found:
        name = f" ({short(each.name)})" if each.name else ""
        if each.trouble:
            lines += [f"{each.account}{name}  {style.paint('blind', 'bold red')}: nothing of it can be read"]
            lines += [*wrap(clean(each.trouble), style.width, first="  ", rest="  "), ""]
            continue
        seen = [probe for probe in each.probes if probe.state == "sees"]
        lines.append(f"{each.account}{name}  sees {len(seen)} of {count(len(each.probes), 'resource type')}")
        for probe in each.probes:
            if probe.state == "sees":
                continue
            state = style.paint(f"{probe.state:7}", colours[probe.state])
            lines.append(f"  {state} {probe.type}  {probe.region}")
            lines += wrap(clean(probe.reason), style.width, first="          ", rest="          ")
        untried = sorted({action for probe in each.probes for action in probe.untried if probe.state == "sees"})
        if untried:
            text = f"not tried, for there was nothing to try them on: {', '.join(untried)}"
            lines += wrap(text, style.width, first="  note    ", rest="          ")
        for note in each.notes:
            lines += wrap(clean(note), style.width, first="  note    ", rest="          ")
        lines.append("")
    lines += [line for note in notes for line in wrap(clean(note), style.width, first="note: ", rest="      ")]
    blind = sum(not each.whole for each in found)
    if blind:
        lines.append(f"{blind} of {count(len(found), 'account')} would not be seen whole.")
        lines += wrap("help: `tagwright drift iam-policy` prints the policy that a scan needs", style.width)
    else:
        lines.append(f"{count(len(found), 'account')}: nothing goes blind.")
    return "\n".join(lines) + "\n"
