"""HCL expressions and bodies, parsed exactly as HashiCorp's parser reads them.

tree-sitter finds the blocks and attributes of a file (fast, in C) and this parser reads the expressions that matter,
because tree-sitter-hcl takes newlines for blanks, associates nested conditionals to the left and refuses
`{ a = b\n (c) = d }` (seen with 1.2.0). It also reads whole files that tree-sitter finds faulty, and then its word
counts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tagwright_iac.terraform import expressions as ast
from tagwright_iac.terraform.numbers import parse as parse_number
from tagwright_iac.terraform.source import SourceText, SyntaxProblem
from tagwright_iac.terraform.template_parts import Directive, Part, assemble, flush_indentation

MAX_DEPTH = 200
"""Nesting that people write stays below 20; deeper text is refused rather than allowed to exhaust the stack."""

_SKIP_LINE = re.compile(r"(?:[ \t\r]|/\*[\s\S]*?\*/)*(?:(?:#|//)[^\n]*)?")
_SKIP_ALL = re.compile(r"(?:\s|(?:#|//)[^\n]*|/\*[\s\S]*?\*/)*")
_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_INTEGER = re.compile(r"\d+")
_PLAIN_STRING = re.compile(r'"((?:[^"\\$%\n]|\$(?![{$])|%(?![{%]))*)"')
_OPERATOR = re.compile(r"==|!=|<=|>=|&&|\|\||[-+*/%<>]")
_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w-]*)\r?\n")
_QUOTED_RUN = re.compile(r'[^"\\$%\n]+')
_TEMPLATE_RUN = re.compile(r"[^$%]+")
_DIRECTIVE = re.compile(r"\s*(if|else|endif|for|endfor)\b")
_PRECEDENCE = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class ParsedAttribute:
    """`name = expression` of a parsed body."""

    name: str
    expression: ast.Expression
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ParsedBlock:
    """A block of a parsed body."""

    type: str
    labels: tuple[str, ...]
    attributes: tuple[ParsedAttribute, ...]
    blocks: tuple[ParsedBlock, ...]
    start: int
    end: int


class Parser:
    """A recursive-descent parser over one piece of source text. `label` names what the text belongs to, for the
    origin of tags ("local.common")."""

    def __init__(self, source: SourceText, label: str = "", kind: str = "resource") -> None:
        self.source = source
        self.text = source.text
        self.pos = 0
        self.depth = 0
        self.ignore_newlines = False
        self.label = label
        self.kind = kind

    # -- entry points ------------------------------------------------------------------------------------------------

    def expression_only(self, *, newlines: bool = False) -> ast.Expression:
        """The whole text as one expression; `newlines` True where the text stands inside brackets."""
        self.ignore_newlines = newlines
        _skip = _SKIP_ALL
        self.pos = _skip.match(self.text, self.pos).end()  # type: ignore[union-attr]
        expression = self.expression()
        end = _SKIP_ALL.match(self.text, self.pos).end()  # type: ignore[union-attr]
        if end != len(self.text):
            raise self.error("expected the end of the expression", end)
        return expression

    def template_only(self) -> ast.Expression:
        """The whole text as a template without quotes (templatefile, strings of .tf.json)."""
        parts = self.template_parts(None)
        return assemble(parts, self.error_at)

    def file(self) -> ParsedBlock:
        """The whole text as a body."""
        if self.text.startswith("\ufeff"):
            self.pos = 1
        attributes, blocks = self.body(None)
        return ParsedBlock("", (), attributes, blocks, 0, len(self.text))

    # -- bodies ------------------------------------------------------------------------------------------------------

    def body(self, end: str | None) -> tuple[tuple[ParsedAttribute, ...], tuple[ParsedBlock, ...]]:
        """Attributes and blocks up to the closing brace `end` (or the end of the text)."""
        attributes: list[ParsedAttribute] = []
        seen: set[str] = set()
        blocks: list[ParsedBlock] = []
        self.enter()
        while True:
            self.skip_all()
            if self.pos >= len(self.text):
                if end is not None:
                    raise self.error("expected '}' to close the block")
                break
            if end is not None and self.text[self.pos] == end:
                self.pos += 1
                break
            start = self.pos
            name = self.identifier("an argument or block name")
            self.skip()
            if self.peek() == "=":
                self.pos += 1
                self.skip()
                expression = self.expression()
                if name in seen:
                    raise self.error(f"the argument {name!r} was already set in this block", start)
                seen.add(name)
                attributes.append(ParsedAttribute(name, expression, start, self.pos))
                self.end_of_item(end)
            else:
                blocks.append(self.block(name, start))
                self.end_of_item(end)
        self.depth -= 1
        return tuple(attributes), tuple(blocks)

    def end_of_item(self, end: str | None) -> None:
        self.skip()
        following = self.peek()
        if following not in ("\n", "", end):
            raise self.error("expected a new line after this argument or block")

    def block(self, name: str, start: int) -> ParsedBlock:
        labels: list[str] = []
        while (following := self.peek()) != "{":
            if following == '"':
                match = _PLAIN_STRING.match(self.text, self.pos)
                if match is None:
                    raise self.error("block labels are plain strings")
                labels.append(match[1])
                self.pos = match.end()
            else:
                labels.append(self.identifier("'=' , a label or '{'"))
            self.skip()
        self.pos += 1
        attributes, blocks = self.body("}")
        return ParsedBlock(name, tuple(labels), attributes, blocks, start, self.pos)

    # -- tokens ------------------------------------------------------------------------------------------------------

    def error(self, message: str, at: int | None = None) -> SyntaxProblem:
        start = self.pos if at is None else at
        found = self.text[start : start + 12].split("\n")[0] or ("the end of the line" if start < len(self.text)
                                                                 else "the end of the text")
        return SyntaxProblem(f"{message}, found {found!r}" if found[:7] != "the end" else f"{message}, found {found}",
                             self.source.location(start))

    def error_at(self, message: str, at: int) -> SyntaxProblem:
        return self.error(message, at)

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"nested deeper than {MAX_DEPTH} levels")

    def skip(self) -> None:
        """Over blanks and comments, and newlines where they do not count."""
        pattern = _SKIP_ALL if self.ignore_newlines else _SKIP_LINE
        self.pos = pattern.match(self.text, self.pos).end()  # type: ignore[union-attr]

    def skip_all(self) -> None:
        self.pos = _SKIP_ALL.match(self.text, self.pos).end()  # type: ignore[union-attr]

    def peek(self) -> str:
        return self.text[self.pos : self.pos + 1]

    def expect(self, token: str, what: str = "") -> None:
        self.skip()
        if not self.text.startswith(token, self.pos):
            raise self.error(f"expected {what or repr(token)}")
        self.pos += len(token)

    def identifier(self, what: str) -> str:
        match = _IDENTIFIER.match(self.text, self.pos)
        if match is None:
            raise self.error(f"expected {what}")
        self.pos = match.end()
        return match[0]

    # -- expressions -------------------------------------------------------------------------------------------------

    def expression(self) -> ast.Expression:
        """One expression: a conditional, which associates to the right."""
        self.enter()
        condition = self.binary(1)
        self.skip()
        if self.peek() == "?":
            self.pos += 1
            self.skip()
            if_true = self.expression()
            self.expect(":", "':' of the conditional")
            self.skip()
            if_false = self.expression()
            condition = ast.Conditional(condition, if_true, if_false)
        self.depth -= 1
        return condition

    def binary(self, minimum: int) -> ast.Expression:
        """Binary operators by precedence climbing."""
        left = self.term()
        while True:
            self.skip()
            match = _OPERATOR.match(self.text, self.pos)
            if match is None:
                return left
            operator = match[0]
            precedence = _PRECEDENCE[operator]
            if precedence < minimum:
                return left
            self.pos = match.end()
            self.skip()
            right = self.binary(precedence + 1)
            left = ast.Binary(operator, left, right)

    def term(self) -> ast.Expression:
        """A primary expression with what follows it (attributes, indexes, splats)."""
        self.skip()
        character = self.peek()
        if character in ("-", "!"):
            self.enter()
            self.pos += 1
            operand = self.term()
            self.depth -= 1
            return ast.Unary(character, operand)
        return self.postfix(self.primary(character))

    def primary(self, character: str) -> ast.Expression:
        text, pos = self.text, self.pos
        if character == '"':
            match = _PLAIN_STRING.match(text, pos)
            if match is not None:
                self.pos = match.end()
                value = match[1]
                return ast.Literal(value if value.isascii() else unicodedata.normalize("NFC", value))
            self.pos += 1
            return assemble(self.template_parts('"'), self.error_at)
        match = _IDENTIFIER.match(text, pos)
        if match is not None:
            self.pos = match.end()
            return self.named(match[0])
        if character == "(":
            inner = self.bracketed(")")
            return ast.Parenthesis(inner)
        if character == "{":
            return self.object()
        if character == "[":
            return self.tuple()
        match = _NUMBER.match(text, pos)
        if match is not None:
            self.pos = match.end()
            return ast.Literal(parse_number(match[0]))
        if text.startswith("<<", pos):
            return self.heredoc()
        raise self.error("expected an expression")

    def bracketed(self, close: str) -> ast.Expression:
        """One expression between brackets, where newlines do not count."""
        saved, self.ignore_newlines = self.ignore_newlines, True
        self.pos += 1
        self.skip()
        inner = self.expression()
        self.skip()
        self.ignore_newlines = saved
        if self.peek() != close:
            raise self.error(f"expected {close!r}")
        self.pos += 1
        return inner

    def named(self, name: str) -> ast.Expression:
        """A literal word, a function call or the root of a reference."""
        while self.text.startswith("::", self.pos):
            self.pos += 2
            name += "::" + self.identifier("a function name")
        if self.peek() == "(":
            return self.call(name)
        if name in _LITERALS:
            return ast.Literal(_LITERALS[name], word=name)
        return ast.Reference(name)

    def call(self, name: str) -> ast.Expression:
        at = self.pos
        saved, self.ignore_newlines = self.ignore_newlines, True
        self.enter()
        self.pos += 1
        arguments: list[ast.Expression] = []
        expand = False
        while True:
            self.skip()
            if self.peek() == ")":
                break
            arguments.append(self.expression())
            self.skip()
            if self.text.startswith("...", self.pos):
                expand = True
                self.pos += 3
                self.skip()
                break
            if self.peek() != ",":
                break
            self.pos += 1
        if self.peek() != ")":
            raise self.error(f"expected ',' or ')' in the arguments of {name}()")
        self.pos += 1
        self.depth -= 1
        self.ignore_newlines = saved
        return ast.Call(name, tuple(arguments), expand, self.source, at)

    def postfix(self, node: ast.Expression) -> ast.Expression:
        """Attribute steps, indexes and splats after a term."""
        while True:
            character = self.peek()
            if self.ignore_newlines and (not character or character.isspace()):
                # Between brackets a reference may go on in the next line.
                following = _SKIP_ALL.match(self.text, self.pos).end()  # type: ignore[union-attr]
                character = self.text[following : following + 1]
                if character not in (".", "[") or self.text.startswith("...", following):
                    return node
                self.pos = following
            if character == "." and not self.text.startswith("...", self.pos):
                self.pos += 1
                self.skip()
                if self.peek() == "*":
                    self.pos += 1
                    node = ast.Splat(node, self.splat_steps(indexes=False))
                    continue
                match = _INTEGER.match(self.text, self.pos)
                if match is not None:
                    self.pos = match.end()
                    node = ast.Index(node, ast.Literal(int(match[0])))
                    continue
                name = self.identifier("an attribute name")
                node = node.step(name) if isinstance(node, ast.Reference) else ast.Attribute(node, name)
            elif character == "[":
                if _SPLAT_INDEX.match(self.text, self.pos):
                    self.pos = _SPLAT_INDEX.match(self.text, self.pos).end()  # type: ignore[union-attr]
                    node = ast.Splat(node, self.splat_steps(indexes=True))
                    continue
                self.enter()
                node = ast.Index(node, self.bracketed("]"))
                self.depth -= 1
            else:
                return node

    def splat_steps(self, *, indexes: bool) -> ast.Expression:
        """What a splat does with each element: `.b` steps, and `[0]` ones after `[*]`."""
        node: ast.Expression = ast.SplatElement()
        while True:
            character = self.peek()
            if character == "." and self.text[self.pos + 1 : self.pos + 2] not in ("*", "."):
                self.pos += 1
                match = _INTEGER.match(self.text, self.pos)
                if match is not None:
                    self.pos = match.end()
                    node = ast.Index(node, ast.Literal(int(match[0])))
                    continue
                node = ast.Attribute(node, self.identifier("an attribute name"))
            elif indexes and character == "[" and not _SPLAT_INDEX.match(self.text, self.pos):
                self.enter()
                node = ast.Index(node, self.bracketed("]"))
                self.depth -= 1
            elif indexes and character in (".", "["):
                # a further splat inside the elements: a[*].b[*].c
                if character == "." and self.text[self.pos + 1 : self.pos + 2] == ".":
                    return node
                self.pos = (self.pos + 2) if character == "." else _SPLAT_INDEX.match(self.text, self.pos).end()  # type: ignore[union-attr]
                node = ast.Splat(node, self.splat_steps(indexes=character == "["))
            else:
                return node

    def tuple(self) -> ast.Expression:
        saved, self.ignore_newlines = self.ignore_newlines, True
        self.enter()
        self.pos += 1
        self.skip()
        if self.at_for():
            node = self.for_expression("]")
        else:
            items: list[ast.Expression] = []
            while self.peek() != "]":
                items.append(self.expression())
                self.skip()
                if self.peek() != ",":
                    break
                self.pos += 1
                self.skip()
            if self.peek() != "]":
                raise self.error("expected ',' or ']' in the list")
            self.pos += 1
            node = ast.Tuple(tuple(items))
        self.depth -= 1
        self.ignore_newlines = saved
        return node

    def object(self) -> ast.Expression:
        at = self.pos
        saved = self.ignore_newlines
        self.enter()
        self.pos += 1
        self.skip_all()
        if self.at_for():
            self.ignore_newlines = True
            node = self.for_expression("}")
            self.depth -= 1
            self.ignore_newlines = saved
            return node
        self.ignore_newlines = False
        items: list[ast.ObjectItem] = []
        while True:
            self.skip_all()
            if self.peek() == "}":
                self.pos += 1
                break
            items.append(self.object_item())
            self.skip()
            following = self.peek()
            if following == ",":
                self.pos += 1
            elif following not in ("\n", "}"):
                raise self.error("expected a new line, ',' or '}' after this object element")
        self.depth -= 1
        self.ignore_newlines = saved
        return ast.Object(tuple(items), self.source, at, self.label, self.kind)

    def object_item(self) -> ast.ObjectItem:
        at = self.pos
        key = self.expression()
        self.skip()
        separator = self.peek()
        if separator not in ("=", ":") or self.text.startswith("==", self.pos):
            raise self.error("expected '=' or ':' after the object key")
        self.pos += 1
        self.skip()
        value = self.expression()
        return ast.ObjectItem(ast.object_key(key), value, at, self.pos)

    def at_for(self) -> bool:
        match = _IDENTIFIER.match(self.text, self.pos)
        if match is None or match[0] != "for":
            return False
        after = _SKIP_ALL.match(self.text, match.end()).end()  # type: ignore[union-attr]
        return _IDENTIFIER.match(self.text, after) is not None

    def for_expression(self, close: str) -> ast.Expression:
        self.pos += 3
        self.skip()
        first = self.identifier("a name after 'for'")
        second = ""
        self.skip()
        if self.peek() == ",":
            self.pos += 1
            self.skip()
            second = self.identifier("a second name after 'for'")
            self.skip()
        if self.identifier("'in'") != "in":
            raise self.error("expected 'in'")
        self.skip()
        collection = self.expression()
        self.expect(":", "':' of the for expression")
        self.skip()
        key: ast.Expression | None = None
        value = self.expression()
        group = False
        self.skip()
        if close == "}":
            self.expect("=>", "'=>' of the for expression")
            self.skip()
            key, value = value, self.expression()
            self.skip()
            if self.text.startswith("...", self.pos):
                group = True
                self.pos += 3
                self.skip()
        condition: ast.Expression | None = None
        match = _IDENTIFIER.match(self.text, self.pos)
        if match is not None and match[0] == "if":
            self.pos = match.end()
            self.skip()
            condition = self.expression()
            self.skip()
        if self.peek() != close:
            raise self.error(f"expected {close!r} at the end of the for expression")
        self.pos += 1
        key_name, value_name = (first, second) if second else ("", first)
        if key is None:
            return ast.ForTuple(key_name, value_name, collection, value, condition)
        return ast.ForObject(key_name, value_name, collection, key, value, condition, group)

    # -- templates ---------------------------------------------------------------------------------------------------

    def heredoc(self) -> ast.Expression:
        match = _HEREDOC.match(self.text, self.pos)
        if match is None:
            raise self.error("expected a heredoc (<<NAME and a new line)")
        closing = re.compile(r"^[ \t]*" + re.escape(match[2]) + r"[ \t]*(?=\r?$)", re.MULTILINE)
        end = closing.search(self.text, match.end())
        if end is None:
            raise self.error(f"the heredoc {match[2]} is never closed")
        saved_text, saved_newlines = self.text, self.ignore_newlines
        # Positions stay those of the whole text: only the end moves.
        self.text = saved_text[: end.start()]
        self.pos = match.end()
        parts = self.template_parts(None)
        if match[1]:
            flush_indentation(parts)
        self.text, self.ignore_newlines = saved_text, saved_newlines
        self.pos = end.end()
        return assemble(parts, self.error_at)

    def template_parts(self, close: str | None) -> list[Part]:
        """Literal pieces, interpolations and directives up to `close` (a quote) or the end of the text. In text
        without quotes a literal piece ends with its line, as HashiCorp's scanner cuts it: strip markers depend on it.
        """
        parts: list[Part] = []
        buffer: list[str] = []
        trim_next = False

        def flush() -> None:
            nonlocal trim_next
            if not buffer:
                return
            text = unicodedata.normalize("NFC", "".join(buffer))
            buffer.clear()
            parts.append(text.lstrip() if trim_next else text)
            trim_next = False

        run = _QUOTED_RUN if close else _TEMPLATE_RUN
        while True:
            if self.pos >= len(self.text):
                if close:
                    raise self.error("the string is never closed")
                break
            match = run.match(self.text, self.pos)
            if match is not None:
                self.pos = match.end()
                if close:
                    buffer.append(match[0])
                else:
                    for line in match[0].splitlines(keepends=True) if "\n" in match[0] else (match[0],):
                        buffer.append(line)
                        if line.endswith("\n"):
                            flush()
                continue
            character = self.text[self.pos]
            if character == close:
                self.pos += 1
                break
            if character == "\n":
                raise self.error("a quoted string ends with its line")
            if character == "\\":
                buffer.append(self.escape())
                continue
            opening = self.text[self.pos : self.pos + 3]
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
            if character == "$":
                part, trim = self.interpolation()
                parts.append(part)
            else:
                directive, trim = self.directive(at)
                parts.append(directive)
            trim_next = trim
        flush()
        return parts

    def escape(self) -> str:
        following = self.text[self.pos + 1 : self.pos + 2]
        if following in _ESCAPES:
            self.pos += 2
            return _ESCAPES[following]
        length = {"u": 4, "U": 8}.get(following, 0)
        digits = self.text[self.pos + 2 : self.pos + 2 + length]
        if not length or len(digits) < length or not re.fullmatch(r"[0-9a-fA-F]+", digits) or int(digits, 16) > 0x10FFFF:
            raise self.error("this escape sequence is not known")
        self.pos += 2 + length
        return chr(int(digits, 16))

    def interpolation(self) -> tuple[ast.Expression, bool]:
        self.enter()
        saved, self.ignore_newlines = self.ignore_newlines, True
        self.skip()
        expression = self.expression()
        self.ignore_newlines = saved
        trim = self.close_sequence()
        self.depth -= 1
        return expression, trim

    def directive(self, at: int) -> tuple[Directive, bool]:
        match = _DIRECTIVE.match(self.text, self.pos)
        if match is None:
            raise self.error("expected if, else, endif, for or endfor")
        self.pos = match.end()
        saved, self.ignore_newlines = self.ignore_newlines, True
        self.skip()
        kind = match[1]
        expression: ast.Expression | None = None
        first = second = ""
        if kind == "if":
            expression = self.expression()
        elif kind == "for":
            first = self.identifier("a name after 'for'")
            self.skip()
            if self.peek() == ",":
                self.pos += 1
                self.skip()
                second = self.identifier("a second name after 'for'")
                self.skip()
            if self.identifier("'in'") != "in":
                raise self.error("expected 'in'")
            self.skip()
            expression = self.expression()
        self.ignore_newlines = saved
        trim = self.close_sequence()
        key_name, value_name = (first, second) if second else ("", first)
        return Directive(kind, at, expression, key_name, value_name), trim

    def close_sequence(self) -> bool:
        self.skip_all()
        trim = self.peek() == "~"
        if trim:
            self.pos += 1
        if self.peek() != "}":
            raise self.error("expected '}' to close the template sequence")
        self.pos += 1
        return trim


_SPLAT_INDEX = re.compile(r"\[\s*\*\s*\]")
