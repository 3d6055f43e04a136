"""Open findings that no scan looks for any more: their account, region or type is not in the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tagwright_drift.cells import Cell, CellResult
from tagwright_drift.history.records import FindingRecord
from tagwright_drift.report.model import Item, Unplanned


class Plan:
    """Takes the ledger of a run on its way to somebody else, and remembers which of some cells were in it."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._asked = {_cell_of(item.record) for item in items if item.stale}
        self._planned: set[Cell] = set()
        self._any = False

    def noting(self, results: Iterable[CellResult]) -> Iterator[CellResult]:
        for each in results:
            self._any = True
            if each.cell in self._asked:
                self._planned.add(each.cell)
            yield each

    def marked(self, items: Iterable[Item]) -> Iterator[Item]:
        """The same items; those that nobody looks for say so. A ledger without a cell says nothing."""
        for item in items:
            known = not (self._any and item.stale) or _cell_of(item.record) in self._planned
            yield item if known else replace(item, planned=False)


def unplanned(items: Sequence[Item]) -> tuple[Unplanned, ...]:
    """Those that nobody looks for any more, by account; most findings first."""
    found: dict[str, list[FindingRecord]] = {}
    for item in items:
        if not item.planned:
            found.setdefault(item.record.account, []).append(item.record)
    rows = [
        Unplanned(
            account,
            len(records),
            len({(each.cell_region, each.type) for each in records}),
            max(each.last_seen for each in records),
        )
        for account, records in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.findings, row.account)))


def _cell_of(record: FindingRecord) -> Cell:
    return Cell(record.account, record.cell_region, record.type)
