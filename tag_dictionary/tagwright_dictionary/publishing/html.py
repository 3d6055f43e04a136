"""HTML that is escaped by construction: text is escaped unless it is `Html`, and only this module makes `Html`.

A template engine would cost a dependency and, for 50,000 pages, most of the time of a build.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

_SCRIPT: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
_UNMAILED: Final = frozenset(' <>"?&%:/\\,;')
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
    return text if isinstance(text, Html) else Html(_text(text))


def _text(text: str) -> str:
    # A chain of replacements costs a third of `str.translate`, which shows in two million calls.
    shown = text if text.isprintable() else visible(text)
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """`text` for an attribute in double quotes; also escapes what `escaped` has left alone."""
    return _text(text).replace('"', "&quot;").replace("'", "&#39;")


def el(name: str, *children: Child, **attributes: str | bool | None) -> Html:
    """One element. An attribute's `_` is written `-`, a trailing one is dropped (`class_`, `for_`); True writes the
    bare name, False and None leave it out. `Html` children stand as they are, every other text is escaped.
    """
    start = name
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        written = _written(key)
        start += f" {written}" if value is True else f' {written}="{attribute(value)}"'
    if name in _VOID:
        return Html(f"<{start}>")
    if len(children) == 1 and children[0] is not None:
        only = children[0]
        return Html(f"<{start}>{only if isinstance(only, Html) else _text(only)}</{name}>")
    inner = "".join([child if isinstance(child, Html) else _text(child) for child in children if child is not None])
    return Html(f"<{start}>{inner}</{name}>")


@cache
def _written(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def together(children: Iterable[Child], between: str = "") -> Html:
    """Children side by side; `between` is markup of ours."""
    return Html(
        between.join([child if isinstance(child, Html) else _text(child) for child in children if child is not None])
    )


def is_mail(text: str) -> bool:
    """Whether text is an address that can stand in a `mailto:` as it is."""
    local, at, domain = text.partition("@")
    return bool(at and local and "." in domain and "@" not in domain and text.isascii() and not set(text) & _UNMAILED)


def script_json(data: Any) -> str:
    """JSON that may also stand in a script: no `</script>`, no line separator ends it early, and a member called
    `__proto__` is one like every other (in a script, unlike in JSON, it would be the object's prototype). Only a member
    is followed by a colon outside of a string.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace('"__proto__":', '["__proto__"]:').translate(_SCRIPT)
