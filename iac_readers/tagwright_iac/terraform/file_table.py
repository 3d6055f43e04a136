"""The files a reading looks at: bounded, inside the tree, valid UTF-8, every refusal with its reason."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field

from tagwright_dictionary.model import Problem

MAX_FILE_BYTES = 10_000_000
"""The largest hand-written module files are some hundred kilobytes; 50 MB is an attack or an accident."""


class ReadError(Exception):
    """A file that cannot be read; becomes a `Problem`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


@dataclass(slots=True)
class FileTable:
    """Every file a reading has looked at, read once; and what the root that is being read depends on.

    `boundary` is the real path of the repository (or the scanned directory): nothing outside it is read. `pipes` may
    be read where the user names them (`--var-file <(...)`). `touched` files were read or asked for, `listings` of
    directories were taken, since `start`.
    """

    cwd: str
    boundary: str
    pipes: bool = False
    shown: dict[str, str] = field(default_factory=dict)
    consulted: dict[str, bytes] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    listings: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def start(self) -> None:
        """Forget what the previous root depended on."""
        self.touched.clear()
        self.listings.clear()

    def show(self, path: str) -> str:
        """`path` as the user sees it: relative to the working directory where it is below it, POSIX."""
        found = self.shown.get(path)
        if found is None:
            relative = os.path.relpath(path, self.cwd)
            chosen = (path if relative.startswith("../../../..") else relative).replace(os.sep, "/")
            # A name that is not UTF-8 has surrogates in it, which no report can print.
            found = self.shown[path] = chosen.encode(errors="surrogateescape").decode(errors="backslashreplace")
        return found

    def inside(self, path: str) -> bool:
        """Whether the real path lies in the tree."""
        try:
            real = os.path.realpath(path)
        except ValueError:  # a NUL in the path
            return False
        return real == self.boundary or real.startswith(self.boundary.rstrip(os.sep) + os.sep)

    def read(self, path: str) -> bytes:
        """The bytes of `path`. ReadError when it is too large, leads outside, is no file, or cannot be read."""
        self.touched.add(path)
        known = self.consulted.get(path)
        if known is not None:
            return known
        shown = self.show(path)
        if not self.inside(path):
            raise ReadError(Problem(shown, "leads outside the scanned tree and is not followed"))
        try:
            # Without O_NONBLOCK, opening a pipe that nobody writes to would wait forever.
            handle = os.open(path, os.O_RDONLY | (0 if self.pipes else getattr(os, "O_NONBLOCK", 0)))
            with open(handle, "rb") as stream:  # noqa: PTH123 - the hot path: Path costs more than the read
                status = os.fstat(handle)
                if not (stat.S_ISREG(status.st_mode) or (self.pipes and stat.S_ISFIFO(status.st_mode))):
                    raise ReadError(Problem(shown, "is not a regular file"))
                data = stream.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise ReadError(Problem(shown, f"cannot be read: {error.strerror or error}")) from error
        if len(data) > MAX_FILE_BYTES:
            size = max(status.st_size, len(data))
            raise ReadError(Problem(shown, f"{size:,} bytes; files over {MAX_FILE_BYTES:,} bytes are not read"))
        self.consulted[path] = data
        return data

    def text(self, path: str) -> str:
        """The text of `path`, without a byte order mark. ReadError when it is not UTF-8."""
        data = self.read(path)
        return decode(self.show(path), data)


def files_below(directory: str) -> Iterator[list[str]]:
    """The files of `directory` and of every directory below it, relative to it, POSIX; a list for each directory."""
    for current, _, names in os.walk(directory):
        base = os.path.relpath(current, directory)
        yield [os.path.normpath(os.path.join(base, name)).replace(os.sep, "/") for name in names]  # noqa: PTH118


def decode(shown: str, data: bytes) -> str:
    """UTF-8 text without byte order mark; ReadError names the line of the first byte that is not UTF-8."""
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadError(
            Problem(shown, f"is not UTF-8 (byte 0x{data[error.start]:02x})", line, 0, "save the file as UTF-8")
        ) from error
