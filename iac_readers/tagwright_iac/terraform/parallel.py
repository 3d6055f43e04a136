"""Roots in several processes. Forked: the children share what is loaded; results come back as JSON."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any, Protocol

from tagwright_iac.codec import decode, encode
from tagwright_iac.terraform.cache import RootReading
from tagwright_iac.terraform.reader import with_deep_stack
from tagwright_iac.terraform.session import ModuleLibrary


class RootTask(Protocol):
    """What a worker does."""

    def library(self) -> ModuleLibrary:
        """A fresh module library, one a worker."""

    def run(self, library: ModuleLibrary, root: str) -> RootReading:
        """Read one root."""


_WORKER: dict[str, Any] = {}


def _start(task: RootTask) -> None:
    _WORKER["task"] = task
    _WORKER["library"] = task.library()


def _work(root: str) -> tuple[str, str, tuple[str, ...]]:
    result: RootReading = with_deep_stack(_WORKER["task"].run, _WORKER["library"], root)
    return root, encode(result.reading), result.reached


def map_forked(task: RootTask, roots: list[str], jobs: int, report: Callable[[], None]) -> dict[str, RootReading]:
    """Each root read by one of `jobs` workers. An exception of a worker is raised here."""
    context = multiprocessing.get_context("fork")
    found: dict[str, RootReading] = {}
    with context.Pool(jobs, initializer=_start, initargs=(task,)) as pool:
        for root, text, reached in pool.imap_unordered(_work, roots, chunksize=1):
            found[root] = RootReading(decode(text), reached)
            report()
    return found
