"""What was not seen, grouped by cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tagwright_drift.cells import CellResult, CellState
from tagwright_drift.report.model import Unseen

_NAMED = 3


@dataclass(slots=True)
class _Group:
    reasons: Counter[str] = field(default_factory=Counter)
    accounts: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    cells: int = 0


def unseen(results: Iterable[CellResult]) -> tuple[tuple[Unseen, ...], int]:
    """(groups of cells that were not seen, largest first; how many cells cannot hold anything)."""
    groups: dict[tuple[CellState, str], _Group] = {}
    skipped = 0
    for each in results:
        if each.state.cannot_hold:
            skipped += 1
            continue
        if each.state.seen and not each.suspect:
            continue
        group = groups.setdefault((each.state, each.refused_by), _Group())
        group.cells += 1
        group.reasons[each.reason] += 1
        group.accounts[each.cell.account] += 1
        group.regions[each.cell.region] += 1
        group.types[each.cell.type] += 1
    made = [
        Unseen(
            state,
            refused_by,
            group.cells,
            _first(group.reasons)[0],
            _first(group.accounts),
            len(group.accounts),
            _first(group.regions),
            len(group.regions),
            _first(group.types),
            len(group.types),
        )
        for (state, refused_by), group in groups.items()
    ]
    return tuple(sorted(made, key=lambda each: (-each.cells, each.state, each.refused_by))), skipped


def _first(counter: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(counter, key=lambda name: (-counter[name], name))[:_NAMED])
