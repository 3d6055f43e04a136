"""Writing a run folder, part by part.

A part is a Parquet file whose row groups each hold rows of one cell; its metadata name the cells of the row groups and
the results of the cells that it finishes. It gets its name only when it is whole and on the disk: a scan killed
at any moment leaves whole parts, and cells that no part finishes are unseen.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

from tagwright_dictionary.errors import OutputError
from tagwright_drift.cells import Cell, CellResult
from tagwright_drift.inventories.contract import Planned
from tagwright_drift.live import Observation
from tagwright_drift.runs import files
from tagwright_drift.runs.model import RunEnd, RunHeader
from tagwright_drift.runs.results import cell_to_json, result_to_json, time_to_json
from tagwright_drift.runs.rows import FLAGS, TEXT, TIMES, to_row

ROWS_A_PART = 20_000
ROWS_A_GROUP = 500
CELLS_A_PART = 2_000
SECONDS_A_PART = 5.0
_PLANNED_A_GROUP = 50_000


def folder_name(header: RunHeader) -> str:
    number, of = header.shard
    return header.id if of == 1 else f"{header.id}.{number}-of-{of}"


class RunWriter:
    """One run being written. `add` and `finish` may be called from several threads. Use as a context manager: leaving
    it writes the open part; `end` says that the scan is over. What threads left behind bring afterwards is dropped.

    Raises OutputError where the folder cannot be written, is another scanner's, or holds this run already.
    """

    def __init__(
        self,
        runs: Path,
        header: RunHeader,
        planned: Iterable[Planned],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = runs / folder_name(header)
        self.header = header
        self.cells = 0
        self._clock = clock
        self._guard = threading.Lock()
        self._parquet = files.pyarrow_parquet()
        self._number = 0
        self._writer: Any = None
        self._opened = 0.0
        self._over = False
        self._rows = 0
        self._groups: list[dict[str, Any]] = []
        self._results: list[dict[str, Any]] = []
        self._waiting_rows: dict[Cell, list[dict[str, Any]]] = {}
        try:
            self.path.mkdir(parents=True, exist_ok=False)
        except FileExistsError:
            raise OutputError(
                f"there is a run in {self.path} already", hint="give this one another --run-id, or another folder"
            ) from None
        except OSError as error:
            raise self._refused(error) from None
        with self._telling(), ExitStack() as undone:
            # Without a header the run was never begun: a scan that cannot even plan leaves nothing behind.
            undone.callback(shutil.rmtree, self.path, ignore_errors=True)
            self._lock = files.Lock(self.path)
            undone.callback(self._lock.close)
            self._plan(planned)
            files.write_json(self.path / files.HEADER, _header(header))
            undone.pop_all()

    def add(self, cell: Cell, seen: Sequence[Observation]) -> None:
        """Rows of a cell that is being read."""
        if not seen:
            return
        rows = [to_row(each) for each in seen]
        with self._guard, self._telling():
            if self._over:
                return
            self._open()
            waiting = self._waiting_rows.setdefault(cell, [])
            waiting += rows
            self._rows += len(rows)
            if len(waiting) >= ROWS_A_GROUP:
                self._write_group(cell)
            self._close_when_due()

    def finish(self, result: CellResult) -> None:
        """The last word on a cell, after all its rows."""
        with self._guard, self._telling():
            if self._over:
                return
            self._open()
            self._write_group(result.cell)
            self._results.append(result_to_json(result))
            self._close_when_due()

    def end(self, end: RunEnd) -> None:
        """Write what is open, and that the scan is over."""
        with self._guard, self._telling():
            self._over = True
            self._close()
            document = {"ended": time_to_json(end.ended), "interrupted": end.interrupted}
            files.write_json(self.path / files.END, document)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            with self._guard, self._telling():
                self._over = True
                self._close()
        finally:
            self._lock.close()

    def _plan(self, planned: Iterable[Planned]) -> None:
        names = ("account", "region", "type", "state", "reason", "refused_by")
        waiting = self.path.absolute() / f".{files.PLANNED}.new"  # Arrow takes "a:b/c" for a URI
        with self._parquet.ParquetWriter(waiting, _planned_schema()) as writer:
            batch: list[tuple[str, ...]] = []
            for each in planned:
                cell = each.cell
                batch.append((cell.account, cell.region, cell.type, str(each.state), each.reason, each.refused_by))
                if len(batch) == _PLANNED_A_GROUP:
                    writer.write_table(_columns(names, batch))
                    self.cells += len(batch)
                    batch = []
            if batch:
                writer.write_table(_columns(names, batch))
            self.cells += len(batch)
        _settle(waiting, self.path / files.PLANNED)

    def _open(self) -> Any:
        if self._writer is None:
            self._number += 1
            self._opened = self._clock()
            # JSON columns repeat themselves: zstd takes them to a fifth, and is as quick as none. Nobody asks for
            # statistics of row groups, and they are most of a part's metadata.
            self._writer = self._parquet.ParquetWriter(
                self._waiting().absolute(), _schema(), compression="zstd", write_statistics=False
            )
        return self._writer

    def _write_group(self, cell: Cell) -> None:
        """Small pages of a cell go into one row group: each costs some kilobytes, also of whoever reads the part."""
        rows = self._waiting_rows.pop(cell, None)
        if rows:
            self._open().write_table(_table(rows), row_group_size=len(rows))
            self._groups.append({"cell": cell_to_json(cell), "rows": len(rows)})

    def _close_when_due(self) -> None:
        full = self._rows >= ROWS_A_PART or len(self._results) >= CELLS_A_PART
        if full or self._clock() - self._opened >= SECONDS_A_PART:
            self._close()

    def _close(self) -> None:
        if self._writer is None:
            return
        for cell in tuple(self._waiting_rows):
            self._write_group(cell)
        document = {"format": files.FORMAT, "groups": self._groups, "results": self._results}
        writer, self._writer = self._writer, None
        self._rows, self._groups, self._results = 0, [], []
        writer.add_key_value_metadata({files.METADATA: json.dumps(document).encode("ascii")})
        writer.close()
        _settle(self._waiting(), self.path / files.part_name(self._number))

    def _waiting(self) -> Path:
        return self.path / f".{files.part_name(self._number)}.new"

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._refused(error) from None

    def _refused(self, error: OSError) -> OutputError:
        return OutputError(
            f"the run cannot be written to {self.path}: {error.strerror or error}",
            hint="name a folder on a disk with room that you may write to: --state DIR or --out DIR",
        )


def _settle(waiting: Path, final: Path) -> None:
    with waiting.open("rb+") as file:
        os.fsync(file.fileno())
    waiting.replace(final)


def _header(header: RunHeader) -> dict[str, Any]:
    return {
        "format": files.FORMAT,
        "id": header.id,
        "started": time_to_json(header.started),
        "scope": header.scope,
        "inventory": header.inventory,
        "tool_version": header.tool_version,
        "dictionary": {
            "name": header.dictionary_name,
            "version": header.dictionary_version,
            "digest": header.dictionary_digest,
        },
        "shard": list(header.shard),
        "judged_on": header.judged_on,
    }


def _schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only scans write runs

    fields = [(name, pa.string()) for name in TEXT]
    fields += [(name, pa.timestamp("us", "UTC")) for name in TIMES]
    fields += [(name, pa.bool_()) for name in FLAGS]
    return pa.schema(fields)


def _planned_schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.schema([(name, pa.string()) for name in ("account", "region", "type", "state", "reason", "refused_by")])


def _table(rows: list[dict[str, Any]]) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.Table.from_pylist(rows, schema=_schema())


def _columns(names: tuple[str, ...], rows: list[tuple[str, ...]]) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.Table.from_arrays([pa.array(column, pa.string()) for column in zip(*rows, strict=True)], names=names)
