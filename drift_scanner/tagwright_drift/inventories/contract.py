"""What an inventory promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tagwright_drift.cells import Cell, CellState
from tagwright_drift.live import LiveResource


@dataclass(frozen=True, slots=True)
class Planned:
    """A cell that a scan sets out to see. A `state` other than unseen is known beforehand and final, for `reason`: a
    region that the account has not opted in to, an account whose role cannot be assumed.
    """

    cell: Cell
    state: CellState = CellState.UNSEEN
    reason: str = ""
    refused_by: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a cell's resources. `unread` of them have tags that could not be read (they are in it, with unknown
    tags); `why` says the reason of one. `calls` were made for the page.
    """

    resources: tuple[LiveResource, ...]
    calls: int = 0
    unread: int = 0
    why: str = ""


class CellTrouble(Exception):  # noqa: N818 - it is an outcome of a cell, not an error of the program
    """Why a cell could not be seen whole. Pages given out before it stand; the cell is then partial."""

    def __init__(self, state: CellState, reason: str, *, refused_by: str = "", calls: int = 0) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason
        self.refused_by = refused_by
        self.calls = calls


class ScanStopped(Exception):  # noqa: N818 - somebody wanted it so
    """The scan was told to stop while a cell was read: the cell stays unseen, whatever a lister makes of troubles."""


class Inventory(Protocol):
    """A source of live resources. Called from several threads at once."""

    name: str

    def plan(self) -> Iterable[Planned]:
        """Every cell, before anything is read. Raises TagwrightError where nothing can be planned (no credentials)."""

    def read(self, cell: Cell, now: datetime) -> Iterator[Page]:
        """The resources of a planned cell, page by page. Raises CellTrouble; ending without it says "that was all"."""
