"""Shards of one run: which there are, which are missing, and what the missing ones were to see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Location
from tagwright_drift.cells import Cell, CellResult, CellState
from tagwright_drift.history.tables import cells, ledger, runs
from tagwright_drift.runs.model import RunHeader
from tagwright_drift.runs.reading import RunFolder
from tagwright_drift.scanning.sharding import shard_of


@dataclass(frozen=True, slots=True)
class Shards:
    """The folders of one run, by shard. `missing` are the numbers of those that were not given, `of` how many the run
    was split into.
    """

    header: RunHeader
    folders: tuple[RunFolder, ...]
    of: int
    missing: tuple[int, ...]


def shards_of(folders: Sequence[RunFolder], *, partial: bool) -> Shards:
    """Folders as one run. Raises InputError where they are not shards of one run, one was given twice, is still being
    written, or is missing (and `partial` does not allow that).
    """
    if not folders:
        raise InputError("no run to merge was named", hint="name the folders that `tagwright drift scan` wrote")
    first = folders[0].header
    by_number: dict[int, RunFolder] = {}
    for folder in folders:
        _fits(first, folder)
        number = folder.header.shard[0]
        if number in by_number:
            raise InputError(
                f"shard {number} of {first.shard[1]} of the run {first.id} was given twice",
                hint=f"leave out {folder.path} or {by_number[number].path}",
            )
        by_number[number] = folder
    of = first.shard[1]
    missing = tuple(number for number in range(1, of + 1) if number not in by_number)
    if missing and not partial:
        raise InputError(
            f"the run {first.id} has {of} shards, and {_named(missing)} missing",
            hint="name the folders of all shards; --partial merges without, and counts their cells as unseen",
        )
    return Shards(first, tuple(by_number[number] for number in sorted(by_number)), of, missing)


def missing_cells(connection: Connection, shards: Shards) -> Iterator[CellResult]:
    """The cells that the missing shards were to see, as far as the newest run of the same scope knows them; one that
    stands for all of a shard of which nothing is known.
    """
    if not shards.missing:
        return
    latest = (
        select(runs.c.seq)
        .where(runs.c.scope == shards.header.scope, runs.c.inventory == shards.header.inventory)
        .order_by(runs.c.started.desc(), runs.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(cells.c.account, cells.c.region, cells.c.type)
        .join(ledger, ledger.c.cell == cells.c.id)
        .where(ledger.c.run == latest)
        .order_by(cells.c.account, cells.c.region, cells.c.type)
    )
    unknown = set(shards.missing)
    for account, region, type_ in connection.execute(query).all():
        cell = Cell(account, region, type_)
        number = shard_of(cell, shards.of)
        if number in shards.missing and account:
            unknown.discard(number)
            yield _unseen(cell, number, shards)
    for number in sorted(unknown):
        yield _unseen(Cell("", "", f"shard {number} of {shards.of}"), number, shards)


def _unseen(cell: Cell, number: int, shards: Shards) -> CellResult:
    return CellResult(cell, CellState.UNSEEN, f"shard {number} of {shards.of} was not merged")


def _fits(first: RunHeader, folder: RunFolder) -> None:
    header = folder.header
    number, of = header.shard
    where = Location(str(folder.path))
    if header.id != first.id:
        raise InputError(
            f"{folder.path} is of the run {header.id}, and not of {first.id}",
            hint="merge the shards of one run at a time",
            location=where,
        )
    same = (of, header.scope, header.inventory, header.dictionary_digest, header.judged_on)
    if same != (first.shard[1], first.scope, first.inventory, first.dictionary_digest, first.judged_on):
        raise InputError(
            f"the shards of the run {header.id} were not scanned alike: their number, scope, inventory, day or "
            "dictionary differ",
            hint="scan all shards of a run with the same options and the same dictionary",
            location=where,
        )
    if not 1 <= number <= of:
        raise InputError(f"there is no shard {number} of {of}", hint="scan it anew", location=where)
    if folder.end is None and folder.alive():
        raise InputError(
            f"the scan that writes {folder.path} has not ended", hint="wait for it, or end it, and merge then"
        )


def _named(numbers: Sequence[int]) -> str:
    text = ", ".join(str(number) for number in numbers)
    return f"shard {text} is" if len(numbers) == 1 else f"shards {text} are"
