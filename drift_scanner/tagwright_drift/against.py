"""Live resources for `tagwright dictionary impact --against inventory|history`: what scans saw, to be judged anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Problem, Reading, Resource
from tagwright_drift.cells import Cell, CellResult
from tagwright_drift.runs import files
from tagwright_drift.runs.reading import RunFolder, find_runs

STATE = ".tagwright/drift"


def inventory(place: str) -> tuple[Reading, tuple[str, ...]]:
    """What the newest scan saw, with the account of each resource; every cell that it did not see whole is a problem.

    `place` is a run folder, a folder of runs, or a state folder; "": the state folder here. Raises InputError where
    there is no run.
    """
    runs = _runs(place)
    newest = [run for run in runs if run.header.id == runs[-1].header.id]
    return _reading((run, result) for run in newest for result in run.results().values())


def history(place: str) -> tuple[Reading, tuple[str, ...]]:
    """What scans remember: of every cell the newest scan that saw it whole, else the newest that saw anything of it.
    A cell that none saw whole is a problem.
    """
    best: dict[Cell, tuple[RunFolder, CellResult]] = {}
    for run in _runs(place):
        for cell, result in run.results().items():
            known = best.get(cell)
            if known is None or _better(result, known[1]):
                best[cell] = (run, result)
    return _reading(best[cell] for cell in sorted(best))


def _better(new: CellResult, old: CellResult) -> bool:
    """Of two scans of a cell, the later one counts unless it saw less."""
    if new.state.seen or not new.state.decided:
        return new.state.seen
    if old.state.seen:
        return new.state.cannot_hold
    return bool(new.resources) or not old.resources


def _reading(cells: Iterable[tuple[RunFolder, CellResult]]) -> tuple[Reading, tuple[str, ...]]:
    resources: list[Resource] = []
    problems: list[Problem] = []
    paths: dict[str, None] = {}
    for run, result in cells:
        path = str(run.path)
        paths[path] = None
        if not result.state.cannot_hold and not result.state.seen:
            reason = f": {result.reason}" if result.reason else ""
            problems.append(Problem(path, f"{result.cell} was not seen whole ({result.state}){reason}"))
        resources += (each.live.resource for each in run.seen(result.cell))
    accounts = tuple(f"account {resource.account}" for resource in resources)
    return Reading(tuple(resources), tuple(paths), tuple(problems)), accounts


def _runs(place: str) -> tuple[RunFolder, ...]:
    """Run folders, oldest first."""
    folder = Path(place or STATE)
    found = next((runs for runs in _candidates(folder) if runs), ())
    if not found:
        raise InputError(
            f"there is no run in {folder}",
            hint="scan first (tagwright drift scan), or name its state folder: --against inventory:DIR",
        )
    return tuple(sorted(found, key=lambda run: (run.header.started, run.header.id, run.header.shard)))


def _candidates(folder: Path) -> Iterator[tuple[RunFolder, ...]]:
    if (folder / files.HEADER).is_file():
        yield (RunFolder(folder),)
    yield find_runs(folder / "runs")
    yield find_runs(folder)
