"""Writing a folder of new files, and never over what somebody else wrote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tagwright_dictionary.errors import OutputError
from tagwright_dictionary.model import Location


def write_new(folder: Path, files: Mapping[str, str], *, force: bool) -> None:
    """Write each file (its name may hold folders). Raises OutputError when one is there already, unless `force`, or
    cannot be written; in the first case nothing is written.
    """
    there = [] if force else [name for name in files if (folder / name).exists()]
    if there:
        raise OutputError(
            f"{', '.join(there)} already there: nothing was written",
            hint="choose another folder, or write over them with --force",
            location=Location(str(folder)),
        )
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise OutputError(
            f"cannot be written ({error.strerror or error})", location=Location(str(folder)), hint="choose another"
        ) from error
