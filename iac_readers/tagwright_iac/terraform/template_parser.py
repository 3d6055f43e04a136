"""Quoted strings, heredocs and bare templates, cut into the pieces HashiCorp's scanner makes of them."""

from __future__ import annotations

import re
import unicodedata

from tagwright_iac.terraform import nodes as ast
from tagwright_iac.terraform.scanner import Scanner
from tagwright_iac.terraform.template_parts import Directive, Part, assemble, flush_indentation

_HEREDOC = re.compile(r"<<(-?)")
_QUOTED_RUN = re.compile(r'[^"\\$%\r\n]+')
_TEMPLATE_RUN = re.compile(r"[^$%\n]*\n?")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_HEX = re.compile(r"[0-9a-fA-F]+")


class TemplateParser(Scanner):
    """Templates; what stands in their sequences is parsed by the subclass."""

    is_file = False
    """A heredoc's closing marker needs a line of its own, which a file must write out to the new line."""

    def expression(self) -> ast.Expression:
        """One expression."""
        raise NotImplementedError

    def quoted(self) -> ast.Expression:
        """The string or template in quotes that begins here."""
        self.pos += 1
        return assemble(self._parts('"', None), self.error)

    def heredoc(self) -> ast.Expression:
        """The heredoc that begins here."""
        opening = _HEREDOC.match(self.text, self.pos)
        self.pos = opening.end() if opening is not None else self.pos
        marker = self.name()
        start = self.text.find("\n", self.pos) + 1
        if opening is None or not marker or self.text[self.pos : start] not in ("\n", "\r\n"):
            raise self.error("expected a heredoc (<<NAME and a new line)")
        self.pos = start
        end = r"(?=\n)" if self.is_file else r"(?=\n|\Z)"
        parts = self._parts(None, re.compile(r"[^\S\n]*" + re.escape(marker) + r"[^\S\n]*" + end))
        if opening[1]:
            flush_indentation(parts)
        return assemble(parts, self.error)

    def template_only(self) -> ast.Expression:
        """The whole text as a template without quotes (templatefile, strings of .tf.json)."""
        return assemble(self._parts(None, None), self.error)

    def _parts(self, quote: str | None, closing: re.Pattern[str] | None) -> list[Part]:
        """Literal pieces, interpolations and directives up to a quote, a heredoc's closing line or the end of the
        text. Outside quotes a literal piece ends with its line: strip markers and `<<-` depend on it.
        """
        text = self.text
        parts: list[Part] = []
        buffer: list[str] = []
        trim_next = False

        def flush() -> None:
            nonlocal trim_next
            if buffer:
                literal = unicodedata.normalize("NFC", "".join(buffer))
                buffer.clear()
                parts.append(literal.lstrip() if trim_next else literal)
                trim_next = False

        line_start = True
        while True:
            if closing is not None and line_start and (end := closing.match(text, self.pos)) is not None:
                self.pos = end.end()
                break
            if self.pos >= len(text):
                if quote or closing is not None:
                    raise self.error("the string is never closed" if quote else "the heredoc is never closed")
                break
            run = (_QUOTED_RUN if quote else _TEMPLATE_RUN).match(text, self.pos)
            if run is not None and run.end() > self.pos:
                line_start = run[0].endswith("\n")
                if closing is not None and "\r" in run[0] and _LONE_RETURN.search(run[0]):
                    raise self.error("a carriage return without a new line")
                self.pos = run.end()
                buffer.append(run[0])
                if line_start:
                    flush()
                continue
            line_start = False
            character = text[self.pos]
            if character == quote:
                self.pos += 1
                break
            if character in "\r\n":
                raise self.error("a quoted string ends with its line")
            if character == "\\":
                buffer.append(self._escape())
                continue
            opening = text[self.pos : self.pos + 3]
            if opening in ("$${", "%%{"):
                buffer.append(opening[1:])
                self.pos += 3
                continue
            if opening[1:2] != "{":
                buffer.append(character)
                self.pos += 1
                continue
            flush()
            at = self.pos
            self.pos += 2
            if self.peek() == "~":
                self.pos += 1
                if parts and isinstance(parts[-1], str):
                    parts[-1] = parts[-1].rstrip()
            part, trim_next = self._sequence(at, directive=character == "%")
            parts.append(part)
        flush()
        return parts

    def _escape(self) -> str:
        following = self.text[self.pos + 1 : self.pos + 2]
        if following in _ESCAPES:
            self.pos += 2
            return _ESCAPES[following]
        length = {"u": 4, "U": 8}.get(following, 0)
        digits = self.text[self.pos + 2 : self.pos + 2 + length]
        code = int(digits, 16) if length and len(digits) == length and _HEX.fullmatch(digits) else -1
        if not 0 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise self.error("this escape sequence is not known")
        self.pos += 2 + length
        return chr(code)

    def _sequence(self, at: int, *, directive: bool) -> tuple[Part, bool]:
        """What stands between `${` or `%{` and `}`, and whether it ends with `~}`."""
        self.enter()
        saved, self.ignore_newlines = self.ignore_newlines, True
        self.skip()
        part: Part = self._directive(at) if directive else self.expression()
        self.skip()
        self.ignore_newlines = saved
        self.depth -= 1
        trim = self.text.startswith("~}", self.pos)
        if not trim and self.peek() != "}":
            raise self.error("expected '}' to close the template sequence")
        self.pos += 2 if trim else 1
        return part, trim

    def _directive(self, at: int) -> Directive:
        kind = self.name()
        self.skip()
        if kind in ("else", "endif", "endfor"):
            return Directive(kind, at)
        if kind == "if":
            return Directive(kind, at, self.expression())
        if kind != "for":
            raise self.error("expected if, else, endif, for or endfor", at)
        key_name, value_name = self.for_names()
        return Directive(kind, at, self.expression(), key_name, value_name)

    def for_names(self) -> tuple[str, str]:
        """The names between `for` and the collection (the first "" when there is only one), and `in`."""
        key_name, value_name = "", self.identifier("a name after 'for'")
        self.skip()
        if self.peek() == ",":
            self.pos += 1
            self.skip()
            key_name, value_name = value_name, self.identifier("a second name after 'for'")
            self.skip()
        if self.name() != "in":
            raise self.error("expected 'in'")
        self.skip()
        return key_name, value_name
