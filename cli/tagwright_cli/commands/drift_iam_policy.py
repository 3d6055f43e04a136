"""`tagwright drift iam-policy`."""

from __future__ import annotations

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.live.aws_options import needs_aws
from tagwright_cli.output import write_file, write_stdout
from tagwright_dictionary.errors import EXIT_OK

_FORMATS = ("json", "terraform", "cloudformation")


@make(
    "iam-policy",
    help=(
        "Print the least-privilege, read-only IAM policy that a scan of AWS needs.\n\n"
        "It is made of the calls that the listers make, one statement a service: it lists, describes and reads tags, "
        "and reads no data, code or secret. The cloudformation format adds the role, ready for a stack set."
    ),
    examples=(
        "tagwright drift iam-policy --output policy.json",
        "tagwright drift iam-policy --scope hot --format terraform",
    ),
)
@click.option("--type", "types", multiple=True, metavar="GLOB", help="Only what these resource types need.")
@click.option("--scope", type=click.Choice(("full", "hot")), default="full", help="hot: accelerators only.")
@click.option("--organization", is_flag=True, help="Also list the organization's accounts.")
@click.option("--costs", is_flag=True, help="Also read which tags are activated for billing.")
@click.option("--types", "list_types", is_flag=True, help="Print the types with their actions instead.")
@click.option("--format", "-f", "form", type=click.Choice(_FORMATS), default="json", help="Default: json.")
@click.option("--output", "-o", metavar="FILE", help="Write to a file instead of stdout.")
def command(
    *,
    types: tuple[str, ...],
    scope: str,
    organization: bool,
    costs: bool,
    list_types: bool,
    form: str,
    output: str | None,
) -> int:
    needs_aws("The policy of a scan of AWS")
    from tagwright_drift.inventories.aws.inventory import chosen_listers  # noqa: PLC0415 - needs boto3
    from tagwright_drift.inventories.aws.policy import FORMATS, actions, policy  # noqa: PLC0415

    listers = chosen_listers(types, scope)
    if list_types:
        text = "".join(
            f"{name}\n" + "".join(f"  {each}\n" for each in found.actions) for name, found in listers.items()
        )
    else:
        text = FORMATS[form](policy(actions(listers.values(), organization=organization, costs=costs)))
    if output:
        write_file(output, text)
    else:
        write_stdout(text, utf8=True)
    return EXIT_OK
