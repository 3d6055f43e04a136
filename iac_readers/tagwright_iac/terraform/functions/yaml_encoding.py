"""`yamlencode`: YAML as go-cty-yaml writes it, line for line."""

from __future__ import annotations

from fractions import Fraction

from tagwright_iac.terraform import numbers
from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.functions.signature import NULLABLE, function
from tagwright_iac.terraform.values import EvalError, LimitError, ObjectValue, Value

_MAX_DEPTH = 200
_WIDTH = 80
_SIMPLE_KEY = 128
_BREAKS = "\n\r\x85\u2028\u2029"
_ESCAPES = {
    "\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r",
    "\x1b": "\\e", '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip


class _Emitter:
    """Text written so far, and the column of its end."""

    def __init__(self, ctx: CallContext) -> None:
        self._ctx = ctx
        self._out: list[str] = []
        self._column = 0

    def text(self) -> str:
        return "".join(self._out)

    def _put(self, text: str) -> None:
        self._ctx.spend(len(text))
        self._out.append(text)
        self._column += len(text)

    def _break(self, text: str = "\n") -> None:
        self._out.append(text)
        self._column = 0

    def _indent(self, indent: int) -> None:
        if self._column > indent:
            self._break()
        self._put(" " * (indent - self._column))

    def document(self, value: Value) -> None:
        if isinstance(value, tuple | ObjectValue):
            self.node(value, 0, depth=0, sequence_indent=0)
        else:
            self.node(value, 2, depth=0, sequence_indent=2)
        if self._column:
            self._break()
        if not isinstance(value, str | tuple | ObjectValue):
            self._out.append("...\n")

    def node(self, value: Value, indent: int, *, depth: int, sequence_indent: int) -> None:
        """One value; blocks are written at `indent`, a sequence below a key at `sequence_indent`."""
        if depth > _MAX_DEPTH:
            raise LimitError("a value deeper than a gate may spend")
        if isinstance(value, str):
            self._string(value, indent, key=False)
        elif isinstance(value, ObjectValue):
            self._mapping(value, indent, depth)
        elif isinstance(value, tuple):
            self._sequence(value, sequence_indent, depth)
        else:
            self._put(_plain(value))

    def _mapping(self, value: ObjectValue, indent: int, depth: int) -> None:
        if not value:
            self._put("{}")
            return
        for key in sorted(value):
            self._indent(indent)
            item = value[key]
            if len(key.encode()) <= _SIMPLE_KEY and not any(char in _BREAKS for char in key):
                self._string(key, indent, key=True)
                self._put(":")
            else:
                self._put("? ")
                self._string(key, indent + 2, key=False)
                self._indent(indent)
                self._put(":")
                if isinstance(item, tuple | ObjectValue) and item:
                    self._put(" ")
                    self.node(item, indent + 2, depth=depth + 1, sequence_indent=indent + 2)
                    continue
            if not isinstance(item, tuple | ObjectValue) or not item:
                self._put(" ")
            else:
                self._break()
            self.node(item, indent + 2, depth=depth + 1, sequence_indent=indent)

    def _sequence(self, value: tuple[Value, ...], indent: int, depth: int) -> None:
        if not value:
            self._put("[]")
            return
        for item in value:
            self._indent(indent)
            self._put("- ")
            self.node(item, indent + 2, depth=depth + 1, sequence_indent=indent + 2)

    def _string(self, text: str, indent: int, *, key: bool) -> None:
        if "\n" in text and not key and _block_allowed(text):
            self._literal(text, indent)
        else:
            self._quoted(text, indent, key=key)

    def _literal(self, text: str, indent: int) -> None:
        hint = "2" if text[0] == " " or text[0] in _BREAKS else ""
        chomp = "-"
        if text[-1] in _BREAKS:
            chomp = "+" if len(text) == 1 or text[-2] in _BREAKS else ""
        self._put(f"|{hint}{chomp}")
        self._break()
        fresh = True
        for char in text:
            if char in _BREAKS:
                self._break(char)
                fresh = True
            else:
                if fresh:
                    self._indent(max(indent, 2))
                self._put(char)
                fresh = False

    def _quoted(self, text: str, indent: int, *, key: bool) -> None:
        self._put('"')
        spaced = False
        for position, char in enumerate(text):
            if char == " ":
                if not key and not spaced and self._column > _WIDTH and 0 < position < len(text) - 1:
                    self._indent(indent)
                    if text[position + 1] == " ":
                        self._put("\\")
                else:
                    self._put(" ")
                spaced = True
            else:
                self._put(_escaped(char))
                spaced = False
        self._put('"')


def _plain(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Fraction):
        return numbers.to_text(value)
    raise EvalError("cannot serialize this value as YAML")


def _printable(char: str) -> bool:
    return char == "\n" or " " <= char <= "~" or "\xa0" <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd"


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if _printable(char) and char != "\ufeff":
        return char
    point = ord(char)
    if point <= 0xFF:
        return f"\\x{point:02X}"
    return f"\\u{point:04X}" if point <= 0xFFFF else f"\\U{point:08X}"


def _block_allowed(text: str) -> bool:
    """Whether libyaml writes `text` as a block: no special characters, no blank before a line's end or at its own."""
    if any(not (_printable(char) or char in _BREAKS) or char in "\r\ufeff\x85" for char in text):
        return False
    return not text.endswith(" ") and not any(" " + mark in text for mark in _BREAKS)


def _encode(ctx: CallContext, value: Value) -> Value:
    emitter = _Emitter(ctx)
    emitter.document(value)
    return emitter.text()


FUNCTIONS = {"yamlencode": function(_encode, NULLABLE)}
