"""Lines of the files that were read, for excerpts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

_LARGEST = 5_000_000


class Sources:
    """Gives lines of the files that the reader saw, and of no other file.

    A file that has changed or gone since, is too large, or is not UTF-8 has no lines: an excerpt is a courtesy.
    """

    __slots__ = ("_allowed", "_lines", "_root")

    def __init__(self, root: Path, files: Iterable[str]) -> None:
        self._root = root
        self._allowed = frozenset(files)
        self._lines: dict[str, tuple[str, ...]] = {}

    def line(self, path: str, number: int) -> str | None:
        """Line `number` (from 1) without its end, or None."""
        lines = self._read(path)
        return lines[number - 1] if 0 < number <= len(lines) else None

    def _read(self, path: str) -> tuple[str, ...]:
        if path not in self._lines:
            self._lines[path] = self._load(path)
        return self._lines[path]

    def _load(self, path: str) -> tuple[str, ...]:
        if path not in self._allowed:
            return ()
        try:
            file = self._root / path
            if file.stat().st_size > _LARGEST:
                return ()
            text = file.read_bytes().decode("utf-8-sig")
        except (OSError, ValueError):
            return ()
        return tuple(line.removesuffix("\r") for line in text.split("\n"))
