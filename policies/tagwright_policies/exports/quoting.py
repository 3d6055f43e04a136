"""String literals of other languages. Printable characters stand for themselves; all others are escapes."""

from __future__ import annotations

import json

from tagwright_dictionary.judging.text import plain

_HCL = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escaped(char: str) -> str:
    point = ord(char)
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def hcl(text: str) -> str:
    r"""A quoted template of HCL that evaluates to `text`: `${` and `%{` are doubled, so nothing is interpolated."""
    written = "".join(_HCL.get(char) or (char if char.isprintable() else _escaped(char)) for char in text)
    return '"' + written.replace("${", "$${").replace("%{", "%%{") + '"'


def yaml(text: str) -> str:
    """A double-quoted scalar of YAML on one line."""
    escapes = {"\\": "\\\\", '"': '\\"'}
    return '"' + "".join(escapes.get(char) or (char if char.isprintable() else _yaml(char)) for char in text) + '"'


def _yaml(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) <= 0xFF else _escaped(char)


def javascript(text: str) -> str:
    """A string literal of JSON, TypeScript and JavaScript, in ASCII (U+2028 and friends never stand raw)."""
    return json.dumps(text, ensure_ascii=True)


def python(text: str) -> str:
    """A string literal of Python, in double quotes and ASCII."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(escapes.get(char) or (char if " " <= char <= "~" else _python(char)) for char in text) + '"'


def _python(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) <= 0xFF else _escaped(char)


def sentence(text: str, limit: int = 400) -> str:
    """Prose on one line, nothing in it that does not print."""
    return plain(" ".join(text.split()), limit)
