"""Which dictionary applies: an option, the environment, the project's settings, else the shipped one."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading.data import shipped_path
from tagwright_dictionary.loading.documents import display_path
from tagwright_dictionary.loading.settings import NO_SETTINGS, Settings, read_settings

ENVIRONMENT = "TAGWRIGHT_DICTIONARY"
FILES = ("pyproject.toml", ".tagwright.yaml")
"""In each folder, in this order: where both set a field, the first one counts."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """`source` is for `load`; `how` says who named it, in words; `shipped`: nobody did. `settings` are the project's,
    whoever named the dictionary.
    """

    source: str
    how: str
    shipped: bool
    settings: Settings = NO_SETTINGS


def discover(start: Path, *, explicit: str | None, environ: Mapping[str, str]) -> Discovered:
    """Looks from `start` upward to the repository's root (the folder with `.git`).

    Raises DictionaryError when a settings file is broken, or an option names nothing: never falls back silently.
    """
    settings, named_by = _settings(start)
    if explicit is not None:
        if not explicit.strip():
            raise DictionaryError("--dictionary is empty", hint="name a path, a pinned URL or a git reference")
        return Discovered(explicit, "--dictionary", shipped=False, settings=settings)
    from_environment = environ.get(ENVIRONMENT, "")
    if from_environment:
        return Discovered(from_environment, ENVIRONMENT, shipped=False, settings=settings)
    if settings.dictionary:
        return Discovered(settings.dictionary, named_by, shipped=False, settings=settings)
    return Discovered(shipped_path(), "shipped with tagwright", shipped=True, settings=settings)


def _settings(start: Path) -> tuple[Settings, str]:
    """The settings, each field from the nearest file that sets it, and which file names the dictionary."""
    fields: dict[str, Any] = {}
    files: list[str] = []
    named_by = ""
    for folder in _upward(start):
        for name in FILES:
            path = folder / name
            if not os.path.lexists(path):
                continue
            found = read_settings(path)
            if not found and name == "pyproject.toml":
                continue
            shown = display_path(str(path))
            if "dictionary" in found and "dictionary" not in fields:
                named_by = f"[tool.tagwright] in {shown}" if name == "pyproject.toml" else shown
            files.append(str(path))
            fields = found | fields
    root = str(Path(files[0]).parent) if files else ""
    return Settings(**fields, files=tuple(files), root=root), named_by


def _upward(start: Path) -> list[Path]:
    """`start` and the folders above it, up to and including the repository's root.

    Outside a repository the walk ends below the first folder that anybody may write to (/tmp): a file that a stranger
    put there must not choose the dictionary.
    """
    first = Path(os.path.abspath(start))  # noqa: PTH100 - as the user sees it, symlinks kept
    if first.is_file():
        first = first.parent
    chain = (first, *first.parents)
    for index, folder in enumerate(chain):
        if os.path.lexists(folder / ".git"):
            return list(chain[: index + 1])
    trusted = [first]
    for folder in chain[1:]:
        try:
            if folder.stat().st_mode & stat.S_IWOTH:
                break
        except OSError:
            break
        trusted.append(folder)
    return trusted
