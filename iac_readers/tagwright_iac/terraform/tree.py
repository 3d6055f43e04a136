"""Which directories of a tree are root modules, and which roots a set of changed files concerns."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from tagwright_iac.terraform.file_table import FileTable, ReadError
from tagwright_iac.terraform.names import is_configuration_file, list_configuration

_LOCAL_SOURCE = re.compile(rb'\bsource"?\s*[=:]\s*"(\.\.?(?:/[^"\n]*)?)"')
_SKIPPED = frozenset({".git", ".terraform", ".venv", "node_modules", "__pycache__", ".terragrunt-cache"})


def find_boundary(path: str) -> str:
    """The repository `path` is in (the nearest directory upward with .git), else the directory itself; real path."""
    directory = os.path.realpath(path)
    if not os.path.isdir(directory):  # noqa: PTH112
        directory = os.path.dirname(directory)  # noqa: PTH120
    current = directory
    while True:
        if os.path.exists(os.path.join(current, ".git")):  # noqa: PTH110, PTH118
            return current
        parent = os.path.dirname(current)  # noqa: PTH120
        if parent == current:
            return directory
        current = parent


def walk(
    directory: str, exclude: Iterable[str] = (), refused: Callable[[OSError], None] | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Directories below (and with) `directory` that hold configuration files, with all their file names.

    Symbolic links to directories are not followed (loops), and what tools put there is left out; `exclude` are globs
    of names and of paths relative to `directory`. `refused` is told of directories that cannot be listed.
    """
    patterns = tuple(exclude)
    for current, directories, names in os.walk(directory, onerror=refused):
        relative = os.path.relpath(current, directory).replace(os.sep, "/")
        directories[:] = sorted(
            name for name in directories if name not in _SKIPPED and not _excluded(relative, name, patterns)
        )
        kept = [name for name in names if not _excluded(relative, name, patterns)]
        if any(is_configuration_file(name) for name in kept):
            yield os.path.normpath(current), kept


def _excluded(parent: str, name: str, patterns: tuple[str, ...]) -> bool:
    path = name if parent == "." else f"{parent}/{name}"
    return any(fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def callers_among(directories: Iterable[str], table: FileTable) -> Mapping[str, set[str]]:
    """For each directory that some module block below names as its source: who names it. A quick look at the text,
    without parsing; the caller checks that whatever looked called was really reached.
    """
    found: dict[str, set[str]] = {}
    for directory in directories:
        for name in list_configuration(directory):
            try:
                data = table.read(os.path.join(directory, name))  # noqa: PTH118
            except ReadError:
                continue  # whoever reads the module says so
            for match in _LOCAL_SOURCE.finditer(data):
                target = os.path.normpath(os.path.join(directory, match[1].decode(errors="replace")))  # noqa: PTH118
                if target != directory:
                    found.setdefault(target, set()).add(directory)
    return found


def roots_above(directory: str, called_by: Mapping[str, set[str]]) -> list[str]:
    """The directories at the top of every chain of calls that ends in `directory` (itself when nobody calls it)."""
    seen: set[str] = set()
    roots: set[str] = set()
    pending = [directory]
    while pending:
        current = pending.pop()
        if current in seen:
            continue
        seen.add(current)
        above = called_by.get(current)
        if not above:
            roots.add(current)
        else:
            pending.extend(above)
    return sorted(roots) or [directory]
