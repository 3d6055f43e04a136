"""What reading one file shares: its name, the mistakes found, where each thing stands, and typed access to nodes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date

from tagwright_dictionary.loading.documents import Document, Documents
from tagwright_dictionary.loading.problems import Problems, listing, quoted
from tagwright_dictionary.loading.tree import Node
from tagwright_dictionary.model import Location

Place = tuple[str, ...]


class Context:
    """One file being read. `places` remembers where things stand that the dictionary has no location for."""

    def __init__(
        self, document: Document, documents: Documents, problems: Problems, places: dict[Place, Location]
    ) -> None:
        self.document = document
        self.documents = documents
        self.problems = problems
        self.places = places
        self.path = document.display

    def at(self, node: Node) -> Location:
        return node.at(self.path)

    def add(self, node: Node, message: str, hint: str = "") -> None:
        self.problems.add(message, hint, self.at(node))

    def text(self, node: Node, what: str, expected: str = "text", *, prose: bool = False) -> str | None:
        """The text of a scalar that YAML reads as text; anything else is a mistake, and None."""
        if node.kind != "str":
            self.add(node, f"{what}: expected {expected}, found {node.found()}", quoting_hint(node))
            return None
        if problem := text_problem(node.text, prose=prose):
            self.add(node, f"{what}: {problem}", "write plain visible text")
            return None
        return node.text

    def texts(self, node: Node, what: str, expected: str = "text or a list of texts") -> tuple[tuple[str, Node], ...]:
        """One text or a list of them, each with its node; duplicates are mistakes."""
        nodes = node.items if node.kind == "seq" else [node]
        if node.kind == "map":
            self.add(node, f"{what}: expected {expected}, found a mapping", "write [a, b]")
            return ()
        found: dict[str, Node] = {}
        for item in nodes:
            text = self.text(item, what, expected if node.kind != "seq" else "text")
            if text is None:
                continue
            if not text:
                self.add(item, f"{what}: an empty text", "remove it")
            elif text in found:
                self.add(item, f"{what}: {quoted(text)} is listed twice", "remove one")
            else:
                found[text] = item
        return tuple(found.items())

    def choice(self, node: Node, what: str, allowed: Iterable[str]) -> str | None:
        names = tuple(allowed)
        text = self.text(node, what, "one of " + listing(names))
        if text is not None and text not in names:
            guess = self.problems.did_you_mean(text, names)
            self.add(node, f"{what}: {quoted(text)} is not one of {listing(names, 40)}", guess or "use one of these")
            return None
        return text

    def date(self, node: Node, what: str) -> date | None:
        """A calendar day, quoted or not."""
        if node.kind in ("date", "str"):
            parsed = parse_date(node.text)
            if parsed is not None:
                return parsed
        self.add(node, f"{what}: expected a date, found {node.found()}", "write a real day as YYYY-MM-DD")
        return None

    def mapping(self, node: Node, what: str) -> list[tuple[str, Node, Node]]:
        """(name, name's node, value's node) of a mapping whose names are all text."""
        if node.kind != "map":
            self.add(node, f"{what}: expected a mapping, found {node.found()}", "write it as `name: value` lines")
            return []
        pairs = []
        for key, value in node.pairs:
            if key.kind == "merge":
                self.add(key, f"{what}: YAML merge keys (<<) are not supported", "write the fields out")
                continue
            name = self.text(key, what, "a name")
            if name is not None:
                pairs.append((name, key, value))
        return pairs

    def sequence(self, node: Node, what: str) -> list[Node]:
        if node.kind != "seq":
            self.add(node, f"{what}: expected a list, found {node.found()}", "write each entry after `- `")
            return []
        return node.items


class Fields:
    """The fields of one mapping. Unknown ones are reported at once: a typo must not switch a rule off."""

    def __init__(
        self, context: Context, node: Node, what: str, allowed: tuple[str, ...], synonyms: dict[str, str] | None = None
    ) -> None:
        self.context = context
        self.what = what
        self.node = node
        self._nodes: dict[str, Node] = {}
        for name, key, value in context.mapping(node, what):
            if name in allowed:
                self._nodes[name] = value
            else:
                meant = (synonyms or {}).get(name)
                guess = f'did you mean "{meant}"?' if meant else context.problems.did_you_mean(name, allowed)
                known = f"fields here: {listing(allowed, 40)}"
                context.add(key, f"{what}: unknown field {quoted(name)}", f"{guess} {known}".strip())

    def get(self, name: str) -> Node | None:
        return self._nodes.get(name)

    def given(self) -> tuple[tuple[str, Node], ...]:
        """The known fields that stand there, in source order."""
        return tuple(self._nodes.items())

    def label(self, name: str) -> str:
        return f"{self.what}, {name}"

    def text(self, name: str, *, prose: bool = False) -> str | None:
        node = self._nodes.get(name)
        return None if node is None else self.context.text(node, self.label(name), prose=prose)

    def texts(self, name: str) -> tuple[str, ...] | None:
        node = self._nodes.get(name)
        return None if node is None else tuple(text for text, _ in self.context.texts(node, self.label(name)))

    def choice(self, name: str, allowed: Iterable[str]) -> str | None:
        node = self._nodes.get(name)
        return None if node is None else self.context.choice(node, self.label(name), allowed)

    def date(self, name: str) -> date | None:
        node = self._nodes.get(name)
        return None if node is None else self.context.date(node, self.label(name))


def quoting_hint(node: Node) -> str:
    """How to make YAML read the scalar as text."""
    match node.kind:
        case "bool" | "int" | "float" | "date":
            return f'YAML does not read {node.text} as text: quote it, "{node.text}"'
        case "null":
            return "write a value, or remove the line"
        case "merge":
            return 'quote it: "<<"'
        case _:
            return "write a single text"


def parse_date(text: str) -> date | None:
    """YYYY-MM-DD of a day that exists, nothing else."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def text_problem(text: str, *, prose: bool = False) -> str:
    """What is wrong with the characters of `text`, "" when nothing.

    Control and direction-changing characters are wrong everywhere; invisible ones and line ends only outside prose
    (titles and descriptions, where some scripts need joiners), because there they make two names look alike.
    """
    if text.isascii() and text.isprintable():
        return ""
    for char in text:
        category = unicodedata.category(char)
        wrong = category in ("Cc", "Cf", "Cs", "Zl", "Zp")
        if prose and (char == "\n" or (category == "Cf" and char not in _DIRECTION)):
            wrong = False
        if wrong:
            return f"the character U+{ord(char):04X} is not allowed"
    return ""


_DIRECTION = frozenset(map(chr, (0x200E, 0x200F, 0x61C, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
