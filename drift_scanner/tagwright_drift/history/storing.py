"""One batch of cells between the database and the merge: what is known of them is read, and what changed is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, Table, func, select, tuple_

from tagwright_drift.cells import Cell, CellResult
from tagwright_drift.history.bulk import Bulk, bulk_for
from tagwright_drift.history.merge import CellMemory, CellMerge, Change, Guard, RunFacts, Standing, merge_cell
from tagwright_drift.history.records import AgeBasis, EventKind, FindingState
from tagwright_drift.history.seen import CellSeen, Seen
from tagwright_drift.history.tables import cells, events, findings, ledger
from tagwright_drift.history.times import micros_or_none

_LONGEST = 500
_MEMORY = tuple(each.name for each in fields(CellMemory))
_LIFE = ("state", "definite", "first_seen", "age_basis", "last_seen", "resolved_at", "resolution", "regressions")
_SHOWN = ("seen_as", "severity", "region", "address", "name", "in_group", "members", "created", "details")
_WHOLE = (*_LIFE, *_SHOWN, "id", "cell", "identity", "about", "rule", "key", "usd_basis")
_STANDING = select(
    findings.c.cell,
    findings.c.identity,
    findings.c.about,
    findings.c.rule,
    findings.c.state,
    findings.c.definite,
    findings.c.first_seen,
    findings.c.age_basis,
    findings.c.last_seen,
    findings.c.resolved_at,
    findings.c.resolution,
    findings.c.regressions,
    findings.c.seen_as,
    findings.c.id,
)
_STATES = {str(each): each for each in FindingState}
_BASES = {str(each): each for each in AgeBasis}


@dataclass(slots=True)
class _Rows:
    """What one batch writes."""

    new_cells: list[Sequence[Any]] = field(default_factory=list)
    cells: list[Sequence[Any]] = field(default_factory=list)
    ledger: list[Sequence[Any]] = field(default_factory=list)
    new: list[Sequence[Any]] = field(default_factory=list)
    sighted: list[Sequence[Any]] = field(default_factory=list)
    lived: list[Sequence[Any]] = field(default_factory=list)
    shown: list[Sequence[Any]] = field(default_factory=list)
    events: list[Sequence[Any]] = field(default_factory=list)


class Storing:
    """Merges batches of cells of one run into the tables, within a transaction that locks out other writers."""

    def __init__(self, connection: Connection, number: int, run: RunFacts, guard: Guard) -> None:
        self._connection = connection
        self._bulk: Bulk = bulk_for(connection)
        self._number = number
        self._run = run
        self._guard = guard
        self._literal: dict[str, Any] = {"dialect": connection.dialect, "compile_kwargs": {"literal_binds": True}}
        self._next_cell = _after_last(connection, cells)
        self._next_finding = _after_last(connection, findings)

    def merge(self, batch: Iterable[tuple[CellResult, CellSeen]]) -> list[CellMerge]:
        """Merge and write; the outcomes in the order of the batch. Raises sqlalchemy's IntegrityError for a cell that
        the run has told of before.
        """
        given = [(_stored(result.cell), result, seen) for result, seen in batch]
        known = self._cells([cell for cell, _, _ in given])
        standings = self._standings([number for number, _ in known.values()])
        rows = _Rows()
        outcomes = []
        for cell, result, seen in given:
            number, memory = known.get(cell, (0, CellMemory()))
            outcome = merge_cell(memory, standings.get(number, ()), seen, result, self._run, self._guard)
            if not number:
                number = self._next_cell
                self._next_cell += 1
                known[cell] = (number, outcome.memory)
                rows.new_cells.append((*_memory(outcome.memory), number, cell.account, cell.region, cell.type))
            elif outcome.memory != memory:
                rows.cells.append((*_memory(outcome.memory), number))
            rows.ledger.append(_ledger(self._number, number, outcome))
            for change in outcome.changes:
                self._take(rows, number, change)
            outcomes.append(outcome)
        self._write(rows)
        return outcomes

    def _cells(self, wanted: Sequence[Cell]) -> dict[Cell, tuple[int, CellMemory]]:
        triple = tuple_(cells.c.account, cells.c.region, cells.c.type)
        query = select(
            cells.c.account,
            cells.c.region,
            cells.c.type,
            cells.c.id,
            *(cells.c[name] for name in _MEMORY),
        ).where(triple.in_([(cell.account, cell.region, cell.type) for cell in wanted]))
        found = self._connection.execute(query)
        return {
            Cell(account, region, type_): (number, CellMemory(*rest)) for account, region, type_, number, *rest in found
        }

    def _standings(self, numbers: Sequence[int]) -> Mapping[int, list[Standing]]:
        grouped: dict[int, list[Standing]] = {}
        if not numbers:
            return grouped
        # The driver's own rows: SQLAlchemy's cost more than all of the merge.
        wanted = str(_STANDING.where(findings.c.cell.in_(numbers)).compile(**self._literal))
        cursor = self._connection.exec_driver_sql(wanted).cursor
        for row in cursor.fetchall() if cursor is not None else ():
            cell, identity, about, rule, state, definite, first, basis, *rest = row
            grouped.setdefault(cell, []).append(
                Standing(identity, about, rule, _STATES[state], bool(definite), first, _BASES[basis], *rest)
            )
        return grouped

    def _take(self, rows: _Rows, cell: int, change: Change) -> None:
        after, seen = change.after, change.seen
        finding = after.row
        if seen is not None and not finding:
            finding = self._next_finding
            self._next_finding += 1
            stored = (finding, cell, after.identity, after.about, after.rule, storable(seen.key), "")
            rows.new.append((*_life(after), *_shown(after, seen), *stored))
        elif seen is not None:
            rows.shown.append((*_life(after), *_shown(after, seen), finding))
        elif change.event is EventKind.PERSISTING:
            rows.sighted.append((after.last_seen, finding))
        else:
            rows.lived.append((*_life(after), finding))
        if change.event is not EventKind.PERSISTING:
            at = after.resolved_at if change.event is EventKind.RESOLVED else after.last_seen
            rows.events.append((self._number, finding, str(change.event), at, after.resolution))

    def _write(self, rows: _Rows) -> None:
        write = self._bulk
        write.insert(cells, (*_MEMORY, "id", "account", "region", "type"), rows.new_cells)
        write.update(cells, ("id",), _MEMORY, rows.cells)
        write.insert(ledger, tuple(column.name for column in ledger.columns), rows.ledger)
        write.insert(findings, _WHOLE, rows.new)
        write.update(findings, ("id",), ("last_seen",), rows.sighted)
        write.update(findings, ("id",), _LIFE, rows.lived)
        write.update(findings, ("id",), (*_LIFE, *_SHOWN), rows.shown)
        write.insert(events, tuple(column.name for column in events.columns), rows.events)


def storable(text: str) -> str:
    """Text that every database takes: no NUL, no lone surrogates; they are written as escapes."""
    if "\x00" in text:
        text = text.replace("\x00", "\\x00")
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()


def _stored(cell: Cell) -> Cell:
    return Cell(storable(cell.account), storable(cell.region), storable(cell.type))


def _after_last(connection: Connection, table: Table) -> int:
    last: int | None = connection.execute(select(func.max(table.c.id))).scalar()
    return (last or 0) + 1


def _memory(memory: CellMemory) -> tuple[int | None, ...]:
    return (memory.looked, memory.looked_hot, memory.believed, memory.doubted)


def _life(standing: Standing) -> tuple[Any, ...]:
    return (
        str(standing.state),
        standing.definite,
        standing.first_seen,
        str(standing.age_basis),
        standing.last_seen,
        standing.resolved_at,
        standing.resolution,
        standing.regressions,
    )


def _shown(after: Standing, seen: Seen) -> tuple[Any, ...]:
    names = (seen.region, seen.address, seen.name, seen.group)
    if not _plain("".join(names)):
        names = (storable(seen.region), storable(seen.address), storable(seen.name), storable(seen.group))
    return (after.seen_as, seen.severity, *names, seen.members, seen.created, seen.details)


def _plain(text: str) -> bool:
    return text.isascii() and "\x00" not in text


def _ledger(run: int, cell: int, outcome: CellMerge) -> tuple[Any, ...]:
    result = outcome.result
    return (
        run,
        cell,
        str(result.state),
        storable(result.reason)[:_LONGEST],
        storable(result.refused_by),
        result.resources,
        result.unknown_tags,
        result.pages,
        result.calls,
        micros_or_none(result.started),
        micros_or_none(result.ended),
        result.suspect,
        outcome.applied,
    )
