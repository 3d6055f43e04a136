"""What the terminal is like: colour, width. Decided once, at the edge, and passed on as values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

DEFAULT_WIDTH = 80
_NARROWEST = 60
_CODES = {"red": "31", "yellow": "33", "green": "32", "blue": "34", "dim": "2", "bold": "1", "bold red": "1;31"}


@dataclass(frozen=True, slots=True)
class Style:
    """How text output is dressed. Colour never carries meaning alone."""

    colour: bool = False
    width: int = DEFAULT_WIDTH

    def paint(self, text: str, name: str) -> str:
        return f"\x1b[{_CODES[name]}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Style()


def wants_colour(choice: str, stream: TextIO, environ: Mapping[str, str]) -> bool:
    """`--color` first, then FORCE_COLOR, then NO_COLOR (https://no-color.org: set and not empty), then the stream."""
    if choice != "auto":
        return choice == "always"
    if environ.get("FORCE_COLOR", "") not in ("", "0"):
        return True
    if environ.get("NO_COLOR"):
        return False
    return environ.get("TERM") != "dumb" and stream.isatty()


def width_of(stream: TextIO, environ: Mapping[str, str]) -> int:
    """Columns of the terminal; COLUMNS when it is set; 80 for a file or a pipe: logs are the same everywhere."""
    given = environ.get("COLUMNS", "")
    if given.isdigit() and len(given) <= 4 and int(given) > 0:
        return max(int(given), _NARROWEST)
    if not stream.isatty():
        return DEFAULT_WIDTH
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        columns = DEFAULT_WIDTH
    return max(columns, _NARROWEST)
