"""Wrapping text that has been made safe, without making it unsafe again."""

from __future__ import annotations

import textwrap

from tagwright_cli.sanitise import columns

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


def two_columns(rows: list[tuple[str, str]], width: int) -> list[str]:
    """Left and right texts in two columns; where a row does not fit, its right text follows on a line of its own."""
    fitting = [columns(left) for left, right in rows if columns(left) + 2 + columns(right) <= width]
    column = max(fitting, default=0)
    if any(column + 2 + columns(right) > width for left, right in rows if columns(left) <= column):
        column = 0
    lines: list[str] = []
    for left, right in rows:
        if right and columns(left) + 2 + columns(right) <= width:
            lines.append(f"{left}{' ' * max(column - columns(left), 0)}  {right}")
        else:
            lines += wrap(left, width)
            lines += wrap(right, width, first="  ", rest="  ") if right else []
    return lines


def _defused(line: str) -> str:
    body = line.lstrip()
    return line[: len(line) - len(body)] + "\\x3a" + body[1:] if body.startswith("::") else line
