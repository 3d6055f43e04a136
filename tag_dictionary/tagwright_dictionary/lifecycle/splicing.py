"""Changing a YAML text by inserting into it: every other byte, comment, quote and blank line stays as it is.

PyYAML says where each node begins and ends; the edits are text. A round trip through a YAML writer would keep comments
but still re-wrap long lines and flow mappings that nobody asked to change.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.model import Location

_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # what YAML counts as the end of a line
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@+()-]+)*")
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters from `start` up to `end` by `text`."""

    start: int
    end: int
    text: str


class Source:
    """A YAML document with the places of its nodes. Its text has been loaded before: it is one valid mapping."""

    def __init__(self, text: str, display: str) -> None:
        import yaml  # noqa: PLC0415 - only an edit needs it

        self.text = text
        self.display = display
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]
        found = re.search(r"\r\n|\n", text)
        self.newline = found.group() if found else "\n"
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.root: Any = yaml.compose(text.removeprefix("\ufeff"), Loader=loader)
        self._shift = 1 if text.startswith("\ufeff") else 0

    def child(self, node: Any, name: str) -> tuple[Any, Any] | None:
        """The key and value nodes of a mapping's entry."""
        for key, value in node.value if node.id == "mapping" else ():
            if key.value == name:
                return key, value
        return None

    def at(self, mark: Any) -> int:
        """The offset of a mark in the text."""
        shift = self._shift if mark.line == 0 else 0
        return int(self._starts[min(mark.line, len(self._starts) - 1)] + mark.column + shift)

    def start(self, node: Any) -> int:
        return self.at(node.start_mark)

    def location(self, node: Any) -> Location:
        return Location(self.display, node.start_mark.line + 1, node.start_mark.column + 1)

    def column(self, node: Any) -> int:
        return int(node.start_mark.column)

    def refuse_alias(self, key: Any, value: Any, what: str) -> None:
        """A node that stands before its own key is what a YAML alias points to: an edit would change both places."""
        if self.start(value) < self.start(key):
            raise DictionaryError(
                f"{what} is a YAML alias: an edit would change the other place too",
                hint="write the values out here first",
                location=self.location(key),
            )

    def end(self, key: Any | None, node: Any) -> int:
        """Where the last visible character of a node ends."""
        if key is not None and self.start(node) < self.start(key):  # an alias: *name after the key
            return self._end_of_line(self.at(key.end_mark))
        if node.id == "scalar":
            if node.style in ("|", ">"):
                return len(self.text[: self.at(node.end_mark)].rstrip())
            return self.at(node.end_mark)
        if node.flow_style or not node.value:
            return self.at(node.end_mark)
        if node.id == "mapping":
            return self.end(*node.value[-1])
        return self.end(None, node.value[-1])

    def line_after(self, offset: int) -> int:
        """The offset at which the line after the one of `offset` begins, or the end of the text."""
        found = _BREAK.search(self.text, offset)
        return found.end() if found else len(self.text)

    def replace_scalar(self, node: Any, text: str) -> Edit:
        """Other text in the quotes that are there."""
        quotes = node.style if node.style in ('"', "'") else ""
        return Edit(self.start(node), self.at(node.end_mark), f"{quotes}{text}{quotes}")

    def replace_node(self, node: Any, text: str) -> Edit:
        """Other text, quotes included."""
        return Edit(self.start(node), self.at(node.end_mark), text)

    def append(self, key: Any | None, node: Any, name: str, details: dict[str, Any]) -> list[Edit]:
        """A further entry at the end of a mapping or list, written like the last one. Details turn a list of plain
        values into a mapping.
        """
        if node.id == "sequence" and details:
            return [*self._list_to_mapping(node), self._append_to_mapping(key, node, name, details)]
        if node.id == "sequence":
            return [self._append_to_list(key, node, name)]
        return [self._append_to_mapping(key, node, name, details)]

    def insert_lines(self, offset: int, lines: list[str]) -> Edit:
        """Whole lines after the line of `offset`."""
        place = self.line_after(offset)
        missing = "" if place == 0 or _BREAK.search(self.text[place - 1 : place]) else self.newline
        return Edit(place, place, missing + "".join(line + self.newline for line in lines))

    def _append_to_mapping(self, key: Any | None, node: Any, name: str, details: dict[str, Any]) -> Edit:
        written = self._quoted_like(node, name)
        if node.flow_style or not node.value:
            entry = f"{written}: {flow(details)}"
            if not node.value:
                inside = self.start(node) + 1
                return Edit(inside, inside, entry)
            place = self.end(None, node.value[-1]) if node.id == "sequence" else self.end(*node.value[-1])
            return Edit(place, place, f", {entry}")
        place = self.end(key, node)
        indent = self._entry_column(node)
        return self.insert_lines(place, self._entry(node, indent, written, details))

    def _entry(self, node: Any, indent: int, written: str, details: dict[str, Any]) -> list[str]:
        """In lines where the last sibling is, else in one."""
        last: Any = node.value[-1][1] if node.id == "mapping" else node.value[-1]
        if not details or last.id != "mapping" or not last.value or last.flow_style:
            return [f"{' ' * indent}{written}: {flow(details)}"]
        deeper = self.column(last.value[0][0])
        deeper = deeper if deeper > indent else indent + 2
        fields = [f"{' ' * deeper}{scalar(field)}: {flow(value)}" for field, value in details.items()]
        return [f"{' ' * indent}{written}:", *fields]

    def _append_to_list(self, key: Any | None, node: Any, name: str) -> Edit:
        if node.flow_style or not node.value:
            if not node.value:
                inside = self.start(node) + 1
                return Edit(inside, inside, scalar(name))
            place = self.end(None, node.value[-1])
            return Edit(place, place, f", {scalar(name)}")
        return self.insert_lines(
            self.end(key, node), [f"{' ' * self._entry_column(node, dashed=True)}- {scalar(name)}"]
        )

    def _list_to_mapping(self, node: Any) -> list[Edit]:
        edits = []
        if node.flow_style:
            end = self.at(node.end_mark)
            edits += [Edit(self.start(node), self.start(node) + 1, "{"), Edit(end - 1, end, "}")]
        for item in node.value:
            stop = self.at(item.end_mark)
            edits.append(Edit(stop, stop, ": {}"))
            if not node.flow_style:
                dash = self.text.rindex("-", 0, self.start(item))
                edits.append(Edit(dash, dash + 1, " "))
        return edits

    def _entry_column(self, node: Any, *, dashed: bool = False) -> int:
        if node.id == "mapping":
            return self.column(node.value[0][0])
        first = node.value[0]
        if not dashed:
            return self.column(first)
        dash = self.text.rindex("-", 0, self.start(first))
        return int(dash - self._starts[first.start_mark.line])

    def _quoted_like(self, node: Any, name: str) -> str:
        last = node.value[-1] if node.value else None
        sibling = last[0] if node.id == "mapping" and last is not None else last
        if sibling is not None and sibling.id == "scalar" and sibling.style == '"':
            return json.dumps(name, ensure_ascii=False)
        return scalar(name)

    def _end_of_line(self, offset: int) -> int:
        found = _BREAK.search(self.text, offset)
        return found.start() if found else len(self.text)


def apply(text: str, edits: list[Edit]) -> str:
    """The text with all edits made; they do not overlap, and those at one place come in their order."""
    parts, done = [], 0
    for _, edit in sorted(enumerate(edits), key=lambda pair: (pair[1].start, pair[1].end, pair[0])):
        parts += [text[done : edit.start], edit.text]
        done = max(done, edit.end)
    return "".join([*parts, text[done:]])


def flow(value: Any) -> str:
    """A value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(name)}: {flow(item)}" for name, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(str(value))


def scalar(text: str) -> str:
    """Text as YAML reads it back as text: plain where that is beyond doubt, else in double quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)
