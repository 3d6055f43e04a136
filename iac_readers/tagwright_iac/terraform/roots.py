"""Reading roots: one after the other, or in several processes.

Workers are forked: they share what is loaded; results come back as JSON.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

from tagwright_iac.codec import decode, encode
from tagwright_iac.reading import ReadOptions
from tagwright_iac.terraform.cache import RootCache, RootReading
from tagwright_iac.terraform.file_table import FileTable
from tagwright_iac.terraform.names import relevant_names
from tagwright_iac.terraform.reader import closure, evaluate_root, with_deep_stack
from tagwright_iac.terraform.session import ModuleLibrary


@dataclass(slots=True)
class RootTask:
    """Reading one root, in this process or a worker."""

    table: FileTable
    options: ReadOptions
    cache: RootCache | None

    def run(self, library: ModuleLibrary, root: str) -> RootReading:
        library.start()
        names = {root: relevant_names(root)}
        reading = evaluate_root(library, root, self.options)
        reached = closure(library, root)
        if self.cache is None:
            return RootReading(reading, reached)
        result = RootReading(reading, reached, encode(reading))
        for directory in library.used.union(reached):
            names[directory] = library.names[directory] if directory in library.names else relevant_names(directory)
        self.cache.store(root, result, names)
        return result


def read_all(task: RootTask, roots: list[str], jobs: int, report: Callable[[], None]) -> Mapping[str, RootReading]:
    """Every root's reading, by `jobs` processes; `report` is called after each."""
    if jobs > 1:
        return map_forked(task, roots, jobs, report)
    results: Mapping[str, RootReading] = with_deep_stack(_in_sequence, task, roots, report)
    return results


def _in_sequence(task: RootTask, roots: list[str], report: Callable[[], None]) -> Mapping[str, RootReading]:
    library = ModuleLibrary(task.table)
    results: dict[str, RootReading] = {}
    for root in roots:
        results[root] = task.run(library, root)
        report()
    return results


_WORKER: dict[str, Any] = {}


def _start(task: RootTask) -> None:
    _WORKER["task"] = task
    _WORKER["library"] = ModuleLibrary(task.table)


def _work(root: str) -> tuple[str, tuple[str, ...]]:
    result: RootReading = with_deep_stack(_WORKER["task"].run, _WORKER["library"], root)
    return result.text or encode(result.reading), result.reached


def map_forked(task: RootTask, roots: list[str], jobs: int, report: Callable[[], None]) -> dict[str, RootReading]:
    """Each root read by one of `jobs` workers. An exception of a worker is raised here; a worker that is killed (out
    of memory) is an exception too, never a wait without end.
    """
    context = multiprocessing.get_context("fork")
    found: dict[str, RootReading] = {}
    with ProcessPoolExecutor(jobs, context, _start, (task,)) as pool:
        waiting = {pool.submit(_work, root): root for root in roots}
        for done in as_completed(waiting):
            text, reached = done.result()
            found[waiting[done]] = RootReading(decode(text), reached)
            report()
    return found
