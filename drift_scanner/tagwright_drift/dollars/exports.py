"""Which files an export consists of: a file, a folder, a glob, or objects below an `s3://` address."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from typing import Final

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Location

SUFFIXES: Final = (".parquet", ".csv", ".csv.gz")
MAX_FILES: Final = 20_000
_NEXT = "name FOCUS or CUR 2.0 files (.parquet, .csv, .csv.gz), or the folder they are in"
# CUR and FOCUS exports that keep earlier deliveries have a folder an execution below that of the billing period:
# https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html
_DELIVERY = re.compile(r"(?P<period>.*BILLING_PERIOD=[^/]+)/(?P<execution>[^/]+)/[^/]+$", re.IGNORECASE)


def is_export(name: str) -> bool:
    """Whether a file's name says that it may be part of an export (manifests and hidden files are not)."""
    base = PurePosixPath(name).name
    return base.casefold().endswith(SUFFIXES) and not base.startswith((".", "_"))


def local_files(sources: Iterable[str]) -> tuple[Path, ...]:
    """Every file of the sources, each once, in a stable order. Raises InputError: nothing there, a foreign suffix, too
    many files, or two deliveries of the same billing period, which would count its money twice.
    """
    found: dict[Path, Path] = {}
    for source in sources:
        for path in _of(source):
            found.setdefault(path.resolve(), path)
    if len(found) > MAX_FILES:
        raise InputError(f"{len(found):,} files are more than an export of {MAX_FILES:,}", hint="name fewer folders")
    once(path.as_posix() for path in found.values())
    return tuple(found[name] for name in sorted(found))


def once(names: Iterable[str]) -> None:
    """Raises InputError when some names are of two deliveries of one billing period."""
    executions: dict[str, set[str]] = {}
    for name in names:
        match = _DELIVERY.match(name)
        if match is not None:
            executions.setdefault(match["period"], set()).add(match["execution"])
    for period, several in sorted(executions.items()):
        if len(several) > 1:
            raise InputError(
                f"{len(several)} deliveries of the same billing period: its money would count {len(several)} times",
                hint=f"name one delivery a period: {period}/{max(several)}",
                location=Location(period),
            )


def distinct(files: Iterable[tuple[Path, str]]) -> None:
    """Raises InputError when two files, each with the name that messages show, are the same to the byte: a copy in
    another folder, or one delivery under two names. Files are only read where their sizes are equal.
    """
    by_size: dict[int, list[tuple[Path, str]]] = {}
    for path, shown in files:
        with suppress(OSError):  # whoever reads it says what is wrong with it
            by_size.setdefault(path.stat().st_size, []).append((path, shown))
    for same in by_size.values():
        seen: dict[bytes, str] = {}
        for path, shown in same if len(same) > 1 else ():
            with suppress(OSError), path.open("rb") as opened:
                digest = file_digest(opened, "sha256").digest()
                if digest in seen:
                    raise InputError(
                        f"the same file as {seen[digest]}: its money would count twice",
                        hint="name one of them",
                        location=Location(shown),
                    )
                seen[digest] = shown


def _of(source: str) -> list[Path]:
    path = Path(source)
    where = Location(source)
    try:
        if path.is_file():
            if not is_export(path.name):
                raise InputError(
                    f"not a file of a billing export: {path.suffix or 'no suffix'}", hint=_NEXT, location=where
                )
            return [path]
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if is_export(each.name) and each.is_file())
        else:
            inside = sorted(
                each
                for each in map(Path, glob.glob(source, recursive=True))  # noqa: PTH207 - may be absolute
                if is_export(each.name) and each.is_file()
            )
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", hint=_NEXT, location=where) from None
    if not inside:
        what = "holds no file of an export" if path.is_dir() else "does not exist"
        raise InputError(f"{source} {what}", hint=_NEXT, location=where)
    return inside
