"""Reading in a child process that may only take so much time and memory."""

from __future__ import annotations

import os
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from tagwright_dictionary.model import Reading
from tagwright_iac.codec import decode, encode
from tagwright_iac.reading import ReadOptions, read

SECONDS = 30
MEGABYTES = 400
_STACK = 1200 * 1024 * 1024
"""The reader's thread reserves a deep stack of address space, which is not memory in use; the next may be reserved
before the last is given back.
"""


class ExceededError(AssertionError):
    """The child was killed, or crashed."""


def reading(paths: Path | list[Path], options: ReadOptions | None = None) -> Reading:
    """`read` of the paths, relative to their parent directory, without cache."""
    chosen = [paths] if isinstance(paths, Path) else paths
    used = options or ReadOptions(cache=False, jobs=1, cwd=chosen[0].parent)
    return decode(in_child(lambda: encode(read([str(path) for path in chosen], used))))


def in_child(work: Callable[[], str], seconds: float = SECONDS, megabytes: int = MEGABYTES) -> str:
    """What `work` returns in a forked child. ExceededError with its traceback, or when it took too much."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - the child
        os.close(receive)
        with os.fdopen(send, "w", encoding="utf-8", errors="surrogatepass") as stream:
            try:
                limit = _address_space() + _STACK + megabytes * 1024 * 1024
                resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
                text = "=" + work()
            except BaseException:  # noqa: BLE001 - the parent fails with it
                text = "!" + traceback.format_exc()
            stream.write(text)
            stream.flush()
        os._exit(0)
    os.close(send)
    try:
        text = _receive(receive, time.monotonic() + seconds)
    finally:
        os.close(receive)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if not text.startswith("="):
        raise ExceededError(text.removeprefix("!") or f"more than {seconds} s, or killed")
    return text[1:]


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _receive(handle: int, deadline: float) -> str:
    chunks: list[bytes] = []
    while True:
        ready, _, _ = select.select([handle], [], [], max(deadline - time.monotonic(), 0))
        if not ready:
            return ""
        chunk = os.read(handle, 1 << 20)
        if not chunk:
            return b"".join(chunks).decode(errors="surrogatepass")
        chunks.append(chunk)
