"""From the path that Checkov prints to the file on disk."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

_DEEPEST = 60
_LARGEST = 8_000_000


def find(path: str, hint: str = "") -> str:
    """The absolute path of a scanned file; "" when it cannot be told.

    Checkov prints some paths below the scanned root (`/main.tf`) and some as given, and tells a check neither the
    root. `hint` is what Checkov itself wrote into the configuration; else the root is looked for where it is: in the
    runner that called.
    """
    below = path.lstrip("/")
    for candidate in (hint, *(os.path.join(root, below) for root in _roots()), path, below):  # noqa: PTH118
        if candidate and os.path.isfile(candidate):  # noqa: PTH113
            return os.path.abspath(candidate)  # noqa: PTH100 - symlinks kept
    return ""


def _roots() -> Iterator[str]:
    frame: Any = sys._getframe(1)  # noqa: SLF001 - the root is nowhere else
    for _ in range(_DEEPEST):
        if frame is None:
            return
        root = frame.f_locals.get("root_folder")
        if isinstance(root, (str, os.PathLike)) and str(root):
            yield str(root)
        frame = frame.f_back


def text_of(path: str) -> str | None:
    """The text of a file; None when it cannot be read or is absurdly large."""
    try:
        if os.path.getsize(path) > _LARGEST:  # noqa: PTH202
            return None
        with open(path, encoding="utf-8", errors="replace") as stream:  # noqa: PTH123
            return stream.read()
    except (OSError, ValueError):
        return None


def lines_of(path: str, first: int, last: int) -> str:
    """Some lines of a file, counted from 1; "" when they cannot be read."""
    if not path or first < 1 or last < first:
        return ""
    content = text_of(path)
    return "" if content is None else "\n".join(content.split("\n")[first - 1 : last])
