"""Which run a command is about: the newest full one, or the one that is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tagwright_cli.live.state import State
from tagwright_dictionary.errors import InputError
from tagwright_drift.cells import Cell, CellResult
from tagwright_drift.live import Observation
from tagwright_drift.runs.reading import RunFolder, find_runs, open_run


class Chosen:
    """One run with all the shards of it that are there."""

    def __init__(self, folders: Sequence[RunFolder]) -> None:
        self.folders = tuple(folders)
        self.header = folders[0].header

    def observations(self) -> Iterator[Observation]:
        for folder in self.folders:
            yield from folder.observations()

    def results(self) -> dict[Cell, CellResult]:
        """One for every cell that the shards planned."""
        return {cell: result for folder in self.folders for cell, result in folder.results().items()}

    def missing(self) -> tuple[int, ...]:
        """Shards that are not there: what they saw is not known."""
        there = {folder.header.shard[0] for folder in self.folders}
        return tuple(number for number in range(1, self.header.shard[1] + 1) if number not in there)


def choose(state: State, named: str | None) -> Chosen:
    """A folder of a run, the beginning of a run's id, or (None) the newest full run, else the newest run. Raises
    InputError: there is none, several begin so, a scan still writes to it.
    """
    if named is not None and (Path(named) / "run.json").is_file():
        opened = open_run(Path(named))
        beside = find_runs(opened.path.resolve().parent)
        return _whole([each for each in beside if each.header.id == opened.header.id] or [opened])
    runs = find_runs(state.runs) if state.runs.is_dir() else ()
    by_id: dict[str, list[RunFolder]] = {}
    for folder in runs:
        if named is None or folder.header.id.startswith(named):
            by_id.setdefault(folder.header.id, []).append(folder)
    if not by_id:
        what = f"no run in {state.runs} begins with {named!r}" if named else f"there is no run in {state.runs}"
        raise InputError(what, hint="run `tagwright drift scan`, or name another folder with --state or --run")
    if named is not None and len(by_id) > 1 and named not in by_id:
        raise InputError(f"{len(by_id)} runs begin with {named!r}", hint=f"for instance {max(by_id)}")
    # One that is being written is passed over unless it is asked for: the newest that ended is what there is to know.
    ended = {name: each for name, each in by_id.items() if not any(folder.alive() for folder in each)} or by_id
    full = [name for name, each in ended.items() if each[0].header.scope == "full"]
    chosen = named if named in by_id else max(full or ended)
    return _whole(by_id[chosen])


def _whole(folders: Sequence[RunFolder]) -> Chosen:
    for folder in folders:
        if folder.alive():
            raise InputError(
                f"a scan still writes to {folder.path}", hint="wait for its end, or name an earlier run with --run"
            )
    return Chosen(folders)
