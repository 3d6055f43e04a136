"""The installed Checkov: where it is, which version, and whether that is new enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Location
from tagwright_policies.checkov.writing import is_bundle

OLDEST = (3, 2, 0)
"""The oldest version that the tests run with."""

_VERSION = re.compile(r"^\s*(\d+)\.(\d+)\.(\d+)", re.MULTILINE)
_INSTALL = "pip install 'tagwright[checkov]'"


@dataclass(frozen=True, slots=True)
class Checkov:
    path: str
    version: tuple[int, int, int]

    def __str__(self) -> str:
        return f"Checkov {'.'.join(map(str, self.version))}"


def locate(given: str = "") -> Checkov:
    """The one given, else the one beside this Python, else the one on PATH.

    Raises InputError, with the pip command, when there is none or it is too old.
    """
    path = _path(given)
    try:
        done = subprocess.run(  # noqa: S603 - the user's own Checkov
            [path, "--version"], capture_output=True, text=True, timeout=180, check=False, env=environment()
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputError(f"{path} cannot be run: {error}", hint=_INSTALL, location=Location(path)) from error
    found = _VERSION.search(done.stdout)
    if done.returncode != 0 or found is None:
        raise InputError(f"{path} --version does not print the version of a Checkov", hint=_INSTALL)
    version = (int(found[1]), int(found[2]), int(found[3]))
    if version < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise InputError(f"Checkov {found[0].strip()} is too old, {oldest} is the oldest that works", hint=_INSTALL)
    return Checkov(path, version)


def environment(**extra: str) -> dict[str, str]:
    """The environment of this process, and more. A search path of Python's on which a bundle named `checkov` lies is
    left out: it would be taken for Checkov itself.
    """
    found = {**os.environ, **extra}
    places = found.get("PYTHONPATH", "").split(os.pathsep)
    kept = [place for place in places if place and not is_bundle(Path(place) / "checkov")]
    if kept:
        found["PYTHONPATH"] = os.pathsep.join(kept)
    else:
        found.pop("PYTHONPATH", None)
    return found


def _path(given: str) -> str:
    if given:
        found = shutil.which(given)
        if found is None:
            raise InputError(f"there is no program {given}", hint=_INSTALL, location=Location(given))
        return found
    beside = Path(sys.executable).parent / "checkov"
    if beside.is_file() and os.access(beside, os.X_OK):
        return str(beside)
    found = shutil.which("checkov")
    if found is None:
        raise InputError("Checkov is not installed", hint=_INSTALL)
    return found
