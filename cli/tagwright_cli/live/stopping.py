"""Ctrl-C and a scheduler's SIGTERM: the first ends a scan in good order, the second at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tagwright_cli.error_handler import say


@contextmanager
def stopping(what: str) -> Iterator[threading.Event]:
    """An event that is set by the first signal; `what` is said then. Only the main thread may use it."""
    stop = threading.Event()

    def handle(_number: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        say(f"tagwright: {what}")

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
