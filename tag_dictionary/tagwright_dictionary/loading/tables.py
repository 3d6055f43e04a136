"""`values_from`: approved values from a CSV file, as finance exports them.

Columns: value, title, description, aliases, team, billing_code, owner, status, until, replaced_by, and any column named
like another key of the dictionary, which is then a relation. Lists are separated by `;`.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading import references
from tagwright_dictionary.loading.context import Context, parse_date, text_problem
from tagwright_dictionary.loading.documents import decode
from tagwright_dictionary.loading.layer import ValueDraft
from tagwright_dictionary.loading.problems import listing, quoted
from tagwright_dictionary.loading.references import Kind
from tagwright_dictionary.loading.tree import Node
from tagwright_dictionary.model import Location

COLUMNS = (
    "value", "title", "description", "aliases", "team", "billing_code", "owner", "status", "until", "replaced_by",
)  # fmt: skip
MAX_ROWS = 200_000
"""As many as `keys.MAX_VALUES`."""


def read_table(context: Context, node: Node, key: str, known: frozenset[str]) -> tuple[ValueDraft, ...]:
    """The rows as values of `key`. Mistakes go to the context's problems, each with the file, line and column."""
    name = context.text(node, f"key {quoted(key)}, values_from", "the path of a CSV file")
    if not name:
        return ()
    try:
        reference = references.sibling(context.document.reference, name, context.at(node))
        inside = ""
        if reference.kind is Kind.LOCAL:
            inside = str(Path(context.document.reference.base).parent)
        document = context.documents.open(reference, context.at(node), inside)
        return _Table(context, document.display, key, known).read(decode(document))
    except DictionaryError as error:
        context.problems.take(error)
        return ()


class _Table:
    def __init__(self, context: Context, path: str, key: str, known: frozenset[str]) -> None:
        self.context, self.path, self.key, self.known = context, path, key, known
        self.lines: list[str] = []

    def add(self, line: int, column: int, message: str, hint: str) -> None:
        self.context.problems.add(message, hint, Location(self.path, line, column))

    def read(self, text: str) -> tuple[ValueDraft, ...]:
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
        header: list[str] | None = None
        drafts: list[ValueDraft] = []
        seen: dict[str, int] = {}
        rows = 0
        start = 1
        try:
            for cells in reader:
                line, start = start, reader.line_num + 1
                row = [cell.strip() for cell in cells]
                if not any(row):
                    continue
                if header is None:
                    header = self._header(row, line)
                    if header is None:
                        return ()
                    continue
                rows += 1
                if rows > MAX_ROWS:
                    self.add(line, 1, f"more than {MAX_ROWS:,} rows", "split the key, or use a pattern")
                    break
                draft = self._row(header, row, line, seen)
                if draft is not None:
                    drafts.append(draft)
        except csv.Error as error:
            hint = 'a quote inside a quoted cell is written twice: ""'
            self.add(start, 1, f"not valid CSV: {error}", hint)
            return tuple(drafts)
        if header is None:
            self.add(1, 1, "the CSV file is empty", f"the first line names columns: {listing(COLUMNS)}")
        elif not rows:
            self.add(1, 1, "the CSV file has no rows, so no value would be approved", "add rows, or remove values_from")
        return tuple(drafts)

    def _header(self, row: list[str], line: int) -> list[str] | None:
        if len(row) == 1 and any(mark in row[0] for mark in ";\t|"):
            self.add(
                line, 1, "the header's columns are not separated by commas", "export the file as comma-separated CSV"
            )
            return None
        allowed = (*COLUMNS, *sorted(self.known - set(COLUMNS)))
        good = True
        for index, name in enumerate(row):
            if name not in allowed:
                guess = self.context.problems.did_you_mean(name, allowed) if name else "every column needs a name"
                self.add(
                    line,
                    self._column(line, index),
                    f"unknown column {quoted(name)}",
                    f"{guess} columns: {listing(allowed, 40)}".strip(),
                )
            elif name in row[:index]:
                self.add(line, self._column(line, index), f"the column {quoted(name)} is there twice", "remove one")
        if "value" not in row:
            self.add(line, 1, "the column value is missing", f"the first line names columns: {listing(COLUMNS)}")
            good = False
        return row if good else None

    def _row(self, header: list[str], row: list[str], line: int, seen: dict[str, int]) -> ValueDraft | None:
        if len(row) != len(header):
            self.add(
                line,
                1,
                f"{len(row)} cells where the header has {len(header)} columns",
                "a cell with a comma needs quotes",
            )
            return None
        cells = dict(zip(header, row, strict=True))
        for index, (name, cell) in enumerate(zip(header, row, strict=True)):
            if problem := text_problem(cell, prose=name in ("title", "description")):
                self.add(line, self._column(line, index), f"{name}: {problem}", "write plain visible text")
                return None
        value = cells["value"]
        location = Location(self.path, line, self._column(line, header.index("value")))
        if not value:
            self.context.problems.add("the row has no value", "fill the column value, or remove the row", location)
            return None
        if value in seen:
            self.context.problems.add(
                f"{quoted(value)} is listed twice (first on line {seen[value]})", "remove one of the rows", location
            )
            return None
        seen[value] = line
        return ValueDraft(value, self._fields(cells, header, line), location)

    def _fields(self, cells: dict[str, str], header: list[str], line: int) -> dict[str, Any]:
        given: dict[str, Any] = {}
        relations = []
        for name, cell in cells.items():
            if not cell or name == "value":
                continue
            if name in ("title", "description", "billing_code", "owner", "replaced_by"):
                given[name] = cell
            elif name == "status":
                if cell in ("active", "deprecated"):
                    given[name] = cell
                else:
                    where = self._column(line, header.index(name))
                    self.add(
                        line, where, f"status: {quoted(cell)} is neither active nor deprecated", "use one of the two"
                    )
            elif name == "until":
                until = parse_date(cell)
                if until is None:
                    where = self._column(line, header.index(name))
                    self.add(
                        line, where, f"until: expected a date, found {quoted(cell)}", "write a real day as YYYY-MM-DD"
                    )
                else:
                    given[name] = until
            else:
                items = self._items(cell, name, line, header)
                if name == "aliases":
                    given[name] = items
                elif name in self.known:  # `team` is a column also where the dictionary has no such key
                    relations.append((name, items))
        if relations:
            given["relations"] = tuple(sorted(relations))
        return given

    def _items(self, cell: str, name: str, line: int, header: list[str]) -> tuple[str, ...]:
        items = [item.strip() for item in cell.split(";")]
        kept = tuple(dict.fromkeys(item for item in items if item))
        if len(kept) != len([item for item in items if item]):
            where = self._column(line, header.index(name))
            self.add(line, where, f"{name}: an entry is listed twice in {quoted(cell)}", "remove one")
        return kept

    def _line(self, line: int) -> str:
        return self.lines[line - 1] if line <= len(self.lines) else ""

    def _column(self, line: int, index: int) -> int:
        """Where cell `index` starts on its line; a cell that starts on a later line counts as column 1."""
        inside = False
        commas = 0
        for position, char in enumerate(self._line(line)):
            if commas == index:
                return position + 1
            if char == '"':
                inside = not inside
            elif char == "," and not inside:
                commas += 1
        return len(self._line(line)) + 1 if commas == index else 1
