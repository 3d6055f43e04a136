"""Checkov's arguments, as far as they decide whether anything is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Location

_MANY = frozenset({"-f", "--file", "--framework", "--skip-framework", "--external-checks-public-key"})
"""Options that take several words."""

_CONFIGURATION = (".checkov.yaml", ".checkov.yml")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the user passes on. `configured`: what Checkov's configuration file says."""

    words: tuple[str, ...]
    configured: dict[str, Any]

    def values(self, *names: str) -> list[str]:
        """The values of an option on the command line, and else in the configuration file."""
        found: list[str] = []
        taking = False
        for index, word in enumerate(self.words):
            name, equals, value = word.partition("=")
            if word in names:
                taking = True
                many = not _MANY.isdisjoint(names)
                following = self.words[index + 1 :]
                for each in following if many else following[:1]:
                    if each.startswith("-"):
                        break
                    found.append(each)
            elif equals and name in names:
                taking = True
                found.append(value)
        if taking:
            return found
        for name in names:
            given = self.configured.get(name.lstrip("-"))
            if given is not None:
                return [str(item) for item in (given if isinstance(given, list) else [given])]
        return []


def understood(words: Iterable[str]) -> Arguments:
    """Reads Checkov's configuration file where the arguments or the folders name one.

    Raises InputError for whatever would make Checkov look at nothing, or leave our checks out, and say it is clean.
    """
    made = Arguments(tuple(words), {})
    made = Arguments(made.words, _configuration(made))
    for name in (*made.values("-d", "--directory"), *made.values("-f", "--file")):
        if not Path(name).exists():
            raise InputError(f"{name} does not exist", hint="name what Checkov should scan", location=Location(name))
    if not made.values("-d", "--directory") and not made.values("-f", "--file"):
        raise InputError("nothing to scan is named", hint="tagwright checkov run -d .")
    if made.values("--external-checks-git"):
        raise InputError(
            "Checkov ignores every other folder of checks when --external-checks-git is given, ours too",
            hint="fetch that repository yourself and name it with --external-checks-dir",
        )
    for name in made.values("--external-checks-dir"):
        _demand_checks(Path(name))
    return made


def _demand_checks(folder: Path) -> None:
    """Checkov says nothing of a folder that is not there, or of one whose checks it does not load."""
    where = Location(str(folder))
    if not folder.is_dir():
        raise InputError(f"the folder of checks {folder} does not exist", location=where)
    python = [path for path in folder.rglob("*.py") if not path.name.startswith("__")]
    policies = [path for suffix in ("*.yaml", "*.yml", "*.json") for path in folder.rglob(suffix)]
    if not python and not policies:
        raise InputError(f"the folder of checks {folder} holds no check", location=where)
    for path in python:
        if not (path.parent / "__init__.py").exists():
            raise InputError(
                f"Checkov does not load {path}: its folder has no __init__.py",
                hint=f"touch {path.parent / '__init__.py'}",
                location=Location(str(path)),
            )


def _configuration(made: Arguments) -> dict[str, Any]:
    import yaml  # noqa: PLC0415 - only here

    named = made.values("--config-file")
    folders = [Path(name) for name in made.values("-d", "--directory")]
    candidates = [Path(name) for name in named] or [
        folder / name for folder in (*folders, Path(), Path.home()) for name in _CONFIGURATION
    ]
    for path in candidates:
        if not path.is_file():
            if named:
                raise InputError(f"{path} does not exist", location=Location(str(path)))
            continue
        try:
            found = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise InputError(
                f"Checkov's configuration cannot be read: {error}", location=Location(str(path))
            ) from error
        return found if isinstance(found, dict) else {}
    return {}
