"""Runs on their way into the history: all of a run in one transaction, once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Verdict
from tagwright_drift.cells import Cell, CellResult, Coverage, coverage
from tagwright_drift.history.folding import COLUMNS, Folding
from tagwright_drift.history.merge import CellMerge, Guard, RunFacts
from tagwright_drift.history.records import EventKind
from tagwright_drift.history.seen import NOTHING_SEEN, CellSeen
from tagwright_drift.history.shards import Shards, missing_cells, shards_of
from tagwright_drift.history.store import History, run_record
from tagwright_drift.history.storing import Storing
from tagwright_drift.history.tables import runs
from tagwright_drift.history.times import micros
from tagwright_drift.runs import files
from tagwright_drift.runs.reading import RunFolder

_CELLS_AT_ONCE = 2_000
_FINDINGS_AT_ONCE = 20_000
_RESOURCES_A_FINDING = 16  # that take as much memory as one finding
_OPEN = "open"
_VERDICTS = {str(verdict): str(verdict).replace("-", "_") for verdict in Verdict}

NO_COVERAGE = Coverage(0, 0, 0)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Applied:
    """What merging a run came to.

    already     the history had the run; nothing changed, and there is nothing to count
    killed      its scan never ended
    counts      findings by what the run did to them
    unverified  findings of its cells that stay open without having been seen
    late        cells that the run saw, and the history has seen later still: in the ledger, and no more
    missing     shards that were not given
    """

    run: str
    already: bool = False
    killed: bool = False
    coverage: Coverage = NO_COVERAGE
    counts: Mapping[EventKind, int] = field(default_factory=dict)
    unverified: int = 0
    late: int = 0
    missing: tuple[int, ...] = ()


def apply(
    history: History,
    folders: Sequence[RunFolder],
    *,
    guard: Guard | None = None,
    partial: bool = False,
    progress: Progress | None = None,
) -> Applied:
    """Merge one run, or all shards of one, into the history: in one transaction, and never twice.

    `partial` allows shards to be missing: their cells count as unseen. Raises InputError where the folders are not
    one run, are damaged, or the history is; then nothing was written.
    """
    shards = shards_of(folders, partial=partial)
    with history.database.writing() as connection:
        known = connection.execute(select(runs).where(runs.c.id == shards.header.id)).first()
        if known is not None:
            record = run_record(known)
            return Applied(record.id, already=True, killed=record.killed, coverage=record.coverage)
        try:
            return _merge(connection, shards, guard or Guard(), progress)
        except IntegrityError:
            raise InputError(
                f"two shards of the run {shards.header.id} saw the same cell",
                hint="merge folders that one scan wrote with --shard 1/n to n/n",
            ) from None


def _merge(connection: Connection, shards: Shards, guard: Guard, progress: Progress | None) -> Applied:
    header = shards.header
    number: int = (connection.execute(select(func.max(runs.c.seq))).scalar() or 0) + 1
    before = _open_before(connection)
    storing = Storing(connection, number, RunFacts(header.id, header.scope, micros(header.started)), guard)
    tally = _Tally()
    gaps = [(result, NOTHING_SEEN) for result in missing_cells(connection, shards)]
    for batch in chain(_gathered(shards, progress), (gaps,)):
        if batch:
            tally.add(batch, storing.merge(batch))
    killed = any(folder.end is None for folder in shards.folders)
    ended = None if killed else max(folder.end.ended for folder in shards.folders if folder.end is not None)
    connection.execute(
        runs.insert().values(
            seq=number,
            id=header.id,
            scope=header.scope,
            started=micros(header.started),
            ended=None if ended is None else micros(ended),
            killed=killed,
            inventory=header.inventory,
            tool_version=header.tool_version,
            dictionary_name=header.dictionary_name,
            dictionary_version=header.dictionary_version,
            dictionary_digest=header.dictionary_digest,
            shards=_words(shards),
            coverage=json.dumps(asdict(tally.coverage), sort_keys=True),
            metrics=json.dumps(tally.metrics(before), sort_keys=True),
        )
    )
    return Applied(
        header.id, False, killed, tally.coverage, dict(tally.counts), tally.unverified, tally.late, shards.missing
    )


@dataclass(slots=True)
class _Tally:
    """The numbers of a run, batch by batch."""

    coverage: Coverage = NO_COVERAGE
    verdicts: Counter[str] = field(default_factory=Counter)
    counts: dict[EventKind, int] = field(default_factory=lambda: dict.fromkeys(EventKind, 0))
    unverified: int = 0
    late: int = 0

    def add(self, batch: Iterable[tuple[CellResult, CellSeen]], outcomes: Sequence[CellMerge]) -> None:
        for _, seen in batch:
            self.verdicts.update(seen.verdicts)
        for outcome in outcomes:
            self.unverified += outcome.unverified
            self.late += not outcome.applied
            for change in outcome.changes:
                self.counts[change.event] += 1
        self.coverage = _together(self.coverage, coverage(outcome.result for outcome in outcomes))

    def metrics(self, before: float) -> dict[str, float]:
        counts = self.counts
        came = counts[EventKind.NEW] + counts[EventKind.REGRESSED] - counts[EventKind.RESOLVED]
        return {
            "resources": sum(self.verdicts.values()),
            **{name: self.verdicts[verdict] for verdict, name in _VERDICTS.items()},
            "unknown_tags": self.coverage.unknown_tags,
            _OPEN: before + came,
            **{str(kind): number for kind, number in counts.items()},
            "unverified": self.unverified,
            "late_cells": self.late,
        }


def _gathered(shards: Shards, progress: Progress | None) -> Iterator[list[tuple[CellResult, CellSeen]]]:
    """The cells of all shards with what was seen of them, in batches that fit into memory, in the order of the plan:
    that is the order in which they lie on the disk, and the merge does not care.
    """
    batch: list[tuple[CellResult, CellSeen]] = []
    weight = done = 0
    for folder in shards.folders:
        results = folder.results()
        total = len(results) * len(shards.folders)
        for cell, result in results.items():
            seen = _seen(folder, cell)
            batch.append((result, seen))
            weight += len(seen.findings) + len(seen.there) // _RESOURCES_A_FINDING
            done += 1
            if weight >= _FINDINGS_AT_ONCE or len(batch) >= _CELLS_AT_ONCE:
                yield batch
                batch, weight = [], 0
                if progress is not None:
                    progress(done, total)
    yield batch


def _seen(folder: RunFolder, cell: Cell) -> CellSeen:
    folding: Folding | None = None
    for table in folder.batches(cell, COLUMNS):
        folding = folding or Folding()
        try:
            folding.add({name: _column(table, name) for name in COLUMNS})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise files.damaged(Path(folder.path), f"the rows of {cell} make no sense: {error!r}") from None
    return NOTHING_SEEN if folding is None else folding.result()


def _column(table: Any, name: str) -> list[Any]:
    column = table.column(name)
    found: list[Any] = (column.cast("int64") if name == "created" else column).to_pylist()
    return found


def _open_before(connection: Connection) -> float:
    """How many findings were open after the run that was merged last: counted then, because counting a million takes
    its time.
    """
    last = connection.execute(select(runs.c.metrics).order_by(runs.c.seq.desc()).limit(1)).scalar()
    return 0 if last is None else float(json.loads(last)[_OPEN])


def _together(one: Coverage, other: Coverage) -> Coverage:
    lost = Counter(dict(one.lost))
    lost.update(dict(other.lost))
    return Coverage(
        one.planned + other.planned,
        one.required + other.required,
        one.complete + other.complete,
        tuple(sorted(lost.items(), key=lambda pair: (-pair[1], pair[0]))),
        one.resources + other.resources,
        one.unknown_tags + other.unknown_tags,
        one.suspect + other.suspect,
    )


def _words(shards: Shards) -> str:
    there = ",".join(str(folder.header.shard[0]) for folder in shards.folders)
    return f"{there} of {shards.of}"
