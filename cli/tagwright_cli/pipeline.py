"""From paths to a report: dictionary, reader, gate."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tagwright_cli.finding_dictionary import loaded
from tagwright_cli.report import Report
from tagwright_cli.sources import Sources
from tagwright_dictionary.dictionary import UnknownPolicy
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.loading.settings import Settings
from tagwright_dictionary.model import Reading
from tagwright_iac.reading import ReadOptions, is_source_file, read
from tagwright_policies.gate import gate


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for, as typed values. `on_unknown` None: as the project's settings or the dictionary say."""

    paths: tuple[str, ...]
    today: date
    dictionary: str | None = None
    assignments: tuple[tuple[str, str], ...] = ()
    exclude: tuple[str, ...] = ()
    changed_only: bool = False
    jobs: int = 0
    cache: bool = True
    on_unknown: UnknownPolicy | None = None
    baseline: str | None = None
    account: str = ""
    quiet: bool = False
    progress: Callable[[int, int], None] | None = None


def run(request: Request) -> Report:
    """Read and judge. Raises TagwrightError where nothing could be looked at; what could be read is in the report."""
    found, dictionary = loaded(request.dictionary, cache=request.cache, quiet=request.quiet)
    settings = found.settings
    reading = reading_of(request, settings)
    result = gate(
        dictionary,
        reading,
        today=request.today,
        on_unknown=request.on_unknown or settings.on_unknown,
        baseline=request.baseline,
        account=request.account,
        partial=request.changed_only or any(map(is_source_file, request.paths)),
    )
    return Report(
        dictionary=dictionary,
        result=result,
        files=reading.files,
        notes=reading.notes,
        today=request.today,
        sources=Sources(Path.cwd(), reading.files),
    )


def reading_of(request: Request, settings: Settings) -> Reading:
    """What the request's paths hold. Raises InputError where that is nothing."""
    reading = read(
        request.paths or (".",),
        ReadOptions(
            assignments=(*(("file", file) for file in settings.var_files), *request.assignments),
            environ=_terraform_environment(),
            changed_only=request.changed_only,
            jobs=request.jobs,
            cache=request.cache,
            cwd=Path.cwd(),
            exclude=(*settings.exclude, *request.exclude),
            progress=request.progress,
        ),
    )
    refuse_nothing(reading, request.paths)
    return reading


def _terraform_environment() -> tuple[tuple[str, str], ...]:
    """What Terraform itself would take from the environment."""
    return tuple(
        sorted(
            (name, value) for name, value in os.environ.items() if name.startswith("TF_VAR_") or name == "TF_WORKSPACE"
        ),
    )


def refuse_nothing(reading: Reading, paths: tuple[str, ...]) -> None:
    """A gate that looked at nothing must not say clean."""
    if not reading.files and not reading.problems:
        where = ", ".join(paths) or "this folder"
        raise InputError(
            f"nothing was scanned: there is no Terraform code, plan or Pulumi document in {where}",
            hint="name the folder that holds the .tf files, or a plan from `terraform show -json`",
        )
