"""Identifiers for keys and values, the same in every language: ASCII letters, digits and `_`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

_OTHER = re.compile(r"[^A-Za-z0-9]+")


def _ascii(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text)
    return "".join(char for char in folded if not unicodedata.combining(char))


def constant(text: str) -> str:
    """`cc-4100` as `CC_4100`; never empty, never beginning with a digit or `_`."""
    name = _OTHER.sub("_", _ascii(text)).strip("_").upper() or "EMPTY"
    return name if name[0].isalpha() else f"V_{name}"


def camel(text: str) -> str:
    """`cost-center` as `CostCenter`."""
    parts = [part for part in _OTHER.split(_ascii(text)) if part]
    name = "".join(part[:1].upper() + part[1:] for part in parts) or "Empty"
    return name if name[0].isalpha() else f"V{name}"


def unique(names: Mapping[str, str], taken: AbstractSet[str]) -> dict[str, str]:
    """The names with a number behind those that are taken or come twice, in order."""
    used = set(taken)
    result = {}
    for text, name in names.items():
        chosen, number = name, 2
        while chosen in used:
            chosen, number = f"{name}_{number}", number + 1
        used.add(chosen)
        result[text] = chosen
    return result
