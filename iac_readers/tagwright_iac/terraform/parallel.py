"""Roots in several processes. Forked: the children share what is loaded; results come back as JSON."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any, Protocol

from tagwright_iac.codec import decode, encode
from tagwright_iac.terraform.cache import RootReading
from tagwright_iac.terraform.files import FileTable
from tagwright_iac.terraform.reader import with_deep_stack
from tagwright_iac.terraform.session import ModuleLibrary


class RootTask(Protocol):
    """What a worker does."""

    table: FileTable

    def run(self, library: ModuleLibrary, root: str) -> RootReading:
        """Read one root."""


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
