"""Wrapping text that has been made safe, without making it unsafe again."""

from __future__ import annotations

import textwrap

PROSE = 110
"""Nobody reads longer lines, however wide the terminal is."""


def wrap(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most `width` columns (but never less than 24), at least one.

    Where a long word is broken, a line could begin with `::`, which GitHub's runner takes for a command even behind
    blanks; such a line is escaped.
    """
    lines = textwrap.wrap(
        text,
        max(width, 24),
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )
    return [_defused(line) for line in lines] or [first.rstrip()]


def _defused(line: str) -> str:
    body = line.lstrip()
    return line[: len(line) - len(body)] + "\\x3a" + body[1:] if body.startswith("::") else line
