"""A pull reader of one JSON document in bounded memory.

Plans of hundreds of megabytes are mostly sections a tag gate has no use for. The cursor holds a window of the text:
what is skipped is never built, what is read is decoded by the json module's C scanner, one value at a time.
A library (ijson) could do the same; it builds every number as Decimal and is one more dependency to install in a
hook, for no gain in speed.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

CHUNK = 1 << 20
LARGEST_VALUE = 64 << 20
"""Characters of one value (a resource's change, say) beyond which a document is refused."""

_BLANK = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r'(?>[^"{}\[\]]+|"(?>[^"\\]+|\\.)*")+', re.DOTALL)
_NUMBER = re.compile(r"[-+.0-9eE]*")
_NEAR_THE_END = 32
_DEEPEST_ENTRY = 40
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class MalformedError(ValueError):
    """The document is no JSON that can be read; the text says why."""


def _no_constant(name: str) -> Any:
    raise MalformedError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


class Cursor:
    """Reads forward through `file` (binary, seekable). Raises `MalformedError`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        start = file.read(4)
        self._encoding, skip = "utf-8", 0
        for mark, encoding in _BOMS:
            if start.startswith(mark):
                self._encoding, skip = encoding, len(mark)
        self.seek(skip)

    def seek(self, offset: int) -> None:
        """Go to a byte offset that `offset` gave."""
        self._file.seek(offset)
        self._decoder = codecs.getincrementaldecoder(self._encoding)()
        self._text, self._at, self._start, self._ended = "", 0, offset, False

    @property
    def offset(self) -> int:
        """The byte offset of what is read next."""
        return self._start + len(self._text[: self._at].encode(self._encoding))

    def peek(self) -> str:
        """The next character that is no blank; "" at the end."""
        while True:
            match = _BLANK.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text) or not self._more(CHUNK):
                return self._text[self._at : self._at + 1]

    def entries(self) -> Iterator[str]:
        """The keys of the object that comes next; the caller reads or skips each value before going on."""
        for _ in self._members("{", "}"):
            key = self.value() if self.peek() == '"' else None
            if not isinstance(key, str):
                raise MalformedError("an object's key is not a string")
            self._take(":")
            yield key

    def items(self) -> Iterator[None]:
        """One turn for each element of the array that comes next; the caller reads or skips it."""
        yield from self._members("[", "]")

    def value(self) -> Any:
        """The value that comes next, as the json module builds it."""
        if not self.peek():
            raise MalformedError("the document ends too early")
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.pos >= len(self._text) - _NEAR_THE_END or error.msg.startswith("Unterminated string")
                if not cut or not self._more(max(CHUNK, len(self._text) - self._at)):
                    if error.msg.startswith("Unterminated string"):
                        raise MalformedError("the document ends too early") from None
                    raise MalformedError(f"not valid JSON ({error.msg} at byte {self._byte(error.pos)})") from None
            except RecursionError:
                raise MalformedError("values are nested too deeply") from None
            except MalformedError:
                raise
            except ValueError:
                raise MalformedError("a number has more digits than any tool reads") from None
            else:
                if isinstance(value, (int, float)) and self._goes_on(end):
                    continue
                self._at = end
                return value

    def _goes_on(self, end: int) -> bool:
        """Whether a number that ends at the end of the window may go on in the next one, which is then there."""
        match = _NUMBER.match(self._text, end)
        return match is not None and match.end() == len(self._text) and self._more(CHUNK)

    def skip(self, depth: int = 0) -> None:
        """Pass over the value that comes next, in the memory of one window.

        Building and dropping is five times faster than counting brackets, so what fits a window is built; what does
        not is entered, and counted only where it is nested beyond any real document.
        """
        opening = self.peek()
        if opening not in ("{", "["):
            self.value()
        elif depth > _DEEPEST_ENTRY:
            self._count()
        elif not self._drop():
            if opening == "{":
                for _ in self.entries():
                    self.skip(depth + 1)
            else:
                for _ in self.items():
                    self.skip(depth + 1)

    def _drop(self) -> bool:
        """Whether the value that comes next ended within a full window; then it is behind."""
        for _ in range(2):
            try:
                _, self._at = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                if len(self._text) - self._at >= CHUNK or not self._more(CHUNK):
                    return False
            else:
                return True
        return False

    def _count(self) -> None:
        depth = 0
        while True:
            match = _PLAIN.match(self._text, self._at)
            if match is not None:
                self._at = match.end()
            character = self._text[self._at : self._at + 1]
            if not character or character == '"':
                # The end of the window, or a string that it cuts off.
                if not self._more(max(CHUNK, len(self._text) - self._at)):
                    raise MalformedError("the document ends too early")
                continue
            depth += 1 if character in "{[" else -1
            self._at += 1
            if not depth:
                return

    def _members(self, opening: str, closing: str) -> Iterator[None]:
        self._take(opening)
        if self.peek() == closing:
            self._at += 1
            return
        while True:
            yield
            character = self.peek()
            self._at += 1
            if character == closing:
                return
            if character != ",":
                raise MalformedError(self._surprise(f"{closing} or ,"))

    def _take(self, character: str) -> None:
        if self.peek() != character:
            raise MalformedError(self._surprise(character))
        self._at += 1

    def _surprise(self, wanted: str) -> str:
        return f"not valid JSON ({wanted} expected at byte {self._byte(self._at)})"

    def _byte(self, position: int) -> int:
        return self._start + len(self._text[:position].encode(self._encoding))

    def _more(self, size: int) -> bool:
        """Drop what is behind and add to the window; False at the end of the file."""
        if self._ended:
            return False
        rest = self._text[self._at :]
        if len(rest) > LARGEST_VALUE:
            raise MalformedError(f"one value has more than {LARGEST_VALUE >> 20} million characters")
        self._start, self._at = self.offset, 0
        raw = self._file.read(size)
        self._ended = not raw
        try:
            self._text = rest + self._decoder.decode(raw, final=self._ended)
        except UnicodeDecodeError as error:
            raise MalformedError(f"not {self._encoding.upper()} text ({error.reason})") from None
        return not self._ended or len(self._text) > len(rest)
