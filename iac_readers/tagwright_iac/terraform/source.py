"""Source text with positions."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from tagwright_dictionary.model import Location

_NEWLINE = re.compile("\n")
_SHORT = 500


@dataclass(frozen=True, slots=True)
class SourceText:
    """A piece of a file: `text` begins at line `line`, column `column` (both from 1) of `path` (as shown)."""

    path: str
    text: str
    line: int = 1
    column: int = 1
    _breaks: list[int] = field(default_factory=list, repr=False, compare=False)

    def location(self, start: int, end: int | None = None) -> Location:
        """Where `text[start:end]` stands in the file."""
        before = self._lines_before(start)
        column = start - self.text.rfind("\n", 0, start) if before else self.column + start
        line = self.line + before
        end_line = self.line + self._lines_before(end) if end is not None else line
        return Location(self.path, line, column, end_line)

    def _lines_before(self, at: int) -> int:
        if at < _SHORT:
            return self.text.count("\n", 0, at)
        # Counting from the start each time would be quadratic for a large file.
        if not self._breaks:
            self._breaks.append(-1)
            self._breaks.extend(match.start() for match in _NEWLINE.finditer(self.text))
        return bisect_right(self._breaks, at - 1) - 1


class SyntaxProblem(Exception):  # noqa: N818 - it becomes a Problem
    """Text that is not HCL: what was expected, and where."""

    def __init__(self, message: str, location: Location) -> None:
        super().__init__(message)
        self.message = message
        self.location = location
