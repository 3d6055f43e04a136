"""`tagwright check`."""

from __future__ import annotations

import click

from tagwright_cli.lazy import command as make
from tagwright_cli.options import assignments, day, output_options, reading_options, targets
from tagwright_dictionary.dictionary import UnknownPolicy
from tagwright_dictionary.errors import InputError


@make(
    "check",
    help=(
        "Judge infrastructure code against the tag dictionary and block what is not compliant.\n\n"
        "PATHS are folders with Terraform code, files of them, plans written by `terraform show -json`, or previews "
        "written by `pulumi preview --json`; without any, this folder and all below it."
    ),
    examples=(
        "tagwright check infra/",
        "tagwright check --format text --format sarif=tags.sarif plan.json",
    ),
)
@reading_options
@click.option("--changed-only", is_flag=True, help="Report only what the named files declare or tag.")
@click.option(
    "--on-unknown",
    type=click.Choice([policy.value for policy in UnknownPolicy]),
    help="What an undecided requirement does to the exit code. Default: as the dictionary says.",
)
@click.option("--explain-unknown", is_flag=True, help="List every resource that waits for an unknown value, by cause.")
@click.option("--baseline", metavar="FILE", help="Accept the findings recorded in this file; new ones still block.")
@click.option(
    "--write-baseline",
    metavar="FILE",
    help="Record today's findings in this file; with --baseline, only take out those that are gone.",
)
@click.option("--account", default="", metavar="ID", help="The account deployed to, for exemptions by account.")
@output_options
@click.pass_context
def command(
    context: click.Context,
    *,
    paths: tuple[str, ...],
    dictionary: str | None,
    variables: tuple[str, ...],
    var_files: tuple[str, ...],
    exclude: tuple[str, ...],
    jobs: int,
    no_cache: bool,
    changed_only: bool,
    on_unknown: str | None,
    explain_unknown: bool,
    baseline: str | None,
    write_baseline: str | None,
    account: str,
    formats: tuple[str, ...],
    output: str | None,
    colour: str,
    quiet: bool,
    today: str | None,
) -> int:
    from tagwright_cli.pipeline import Request  # noqa: PLC0415 - the options are checked before anything heavy loads
    from tagwright_cli.reporting import Presentation, judge_and_report  # noqa: PLC0415

    if write_baseline is not None and changed_only:
        raise InputError("--changed-only sees too little for --write-baseline", hint="leave --changed-only out")
    presentation = Presentation(
        targets(formats, output),
        colour=colour,
        quiet=quiet,
        explain_unknown=explain_unknown,
    )
    return judge_and_report(
        Request(
            paths=paths,
            today=day(today),
            dictionary=dictionary,
            assignments=assignments(context, variables, var_files),
            exclude=exclude,
            changed_only=changed_only,
            jobs=jobs,
            cache=not no_cache,
            on_unknown=UnknownPolicy(on_unknown) if on_unknown else None,
            baseline=baseline,
            account=account,
            quiet=quiet,
        ),
        presentation,
        write_baseline=write_baseline,
    )
