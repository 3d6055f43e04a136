"""Where each page lives: addresses that stay the same for as long as the key and the value do.

A file name is derived from the key or value alone, never from its place in a list, so that links in tickets and
contracts keep working; it is safe on every file system and needs no quoting in an address.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Final

START: Final = "index.html"
NEEDS: Final = "needs.html"
REQUIREMENTS: Final = "requirements.html"
CHANGES: Final = "changes.html"
AHEAD: Final = "ahead.html"
DATA: Final = "data.html"

_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,98}[a-z0-9_@-])?")
_OTHER = re.compile(r"[^a-z0-9]+")
# Names that Windows keeps for devices, whatever follows their first dot ("Naming Files, Paths, and Namespaces").
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """A file name for `text`: itself where it is plain lower-case ASCII, else a readable beginning, `~` and 64 bits of
    its SHA-256. Two texts never share one: `~` is in no plain name.
    """
    if _PLAIN.fullmatch(text) and not _DEVICE.fullmatch(text):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{_OTHER.sub('-', text.lower()).strip('-')[:40]}~{digest}"


def key_page(key: str, number: int = 1) -> str:
    """The page of a key; `number` counts the pages of its list of values."""
    return f"keys/{slug(key)}.html" if number == 1 else f"pages/{slug(key)}/{number}.html"


def value_page(key: str, value: str) -> str:
    """The page of a value."""
    return f"values/{slug(key)}/{slug(value)}.html"


def root_of(path: str) -> str:
    """The way from a page to the site's root: "", "../", "../../"."""
    return "../" * path.count("/")
