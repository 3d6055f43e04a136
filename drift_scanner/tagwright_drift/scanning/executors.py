"""Who runs the cells of a scan: threads here; an engine such as Ray can run the shards by the same Protocol."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import Protocol, TypeVar

from tagwright_drift.workers import Workers

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

_LOOK = 0.2  # seconds between looks at whether to stop


class Executor(Protocol):
    """Calls a function with each task, several at once, in any order."""

    def run(
        self, function: Callable[[_Task], _Result], tasks: Iterable[_Task], stop: threading.Event | None = None
    ) -> Iterator[_Result]:
        """The results as they come. Takes no more tasks at a time than it can work on, so that the tasks need not fit
        into memory. What the function raises is raised here. Once `stop` is set it does not wait much longer: calls
        that do not end are left behind.
        """


@dataclass(frozen=True, slots=True)
class Threads:
    """A bounded pool of threads: a scan waits for the network most of its time. `grace`: seconds that calls still
    have after `stop` was set, or after one of them raised.
    """

    count: int = 32
    grace: float = 3.0

    def run(
        self, function: Callable[[_Task], _Result], tasks: Iterable[_Task], stop: threading.Event | None = None
    ) -> Iterator[_Result]:
        workers = Workers(self.count, "tagwright")
        waiting: set[Future[_Result]] = set()
        try:
            for task in tasks:
                waiting.add(workers.submit(function, task))
                if len(waiting) >= self.count:
                    done, waiting = self._some(waiting, stop)
                    if not done:
                        return
                    for future in done:
                        yield future.result()
            while waiting:
                done, waiting = self._some(waiting, stop)
                if not done:
                    return
                for future in done:
                    yield future.result()
        except Exception:
            for future in waiting:
                future.cancel()
            wait(waiting, self.grace)
            raise
        finally:
            for future in waiting:
                future.cancel()
            workers.close()

    def _some(
        self, waiting: set[Future[_Result]], stop: threading.Event | None
    ) -> tuple[set[Future[_Result]], set[Future[_Result]]]:
        """Those that are done, and the others; none are done when they were stopped and did not end."""
        patience = float("inf")
        while True:
            done, others = wait(waiting, None if stop is None else _LOOK, FIRST_COMPLETED)
            if done:
                return done, others
            if stop is not None and stop.is_set():
                patience = min(patience, time.monotonic() + self.grace)
                if time.monotonic() >= patience:
                    return set(), others


EXECUTORS: dict[str, Callable[[int], Executor]] = {"threads": Threads}
"""By name; each takes how many tasks may run at once."""
