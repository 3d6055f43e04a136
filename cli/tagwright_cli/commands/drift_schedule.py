"""`tagwright drift schedule`."""

from __future__ import annotations

from pathlib import Path

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.live.aws_options import needs_aws
from tagwright_cli.output import write_file, write_stdout
from tagwright_cli.version import __version__
from tagwright_dictionary.errors import EXIT_OK, InputError, OutputError

_TARGETS = ("github", "kubernetes", "systemd", "lambda")


@make(
    "schedule",
    help=(
        "Write ready files that run the scanner: everything once a week, accelerators every few hours, and a watch.\n\n"
        "github: a workflow that signs in by OIDC and keeps its state in a bucket. kubernetes: CronJobs with a volume. "
        "systemd: a service and timers. lambda: a CloudFormation template. With them comes the IAM policy of the "
        "scanner: read-only, but for its own state. What stands after -- is handed to every `tagwright drift scan`."
    ),
    examples=(
        "tagwright drift schedule github --role arn:aws:iam::111122223333:role/drift --bucket acme --region eu-west-1",
        "tagwright drift schedule systemd --to units -- --organization --role 'arn:aws:iam::{account}:role/drift'",
    ),
)
@click.option("--to", "folder", default=".", metavar="DIR", help="Where the files go. Default: here.")
@click.option("--weekly", default="Mon 05:00", metavar="DAY_TIME", help="The full scan, in UTC. Default: Mon 05:00.")
@click.option("--every", default=6, type=int, metavar="HOURS", help="The hot scan: a divisor of 24. Default: 6.")
@click.option("--role", default="", metavar="ARN", help="The role that the scheduler becomes.")
@click.option("--bucket", default="", metavar="NAME[/PREFIX]", help="The bucket that keeps the state.")
@click.option("--region", default="", metavar="REGION", help="The region to sign in to.")
@click.option("--image", default="", metavar="IMAGE", help="The container image.")
@click.option("--namespace", default="tagwright", metavar="NAME", help="The namespace. Default: tagwright.")
@click.option("--tag", "tags", multiple=True, metavar="KEY=VALUE", help="A tag of what the files create; repeat it.")
@click.option("--dictionary", default="", metavar="SOURCE", help="The tag dictionary that the scans use.")
@click.option("--notify", default="", metavar="FILE", help="The channels file of `tagwright drift notify`.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@click.option("--print", "show", is_flag=True, help="Print the files instead of writing them.")
@click.argument("target", type=click.Choice(_TARGETS))
@click.argument("scan", nargs=-1, type=click.UNPROCESSED)
def command(
    *,
    folder: str,
    weekly: str,
    every: int,
    role: str,
    bucket: str,
    region: str,
    image: str,
    namespace: str,
    tags: tuple[str, ...],
    dictionary: str,
    notify: str,
    force: bool,
    show: bool,
    target: str,
    scan: tuple[str, ...],
) -> int:
    needs_aws("The policy of a scan of AWS")
    from tagwright_drift.inventories.aws.policy import actions, policy  # noqa: PLC0415 - the help needs none of it
    from tagwright_drift.inventories.aws.registry import listers  # noqa: PLC0415
    from tagwright_drift.schedule import request as requests  # noqa: PLC0415
    from tagwright_drift.schedule.targets import TARGETS  # noqa: PLC0415

    request = requests.Request(
        requests.weekly(weekly),
        every,
        __version__,
        scan,
        role,
        bucket,
        region,
        image,
        namespace,
        tuple(_pair(text) for text in tags),
        dictionary,
        notify,
    )
    chosen = TARGETS[target]
    made = chosen.make(request, policy(actions(listers().values(), organization="--organization" in scan)))
    if show:
        write_stdout("".join(f"# {file.path}\n{file.text}\n" for file in made), utf8=True)
        return EXIT_OK
    there = [file.path for file in made if (Path(folder) / file.path).exists()]
    if there and not force:
        raise OutputError(f"{', '.join(there)} would be replaced", hint="--force replaces; --to names another folder")
    for file in made:
        path = Path(folder) / file.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"{path.parent} cannot be made: {error.strerror}", hint="name a folder with --to"
            ) from None
        write_file(str(path), file.text)
    lines = [f"wrote {Path(folder) / file.path}" for file in made]
    steps = [f"  {number}. {step}" for number, step in enumerate(chosen.after, 1)]
    write_stdout("\n".join([*lines, "", "then:", *steps, ""]))
    return EXIT_OK


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise InputError(f"--tag {text} is no KEY=VALUE", hint="--tag owner=ml-platform@acme.example")
    return key, value
