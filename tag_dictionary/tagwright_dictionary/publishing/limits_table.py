"""The clouds' own limits on tags, for the browser: what a cloud would refuse must not be offered for pasting."""

from __future__ import annotations

from typing import Any, Final

from tagwright_dictionary.judging.data import LIMITS

# Python's `\w` holds the letters and numbers of every script, JavaScript's only those of ASCII. The table has no other
# class than these; a test compares both sides on texts of every kind.
_CLASSES: Final = (("[^\\W\\d_]", "[\\p{L}\\p{Nl}\\p{No}]"), ("\\w", "\\p{L}\\p{N}_"))


def limits_table() -> dict[str, Any]:
    """By cloud: its name, the most tags, reserved prefixes and the keys excepted from them, the limits of keys and
    values, and longest keys of certain types. Patterns are JavaScript's, for flag `u`.
    """
    return {
        name: {
            "name": table["name"],
            "most": table["max_tags"],
            "reserved": table["reserved"],
            "excepted": table["allowed_keys"],
            "key": _side(table["key"]),
            "value": _side(table["value"]),
            "longest": [
                {"types": each["types"], "most": each["key_max"]}
                for each in LIMITS["exceptions"]
                if each["cloud"] == name
            ],
        }
        for name, table in LIMITS["clouds"].items()
    }


def _side(table: dict[str, Any]) -> dict[str, Any]:
    return {name: _browser(value) if name in ("characters", "shape") else value for name, value in table.items()}


def _browser(pattern: str) -> str:
    for python, browser in _CLASSES:
        pattern = pattern.replace(python, browser)
    return pattern
