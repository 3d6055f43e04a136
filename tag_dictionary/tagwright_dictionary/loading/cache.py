"""The user's cache directory: small files, written atomically, never trusted beyond their checksum.

`TAGWRIGHT_CACHE_DIR`, else `XDG_CACHE_HOME/tagwright`, else `~/.cache/tagwright`. A cache that cannot be read or
written is a slower run, never an error.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path

_KEPT = 128
"""Entries kept in a folder of the cache; the least recently written go first."""


def directory() -> Path | None:
    """Where the cache lives; None when the environment names no place."""
    override = os.environ.get("TAGWRIGHT_CACHE_DIR", "")
    if override:
        return Path(override).absolute()
    base = os.environ.get("XDG_CACHE_HOME", "")
    if base and os.path.isabs(base):  # noqa: PTH117 - the XDG specification: a relative path is to be ignored
        return Path(base) / "tagwright"
    home = os.environ.get("HOME", "")
    return Path(home) / ".cache" / "tagwright" if os.path.isabs(home) else None  # noqa: PTH117


def get(folder: str, name: str) -> bytes | None:
    """The bytes stored under that name, or None when there are none that can be trusted."""
    base = directory()
    if base is None:
        return None
    try:
        with (base / folder / name).open("rb") as stream:
            status = os.fstat(stream.fileno())
            # What another account can write could say that any tag is approved.
            if status.st_uid != os.geteuid() or status.st_mode & stat.S_IWOTH:
                return None
            checksum = stream.readline(80)
            data = stream.read()
    except OSError:
        return None
    return data if checksum == _checksum(data) else None


def put(folder: str, name: str, data: bytes) -> None:
    """Stores atomically; gives up silently where that is not possible."""
    base = directory()
    if base is None:
        return
    place = base / folder
    temporary = place / f".{name}.{os.getpid()}.part"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(_checksum(data))
            stream.write(data)
        temporary.replace(place / name)
        _prune(place)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def name_for(*parts: str) -> str:
    """A file name for what `parts` identify."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _checksum(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode() + b"\n"


def _prune(place: Path) -> None:
    entries = list(place.iterdir())
    if len(entries) > _KEPT:
        entries.sort(key=lambda entry: entry.stat().st_mtime)
        for entry in entries[: len(entries) - _KEPT]:
            entry.unlink(missing_ok=True)
