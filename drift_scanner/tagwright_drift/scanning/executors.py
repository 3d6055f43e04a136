"""Who runs the cells of a scan: threads here; an engine such as Ray can run the shards by the same Protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol, TypeVar

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


class Executor(Protocol):
    """Calls a function with each task, several at once, in any order."""

    def run(self, function: Callable[[_Task], _Result], tasks: Iterable[_Task]) -> Iterator[_Result]:
        """The results as they come. Takes no more tasks at a time than it can work on, so that the tasks need not fit
        into memory. What the function raises is raised here.
        """


@dataclass(frozen=True, slots=True)
class Threads:
    """A bounded pool of threads: a scan waits for the network most of its time."""

    count: int = 32

    def run(self, function: Callable[[_Task], _Result], tasks: Iterable[_Task]) -> Iterator[_Result]:
        with ThreadPoolExecutor(self.count, thread_name_prefix="tagwright") as pool:
            waiting: set[Future[_Result]] = set()
            try:
                for task in tasks:
                    waiting.add(pool.submit(function, task))
                    if len(waiting) >= self.count:
                        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                        for future in done:
                            yield future.result()
                while waiting:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield future.result()
            finally:
                for future in waiting:
                    future.cancel()


EXECUTORS: dict[str, Callable[[int], Executor]] = {"threads": Threads}
"""By name; each takes how many tasks may run at once."""
