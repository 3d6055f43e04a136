"""One entry for every gate: paths in, a `Reading` out."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Location, Reading


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read.

    variables     (name, value) pairs of --var, in order; var_files of --var-file; `assignments` keeps the order of
                  both as given: ("var", "a=b") or ("file", path)
    environ       TF_VAR_* and TF_WORKSPACE are taken from here
    changed_only  report only resources declared in, or tagged from, the given files
    jobs          worker processes (0: one a core for large trees)
    cache         use the result cache
    cwd           paths are shown relative to it
    exclude       globs of directories and files that are not read
    progress      called with (done, total) roots, for a progress line
    """

    assignments: tuple[tuple[str, str], ...] = ()
    environ: tuple[tuple[str, str], ...] = ()
    changed_only: bool = False
    jobs: int = 0
    cache: bool = True
    cwd: Path = field(default_factory=Path.cwd)
    exclude: tuple[str, ...] = ()
    framework: str = ""
    progress: Callable[[int, int], None] | None = field(default=None, compare=False)


_CONFIGURATION = (".tf", ".tofu", ".tf.json", ".tofu.json")
_VALUES = (".tfvars", ".tfvars.json")


def is_source_file(path: str) -> bool:
    """Whether a path names a single Terraform or tfvars file, so that only what it concerns is reported."""
    return path.endswith((*_CONFIGURATION, *_VALUES)) and not os.path.isdir(path)  # noqa: PTH112


def read(paths: Sequence[str], options: ReadOptions) -> Reading:
    """Read everything named: directories of Terraform (every root below), single Terraform or tfvars files (their
    roots, reporting what the files concern), plan JSON files, previews and exports of Pulumi. InputError when a path
    does not exist or is nothing tagwright reads; what cannot be read inside is in the result's `problems`.
    """
    directories: list[str] = []
    files: list[str] = []
    plans: list[str] = []
    for path in paths:
        full = os.path.normpath(os.path.join(options.cwd, path))  # noqa: PTH118
        if os.path.isdir(full):  # noqa: PTH112
            directories.append(full)
        elif not os.path.exists(full):  # noqa: PTH110
            raise InputError(
                f"{path} does not exist",
                hint="name a directory, a Terraform file or a plan in JSON",
                location=Location(path),
            )
        elif is_source_file(full):
            files.append(full)
        else:
            plans.append(full)
    readings: list[Reading] = []
    if directories or files:
        from tagwright_iac.terraform.forest import read_forest  # noqa: PLC0415 - loaded when there is HCL to read

        readings.append(read_forest(directories, files, options))
    if plans:
        from tagwright_iac.plan import read_plan  # noqa: PLC0415 - loaded when there is a plan to read
        from tagwright_iac.pulumi import looks_like_pulumi, read_pulumi  # noqa: PLC0415 - the same

        for plan in map(Path, plans):
            reader = read_pulumi if looks_like_pulumi(plan) else read_plan
            readings.append(reader(plan, cwd=options.cwd, changed_only=options.changed_only))
    return merge(readings)


def merge(readings: Sequence[Reading]) -> Reading:
    """Several readings as one, in a stable order."""
    if len(readings) == 1:
        return readings[0]
    return Reading(
        resources=tuple(resource for reading in readings for resource in reading.resources),
        files=tuple(sorted({name for reading in readings for name in reading.files})),
        problems=tuple(dict.fromkeys(problem for reading in readings for problem in reading.problems)),
        suppressions=tuple(dict.fromkeys(item for reading in readings for item in reading.suppressions)),
        notes=tuple(dict.fromkeys(note for reading in readings for note in reading.notes)),
    )
