"""A progress line on stderr: only on a terminal, only for work that takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

_PATIENCE = 0.5  # seconds before a person wonders
_PACE = 0.1


class Progress:
    """Called with (done, total); shows what is done, the rate and what remains. `close` wipes the line."""

    def __init__(self, noun: str, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._noun = noun
        self._stream = stream
        self._clock = clock
        self._start = clock()
        self._last = 0.0
        self._shown = 0

    def __call__(self, done: int, total: int) -> None:
        now = self._clock()
        spent = now - self._start
        if spent < _PATIENCE or now - self._last < _PACE or done >= total:
            return
        self._last = now
        rate = done / spent
        left = f", {(total - done) / rate:.0f} s left" if rate else ""
        text = f"tagwright: {done:,} of {total:,} {self._noun}, {rate:,.0f} a second{left}"
        self._stream.write("\r" + text.ljust(self._shown))
        self._stream.flush()
        self._shown = len(text)

    def close(self) -> None:
        if self._shown:
            self._stream.write("\r" + " " * self._shown + "\r")
            self._stream.flush()
            self._shown = 0


def progress_for(noun: str, *, quiet: bool) -> Progress | None:
    """A progress line where somebody watches, else None."""
    return Progress(noun, sys.stderr) if sys.stderr.isatty() and not quiet else None
