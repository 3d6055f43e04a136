"""The header that every output carries: which dictionary, how it was made, and what the target cannot say."""

from __future__ import annotations

from collections.abc import Sequence

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.text import plain
from tagwright_policies.exports.contract import Gap, Maker

_LONGEST = 1_000


def header(dictionary: Dictionary, maker: Maker, gaps: Sequence[Gap], notes: Sequence[str] = ()) -> list[str]:
    """Lines without a comment mark, each printable and on one line whatever the dictionary holds."""
    lines = [
        f"Tags of {plain(dictionary.name, 120)} {plain(dictionary.version, 80)}",
        f"digest {plain(dictionary.digest, 80) or '(none)'}",
        f"Made by {plain(maker.tool, 80)}: {plain(maker.command, 200)}",
        "Do not edit: change the dictionary and export again.",
    ]
    if notes:
        lines += ["", *(plain(note, _LONGEST) for note in notes)]
    lines.append("")
    if gaps:
        lines.append("Not expressed here (tagwright check does):")
        lines += [f"  - {plain(gap.subject, 40)}: {plain(gap.text, _LONGEST)}" for gap in gaps]
    else:
        lines.append("Everything in the dictionary is expressed here.")
    return lines


def commented(lines: Sequence[str], mark: str) -> str:
    """The lines as comments of one mark (`#`, `//`)."""
    return "".join(f"{mark} {line}".rstrip() + "\n" for line in lines)
