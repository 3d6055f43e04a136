"""Threads that nobody has to wait for.

Those of `concurrent.futures.ThreadPoolExecutor` are joined when the program ends: one that waits a minute for a server
that does not answer keeps Ctrl-C waiting as long. These end with the program.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

Made = TypeVar("Made")


class Workers:
    """At most `count` daemon threads, started as there is work for them. Safe to share between threads."""

    def __init__(self, count: int, name: str) -> None:
        self._count = count
        self._name = name
        self._lock = threading.Lock()
        self._started = 0
        self._free = threading.Semaphore(0)
        self._work: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()

    def submit(self, function: Callable[..., Made], *arguments: Any) -> Future[Made]:
        """The outcome of `function(*arguments)`, soon."""
        future: Future[Made] = Future()
        self._work.put((future, lambda: function(*arguments)))
        if not self._free.acquire(blocking=False):
            with self._lock:
                if self._started < self._count:
                    self._started += 1
                    threading.Thread(target=self._run, name=f"{self._name}-{self._started}", daemon=True).start()
        return future

    def close(self) -> None:
        """No further work is taken; threads end after what they are at and what was submitted before."""
        with self._lock:
            for _ in range(self._started):
                self._work.put(None)

    def _run(self) -> None:
        while (item := self._work.get()) is not None:
            future, work = item
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
                    future.set_exception(error)
            del item, future, work  # or the last result would live as long as the thread
            self._free.release()
