"""HCL expressions, parsed exactly as HashiCorp's parser reads them (hclsyntax/parser.go)."""

from __future__ import annotations

import re
import unicodedata

from tagwright_iac.terraform import nodes as ast
from tagwright_iac.terraform.scanner import ANY_BLANK, LINE_BLANK, NUMBER
from tagwright_iac.terraform.source import SourceText
from tagwright_iac.terraform.template_parser import TemplateParser

MAX_STEPS = 10_000
"""Attribute steps, indexes and splats after one term."""

_PLAIN_STRING = re.compile(r'"((?:[^"\\$%\r\n]++|\$(?![{$])|%(?![{%]))*+)"')
_REFERENCE = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*+(?:\.[A-Za-z_][A-Za-z0-9_-]*+)*+)(?![^\x00-\x7f])")
_OPERATOR = r"(==|!=|<=|>=|&&|\|\||[-+*/%<>])?"
_LINE_OPERATOR = re.compile(LINE_BLANK + _OPERATOR)
_ANY_OPERATOR = re.compile(ANY_BLANK + _OPERATOR)
_LINE_STEP = re.compile(LINE_BLANK + r"[.\[]")
_ANY_STEP = re.compile(ANY_BLANK + r"[.\[]")
_ITEM = re.compile(r'(?:([A-Za-z_][A-Za-z0-9_-]*+)|"([\x20!#&-\[\]-\x7e]*+)")[ \t]*+(?:=(?![=>])|:(?!:))[ \t]*+')
"""The beginning of the most common element of an object: a plain key."""

_PRECEDENCE = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_BLANK = frozenset(" \t\r\n/#")
_NO_STEP = frozenset(",)}]:=?")


class ExpressionParser(TemplateParser):
    """A recursive-descent parser of expressions. `label` and `kind` name what the text belongs to, for the origin of
    tags written in it ("local.common"); `objects` collects the object literals, so that it can be said later.
    """

    def __init__(self, source: SourceText, label: str = "", kind: str = "resource") -> None:
        super().__init__(source)
        self.label = label
        self.kind = kind
        self.objects: list[ast.Object] = []

    def expression_only(self, *, newlines: bool = False) -> ast.Expression:
        """The whole text as one expression; `newlines` True where the text stands inside brackets."""
        self.ignore_newlines = newlines
        self.skip_all()
        expression = self.expression()
        self.skip_all()
        if self.pos != len(self.text):
            raise self.error("expected the end of the expression")
        return expression

    def expression(self) -> ast.Expression:
        """One expression: a conditional, which associates to the right."""
        self.enter()
        condition = self._binary(1)
        if self.text.startswith("?", self.pos):
            self.pos += 1
            self.skip()
            if_true = self.expression()
            self.expect(":", "':' of the conditional")
            self.skip()
            condition = ast.Conditional(condition, if_true, self.expression())
        self.depth -= 1
        return condition

    def _binary(self, minimum: int) -> ast.Expression:
        """Binary operators by precedence climbing; ends after the blanks that follow."""
        left = self._term()
        pattern = _ANY_OPERATOR if self.ignore_newlines else _LINE_OPERATOR
        while (match := pattern.match(self.text, self.pos)) is not None:
            operator = match[1]
            if operator is None or _PRECEDENCE[operator] < minimum:
                self.pos = match.end() if operator is None else match.start(1)
                break
            self.pos = match.end()
            self.skip()
            left = ast.Binary(operator, left, self._binary(_PRECEDENCE[operator] + 1))
        return left

    def _term(self) -> ast.Expression:
        """A primary expression with what follows it (attributes, indexes, splats)."""
        text, start = self.text, self.pos
        character = text[start : start + 1]
        if character == '"':
            match = _PLAIN_STRING.match(text, start)
            if match is None:
                return self._postfix(self.quoted())
            self.pos = match.end()
            value = match[1]
            node: ast.Expression = ast.Literal(value if value.isascii() else unicodedata.normalize("NFC", value))
        elif character in ("-", "!"):
            self.enter()
            self.pos += 1
            self.skip()
            node = ast.Unary(character, self._term())
            self.depth -= 1
            return node
        elif character == "(":
            node = ast.Parenthesis(self._bracketed(")"))
        elif character == "{":
            node = self._object()
        elif character == "[":
            node = self._tuple()
        elif (match := NUMBER.match(text, start)) is not None:
            self.pos = match.end()
            node = self.number(match[0])
        elif text.startswith("<<", start):
            node = self.heredoc()
        else:
            node = self._named()
        return self._postfix(node)

    def _bracketed(self, close: str) -> ast.Expression:
        """One expression between brackets, where newlines do not count."""
        saved, self.ignore_newlines = self.ignore_newlines, True
        self.pos += 1
        self.skip()
        inner = self.expression()
        self.ignore_newlines = saved
        if self.peek() != close:
            raise self.error(f"expected {close!r}")
        self.pos += 1
        return inner

    def _named(self) -> ast.Expression:
        """A literal word, a function call or a reference."""
        match = _REFERENCE.match(self.text, self.pos)
        if match is not None and "." in match[0]:
            self.pos = match.end()
            root, *names = match[0].split(".")
            if len(names) > MAX_STEPS:
                raise self.error(f"more than {MAX_STEPS} steps in one reference")
            if root in _LITERALS:
                node: ast.Expression = ast.Literal(_LITERALS[root], word=root)
                for name in names:
                    node = ast.Attribute(node, name)
                return node
            return ast.Reference(root, tuple(names))
        name = self.identifier("an expression")
        end = self.pos
        if self.peek() in _BLANK:
            self.skip()
        qualified = False
        while self.text.startswith("::", self.pos):
            self.pos += 2
            self.skip()
            name += "::" + self.identifier("a function name")
            self.skip()
            qualified = True
        if self.peek() == "(":
            return self._call(name)
        if qualified:
            raise self.error(f"expected '(' after the function name {name}")
        self.pos = end
        if name in _LITERALS:
            return ast.Literal(_LITERALS[name], word=name)
        return ast.Reference(name)

    def _call(self, name: str) -> ast.Expression:
        at = self.pos
        saved, self.ignore_newlines = self.ignore_newlines, True
        self.enter()
        self.pos += 1
        self.skip()
        arguments: list[ast.Expression] = []
        expand = False
        while self.peek() != ")":
            arguments.append(self.expression())
            if self.text.startswith("...", self.pos):
                expand = True
                self.pos += 3
                self.skip()
                break
            if self.peek() != ",":
                break
            self.pos += 1
            self.skip()
        if self.peek() != ")":
            raise self.error(f"expected ',' or ')' in the arguments of {name}()")
        self.pos += 1
        self.depth -= 1
        self.ignore_newlines = saved
        return ast.Call(name, tuple(arguments), expand, self.source, at)

    def _postfix(self, node: ast.Expression, *, splats: bool = True) -> ast.Expression:
        """Attribute steps, indexes and (unless it is an attribute-only splat's element) splats after a term."""
        text = self.text
        character = text[self.pos : self.pos + 1]
        if character in _NO_STEP:
            return node
        for _ in range(MAX_STEPS):
            end = self.pos
            character = text[end : end + 1]
            if character in _BLANK:
                match = (_ANY_STEP if self.ignore_newlines else _LINE_STEP).match(text, end)
                if match is None:
                    return node
                self.pos = match.end() - 1
                character = text[self.pos]
            if character == "." and not text.startswith("...", self.pos):
                self.pos += 1
                self.skip()
                character = self.peek()
                match = NUMBER.match(text, self.pos)
                if character == "*" and splats:
                    self.pos += 1
                    node = ast.Splat(node, self._postfix(ast.SplatElement(), splats=False))
                elif match is not None:
                    if "." in match[0]:
                        raise self.error("two indexes in a row are written [0][1], not .0.1")
                    self.pos = match.end()
                    node = ast.Index(node, self.number(match[0]))
                else:
                    name = self.identifier("an attribute name")
                    node = node.step(name) if isinstance(node, ast.Reference) else ast.Attribute(node, name)
            elif character == "[" and splats:
                self.enter()
                node = self._index(node)
                self.depth -= 1
            else:
                self.pos = end
                return node
        raise self.error(f"more than {MAX_STEPS} steps in one reference")

    def _index(self, node: ast.Expression) -> ast.Expression:
        """`[key]`, or `[*]` with all that follows it."""
        start = self.pos
        self.pos += 1
        self.skip()
        if self.peek() != "*":
            self.pos = start
            return ast.Index(node, self._bracketed("]"))
        self.pos += 1
        self.expect("]")
        return ast.Splat(node, self._postfix(ast.SplatElement()))

    def _tuple(self) -> ast.Expression:
        saved, self.ignore_newlines = self.ignore_newlines, True
        self.enter()
        self.pos += 1
        self.skip()
        node: ast.Expression
        if self.at_word("for"):
            node = self._for("]")
        else:
            items: list[ast.Expression] = []
            while self.peek() != "]":
                items.append(self.expression())
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

    def _object(self) -> ast.Expression:
        at = self.pos
        saved = self.ignore_newlines
        self.enter()
        self.pos += 1
        self.skip_all()
        node: ast.Expression
        if self.at_word("for"):
            self.ignore_newlines = True
            node = self._for("}")
        else:
            self.ignore_newlines = False
            node = ast.Object(tuple(self._items()), self.source, at, self.label, self.kind)
            self.objects.append(node)
        self.depth -= 1
        self.ignore_newlines = saved
        return node

    def _items(self) -> list[ast.ObjectItem]:
        """The elements of an object and its closing brace: one a line, or separated by commas."""
        items: list[ast.ObjectItem] = []
        while self.peek() != "}":
            at = self.pos
            plain = _ITEM.match(self.text, at)
            if plain is not None:
                key: str | ast.Expression = plain[plain.lastindex or 0]
                self.pos = plain.end()
            else:
                key = ast.object_key(self.expression())
                if self.peek() not in ("=", ":") or self.text.startswith("=>", self.pos):
                    raise self.error("expected '=' or ':' after the object key")
                self.pos += 1
            if self.peek() in _BLANK:
                self.skip()
            value = self.expression()
            items.append(ast.ObjectItem(key, value, at, self.pos))
            following = self.peek()
            if following == ",":
                self.pos += 1
            elif following not in ("\n", "}"):
                raise self.error("expected a new line, ',' or '}' after this object element")
            self.skip_all()
        self.pos += 1
        return items

    def _for(self, close: str) -> ast.Expression:
        self.pos += 3
        self.skip()
        key_name, value_name = self.for_names()
        collection = self.expression()
        self.expect(":", "':' of the for expression")
        self.skip()
        key: ast.Expression | None = None
        value = self.expression()
        group = False
        if close == "}":
            self.expect("=>", "'=>' of the for expression")
            self.skip()
            key, value = value, self.expression()
            if self.text.startswith("...", self.pos):
                group = True
                self.pos += 3
                self.skip()
        condition: ast.Expression | None = None
        if self.at_word("if"):
            self.pos += 2
            self.skip()
            condition = self.expression()
        if self.peek() != close:
            raise self.error(f"expected {close!r} at the end of the for expression")
        self.pos += 1
        if key is None:
            return ast.ForTuple(key_name, value_name, collection, value, condition)
        return ast.ForObject(key_name, value_name, collection, key, value, condition, group)
