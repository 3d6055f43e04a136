"""Reading the cells of a run: each ends in one state, whatever happens to it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from tagwright_dictionary.errors import TagwrightError
from tagwright_drift.cells import Cell, CellResult, CellState, Coverage, coverage
from tagwright_drift.inventories.contract import CellTrouble, Inventory, Page, ScanStopped
from tagwright_drift.judging import Judging
from tagwright_drift.live import Observation
from tagwright_drift.runs.model import RunEnd
from tagwright_drift.runs.reading import RunFolder
from tagwright_drift.runs.writing import RunWriter
from tagwright_drift.scanning.executors import Executor

Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]
PATIENCE = 900.0


def utc_now() -> datetime:
    return datetime.now(UTC)


@runtime_checkable
class Releasing(Protocol):
    """An inventory that keeps something for all cells of an account and region, and can let go of it."""

    def release(self, account: str, region: str) -> None:
        """No further cell of it will be read."""


@runtime_checkable
class Stopping(Protocol):
    """An inventory that waits (for its turn, before it tries again) and need not once the scan is to end."""

    def stop_with(self, stop: threading.Event) -> None:
        """Once `stop` is set nothing more is asked, and what waits goes on at once, with `ScanStopped`."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan works with. `patience`: seconds after which a cell that still gives pages ends as a timeout."""

    inventory: Inventory
    judging: Judging
    executor: Executor
    clock: Clock = utc_now
    patience: float = PATIENCE
    progress: Progress | None = None

    def run(self, writer: RunWriter, stop: threading.Event) -> Coverage:
        """Read every cell that the run has planned and that was not decided beforehand, site by site in the order of
        the plan. `stop` set by somebody else (a signal) ends the scan in good order: cells that are not finished stay
        unseen. What befalls one cell is that cell's result; raised is only what befalls the scan (a full disk).
        """
        if isinstance(self.inventory, Stopping):
            self.inventory.stop_with(stop)
        folder = RunFolder(writer.path)
        left = Counter((each.cell.account, each.cell.region) for each in folder.planned() if not each.state.decided)
        sites = _Sites(left, self.inventory if isinstance(self.inventory, Releasing) else None)
        done = writer.cells - left.total()

        def read(cell: Cell) -> None:
            if stop.is_set():
                return
            try:
                result = self._read(cell, writer, stop)
                if result is not None:
                    writer.finish(result)
            finally:
                sites.leave(cell)

        def tasks() -> Iterator[Cell]:
            for each in folder.planned():
                if stop.is_set():
                    return
                if not each.state.decided:
                    yield each.cell

        try:
            for _ in self.executor.run(read, tasks(), stop):
                done += 1
                if self.progress is not None:
                    self.progress(done, writer.cells)
        except BaseException:
            stop.set()
            raise
        writer.end(RunEnd(self.clock(), interrupted=stop.is_set()))
        return coverage(RunFolder(writer.path).results().values())

    def _read(self, cell: Cell, writer: RunWriter, stop: threading.Event) -> CellResult | None:
        """The result of one cell; None when the scan was stopped before it was through."""
        started = self.clock()
        tally = _Tally()
        try:
            for page in self.inventory.read(cell, started):
                tally.take(page)
                self._write(cell, page, writer)
                if stop.is_set():
                    return None
                if (self.clock() - started).total_seconds() > self.patience:
                    raise CellTrouble(CellState.TIMEOUT, f"not through after {self.patience:.0f} seconds")
        except CellTrouble as trouble:
            return tally.result(cell, started, self.clock(), trouble)
        except ScanStopped:
            return None
        except TagwrightError:
            raise
        except Exception as error:  # noqa: BLE001 - a lister's bug costs its cell, not the scan, and is never "clean"
            reason = f"tagwright crashed here: {type(error).__name__}: {error}"
            return tally.result(cell, started, self.clock(), CellTrouble(CellState.ERROR, reason))
        return tally.result(cell, started, self.clock(), None)

    def _write(self, cell: Cell, page: Page, writer: RunWriter) -> None:
        judgements = self.judging([each.resource for each in page.resources])
        pairs = zip(page.resources, judgements, strict=True)
        writer.add(cell, [Observation(live, judgement) for live, judgement in pairs])


@dataclass(slots=True)
class _Tally:
    """What a cell has given so far."""

    pages: int = 0
    resources: int = 0
    unread: int = 0
    calls: int = 0
    why: str = ""

    def take(self, page: Page) -> None:
        self.pages += 1
        self.resources += len(page.resources)
        self.unread += page.unread
        self.calls += page.calls
        self.why = self.why or page.why

    def result(self, cell: Cell, started: datetime, ended: datetime, trouble: CellTrouble | None) -> CellResult:
        """Trouble after the first page, and tags that could not be read, leave the cell partial."""
        state, reason, refused_by = CellState.COMPLETE, "", ""
        calls = self.calls
        if trouble is not None:
            state, reason, refused_by = trouble.state, trouble.reason, trouble.refused_by
            calls += trouble.calls
            if self.resources:  # whatever it says now: something is there, and not all of it was seen
                reason = f"after {self.resources} resources: {reason}"
                state, refused_by = CellState.PARTIAL, ""
        elif self.unread:
            state = CellState.PARTIAL
            reason = f"the tags of {self.unread} of {self.resources} could not be read: {self.why}".rstrip(": ")
        reason = " ".join(reason.split())
        return CellResult(
            cell, state, reason, refused_by, self.resources, self.unread, self.pages, calls, started, ended
        )


class _Sites:
    """How many cells of each account and region are left; the inventory lets a site go after its last."""

    def __init__(self, left: Counter[tuple[str, str]], keeper: Releasing | None) -> None:
        self._left = left
        self._keeper = keeper
        self._guard = threading.Lock()

    def leave(self, cell: Cell) -> None:
        site = (cell.account, cell.region)
        with self._guard:
            self._left[site] -= 1
            last = not self._left[site]
        if last and self._keeper is not None:
            self._keeper.release(*site)
