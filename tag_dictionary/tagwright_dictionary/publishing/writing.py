"""The output folder: only an empty one or one of ours is written to, and nothing of an earlier build stays behind."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from tagwright_dictionary.errors import InputError, OutputError
from tagwright_dictionary.publishing import manifest

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def earlier(folder: Path, *, force: bool) -> frozenset[str]:
    """The files that an earlier build has left in the folder. Raises InputError for a folder that holds something
    else, unless `force` says that it may be written to all the same; foreign files are never removed.
    """
    try:
        if not folder.exists():
            return frozenset()
        if not folder.is_dir():
            raise InputError(f"{folder} is not a folder", hint="name a folder for the site, for example --to site")
        if not any(folder.iterdir()):
            return frozenset()
        known = folder / manifest.NAME
        found = manifest.listed(known.read_bytes()) if known.is_file() and not known.is_symlink() else None
    except OSError as error:
        raise OutputError(f"{folder} cannot be read: {_reason(error)}", hint="name another folder with --to") from error
    if found is None:
        if force:
            return frozenset()
        raise InputError(
            f"{folder} is not empty and was not made by {manifest.MADE_BY}",
            hint="name an empty folder, or add --force to write between the files that are there",
        )
    return found


def write_one(folder: Path, path: str, content: bytes) -> None:
    """Write one file."""
    for _ in write(folder, ((path, content),)):
        pass


def write(folder: Path, files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes, str]]:
    """Write the files one by one and give (path, content, SHA-256) of each. Raises OutputError where one cannot be
    written.
    """
    made: set[str] = set()
    path = ""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        root = str(folder)
        for path, content in files:
            parent = path.rpartition("/")[0]
            if parent not in made:
                _make(root, parent)
                made.add(parent)
            handle = os.open(f"{root}/{path}", _FLAGS, 0o644)
            try:
                view = memoryview(content)
                while view:
                    view = view[os.write(handle, view) :]
            finally:
                os.close(handle)
            yield path, content, hashlib.sha256(content).hexdigest()
    except OSError as error:
        raise OutputError(
            f"the site cannot be written: {folder / path}: {_reason(error)}",
            hint="check the folder's rights and the disk",
        ) from error


def remove(folder: Path, paths: Iterable[str]) -> int:
    """Remove files of an earlier build, and folders that are then empty; how many files there were. A symbolic link on
    the way is not followed: what lies behind it is not ours.
    """
    removed = 0
    parents: set[Path] = set()
    for path in sorted(paths):
        file = folder / path
        between = [folder.joinpath(*file.relative_to(folder).parts[:depth]) for depth in range(1, path.count("/") + 1)]
        if any(parent.is_symlink() for parent in between):
            continue
        try:
            file.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise OutputError(f"{file} cannot be removed: {_reason(error)}", hint="remove it by hand") from error
        removed += 1
        parents.update(between)
    for parent in sorted(parents, key=lambda each: len(each.parts), reverse=True):
        try:
            parent.rmdir()
        except OSError:
            continue  # not empty: something else lives there
    return removed


def _make(root: str, parent: str) -> None:
    """Make the folder of a file, one level at a time: a symbolic link in its place would lead out of the site."""
    path = root
    for part in parent.split("/") if parent else ():
        path = f"{path}/{part}"
        if os.path.islink(path):  # noqa: PTH114 - a plain string, 50,000 times
            raise OSError(0, "a symbolic link stands where a folder of the site belongs")
        os.makedirs(path, exist_ok=True)  # noqa: PTH103


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
