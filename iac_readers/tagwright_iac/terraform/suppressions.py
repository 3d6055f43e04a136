"""`# tagwright:ignore[...]` comments and the blocks they belong to."""

from __future__ import annotations

import bisect
import re

from tagwright_dictionary.model import Location, Suppression
from tagwright_dictionary.suppression_syntax import parse
from tagwright_iac.terraform.file_table import decode
from tagwright_iac.terraform.files import ParsedFile
from tagwright_iac.terraform.parser import Parser
from tagwright_iac.terraform.source import SourceText

_COMMENT = re.compile(r"(?:#|//)[^\n]*|/\*[\s\S]*?\*/")
_OPENINGS = (b"#", b"//", b"/*")
_MARK = re.compile(rb"tagwright\s*[:-]\s*(?=[a-z])", re.IGNORECASE)


class _Comments(Parser):
    """Reads a file again for its comments: where they stand, by their beginning."""

    def __init__(self, source: SourceText) -> None:
        super().__init__(source)
        self.found: dict[int, int] = {}

    def skip(self) -> None:
        start = self.pos
        super().skip()
        self._note(start)

    def skip_all(self) -> None:
        start = self.pos
        super().skip_all()
        self._note(start)

    def _note(self, start: int) -> None:
        # Nothing but blanks and comments is skipped.
        for match in _COMMENT.finditer(self.text, start, self.pos):
            self.found[match.start()] = match.end()


def find_suppressions(file: ParsedFile) -> tuple[Suppression, ...]:
    """Every ignore comment of an HCL file, in order; text in strings is no comment."""
    if file.path.endswith(".json") or not _MARK.search(file.data):
        return ()
    source = SourceText(file.path, decode(file.path, file.data))
    comments = _Comments(source)
    comments.file()
    found: list[Suppression] = []
    for start, end in sorted(comments.found.items()):
        suppression = parse(source.text[start:end], source.location(start, end))
        if suppression is not None:
            found.append(suppression)
    return tuple(found)


class SuppressionIndex:
    """Ignore comments of the files read, handed to the blocks they stand in, on or directly above."""

    def __init__(self, files: list[ParsedFile]) -> None:
        self._by_path: dict[str, tuple[Suppression, ...]] = {}
        self._above: dict[str, dict[int, tuple[Suppression, ...]]] = {}
        self.unused: dict[Suppression, None] = {}
        for file in files:
            found = find_suppressions(file)
            if found:
                self._by_path[file.path] = found
                self._above[file.path] = _above_blocks(file, found)
                self.unused.update(dict.fromkeys(found))

    def for_block(self, location: Location) -> tuple[Suppression, ...]:
        """The comments that concern the block at `location`."""
        found = self._by_path.get(location.path)
        if not found:
            return ()
        first = bisect.bisect_left(found, location.line, key=_line)
        last = bisect.bisect_right(found, location.end_line, key=_line)
        mine = (*self._above[location.path].get(location.line, ()), *found[first:last])
        for item in mine:
            self.unused.pop(item, None)
        return mine


def _line(item: Suppression) -> int:
    return item.location.line


def _above_blocks(file: ParsedFile, found: tuple[Suppression, ...]) -> dict[int, tuple[Suppression, ...]]:
    """The comments outside blocks, by the line of the block directly below them (further comment lines between)."""
    starts = {block.location.line for block in file.blocks}
    lines = file.data.split(b"\n")
    result: dict[int, tuple[Suppression, ...]] = {}
    line = 0
    group: list[Suppression] = []
    for item in found:
        if not lines[item.location.line - 1].lstrip().startswith(_OPENINGS):
            continue  # it follows code on its line and belongs to that
        if item.location.line > line:
            group = []
        group.append(item)
        line = max(line, item.location.end_line + 1)
        while line <= len(lines) and lines[line - 1].lstrip().startswith(_OPENINGS[:2]):
            line += 1
        if line in starts:
            result[line] = tuple(group)
    return result
