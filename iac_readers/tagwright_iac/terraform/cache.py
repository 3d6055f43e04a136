"""Readings of roots, remembered by the content of everything they were read from.

An entry lists each directory with the names that matter in it, and each file with its digest (or that it was
absent): it holds only while all of that is unchanged, so a hit is as true as a fresh reading. Written as JSON, in
one step, into the user's cache directory; anything odd about an entry makes it a miss.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import tagwright_dictionary
import tagwright_iac
from tagwright_dictionary.model import Reading
from tagwright_iac.codec import decode, encode
from tagwright_iac.reading import ReadOptions
from tagwright_iac.terraform.config import is_configuration_file
from tagwright_iac.terraform.files import FileTable

FORMAT = 1
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
    """A root's reading and the module directories that its code names (whether or not they are instantiated)."""

    reading: Reading
    reached: tuple[str, ...]


class RootCache:
    """The entries for one set of options."""

    def __init__(self, table: FileTable, options: ReadOptions) -> None:
        self.table = table
        self.directory = os.path.join(cache_directory(), "readings")  # noqa: PTH118
        variables = [item for item in options.environ if item[0].startswith("TF_VAR_") or item[0] == "TF_WORKSPACE"]
        self._base = json.dumps([FORMAT, _code_version(), table.boundary, table.cwd, options.assignments, variables])

    def _path(self, root: str) -> str:
        return os.path.join(self.directory, digest(f"{self._base}\n{root}".encode()) + ".json")  # noqa: PTH118

    def load(self, root: str) -> RootReading | None:
        """The remembered reading, when everything it was read from is as it was."""
        try:
            with open(self._path(root), "rb") as stream:  # noqa: PTH123
                head = json.loads(stream.readline())
                if not self._unchanged(head):
                    return None
                return RootReading(decode(stream.read()), tuple(head["reached"]))
        except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError):
            return None

    def _unchanged(self, head: Any) -> bool:
        for directory, names in head["directories"].items():
            if relevant_names(directory) != names:
                return False
        return all(self._digest(path) == expected for path, expected in head["files"].items())

    def _digest(self, path: str) -> str | None:
        known = self.table.consulted.get(path, b"")
        if known:
            return digest(known)
        try:
            if not os.path.isfile(path):  # noqa: PTH113
                return None
            with open(path, "rb") as stream:  # noqa: PTH123
                data = stream.read()
        except OSError:
            return ""
        self.table.consulted[path] = data
        return digest(data)

    def store(self, root: str, result: RootReading, directories: Iterable[str], files: Iterable[str]) -> None:
        """Remember a reading; a cache that cannot be written is no error."""
        head = {
            "directories": {directory: relevant_names(directory) for directory in sorted(directories)},
            "files": {path: self._digest(path) for path in sorted(files)},
            "reached": list(result.reached),
        }
        import tempfile  # noqa: PLC0415 - only a cold run writes

        try:
            os.makedirs(self.directory, exist_ok=True)  # noqa: PTH103
            handle, temporary = tempfile.mkstemp(dir=self.directory, suffix=".tmp")
            with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as stream:
                stream.write(json.dumps(head) + "\n" + encode(result.reading))
            os.replace(temporary, self._path(root))  # noqa: PTH105
        except OSError:
            return

    def trim(self) -> None:
        """Drop the oldest entries beyond `MAX_ENTRIES`."""
        try:
            entries = [(entry.stat().st_mtime, entry.path) for entry in os.scandir(self.directory)]
            for _, path in sorted(entries)[:-MAX_ENTRIES]:
                os.unlink(path)  # noqa: PTH108
        except OSError:
            return


def relevant_names(directory: str) -> list[str]:
    """The names in a directory that change what a root in it means."""
    try:
        names = sorted(
            entry.name
            for entry in os.scandir(directory)
            if is_configuration_file(entry.name) or entry.name.endswith((".tfvars", ".tfvars.json"))
        )
    except OSError:
        return []
    for name in (".terraform/environment", ".terraform/modules/modules.json"):
        if os.path.isfile(os.path.join(directory, name)):  # noqa: PTH113, PTH118
            names.append(name)
    return names


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
