"""The files of a run folder, and the lock that says whether its scan still lives."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from tagwright_dictionary.errors import InputError, MissingExtraError
from tagwright_dictionary.model import Location

HEADER = "run.json"
PLANNED = "planned.parquet"
END = "end.json"
LOCK = "lock"
FORMAT = 1
METADATA = b"tagwright"


def part_name(number: int) -> str:
    return f"part-{number:05d}.parquet"


def write_json(path: Path, document: Any) -> None:
    """The whole file or nothing, and on the disk before this returns."""
    waiting = path.with_name(f".{path.name}.new")
    with waiting.open("w", encoding="ascii") as file:
        json.dump(document, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Raises InputError on what is no JSON object."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(path, str(error)) from None
    if not isinstance(found, dict):
        raise damaged(path, "it is no JSON object")
    return found


def damaged(path: Path, why: str) -> InputError:
    return InputError(
        f"this file of a run is damaged: {why}",
        hint="restore it, or delete it: the cells that it holds then count as unseen",
        location=Location(str(path)),
    )


def pyarrow_parquet() -> Any:
    """`pyarrow.parquet`. Raises MissingExtraError."""
    try:
        from pyarrow import parquet  # noqa: PLC0415 - only what reads or writes runs pays for it
    except ImportError:
        raise MissingExtraError("aws", "reading and writing runs") from None
    return parquet


class Lock:
    """Held for as long as the scanner lives; the kernel lets go of it however the scanner ends."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / LOCK).open("a")
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def close(self) -> None:
        self._file.close()


def is_held(folder: Path) -> bool:
    """Whether a scanner still holds the folder."""
    with suppress(FileNotFoundError), (folder / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
