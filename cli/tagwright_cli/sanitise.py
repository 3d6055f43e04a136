"""Text from the outside made harmless for a terminal and for the log of a CI runner.

Tag values, addresses and paths come from code under review: they may carry escape sequences, new lines, characters
that reorder or hide text, and the commands that CI runners look for in the output of a job.
"""

from __future__ import annotations

import re
import unicodedata

# `::error ...` is a command of GitHub's runner at the start of a line, leading blanks ignored (and a wrapped line may
# start at any word); `##[...]`, `##vso[...]` and `##teamcity[...]` are honoured by their runners anywhere in a line.
_RUNNER_COMMAND = re.compile(r"(?:(?<!\S):(?=:))|(?:#(?=#\w*\[))")
LONGEST = 200


def _escape(character: str) -> str:
    if character in "\t\n\r":
        return {"\t": "\\t", "\n": "\\n", "\r": "\\r"}[character]
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def printable(text: str) -> str:
    """`text` with every character that a reader cannot see as such written as an escape: controls, ANSI, line
    separators, bidirectional overrides, zero-width and unassigned characters, blanks other than the space.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escape(character) for character in text)


def clean(text: str, longest: int = 0) -> str:
    """One line that is safe to print: `printable`, no runner command, and cut to `longest` characters if given."""
    if longest and len(text) > longest:
        text = text[: longest - 1] + "…"
    text = printable(text)
    if "::" in text or "##" in text:
        text = _RUNNER_COMMAND.sub(lambda found: f"\\x{ord(found.group()):02x}", text)
    return text


def short(text: str) -> str:
    """`clean`, cut to a length that a person still reads."""
    return clean(text, LONGEST)


def columns(text: str) -> int:
    """How many terminal cells a printable text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
