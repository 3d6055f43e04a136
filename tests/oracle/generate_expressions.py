"""Random HCL expressions that Terraform accepts, for the generator of configurations.

What must be known of an expression so that no configuration is refused is kept beside its text: whether it may be
unknown, may be null, hangs on a resource of the stub aws provider (so that no provider configuration does).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

KEYS = ("owner", "team", "env", "Name", "cost-center", "a", "B")
WORDS = (
    "vision",
    "prod",
    "cc-4100",
    "x",
    "Data Prep",
    "",
    "ünï",
    'q"uote',
    "back\\slash",
    "$${x}",
    "a,b",
    "10",
    "true",
)
NUMBERS = ("0", "1", "7", "1.50", "1e3", "007", "10 / 4", "0.1 + 0.2", "-3", "2 * 3.5")
# What is made of two strings. `replace` reads a pattern between slashes as a regular expression; no word has slashes.
PAIRS = (
    'format("%s/%s", {}, {})',
    'format("%-5s|%v", {}, {})',
    'join("-", [{}, {}])',
    'join("+", [{}, {}][*])',
    'join("", flatten([{}, [[{}], []]]))',
    'replace({}, "a", {})',
    "trimprefix({}, {})",
    "trimsuffix({}, {})",
    'coalesce({}, {}, "z")',
    "element([{}, {}], 1)",
    "[{}, {}][0]",
    "try({}, {})",
    "jsonencode([{}, {}])",
    'substr(format("%s%s%s", {}, {}, "-pad"), 0, 3)',
    "yamldecode(yamlencode([{}, {}]))[1]",
    'title(join(" ", [{}, {}]))',
)


@dataclass(frozen=True, slots=True)
class Expression:
    """`unknown`: may be or contain something unknown; `open`: even which keys or elements there are may be;
    `null`: may be null, or contain null elements; `local`: hangs on resources or module outputs."""

    text: str
    unknown: bool = False
    open: bool = False
    null: bool = False
    local: bool = False

    @property
    def known(self) -> bool:
        return not (self.unknown or self.open)


@dataclass(slots=True)
class Scope:
    """What expressions may refer to, by kind."""

    strings: list[Expression] = field(default_factory=list)
    numbers: list[Expression] = field(default_factory=list)
    bools: list[Expression] = field(default_factory=list)
    lists: list[Expression] = field(default_factory=list)
    maps: list[Expression] = field(default_factory=list)

    def copy(self) -> Scope:
        return Scope(*(list(kind) for kind in (self.strings, self.numbers, self.bools, self.lists, self.maps)))

    def only(self, *, known: bool = False, free: bool = False) -> Scope:
        """The part that is `known`, or `free` of resources and modules."""
        return Scope(
            *(
                [item for item in kind if (item.known or not known) and not (free and item.local)]
                for kind in (self.strings, self.numbers, self.bools, self.lists, self.maps)
            )
        )


def quote(text: str) -> str:
    """A quoted literal; `$${` in the text stays an escape."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def derive(text: str, *parts: Expression, null: bool = False, open_: bool | None = None) -> Expression:
    """An expression made of others."""
    is_open = any(part.open for part in parts) if open_ is None else open_
    unknown = any(part.unknown or part.open for part in parts)
    return Expression(text, unknown, is_open, null, any(part.local for part in parts))


def as_text(expression: Expression) -> Expression:
    """The same, certainly a string."""
    if expression.text.startswith('"'):
        return expression
    return replace(expression, text=f"tostring({expression.text})")


class Writer:
    """Draws expressions in one scope."""

    def __init__(self, draw: st.DrawFn, scope: Scope) -> None:
        self.draw = draw
        self.scope = scope

    def pick(self, *names: str) -> str:
        return self.draw(st.sampled_from(names))

    def maybe(self, chance: int = 3) -> bool:
        """True once in `chance` times."""
        return self.draw(st.integers(0, chance - 1)) == chance - 1

    def reference(self, choices: Sequence[Expression]) -> Expression | None:
        return self.draw(st.sampled_from(choices)) if choices else None

    def literal(self) -> Expression:
        return Expression(quote(self.pick(*WORDS)))

    def string(self, depth: int) -> Expression:
        """A string (or something that converts to one), never null."""
        if depth <= 0:
            return self.reference([item for item in self.scope.strings if not item.null]) or self.literal()
        match self.pick(
            "word", "word", "ref", "ref", "template", "call", "two", "index", "if", "for", "directive", "number", "bool"
        ):
            case "word":
                return self.literal()
            case "ref":
                return self._not_null(self.reference(self.scope.strings) or self.literal())
            case "template":
                left, right = self.string(depth - 1), self.number(depth - 1)
                prefix = self.pick("", "p-", "%%{")
                return derive(f'"{prefix}${{{left.text}}}-${{{right.text}}}"', left, right)
            case "call":
                inner = self.string(depth - 1)
                name = self.pick("upper", "lower", "title", "trimspace", "strrev", "md5", "tostring", "jsonencode")
                return derive(f"{name}({inner.text})", inner)
            case "two":
                return self._two_strings(depth)
            case "index":
                return self._entry(depth)
            case "if":
                # A number and a bool have no common type; with a string everything has.
                condition, yes, no = self.boolean(depth - 1), self.string(depth - 1), as_text(self.string(depth - 1))
                return derive(f"({condition.text} ? {yes.text} : {no.text})", condition, yes, no)
            case "for":
                items = self.list(depth - 1)
                return derive(f'join("{self.pick(",", "", "-")}", {items.text})', items, open_=False)
            case "directive":
                return self._directive(depth)
            case "number":
                return self.number(depth - 1)
            case _:
                return self.boolean(depth - 1)

    def _directive(self, depth: int) -> Expression:
        """A template with %{if} or %{for}."""
        if self.maybe(2):
            condition, yes = self.boolean(depth - 1), self.string(depth - 1)
            text = f'"<%{{ if {condition.text} }}${{{yes.text}}}%{{ else }}no%{{ endif }}>"'
            return derive(text, condition, yes)
        items = self.list(depth - 1)
        inner = self.inner(Expression("item", items.unknown, local=items.local), "item").string(depth - 1)
        text = f'"%{{ for item in {items.text} ~}} ${{{inner.text}}}; %{{ endfor }}"'
        return derive(text, items, inner, open_=False)

    def _two_strings(self, depth: int) -> Expression:
        one, two = self.string(depth - 1), self.string(depth - 1)
        pattern = self.pick(*PAIRS)
        return derive(pattern.format(one.text, two.text), one, two)

    def _entry(self, depth: int) -> Expression:
        """One entry of a map, with a fallback."""
        source, key, fallback = self.map(depth - 1), self.pick(*KEYS), self.string(0)
        text = self.pick('try({}["{}"], {})', 'try(lookup({}, "{}", {}), "no")').format(source.text, key, fallback.text)
        return self._not_null(derive(text, source, fallback, null=source.null, open_=False))

    def _not_null(self, expression: Expression) -> Expression:
        if not expression.null:
            return expression
        return replace(expression, text=f'coalesce({expression.text}, "none")', null=False)

    def number(self, depth: int) -> Expression:
        match self.pick("literal", "ref", "length", "sum") if depth > 0 else "ref":
            case "literal":
                return Expression(self.pick(*NUMBERS))
            case "length":
                items = self.list(depth - 1) if self.maybe(2) else self.map(depth - 1)
                return derive(f"length({items.text})", items, open_=False)
            case "sum":
                one, two = self.number(depth - 1), self.number(depth - 1)
                return derive(f"({one.text} {self.pick('+', '-', '*')} {two.text})", one, two)
            case _:
                return self.reference(self.scope.numbers) or Expression(self.pick(*NUMBERS))

    def boolean(self, depth: int) -> Expression:
        kind = (
            self.pick("literal", "ref", "equal", "less", "contains", "not", "logic", "can", "null", "text")
            if depth > 0
            else "ref"
        )
        match kind:
            case "literal":
                return Expression(self.pick("true", "false"))
            case "equal":
                one, two = self.string(depth - 1), self.string(depth - 1)
                if not (one.known and two.known):
                    # Different types are known to differ even where values are not: the case unknown_equality.
                    one, two = as_text(one), as_text(two)
                return derive(f"({one.text} {self.pick('==', '!=')} {two.text})", one, two)
            case "less":
                one, two = self.number(depth - 1), self.number(depth - 1)
                return derive(f"({one.text} {self.pick('<', '<=', '>', '>=')} {two.text})", one, two)
            case "contains":
                items, item = self.list(depth - 1), self.string(depth - 1)
                return derive(f"contains({items.text}, {item.text})", items, item, open_=False)
            case "not":
                inner = self.boolean(depth - 1)
                return derive(f"!{inner.text}", inner)
            case "logic":
                one, two = self.boolean(depth - 1), self.boolean(depth - 1)
                return derive(f"({one.text} {self.pick('&&', '||')} {two.text})", one, two)
            case "null":
                # What is unknown and yet not null: the case unknown_not_null.
                inner = self.string(depth - 1)
                if not inner.known:
                    inner = self.literal()
                return derive(f"({inner.text} {self.pick('==', '!=')} null)", inner)
            case "text":
                one, two = self.literal(), self.string(depth - 1)
                name = self.pick("startswith", "endswith", "strcontains")
                return derive(f'{name}("p-${{{two.text}}}", {self.pick(one.text, quote("p-"))})', two)
            case "can":
                source = self.map(depth - 1)
                return derive(f'can({source.text}["{self.pick(*KEYS)}"])', source, open_=False)
            case _:
                return self.reference(self.scope.bools) or Expression(self.pick("true", "false"))

    def list(self, depth: int) -> Expression:
        """A list of strings, without nulls."""
        kind = self.pick("literal", "ref", "keys", "split", "concat", "for", "call") if depth > 0 else "ref"
        match kind:
            case "literal":
                parts = [as_text(self.string(depth - 1)) for _ in range(self.draw(st.integers(1, 3)))]
                return derive(f"[{', '.join(part.text for part in parts)}]", *parts)
            case "keys":
                source = self.map(depth - 1)
                # Values do not matter to keys.
                return Expression(f"keys({source.text})", source.open, source.open, local=source.local)
            case "split":
                inner = self.string(depth - 1)
                return derive(f'split(",", {inner.text})', inner, open_=not inner.known)
            case "concat":
                one, two = self.list(depth - 1), self.list(depth - 1)
                return derive(f"concat({one.text}, {two.text})", one, two)
            case "for":
                items = self.list(depth - 1)
                item = Expression("item", items.unknown, local=items.local)
                body = as_text(self.inner(item, "item").string(depth - 1))
                condition = self.pick("", "", ' if item != "x"')
                is_open = items.open or (bool(condition) and items.unknown)
                return derive(f"[for item in {items.text} : {body.text}{condition}]", items, body, open_=is_open)
            case "call":
                items = self.list(depth - 1)
                name = self.pick("distinct", "sort", "compact", "toset", "reverse")
                text = f"sort(toset({items.text}))" if name == "toset" else f"{name}({items.text})"
                return derive(text, items, open_=not items.known)
            case _:
                return self.reference(self.scope.lists) or Expression('["a", "b"]')

    def map(self, depth: int) -> Expression:
        """A map or object of strings, numbers, bools and (where `null` says so) nulls."""
        if depth <= 0:
            return self.reference(self.scope.maps) or self.entries(1)
        match self.pick(
            "literal",
            "literal",
            "ref",
            "ref",
            "merge",
            "merge",
            "if",
            "for",
            "of",
            "zip",
            "tomap",
            "json",
            "group",
            "without",
        ):
            case "literal":
                return self.entries(depth)
            case "merge":
                return self._merge(depth)
            case "if":
                condition, yes, no = self.boolean(depth - 1), self.map(depth - 1), self.map(depth - 1)
                is_open = yes.open or no.open or not condition.known
                text = f"({condition.text} ? {yes.text} : {no.text})"
                return derive(text, condition, yes, no, null=yes.null or no.null, open_=is_open)
            case "for":
                return self._for_map(depth)
            case "of":
                items = self.list(depth - 1)
                if not items.known:
                    return self.entries(depth)
                body = self.inner(Expression("item", local=items.local), "item").string(depth - 1)
                return derive(f"{{ for item in toset({items.text}) : item => {body.text} }}", items, body)
            case "zip":
                values = [self.string(depth - 1) for _ in range(2)]
                first, second = self.pick(*KEYS[:4]), self.pick(*KEYS[4:])
                return derive(f'zipmap(["{first}", "{second}"], [{values[0].text}, {values[1].text}])', *values)
            case "tomap":
                value = self.string(depth - 1)
                return derive(f'tomap({{ {self.pick("a", "team")} = "s", other = tostring({value.text}) }})', value)
            case "json":
                source = self.map(depth - 1)
                return derive(
                    f"jsondecode(jsonencode({source.text}))", source, null=source.null, open_=not source.known
                )
            case "group":
                items = self.list(depth - 1)
                if not items.known:
                    return self.entries(depth)
                grouped = f'{{ for item in {items.text} : "g-${{item}}" => item... }}'
                return derive(f"{{ for g, xs in {grouped} : g => length(xs) }}", items)
            case "without":
                source = self.map(depth - 1)
                if source.open:
                    return source
                text = (
                    f'{{ for k in setsubtract(keys({source.text}), ["{self.pick(*KEYS)}"]) : k => {source.text}[k] }}'
                )
                return derive(text, source, null=source.null)
            case _:
                return self.reference(self.scope.maps) or self.entries(depth)

    def _merge(self, depth: int) -> Expression:
        parts = [self.map(depth - 1) for _ in range(self.draw(st.integers(2, 3)))]
        texts = [part.text for part in parts]
        if self.maybe(4):
            condition = self.boolean(depth - 1)
            texts[-1] = f"({condition.text} ? {texts[-1]} : {self.pick('{}', 'null')})"
            parts.append(condition)
            is_open = any(part.open for part in parts) or not condition.known
        else:
            is_open = any(part.open for part in parts)
        return derive(f"merge({', '.join(texts)})", *parts, null=any(part.null for part in parts), open_=is_open)

    def _for_map(self, depth: int) -> Expression:
        source = self.map(depth - 1)
        value = Expression("v", source.unknown, null=source.null, local=source.local)
        body = self.inner(value, "k").string(depth - 1)
        if source.null and self.maybe(2):
            body = replace(value, text="v")
        key = self.pick("k", "upper(k)", '"p-${k}"', "k")
        # upper() may make two keys one, which a for expression refuses.
        if key == "upper(k)":
            key = '"${k}-${upper(k)}"'
        condition = self.pick("", "", ' if k != "team"', " if v != null" if source.known else "")
        text = f"{{ for k, v in {source.text} : {key} => {body.text}{condition} }}"
        return derive(text, source, body, null=body.null, open_=source.open)

    def inner(self, value: Expression, *names: str) -> Writer:
        """A writer inside a for expression, whose names hide nothing of ours."""
        scope = self.scope.copy()
        scope.strings.append(value)
        scope.strings += [Expression(name) for name in names if name != value.text]
        return Writer(self.draw, scope)

    def entries(self, depth: int) -> Expression:
        """An object literal, in one of the ways people write them."""
        lines, parts = [], []
        null = False
        for key in self.draw(st.lists(st.sampled_from(KEYS), min_size=0, max_size=3)):
            value = self.string(depth - 1)
            if self.maybe(10):
                value, null = replace(value, text="null", unknown=False, open=False), True
            parts.append(value)
            lines.append(f"{self.key(key)} {value.text}")
        text = "{ " + ", ".join(lines) + " }" if lines else "{}"
        return derive(text, *parts, null=null)

    def key(self, key: str) -> str:
        """A key and what stands between it and the value."""
        return self.pick(f"{key} =", f'"{key}" =', f'"{key}" :', f"{key} :", f'("{key}") =', f'"${{"{key}"}}" =')
