"""A bundle onto disk, into a folder that is new, empty or ours."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from tagwright_dictionary.errors import InputError, OutputError
from tagwright_dictionary.model import Location
from tagwright_policies.checkov.bundle import MARK

_OURS = re.compile(r"tagwright_(?:checks_[0-9a-f]{8}\.py|bundle_[0-9a-f]{8}\.zip)")


def write(files: Iterable[tuple[str, bytes]], folder: Path, *, force: bool = False) -> None:
    """Replaces an older bundle there, and nothing else: with `force` other files of the folder stay as they are, but
    for an `__init__.py`. Each file appears whole or not at all.

    Raises InputError for a folder that is not ours, OutputError when it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file", hint="name a folder for the bundle", location=Location(str(folder)))
    try:
        present = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
        if present and not force and not is_bundle(folder):
            raise InputError(
                f"{folder} exists and holds no bundle of tagwright",
                hint="name a new folder, or write into this one with --force",
                location=Location(str(folder)),
            )
        folder.mkdir(parents=True, exist_ok=True)
        made = dict(files)
        # The archive first and the check file last: a scan that starts in between finds no half of a bundle.
        for name in sorted(made, key=lambda each: (each.endswith(".py"), each)):
            temporary = folder / f".{name}.{os.getpid()}.part"
            temporary.write_bytes(made[name])
            temporary.replace(folder / name)
        for name in present:
            if _OURS.fullmatch(name) and name not in made:
                (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"the bundle cannot be written to {folder}: {error.strerror or error}", location=Location(str(folder))
        ) from error


def is_bundle(folder: Path) -> bool:
    """Whether the folder holds a bundle of ours: its `__init__.py` says so."""
    try:
        with (folder / "__init__.py").open("rb") as stream:
            return stream.read(len(MARK)) == MARK.encode()
    except OSError:
        return False
