"""Constant HCL expressions of known type in odd layouts: their value shows how they were parsed."""

from __future__ import annotations

from collections.abc import Callable

from tests.iac_readers.terraform.hcl_text import HclText

_PIECES = (
    "a",
    " ",
    "  b  ",
    "\\n",
    "\\t",
    "$",
    "%",
    "$$",
    "$${x}",
    "%%{y}",
    "ü",
    "e\u0301",
    "~",
    "{",
    "}",
    "#",
    '\\"',
    "\\u00e9",
)
_LINES = (
    "a",
    "  b",
    "\tc",
    "",
    "   ",
    "$${x}",
    "%%{y}",
    '"q"',
    "\\n",
    " # no comment",
    "EOTX",
    "x $ y % z",
    "\u00a0wide",
)


class ClosedText(HclText):
    """Draws expressions without references, except to the names of their own `for`."""

    def numeric(self, depth: int) -> str:
        """A number."""
        random = self.random
        if depth <= 0:
            return random.choice(("0", "1", "2", "3", "10", "0.5", "1e2", "007"))
        kind = random.randrange(9)
        inner = depth - 1
        if kind < 3:
            text = self.numeric(inner)
            for _ in range(random.randint(1, 4)):
                text += self._gap() + random.choice("+-*") + self._gap() + self.numeric(inner)
            return text
        if kind == 3:
            return random.choice(("-", "- ", "-/**/")) + self.numeric(inner)
        if kind == 4:
            return f"({self._gap(loose=True)}{self._loose(self.numeric, inner)}{self._gap(loose=True)})"
        if kind == 5:
            return self._conditional_of(self.numeric, inner)
        if kind == 6:
            items = ", ".join(self.numeric(inner) for _ in range(3))
            return f"[{self._gap(loose=True)}{items}{self._gap(loose=True)}]" + random.choice(
                ("[1]", "[ 0 ]", " [2]", ".0")
            )
        if kind == 7:
            first, second = self.numeric(inner), self.numeric(inner)
            comma = random.choice((",", "\n", " # c\n", ",\n", "\r\n"))
            return f"{{ a = {first}{comma} b : {second}\n}}" + random.choice((".a", '["b"]', " .b", "/**/.a"))
        return f"length{random.choice(('', ' '))}({self._gap(loose=True)}{self.listed(inner)}{self._gap(loose=True)})"

    def truth(self, depth: int) -> str:
        """A bool."""
        random = self.random
        if depth <= 0:
            return random.choice(("true", "false"))
        kind = random.randrange(5)
        inner = depth - 1
        if kind == 0:
            return f"{self.numeric(inner)} {random.choice(('<', '<=', '>', '>=', '==', '!='))} {self.numeric(inner)}"
        if kind == 1:
            text = self.truth(inner)
            for _ in range(random.randint(1, 3)):
                text += self._space() + random.choice(("&&", "||")) + self._space() + self.truth(inner)
            return text
        if kind == 2:
            return random.choice(("!", "! ", "!!")) + self.truth(inner)
        if kind == 3:
            return f"({self._loose(self.truth, inner)}{self._gap(loose=True)})"
        return self._conditional_of(self.truth, inner)

    def listed(self, depth: int) -> str:
        """A tuple of numbers or strings, or what a splat or for makes of one."""
        random = self.random
        kind = random.randrange(5)
        inner = max(depth - 1, 0)
        items = [random.choice((self.numeric, self.words))(inner) for _ in range(random.randint(0, 3))]
        text = "[" + (self._gap(loose=True) + "," + self._gap(loose=True)).join(items) + self._gap(loose=True) + "]"
        if kind == 0:
            objects = ", ".join(f"{{ v = {item}, w = [{{ x = {index} }}] }}" for index, item in enumerate(items))
            return f"[{objects}]" + random.choice(
                ("[*].v", ".*.v", "[*].w[0].x", ".*.w.0.x", "[ * ].w[*].x", "[*] .v", ".*.w[0]")
            )
        if kind == 1:
            return f"[{self._gap(loose=True)}for v in {text} : {self._gap(loose=True)}v]"
        if kind == 2:
            return f"[for k, v in {text} :{self._gap(loose=True)}k{self._space(loose=True)}if {self.truth(inner)}]"
        if kind == 3:
            return f'{{for k, v in {text} : "k${{k}}" => v{random.choice(("", "...", " if true"))}}}'
        return text

    def words(self, depth: int) -> str:
        """A string, quoted or a heredoc inside brackets."""
        random = self.random
        if depth <= 0:
            return '"' + "".join(random.choice(_PIECES) for _ in range(random.randint(0, 4))).replace("$$$", "$") + '"'
        kind = random.randrange(6)
        inner = depth - 1
        if kind < 3:
            return '"' + self.template(inner, _PIECES) + '"'
        if kind == 3:
            return self._conditional_of(self.words, inner)
        if kind == 4:
            return f"({self.document(inner)}\n)"
        return f'join("-"{self._gap(loose=True)}, {self.listed(0)}...)' if random.random() < 0.1 else self.words(0)

    def document(self, depth: int) -> str:
        """A heredoc, its closing line without the new line."""
        random = self.random
        lines = []
        for _ in range(random.randint(0, 5)):
            line = random.choice(_LINES)
            if random.random() < 0.5:
                line += self.template(max(depth, 0), _LINES[:5])
            lines.append(random.choice(("", "  ", "    ", "\t")) + line + "\n")
        marker = random.choice(("EOT", "E", "Ü-1"))
        return f"<<{random.choice(('', '-'))}{marker}\n{''.join(lines)}{random.choice(('', '   '))}{marker}"

    def template(self, depth: int, pieces: tuple[str, ...]) -> str:
        """Literal pieces and sequences."""
        random = self.random
        parts = []
        for _ in range(random.randint(1, 4)):
            parts.append(random.choice(("", "", *pieces)))
            left, right = random.choice(("", "~")), random.choice(("", "~"))
            kind = random.randrange(5)
            if kind < 2:
                value = random.choice((self.numeric, self.truth, self.words))(depth)
                parts.append(f"${{{left}{self._gap(loose=True)}{value}{self._gap(loose=True)}{right}}}")
            elif kind == 2:
                parts.append(f"%{{{left} if {self.truth(depth)} {right}}} y %{{ else {left}}} n %{{{right} endif }}")
            elif kind == 3:
                parts.append(f"%{{{left}for k, v in [1, 2] {right}}} ${{k}}-${{v}} %{{{right}endfor{left}}}")
            parts.append(random.choice(("", "", *pieces)))
        # A "$" before a "${" of ours would escape it.
        return "".join(part + " " if part.endswith(("$", "%")) else part for part in parts)

    def _loose(self, kind: Callable[[int], str], depth: int) -> str:
        """An expression inside brackets, where an operator may stand in the next line."""
        text = kind(depth)
        return self.random.choice(
            (text, f"{text}\n # next line\n + 0" if kind == self.numeric else f"{text}\n || false")
        )

    def _conditional_of(self, kind: Callable[[int], str], depth: int) -> str:
        colon = self._gap() + ":" + self._gap()
        # In brackets: what stands around it must not change its types, which Terraform compares.
        return f"({self.truth(depth)}{self._gap()}?{self._gap()}{kind(depth)}{colon}{kind(depth)})"
