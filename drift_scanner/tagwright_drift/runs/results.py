"""A cell's result as JSON, for the metadata of the part that finished it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tagwright_drift.cells import Cell, CellResult, CellState


def cell_to_json(cell: Cell) -> list[str]:
    return [cell.account, cell.region, cell.type]


def cell_from_json(row: list[str]) -> Cell:
    account, region, type_ = row
    return Cell(account, region, type_)


def result_to_json(result: CellResult) -> dict[str, Any]:
    return {
        "cell": cell_to_json(result.cell),
        "state": str(result.state),
        "reason": result.reason,
        "refused_by": result.refused_by,
        "resources": result.resources,
        "unknown_tags": result.unknown_tags,
        "pages": result.pages,
        "calls": result.calls,
        "started": time_to_json(result.started),
        "ended": time_to_json(result.ended),
    }


def result_from_json(row: Mapping[str, Any]) -> CellResult:
    return CellResult(
        cell_from_json(row["cell"]),
        CellState(row["state"]),
        row["reason"],
        row["refused_by"],
        row["resources"],
        row["unknown_tags"],
        row["pages"],
        row["calls"],
        time_from_json(row["started"]),
        time_from_json(row["ended"]),
    )


def time_to_json(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def time_from_json(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
