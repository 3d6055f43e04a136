"""Source text with positions."""

from __future__ import annotations

from dataclasses import dataclass

from tagwright_dictionary.model import Location


@dataclass(frozen=True, slots=True)
class SourceText:
    """A piece of a file: `text` begins at line `line`, column `column` (both from 1) of `path` (as shown)."""

    path: str
    text: str
    line: int = 1
    column: int = 1

    def location(self, start: int, end: int | None = None) -> Location:
        """Where `text[start:end]` stands in the file."""
        before = self.text.count("\n", 0, start)
        if before:
            column = start - self.text.rfind("\n", 0, start)
        else:
            column = self.column + start
        line = self.line + before
        end_line = line + (self.text.count("\n", start, end) if end is not None else 0)
        return Location(self.path, line, column, end_line)


class SyntaxProblem(Exception):
    """Text that is not HCL: what was expected, and where."""

    def __init__(self, message: str, location: Location) -> None:
        super().__init__(message)
        self.message = message
        self.location = location
