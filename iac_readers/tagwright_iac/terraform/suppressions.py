"""`# tagwright:ignore[...]` comments and the blocks they belong to."""

from __future__ import annotations

import bisect
import re

from tagwright_dictionary.model import Location, Suppression
from tagwright_dictionary.suppression_syntax import parse
from tagwright_iac.terraform.files import ParsedFile

_MARK = re.compile(rb"tagwright\s*[:-]\s*(?=[a-z])", re.IGNORECASE)


def find_suppressions(file: ParsedFile) -> tuple[Suppression, ...]:
    """Every ignore comment of an HCL file, in order; text in strings is no comment."""
    if file.path.endswith(".json") or not _MARK.search(file.data):
        return ()
    import tree_sitter  # noqa: PLC0415 - loaded with the first file that has a mark
    import tree_sitter_hcl  # noqa: PLC0415

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))
    root = parser.parse(file.data).root_node
    found: list[Suppression] = []
    seen: set[int] = set()
    for match in _MARK.finditer(file.data):
        node = root.descendant_for_byte_range(match.start(), match.end() - 1)
        if node is None or node.type != "comment" or node.start_byte in seen:
            continue
        seen.add(node.start_byte)
        text = file.data[node.start_byte : node.end_byte].decode(errors="replace")
        location = Location(file.path, node.start_point[0] + 1, node.start_point[1] + 1, node.end_point[0] + 1)
        suppression = parse(text, location)
        if suppression is not None:
            found.append(suppression)
    return tuple(found)


class SuppressionIndex:
    """Ignore comments of the files read, handed to the blocks they stand in, on or directly above."""

    def __init__(self, files: list[ParsedFile]) -> None:
        self._by_path: dict[str, tuple[Suppression, ...]] = {}
        self._above: dict[str, dict[int, int]] = {}
        self.unused: dict[Suppression, None] = {}
        for file in files:
            found = find_suppressions(file)
            if found:
                self._by_path[file.path] = found
                self._above[file.path] = _following_block(file, found)
                self.unused.update(dict.fromkeys(found))

    def for_block(self, location: Location) -> tuple[Suppression, ...]:
        """The comments that concern the block at `location`."""
        found = self._by_path.get(location.path)
        if not found:
            return ()
        above = self._above[location.path]
        mine = tuple(
            item
            for item in found
            if location.line <= item.location.line <= location.end_line
            or above.get(item.location.line) == location.line
        )
        for item in mine:
            self.unused.pop(item, None)
        return mine


def _following_block(file: ParsedFile, found: tuple[Suppression, ...]) -> dict[int, int]:
    """For each comment outside blocks: the line of the block directly below it (further comment lines between)."""
    starts = sorted(block.location.line for block in file.blocks)
    lines = file.data.split(b"\n")
    result: dict[int, int] = {}
    for item in found:
        line = max(item.location.end_line, item.location.line) + 1
        while line <= len(lines) and lines[line - 1].lstrip().startswith((b"#", b"//")):
            line += 1
        index = bisect.bisect_left(starts, line)
        if index < len(starts) and starts[index] == line:
            result[item.location.line] = line
    return result
