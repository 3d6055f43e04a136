"""Bringing a history up to date with a folder of runs: after a crash, or from nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from tagwright_dictionary.errors import InputError
from tagwright_drift.history.applying import Applied, Progress, apply
from tagwright_drift.history.merge import Guard
from tagwright_drift.history.store import History
from tagwright_drift.runs.reading import RunFolder, find_runs

Runs = tuple[tuple[RunFolder, ...], ...]
"""Runs, each with its shards."""


def recover(runs: Path, history: History, *, guard: Guard | None = None) -> tuple[Applied, ...]:
    """Merge every run of a folder whose scanner is gone and that the history lacks: scans that were killed, and those
    killed between their end and their merge. Runs of which shards are missing are left alone: they may still come.
    """
    known = {each.id for each in history.runs()}
    strangers = [folder for folder in find_runs(runs) if folder.header.id not in known]
    pending = [
        folders for folders in in_order(strangers) if _there(folders) and not any(each.alive() for each in folders)
    ]
    return tuple(apply(history, folders, guard=guard) for folders in pending)


def runs_to_replay(runs: Path) -> Runs:
    """The runs of a folder, in order. Raises InputError where it holds none."""
    ordered = in_order(find_runs(runs))
    if not ordered:
        raise InputError(
            f"there is no run in {runs}",
            hint="name a folder that holds what `tagwright drift scan` wrote: RUNS/*/run.json",
        )
    return ordered


def replay(
    runs: Runs, history: History, *, partial: bool = False, guard: Guard | None = None, progress: Progress | None = None
) -> Iterator[Applied]:
    """Merge runs (`runs_to_replay`) into a history that has none but those, in the order in which they ended.

    A replay that was broken off goes on where it was. Raises InputError where the history holds any other run.
    """
    there = {folders[0].header.id for folders in runs}
    strange = next((each.id for each in history.runs() if each.id not in there), None)
    if strange is not None:
        raise InputError(
            f"the history in {history.name} holds the run {strange}, which is not among those to replay",
            hint="replay into a new history: --history NEW",
        )
    for folders in runs:
        yield apply(history, folders, partial=partial, guard=guard, progress=progress)


def in_order(folders: Sequence[RunFolder]) -> Runs:
    """The runs, each with its shards, in the order in which they ended: that is how they were merged. A killed one
    ended when it finished its last cell.
    """
    by_run: dict[str, list[RunFolder]] = {}
    for folder in folders:
        by_run.setdefault(folder.header.id, []).append(folder)
    ordered = sorted(by_run.values(), key=lambda those: (max(map(_ended, those)), those[0].header.id))
    return tuple(tuple(those) for those in ordered)


def _ended(folder: RunFolder) -> datetime:
    if folder.end is not None:
        return folder.end.ended
    last = [result.ended for result in folder.results().values() if result.ended is not None]
    return max(last, default=folder.header.started)


def _there(folders: Sequence[RunFolder]) -> bool:
    return len({folder.header.shard[0] for folder in folders}) == folders[0].header.shard[1]
