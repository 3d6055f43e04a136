"""HCL text of every kind, drawn from a `random.Random` (hypothesis's `st.randoms()` shrinks it, a seed repeats it).

What `HclText` writes is meant to be valid; `mutate` spoils it the way people and merges do. Whether it is valid is
never assumed: Terraform is asked.
"""

# ruff: noqa: RUF001 - rows of sample texts; seeded randomness

from __future__ import annotations

import re
from random import Random

_NAMES = ("a", "b", "name", "x_1", "with-dash", "_private", "for_each", "iffy", "infra", "größe", "变量", "é", "true_x")
_ROOTS = ("var", "local", "each", "module", "aws_instance", "data", "x", "null_label", "été")
_FUNCTIONS = ("merge", "lookup", "try", "f", "core::upper", "provider::p::g")
_WORDS = (
    "plain",
    "two words",
    "ünïcode",
    "日本",
    "a\\nb",
    'q\\"q',
    "back\\\\slash",
    "\\u00e9",
    "\\U0001F600",
    "$$",
    "$",
    "%",
    "%%{x}",
    "$${y}",
    "#not",
    "//not",
    "/* not */",
    "{",
    "}",
    "~",
    "e\u0301",
    "\t",
    "'",
)
_LINES = (
    "text",
    "  indented",
    "",
    "    ",
    "\tx",
    "$${kept}",
    "%%{kept}",
    'quote " mark',
    "\\n stays",
    "# text",
    "EOTX",
    "ü",
    "${a}",
    "  ${ b.c }",
    "x ${~ a ~} y",
    "%{ if c }yes%{ else }no%{ endif }",
    "%{ for k, v in m ~}",
    "$",
    "%",
)
_BINARY = ("+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||")


class HclText:
    """Draws text. `odd` is the share of places laid out unusually (comments, newlines, missing blanks)."""

    def __init__(self, random: Random, odd: float = 0.15) -> None:
        self.random = random
        self.odd = odd

    def file(self) -> str:
        """A whole file: blocks only, as at the top level of Terraform."""
        random = self.random
        parts = [self._comment_lines() + self.block(3) + self._line_end() for _ in range(random.randint(1, 4))]
        text = "".join(parts)
        if random.random() < 0.1:
            text = text.rstrip("\n")
        if random.random() < 0.2:
            text = text.replace("\n", "\r\n")
        return "\ufeff" + text if random.random() < 0.1 else text

    # -- bodies ------------------------------------------------------------------------------------------------------

    def block(self, depth: int) -> str:
        random = self.random
        labels = "".join(
            self._space()
            + (f'"{random.choice(("a", "b-c", "ü", "x.y", "1"))}"' if random.random() < 0.7 else random.choice(_NAMES))
            for _ in range(random.randint(0, 2))
        )
        head = random.choice(("resource", "locals", "tag", "nested", "dynamic", "für")) + labels + self._space()
        kind = random.random()
        if kind < 0.1:
            return head + "{" + self._gap() + "}"
        if kind < 0.2:
            return head + "{" + self._space() + self.attribute(depth, single=True) + self._space() + "}"
        return head + "{" + self._line_end() + self.body(depth - 1) + "}"

    def body(self, depth: int) -> str:
        random = self.random
        names = random.sample(_NAMES, random.randint(0, 4))
        lines = [self._comment_lines() + "  " + self.attribute(depth, name=name) + self._line_end() for name in names]
        if depth > 0:
            lines.extend("  " + self.block(depth - 1) + self._line_end() for _ in range(random.randint(0, 2)))
        random.shuffle(lines)
        return "".join(lines)

    def attribute(self, depth: int, name: str = "a", *, single: bool = False) -> str:
        value = self.heredoc(depth) if not single and self.random.random() < 0.08 else self.expression(depth)
        return name + self._gap() + "=" + self._gap() + value

    # -- layout ------------------------------------------------------------------------------------------------------

    def _gap(self, *, loose: bool = False) -> str:
        """Blanks that may be none; newlines only where brackets make them blanks."""
        random = self.random
        if random.random() > self.odd:
            return " "
        tight = ("", "  ", "\t", " /* c */ ", "/**/", " /* a\n b */ ")
        return random.choice((*tight, "\n", " # c\n", "// c\n", "\n\n  ", "/* } */\n") if loose else tight)

    def _space(self, *, loose: bool = False) -> str:
        """At least one blank."""
        gap = self._gap(loose=loose)
        return gap if gap.strip(" \t") or gap else " "

    def _line_end(self) -> str:
        return self.random.choice(("\n", "\n", "\n", " # end\n", "\n\n", " // end\n", "  \n", "/* end */\n"))

    def _comment_lines(self) -> str:
        return self.random.choice(("", "", "", "# above\n", "/* a\n b */\n", "// x\n", "\n", "/* c */ "))

    # -- expressions -------------------------------------------------------------------------------------------------

    def expression(self, depth: int, *, loose: bool = False) -> str:
        """One expression; `loose` where it stands inside brackets."""
        random = self.random
        if depth <= 0:
            return random.choice((self.number, self.string, self.reference, self._word))()
        kinds = (self.number, self.string, self.reference, self._word)
        deep = (
            self._template,
            self._call,
            self._unary,
            self._binary,
            self._conditional,
            self._parenthesis,
            self._tuple,
            self._object,
            self._for_tuple,
            self._for_object,
            self._postfix,
        )
        if random.random() < 0.3:
            return random.choice(kinds)()
        return random.choice(deep)(depth - 1, loose)

    def number(self) -> str:
        return self.random.choice(
            ("0", "1", "42", "007", "1.5", "0.10", "1e3", "2E-2", "1.5e+7", "123456789012345678901")
        )

    def _word(self) -> str:
        return self.random.choice(("true", "false", "null"))

    def string(self) -> str:
        return '"' + "".join(self.random.choice(_WORDS) for _ in range(self.random.randint(0, 3))) + '"'

    def reference(self) -> str:
        random = self.random
        text = random.choice(_ROOTS)
        for _ in range(random.randint(0, 3)):
            text += random.choice(
                (".name", ".b", ".größe", "[0]", '["k"]', "[count.index]", ".0", "[*]", ".*", ".with-dash")
            )
            if text.endswith((".*", "[*]")):
                return text + random.choice(("", ".id", ".a.b", "[0]" if text.endswith("[*]") else ".id"))
        return text

    def _template(self, depth: int, loose: bool) -> str:
        random = self.random
        parts: list[str] = []
        for _ in range(random.randint(1, 3)):
            parts.append(random.choice((*_WORDS, "", "  ")))
            left, right = random.choice(("", "~")), random.choice(("", "~"))
            kind = random.random()
            inner = self.expression(depth, loose=True)
            if kind < 0.7:
                parts.append(f"${{{left}{self._gap(loose=True)}{inner}{self._gap(loose=True)}{right}}}")
            elif kind < 0.85:
                parts.append(f"%{{{left} if {inner} {right}}}y%{{ else ~}} n %{{~ endif{right}}}")
            else:
                parts.append(f"%{{{left}for k, v in {inner}{self._space()}{right}}} ${{k}} %{{ endfor }}")
        return '"' + "".join(parts) + '"'

    def heredoc(self, depth: int) -> str:
        """A heredoc; its closing marker must be alone on its line."""
        random = self.random
        flush = random.choice(("", "-"))
        marker = random.choice(("EOT", "E", "END_1", "Ü"))
        lines = [random.choice(_LINES) for _ in range(random.randint(0, 5))]
        lines += ["%{ endfor }" for line in lines if "for k" in line]
        if depth > 0 and random.random() < 0.3:
            lines.append("  ${" + self.expression(depth - 1, loose=True) + "}")
        body = "".join(random.choice(("", "  ", "    ")) + line + "\n" for line in lines)
        return f"<<{flush}{marker}\n{body}{random.choice(('', '  '))}{marker}"

    def _call(self, depth: int, loose: bool) -> str:
        random = self.random
        arguments = [self.expression(depth, loose=True) for _ in range(random.randint(0, 3))]
        separator = self._gap(loose=True) + "," + self._gap(loose=True)
        tail = random.choice(("", "", ",", "...")) if arguments else ""
        text = separator.join(arguments)
        return f"{random.choice(_FUNCTIONS)}({self._gap(loose=True)}{text}{tail}{self._gap(loose=True)})"

    def _unary(self, depth: int, loose: bool) -> str:
        return self.random.choice(("-", "!", "- ", "!!")) + self.expression(depth, loose=loose)

    def _binary(self, depth: int, loose: bool) -> str:
        text = self.expression(depth, loose=loose)
        for _ in range(self.random.randint(1, 3)):
            text += self._space(loose=loose) + self.random.choice(_BINARY) + self._space(loose=loose)
            text += self.expression(depth, loose=loose)
        return text

    def _conditional(self, depth: int, loose: bool) -> str:
        condition, first, second = (self.expression(depth, loose=loose) for _ in range(3))
        question, colon = (self._space(loose=loose) + mark + self._gap(loose=loose) for mark in "?:")
        return f"{condition}{question}{first}{colon}{second}"

    def _parenthesis(self, depth: int, loose: bool) -> str:
        return f"({self._gap(loose=True)}{self.expression(depth, loose=True)}{self._gap(loose=True)})"

    def _tuple(self, depth: int, loose: bool) -> str:
        random = self.random
        items = [self.expression(depth, loose=True) for _ in range(random.randint(0, 3))]
        text = (self._gap(loose=True) + "," + self._gap(loose=True)).join(items)
        return (
            "["
            + self._gap(loose=True)
            + text
            + (random.choice(("", ",")) if items else "")
            + self._gap(loose=True)
            + "]"
        )

    def _object(self, depth: int, loose: bool) -> str:
        random = self.random
        items: list[str] = []
        for _ in range(random.randint(0, 3)):
            key = random.choice((*_NAMES[:6], '"quoted key"', "(var.key)", '"${x}-y"', "1", "true", "null", "for_x"))
            value = self.heredoc(depth) + "\n" if random.random() < 0.04 else self.expression(depth)
            items.append(key + self._gap() + random.choice(("=", "=", ":")) + " " + value)
        style = random.random()
        if style < 0.4:
            ends = [",\n", "\n", " # c\n", "\n\n", ", // c\n"]
            return "{\n" + "".join(item + ("" if item.endswith("\n") else random.choice(ends)) for item in items) + "}"
        inner = "".join(item if item.endswith("\n") else item + ", " for item in items)
        return "{" + self._gap() + (inner.removesuffix(", ") if style < 0.8 else inner) + self._gap() + "}"

    def _for_tuple(self, depth: int, loose: bool) -> str:
        names = self.random.choice(("v", "k, v", "k ,v"))
        text = f"[{self._gap(loose=True)}for {names} in {self.expression(depth, loose=True)} :"
        text += self._gap(loose=True) + self.expression(depth, loose=True) + self._space(loose=True)
        return text + self._condition(depth) + "]"

    def _for_object(self, depth: int, loose: bool) -> str:
        names = self.random.choice(("v", "k, v"))
        text = f"{{{self._gap(loose=True)}for {names} in {self.expression(depth, loose=True)} :{self._gap(loose=True)}"
        text += self.expression(depth, loose=True) + self._gap(loose=True) + "=>" + self._gap(loose=True)
        text += self.expression(depth, loose=True) + self.random.choice(("", "...")) + self._space(loose=True)
        return text + self._condition(depth) + "}"

    def _condition(self, depth: int) -> str:
        return f"if {self.expression(depth, loose=True)}{self._gap(loose=True)}" if self.random.random() < 0.3 else ""

    def _postfix(self, depth: int, loose: bool) -> str:
        base = self.random.choice((self._parenthesis, self._call, self._tuple))(depth, loose)
        return base + self.random.choice((".a", "[0]", "[*].id", ".*.id", ".0", '["k"].b[1]', "[ 0 ]", "[*]"))


_TOKEN = re.compile(r"[\w-]+|[ \t]+|\r?\n|[^\w\s]")
_INSERTS = (
    "\n",
    " ",
    ",",
    "=",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    '"',
    "${",
    "%{",
    "~}",
    "?",
    ":",
    "::",
    ".",
    "*",
    "...",
    "=>",
    "-",
    "!",
    "#",
    "//",
    "/*",
    "*/",
    "<<EOT\n",
    "EOT\n",
    "for ",
    "if ",
    "in ",
    "null",
    "1.",
    ".5",
    "0x1F",
    "1e",
    "\\",
    "\u00a0",
    "\ufeff",
    "'",
    "`",
    ";",
    "&",
    "|",
    "^",
    "\x00",
    "\x0b",
    "\r",
    "²",
    "𝒳",
    "a.b = 1\n",
    "@",
    "$",
    "%",
)


def mutate(random: Random, text: str) -> str:
    """The text with one to three tokens dropped, doubled, swapped, replaced or put in."""
    tokens = _TOKEN.findall(text)
    for _ in range(random.randint(1, 3)):
        if not tokens:
            break
        at = random.randrange(len(tokens))
        kind = random.randrange(5)
        if kind == 0:
            del tokens[at]
        elif kind == 1:
            tokens.insert(at, tokens[at])
        elif kind == 2:
            other = random.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif kind == 3:
            tokens[at] = random.choice(_INSERTS)
        else:
            tokens.insert(at, random.choice(_INSERTS))
    return "".join(tokens)
