"""What passes for a value and is none (`todo`, `n/a`, `<owner>`), for the browser."""

from __future__ import annotations

from typing import Any

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.data import PLACEHOLDERS
from tagwright_dictionary.judging.placeholders import compact


def pretending_table(dictionary: Dictionary) -> dict[str, Any]:
    """Words and names of mailboxes without blanks and signs, in small letters; the rest as `judge` has it."""
    words = {compact(word) for word in (*PLACEHOLDERS["words"], *dictionary.placeholders)} - {""}
    return {
        "words": sorted(words),
        "openings": PLACEHOLDERS["openings"],
        "templates": PLACEHOLDERS["templates"],
        "whole": PLACEHOLDERS["whole_templates"],
        "locals": sorted({compact(word) for word in PLACEHOLDERS["email_locals"]}),
        "domains": PLACEHOLDERS["email_domains"],
    }
