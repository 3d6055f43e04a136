"""One entry for every gate: paths in, a `Reading` out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


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
