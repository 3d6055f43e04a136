"""Words for messages: hostile text made harmless, lists made short."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

SHOWN = 80
"""Characters of a value that a message shows."""

SENSITIVE = "(sensitive value)"


def plain(text: str, limit: int = SHOWN) -> str:
    """`text` on one line, at most `limit` characters of it, with everything that does not print as an escape.

    No terminal sequence, line break, invisible or bidirectional control character gets through.
    """
    cut = text if len(text) <= limit else text[: limit - 3]
    if not cut.isprintable():
        cut = "".join(char if char.isprintable() else _escape(char) for char in cut)
    return cut if len(text) <= limit else cut + "..."


def quoted(text: str, limit: int = SHOWN) -> str:
    """Like `plain`, in double quotes."""
    return f'"{plain(text, limit)}"'


def code_point(char: str) -> str:
    """`U+0430 CYRILLIC SMALL LETTER A`."""
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X} {name}".rstrip()


def listed(items: Sequence[str], limit: int = 5) -> str:
    """`a, b, c, ... (12 in all)`: the first `limit` items, or all of them where that is hardly more."""
    if len(items) <= limit + 3:
        return ", ".join(plain(item) for item in items)
    return f"{', '.join(plain(item) for item in items[:limit])}, ... ({len(items)} in all)"


def alternatives(items: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`, each made plain."""
    shown = [plain(item) for item in items]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def plural(key: str) -> str:
    """`cost-center` as a reader would say many of them: `cost centers`."""
    words = plain(key.replace("-", " ").replace("_", " "))
    if words.endswith("y") and words[-2:-1] not in ("a", "e", "o", "u"):
        return words[:-1] + "ies"
    return words + ("es" if words.endswith(("s", "x", "ch")) else "s")


def _escape(char: str) -> str:
    point = ord(char)
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"
