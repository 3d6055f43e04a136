"""Reading run folders: of scans that ended, were killed, or are still at it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Location
from tagwright_drift.cells import Cell, CellResult, CellState
from tagwright_drift.inventories.contract import Planned
from tagwright_drift.live import Observation
from tagwright_drift.runs import files
from tagwright_drift.runs.model import RunEnd, RunHeader
from tagwright_drift.runs.results import cell_from_json, result_from_json, time_from_json
from tagwright_drift.runs.rows import from_row

_OPEN_PARTS = 4


@dataclass(frozen=True, slots=True)
class _Group:
    """A row group that holds rows of one cell."""

    part: Path
    number: int
    rows: int


@dataclass(slots=True)
class _Index:
    groups: dict[Cell, list[_Group]] = field(default_factory=dict)
    results: dict[Cell, CellResult] = field(default_factory=dict)


class RunFolder:
    """One run, or one shard of one. Everything is read when asked for; parts are read in the order they were written.

    Raises InputError, also while iterating, when a file is damaged: what it holds must not pass for unseen unless
    somebody says so by deleting it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._parts: dict[Path, Any] = {}
        document = files.read_json(path / files.HEADER)
        if document.get("format") != files.FORMAT:
            raise InputError(
                f"this run has the format {document.get('format')!r}, expected {files.FORMAT}",
                hint="read it with the version of tagwright that wrote it",
                location=Location(str(path / files.HEADER)),
            )
        try:
            self.header = _header(document)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise files.damaged(path / files.HEADER, f"it lacks {error}") from None

    @property
    def end(self) -> RunEnd | None:
        """None: the scan was killed, or is still at it (`alive`)."""
        path = self.path / files.END
        if not path.exists():
            return None
        document = files.read_json(path)
        ended = _time(document.get("ended"), path)
        return RunEnd(ended, bool(document.get("interrupted")))

    def alive(self) -> bool:
        """Whether a scanner on this machine still writes to it."""
        return files.is_held(self.path)

    def planned(self) -> Iterator[Planned]:
        """Every cell the scan set out to see, in the order of the plan."""
        path = self.path / files.PLANNED
        with self._reading(path) as file:
            for batch in file.iter_batches(batch_size=10_000):
                for row in batch.to_pylist():
                    cell = Cell(row["account"], row["region"], row["type"])
                    yield Planned(cell, CellState(row["state"]), row["reason"], row["refused_by"])

    def results(self) -> dict[Cell, CellResult]:
        """One result a planned cell, in the order of the plan; unseen where none was written."""
        known = self._index.results
        return {each.cell: known.get(each.cell) or self._never(each) for each in self.planned()}

    def cells(self) -> Iterator[tuple[CellResult, Iterator[Observation]]]:
        """Every planned cell with what was seen of it, by cell. The observations of a cell that never finished are
        those of its pages that were written. Each iterator is to be read before the next is asked for.
        """
        results = self.results()
        for cell in sorted(results):
            yield results[cell], self.seen(cell)

    def observations(self) -> Iterator[Observation]:
        """Everything that was seen, by cell."""
        for _, seen in self.cells():
            yield from seen

    def batches(self, cell: Cell, columns: Sequence[str]) -> Iterator[Any]:
        """Some columns of a cell's rows (`rows.py`) as Arrow tables: for who can do without observations."""
        for group in self._index.groups.get(cell, ()):
            try:
                # Row groups are small: threads cost more than they win (4 times the time for 100 rows).
                yield self._part(group.part).read_row_group(group.number, columns=list(columns), use_threads=False)
            except (OSError, ValueError) as error:
                raise files.damaged(group.part, str(error)) from None

    def parts(self) -> tuple[Path, ...]:
        """The Parquet files that hold the rows."""
        return tuple(sorted(self.path.glob("part-*.parquet")))

    @cached_property
    def _index(self) -> _Index:
        index = _Index()
        for path in self.parts():
            try:
                with self._reading(path) as part:
                    document = json.loads(part.metadata.metadata[files.METADATA])
                for number, group in enumerate(document["groups"]):
                    place = _Group(path, number, group["rows"])
                    index.groups.setdefault(cell_from_json(group["cell"]), []).append(place)
                for row in document["results"]:
                    result = result_from_json(row)
                    index.results[result.cell] = result
            except (KeyError, TypeError, ValueError) as error:
                raise files.damaged(path, f"it lacks {error}") from None
        return index

    def _never(self, planned: Planned) -> CellResult:
        """A cell without a result: decided beforehand, or never finished. Rows that were written are counted."""
        rows = sum(group.rows for group in self._index.groups.get(planned.cell, ()))
        reason = planned.reason
        if planned.state is CellState.UNSEEN:
            reason = reason or "the scan ended before this cell was finished"
        return CellResult(planned.cell, planned.state, reason, planned.refused_by, rows)

    def seen(self, cell: Cell) -> Iterator[Observation]:
        """What was seen of one cell, finished or not."""
        for group in self._index.groups.get(cell, ()):
            try:
                rows = self._part(group.part).read_row_group(group.number, use_threads=False).to_pylist()
                found = [from_row(row) for row in rows]
            except (OSError, KeyError, TypeError, ValueError) as error:
                raise files.damaged(group.part, str(error)) from None
            yield from found

    def _part(self, path: Path) -> Any:
        file = self._parts.get(path)
        if file is None:
            while len(self._parts) >= _OPEN_PARTS:
                self._parts.pop(next(iter(self._parts))).close()
            file = self._parts[path] = self._reading(path)
        return file

    def _reading(self, path: Path) -> Any:
        try:
            return files.pyarrow_parquet().ParquetFile(path)
        except (OSError, ValueError) as error:  # pyarrow's own errors are ValueErrors
            raise files.damaged(path, str(error)) from None


def open_run(path: Path) -> RunFolder:
    """The run in a folder. Raises InputError where there is none."""
    if not (path / files.HEADER).is_file():
        raise InputError(
            f"there is no run in {path}", hint="name a folder that `tagwright drift scan` wrote (it holds run.json)"
        )
    return RunFolder(path)


def find_runs(folder: Path) -> tuple[RunFolder, ...]:
    """Every run directly below a folder, by id and shard. A folder without a header was never begun and holds
    nothing.
    """
    found = [RunFolder(path.parent) for path in folder.glob(f"*/{files.HEADER}")]
    return tuple(sorted(found, key=lambda each: (each.header.id, each.header.shard)))


def _header(document: dict[str, Any]) -> RunHeader:
    dictionary = document["dictionary"]
    number, of = document["shard"]
    started = datetime.fromisoformat(document["started"])
    return RunHeader(
        document["id"],
        started.astimezone(UTC),
        document["scope"],
        document["inventory"],
        document["tool_version"],
        dictionary["name"],
        dictionary["version"],
        dictionary["digest"],
        (number, of),
        document["judged_on"],
    )


def _time(text: Any, path: Path) -> datetime:
    try:
        found = time_from_json(text)
    except (TypeError, ValueError):
        found = None
    if found is None:
        raise files.damaged(path, "it does not say when the scan ended")
    return found.astimezone(UTC)
