"""Readings of roots, remembered by the content of everything they were read from.

An entry lists each directory with the names that matter in it, and each file with its digest (or that it was
absent): it holds only while all of that is unchanged, so a hit is as true as a fresh reading. Written as JSON, in
one step, into the user's cache directory; anything odd about an entry makes it a miss.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import tagwright_dictionary
import tagwright_iac
from tagwright_dictionary.model import Reading
from tagwright_iac.codec import decode, encode
from tagwright_iac.reading import ReadOptions
from tagwright_iac.terraform.file_table import MAX_FILE_BYTES, FileTable, files_below
from tagwright_iac.terraform.names import relevant_names

FORMAT = 2
MAX_ENTRIES = 2000
"""Entries kept; the oldest go when there are more."""


def cache_directory(environ: Iterable[tuple[str, str]] = ()) -> str:
    """TAGWRIGHT_CACHE_DIR, else tagwright below XDG_CACHE_HOME, else ~/.cache/tagwright."""
    given = dict(environ) or dict(os.environ)
    own = given.get("TAGWRIGHT_CACHE_DIR")
    if own:
        return own
    base = given.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")  # noqa: PTH111, PTH118
    return os.path.join(base, "tagwright")  # noqa: PTH118


def digest(data: bytes) -> str:
    """A short content digest."""
    return blake2b(data, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class RootReading:
    """A root's reading, the module directories that its code names (whether or not they are instantiated), and the
    reading in writing when that was needed.
    """

    reading: Reading
    reached: tuple[str, ...]
    text: str = ""


class RootCache:
    """The entries for one set of options."""

    def __init__(self, table: FileTable, options: ReadOptions) -> None:
        self.table = table
        self.directory = os.path.join(cache_directory(), "readings")  # noqa: PTH118
        self.given = {os.path.join(options.cwd, text) for kind, text in options.assignments if kind == "file"}  # noqa: PTH118
        variables = [item for item in options.environ if item[0].startswith("TF_VAR_") or item[0] == "TF_WORKSPACE"]
        self._base = json.dumps([FORMAT, _code_version(), table.boundary, table.cwd, options.assignments, variables])
        self._digests: dict[str, str | None] = {}
        self._names: dict[str, list[str]] = {}

    def _path(self, root: str) -> str:
        key = f"{self._base}\n{root}".encode(errors="surrogateescape")
        return os.path.join(self.directory, digest(key) + ".json")  # noqa: PTH118

    def load(self, root: str) -> RootReading | None:
        """The remembered reading, when everything it was read from is as it was."""
        try:
            with open(self._path(root), "rb") as stream:  # noqa: PTH123
                head = json.loads(stream.readline())
                if not self._unchanged(head):
                    return None
                return RootReading(decode(stream.read()), tuple(head["reached"]))
        except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            return None

    def _unchanged(self, head: Any) -> bool:
        for directory, names in head["directories"].items():
            if directory not in self._names:
                self._names[directory] = relevant_names(directory)
            if self._names[directory] != names:
                return False
        if not all(self._digest(path) == expected for path, expected in head["files"].items()):
            return False
        return all(_listing(path, len(names)) == names for path, names in head["listings"].items())

    def _digest(self, path: str) -> str | None:
        """What the content of a file is known by, without following it where `FileTable` would not; None when there
        is none. The same file is looked at once.
        """
        if path not in self._digests:
            self._digests[path] = self._look(path)
        return self._digests[path]

    def _look(self, path: str) -> str | None:
        known = self.table.consulted.get(path)
        if known is not None:
            return digest(known)
        if path not in self.given and not self.table.inside(path):
            return os.path.realpath(path) if os.path.lexists(path) else None
        if not os.path.isfile(path):  # noqa: PTH113
            return "no file" if os.path.lexists(path) else None
        try:
            with open(path, "rb") as stream:  # noqa: PTH123
                data = stream.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            return str(error)
        if len(data) > MAX_FILE_BYTES:
            return str(os.path.getsize(path))  # noqa: PTH202
        self.table.consulted[path] = data
        return digest(data)

    def store(self, root: str, result: RootReading, names: Mapping[str, list[str]]) -> None:
        """Remember a reading. `names`: each directory it was read from with the names that were in it. A cache that
        cannot be written is no error.
        """
        files = {os.path.join(directory, name) for directory, found in names.items() for name in found}  # noqa: PTH118
        head = {
            "directories": names,
            "files": {path: self._digest(path) for path in sorted(files | self.table.touched | self.given)},
            "listings": self.table.listings,
            "reached": result.reached,
        }
        import tempfile  # noqa: PLC0415 - only a cold run writes

        try:
            os.makedirs(self.directory, exist_ok=True)  # noqa: PTH103
            handle, temporary = tempfile.mkstemp(dir=self.directory, suffix=".tmp")
            with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as stream:
                stream.write(json.dumps(head) + "\n" + (result.text or encode(result.reading)))
            os.replace(temporary, self._path(root))  # noqa: PTH105
        except (OSError, ValueError):
            return

    def trim(self) -> None:
        """Drop the oldest entries beyond `MAX_ENTRIES`."""
        try:
            entries = [(entry.stat().st_mtime, entry.path) for entry in os.scandir(self.directory)]
            for _, path in sorted(entries)[:-MAX_ENTRIES]:
                os.unlink(path)  # noqa: PTH108
        except OSError:
            return


def _listing(directory: str, expected: int) -> list[str]:
    """The files below a directory, sorted; cut short as soon as there are more than expected."""
    found: list[str] = []
    for names in files_below(directory):
        found.extend(names)
        if len(found) > expected:
            break
    return sorted(found)


def _code_version() -> str:
    """When the files of the code last changed: an upgrade and a developer's edit both make every entry a miss."""
    newest = 0
    for package in (tagwright_dictionary, tagwright_iac):
        for directory in package.__path__:
            for current, _, names in os.walk(directory):
                newest = max(
                    [newest]
                    + [
                        os.stat(os.path.join(current, name)).st_mtime_ns  # noqa: PTH116, PTH118
                        for name in names
                        if name.endswith((".py", ".json"))
                    ]
                )
    return str(newest)
