"""Getting the bytes of a dictionary and of the files it names, with bounds, and remembering which they were."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading.references import Kind, Reference
from tagwright_dictionary.model import Location

if TYPE_CHECKING:
    from tagwright_dictionary.loading.remote import Fetcher

MAX_BYTES = 16 * 1024 * 1024
MAX_FILES = 200


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes behind a reference. `reference.base` of a local one is its real path."""

    reference: Reference
    display: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """What a later run must find unchanged. A remote file is pinned and cannot change: only its name is kept."""

    kind: str
    name: str
    real: str
    sha256: str

    def unchanged(self) -> bool:
        if self.kind != "local":
            return True
        try:
            if os.path.realpath(self.name) != self.real:
                return False
            return hashlib.sha256(_read(self.name)).hexdigest() == self.sha256
        except (OSError, DictionaryError):
            return False


class Documents:
    """Opens references for one load. Use as a context manager: it may hold a temporary clone."""

    def __init__(self, *, cached: bool) -> None:
        self.entries: list[Entry] = []
        self._cached = cached
        self._fetcher: Fetcher | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._fetcher is not None:
            self._fetcher.close()

    def open(self, reference: Reference, named_at: Location | None = None, inside: str = "") -> Document:
        """Raises DictionaryError at `named_at` (else at the file) when it cannot be had whole, small and as pinned.

        `inside` names the folder a local file must really lie in.
        """
        if len(self.entries) >= MAX_FILES:
            raise DictionaryError(
                f"the dictionary names more than {MAX_FILES} files", hint="merge some", location=named_at
            )
        if reference.kind is not Kind.LOCAL:
            if self._fetcher is None:
                from tagwright_dictionary.loading.remote import Fetcher  # noqa: PLC0415 - urllib only when needed

                self._fetcher = Fetcher(cached=self._cached)
            data = self._fetcher.fetch(reference, named_at)
            self.entries.append(Entry("remote", str(reference), "", reference.sha256))
            return Document(reference, reference.display, data)
        return self._open_local(reference, named_at, inside)

    def _open_local(self, reference: Reference, named_at: Location | None, inside: str) -> Document:
        name = os.path.abspath(reference.base)  # noqa: PTH100 - keeps symlinks, which the manifest watches
        shown = display_path(name)
        where = named_at or Location(shown)
        real = os.path.realpath(name)
        if inside and not Path(real).is_relative_to(inside):
            raise DictionaryError(
                f"{display_path(reference.base)} leads outside the dictionary's folder",
                hint=f"move the file into {display_path(inside)} (symbolic links must stay inside it too)",
                location=where,
            )
        try:
            data = _read(name)
        except OSError as error:
            raise _unreadable(error, shown, where) from None
        except DictionaryError as error:
            raise DictionaryError(error.message, hint=error.hint, location=where) from None
        except ValueError:
            raise DictionaryError(f"{shown} is not a usable path", hint="give a plain path", location=where) from None
        digest = hashlib.sha256(data).hexdigest()
        if reference.sha256 and digest != reference.sha256:
            raise DictionaryError(
                f"{shown} has the SHA-256 {digest}, not the pinned {reference.sha256}",
                hint="check the change, then update the digest",
                location=where,
            )
        self.entries.append(Entry("local", name, real, digest))
        return Document(Reference(Kind.LOCAL, real, reference.sha256), shown, data)


def decode(document: Document) -> str:
    """The text, without a byte order mark; of a release archive, that of the dictionary in it. Raises DictionaryError
    with the line and column of the first bad byte.
    """
    data = document.data
    if data.startswith(b"\x1f\x8b"):  # gzip; no text in UTF-8 begins like that
        from tagwright_dictionary.loading.archive import unpacked  # noqa: PLC0415 - only where there is one

        data = unpacked(data, document.display)
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line_start = before.rfind(b"\n") + 1
        where = Location(document.display, before.count(b"\n") + 1, len(before[line_start:].decode()) + 1)
        what = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else f"the byte 0x{data[error.start]:02x}"
        raise DictionaryError(f"not UTF-8 text: found {what}", hint="save the file as UTF-8", location=where) from None


def display_path(path: str) -> str:
    """POSIX, relative to the working directory when the file lies below it."""
    try:
        here = os.getcwd()  # noqa: PTH109 - str in, str out, on the hook's path
    except OSError:
        return path
    prefix = here.rstrip("/") + "/"
    return str(PurePosixPath(path[len(prefix) :])) if path.startswith(prefix) else path


def _read(path: str) -> bytes:
    # O_NONBLOCK: a FIFO must not hang the gate before it can be told from a file.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "is a directory")
        if not stat.S_ISREG(mode):
            raise DictionaryError(
                f"{display_path(path)} is not a regular file", hint="give a file, not a pipe or a device"
            )
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise DictionaryError(
            f"{display_path(path)} is larger than {MAX_BYTES // 1024 // 1024} MiB",
            hint="a dictionary lists approved values, not data: check the path",
        )
    return data


def _unreadable(error: OSError, shown: str, where: Location) -> DictionaryError:
    match error:
        case FileNotFoundError():
            return DictionaryError(f"{shown} does not exist", hint="check the path", location=where)
        case IsADirectoryError():
            return DictionaryError(
                f"{shown} is a directory", hint=f"name the file: {shown}/dictionary.yaml", location=where
            )
        case PermissionError():
            return DictionaryError(f"{shown} may not be read", hint="check its permissions (ls -l)", location=where)
        case _:
            reason = error.strerror or type(error).__name__
            return DictionaryError(f"{shown} cannot be read: {reason}", hint="check the path", location=where)
