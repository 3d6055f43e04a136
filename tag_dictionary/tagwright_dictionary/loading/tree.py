"""YAML text to a tree of nodes that know where they stand, with bounds on depth, size and alias expansion.

It works on the parser's events rather than on composed nodes, so that a hostile file is stopped at the event that
goes too far, before anything has been built from it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NoReturn

from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading.problems import Problems, quoted
from tagwright_dictionary.model import Location

MAX_DEPTH = 32
_TOO_DEEP = "the YAML is nested too deeply"
MAX_NODES = 1_000_000
MAX_EXPANSION = 100_000
"""Nodes that aliases may stand for, all together."""

_KINDS = {
    "tag:yaml.org,2002:str": "str",
    "tag:yaml.org,2002:null": "null",
    "tag:yaml.org,2002:bool": "bool",
    "tag:yaml.org,2002:int": "int",
    "tag:yaml.org,2002:float": "float",
    "tag:yaml.org,2002:timestamp": "date",
    "tag:yaml.org,2002:merge": "merge",
    "tag:yaml.org,2002:value": "str",
}


class Node:
    """One node. `kind`: map | seq | str | null | bool | int | float | date | merge. `text` is the scalar as written;
    `pairs` and `items` hold the children of a map and a seq.
    """

    __slots__ = ("column", "items", "kind", "line", "pairs", "size", "text")

    def __init__(self, kind: str, text: str, line: int, column: int) -> None:
        self.kind = kind
        self.text = text
        self.line = line
        self.column = column
        self.pairs: list[tuple[Node, Node]] = [] if kind == "map" else _NO_PAIRS
        self.items: list[Node] = [] if kind == "seq" else _NO_ITEMS
        self.size = 1

    def at(self, path: str) -> Location:
        return Location(path, self.line, self.column)

    def found(self) -> str:
        """What stands here, in words for a message."""
        match self.kind:
            case "map":
                return "a mapping"
            case "seq":
                return "a list"
            case "null":
                return "nothing"
            case "str":
                return f"the text {quoted(self.text)}"
            case "bool":
                return f"the boolean {self.text}"
            case "int" | "float":
                return f"the number {self.text}"
            case _:
                return f"the {self.kind} {self.text}"


_NO_PAIRS: list[tuple[Node, Node]] = []
_NO_ITEMS: list[Node] = []
# Scalars share these: most nodes are scalars, and nothing is ever appended to one.


def parse(text: str, path: str, problems: Problems) -> Node | None:
    """The single document of `text`; None when it is empty. Duplicate mapping keys go to `problems`.

    Raises DictionaryError with line and column for anything that is not one plain YAML document within the bounds.
    """
    import yaml  # noqa: PLC0415 - a cached load must not pay for it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        return _Builder(yaml, loader, path, problems).document()
    except yaml.YAMLError as error:
        if getattr(error, "problem", None) == _LIBYAML_TOO_DEEP:
            # libyaml looks ahead, and counts levels itself since 0.2.6: the other parser stops at the very place.
            loader.dispose()
            loader = yaml.SafeLoader(text)
            _place(_Builder(yaml, loader, path, Problems()), path)
        raise _syntax(error, path, text) from None
    except RecursionError:  # the pure-Python parser's own depth, where libyaml is missing
        raise DictionaryError(_TOO_DEEP, hint=f"at most {MAX_DEPTH} levels", location=Location(path)) from None
    finally:
        loader.dispose()


_LIBYAML_TOO_DEEP = "exceeded maximum nesting depth"


def _place(builder: _Builder, path: str) -> NoReturn:
    """Build what cannot be built, for the place of the error."""
    with suppress(builder.yaml.YAMLError, RecursionError):
        builder.document()
    raise DictionaryError(_TOO_DEEP, hint=f"at most {MAX_DEPTH} levels", location=Location(path))


class _Builder:
    def __init__(self, yaml: Any, loader: Any, path: str, problems: Problems) -> None:
        self.yaml, self.loader, self.path, self.problems = yaml, loader, path, problems
        self.anchors: dict[str, Node] = {}
        self.open_anchors: set[str] = set()
        self.count = 0
        self.expansion = 0

    def document(self) -> Node | None:
        root: Node | None = None
        stack: list[tuple[Node, str | None, Node | None]] = []  # container, its anchor, the key that waits for a value
        events = self.yaml
        while self.loader.check_event():
            event = self.loader.get_event()
            if isinstance(event, (events.MappingEndEvent, events.SequenceEndEvent)):
                node, anchor, _ = stack.pop()
                if node.kind == "map":
                    self._refuse_duplicates(node)
                if anchor:
                    self.open_anchors.discard(anchor)
                    self.anchors[anchor] = node
                root = self._attach(stack, node) or root
            elif isinstance(event, (events.ScalarEvent, events.AliasEvent)):
                node = self._scalar(event) if isinstance(event, events.ScalarEvent) else self._alias(event)
                root = self._attach(stack, node) or root
            elif isinstance(event, (events.MappingStartEvent, events.SequenceStartEvent)):
                kind = "map" if isinstance(event, events.MappingStartEvent) else "seq"
                node = self._node(event, kind, "")
                if len(stack) >= MAX_DEPTH:
                    self._fail(node, _TOO_DEEP, f"at most {MAX_DEPTH} levels; a dictionary needs 6")
                if event.tag not in (None, "!", f"tag:yaml.org,2002:{kind}"):
                    self._fail(node, f"the YAML tag {quoted(event.tag)} is not allowed", "remove the tag")
                if event.anchor:
                    self.open_anchors.add(event.anchor)
                    self.anchors.pop(event.anchor, None)
                stack.append((node, event.anchor, None))
            elif isinstance(event, events.DocumentStartEvent) and root is not None:
                where = Location(self.path, event.start_mark.line + 1, event.start_mark.column + 1)
                raise DictionaryError(
                    "a second YAML document starts here",
                    hint="one file holds one document: remove the ---",
                    location=where,
                )
        return root

    def _attach(self, stack: list[tuple[Node, str | None, Node | None]], node: Node) -> Node | None:
        if not stack:
            return node
        parent, anchor, key = stack[-1]
        parent.size += node.size
        if parent.kind == "seq":
            parent.items.append(node)
        elif key is None:
            stack[-1] = (parent, anchor, node)
        else:
            parent.pairs.append((key, node))
            stack[-1] = (parent, anchor, None)
        return None

    def _node(self, event: Any, kind: str, text: str) -> Node:
        self.count += 1
        mark = event.start_mark
        node = Node(kind, text, mark.line + 1, mark.column + 1)
        if self.count > MAX_NODES:
            self._fail(
                node, f"the file has more than {MAX_NODES:,} YAML nodes", "split it, or move values to a CSV file"
            )
        return node

    def _scalar(self, event: Any) -> Node:
        tag = event.tag
        if tag in (None, "!"):
            tag = self.loader.resolve(self.yaml.ScalarNode, event.value, event.implicit)
        kind = _KINDS.get(tag, "")
        node = self._node(event, kind or "str", event.value)
        if not kind or (event.tag not in (None, "!") and kind != "str"):
            self._fail(
                node, f"the YAML tag {quoted(tag)} is not allowed", "remove the tag and write the value in quotes"
            )
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _alias(self, event: Any) -> Node:
        here = self._node(event, "str", "")
        if event.anchor in self.open_anchors:
            self._fail(here, f"the alias *{event.anchor} stands inside its own anchor", "write the content out")
        target = self.anchors.get(event.anchor)
        if target is None:
            self._fail(
                here, f"the alias *{event.anchor} has no anchor before it", "define it with & first, or write it out"
            )
        self.expansion += target.size
        if self.expansion > MAX_EXPANSION:
            self._fail(
                here,
                f"YAML aliases expand to more than {MAX_EXPANSION:,} nodes",
                "write the content out; a file like this is refused because it can exhaust memory",
            )
        return target

    def _refuse_duplicates(self, node: Node) -> None:
        first: dict[str, Node] = {}
        for key, _ in node.pairs:
            if key.kind in ("map", "seq"):
                self._fail(key, f"expected a name, found {key.found()} as a key", "keys are plain text")
            earlier = first.setdefault(key.text, key)
            if earlier is not key:
                self.problems.add(
                    f"{quoted(key.text)} is given twice (first on line {earlier.line})",
                    "YAML would silently keep one of them: remove or merge the other",
                    key.at(self.path),
                )

    def _fail(self, node: Node, message: str, hint: str) -> NoReturn:
        raise DictionaryError(message, hint=hint, location=node.at(self.path))


def _syntax(error: Any, path: str, text: str) -> DictionaryError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed")
    location = Location(path)
    if mark is not None:
        location = Location(path, mark.line + 1, mark.column + 1)
    elif isinstance(position := getattr(error, "position", None), int) and position >= 0:
        before = text[:position]
        location = Location(path, before.count("\n") + 1, position - before.rfind("\n"))
    hint = "check indentation, colons and quotes here"
    if "\\t" in problem or "'\t'" in problem or "cannot start any token" in problem:
        hint = "a tab, @, ` or % cannot start a value: indent with spaces, put the value in quotes"
    elif "alias" in problem or "anchor" in problem or "could not find expected ':'" in problem:
        hint = "a value that starts with * or & must be in quotes; a key needs a colon and a space after it"
    elif "control characters" in problem or "special characters" in problem:
        hint = "remove the control character: a dictionary is plain UTF-8 text"
    return DictionaryError(f"not valid YAML: {problem}", hint=hint, location=location)
