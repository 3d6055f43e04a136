"""Values from the outside in an issue's Markdown: as code, with their punctuation as entities, so that they neither
format, link, mention a person, refer to another issue nor end a comment.
"""

from __future__ import annotations

import re

from tagwright_dictionary.judging.text import plain

_ENTITY = re.compile(r"[^\w \u0080-\U0010ffff]|_")
_HARMLESS = ".,;()/ "
_LONGEST = 200


def code(text: str, longest: int = _LONGEST) -> str:
    """A name or a value; "" stays empty."""
    return f"<code>{prose(text, longest)}</code>" if text else ""


def prose(text: str, longest: int = 400) -> str:
    """A sentence that may quote the outside."""

    def entity(found: re.Match[str]) -> str:
        char = found.group()
        return char if char in _HARMLESS else f"&#{ord(char)};"

    return _ENTITY.sub(entity, plain(text, longest))
