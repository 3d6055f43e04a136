"""HTML that is escaped by construction: text is escaped unless it is `Html`, and only this module makes `Html`.

A template engine would cost a dependency and, for 50,000 pages, most of the time of a build.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ATTRIBUTE: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_SCRIPT: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
_VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta"})


class Html(str):
    """Markup that is safe to show as it is."""

    __slots__ = ()


Child = str | None
"""Text (escaped), `Html` (as it is) or None (left out)."""

EMPTY: Final = Html("")


def visible(text: str) -> str:
    """`text` with every character that does not print (controls, bidirectional overrides, zero-width characters,
    lone surrogates) as its code point in words, so that nothing can be hidden in or reordered on a page.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _named(char) for char in text)


def _named(char: str) -> str:
    return " " if char in "\n\r\t" else f"\\u{{{ord(char):04X}}}"


def escaped(text: str) -> Html:
    """`text` for an element's content."""
    return text if isinstance(text, Html) else Html(visible(text).translate(_TEXT))


def attribute(text: str) -> str:
    """`text` for an attribute in double quotes; also escapes what `escaped` has left alone."""
    return visible(text).translate(_ATTRIBUTE)


def el(name: str, *children: Child, **attributes: str | bool | None) -> Html:
    """One element. An attribute's `_` is written `-`, a trailing one is dropped (`class_`, `for_`); True writes the
    bare name, False and None leave it out. `Html` children stand as they are, every other text is escaped.
    """
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        written = key.rstrip("_").replace("_", "-")
        parts.append(f" {written}" if value is True else f' {written}="{attribute(value)}"')
    parts.append(">")
    if name in _VOID:
        return Html("".join(parts))
    parts += [child if isinstance(child, Html) else escaped(child) for child in children if child is not None]
    parts.append(f"</{name}>")
    return Html("".join(parts))


def together(children: Iterable[Child], between: str = "") -> Html:
    """Children side by side; `between` is markup of ours."""
    return Html(
        between.join(child if isinstance(child, Html) else escaped(child) for child in children if child is not None)
    )


def script_json(data: Any) -> str:
    """JSON that may also stand in a script: no `</script>`, no line separator ends it early."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_SCRIPT)
