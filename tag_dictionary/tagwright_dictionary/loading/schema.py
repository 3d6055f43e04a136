"""The JSON Schema of the file format, as a second opinion on a dictionary that was never seen before.

Editors use the same schema. The reader's own checks are stricter and say what to do; this one makes sure that what
they let pass is what editors and other tools were told the format is.
"""

from __future__ import annotations

import json
from typing import Any

from tagwright_dictionary.loading.context import Context, quoting_hint
from tagwright_dictionary.loading.data import SCHEMA_FILE, read_data
from tagwright_dictionary.loading.problems import quoted
from tagwright_dictionary.loading.tree import Node

_MANY = 200
"""From this many entries on, a mapping is represented by one entry of each shape: the schema treats them alike."""


def check_schema(root: Node, context: Context) -> None:
    """Adds a problem, at its place, for everything the schema refuses."""
    import jsonschema  # noqa: PLC0415 - only for a dictionary that was never validated before

    validator = jsonschema.Draft202012Validator(json.loads(read_data(SCHEMA_FILE)))
    for error in validator.iter_errors(plain(root)):
        node = root
        for step in error.absolute_path:
            node = _child(node, step)
        where = ".".join(str(step) for step in error.absolute_path) or "the dictionary"
        context.add(node, f"{quoted(where)}: {error.message[:200]}", quoting_hint(node))


def plain(node: Node) -> Any:
    """The data of a tree. Text and days are strings; long mappings are cut to one entry of each shape."""
    match node.kind:
        case "map":
            pairs = node.pairs if len(node.pairs) < _MANY else _shapes(node.pairs)
            return {key.text: plain(value) for key, value in pairs}
        case "seq":
            return [plain(item) for item in node.items]
        case "null":
            return None
        case "bool":
            return node.text.lower() in ("true", "yes", "on")
        case "int" | "float":
            return int(node.text) if node.text.isdecimal() else float("nan")
        case _:
            return node.text


def _shapes(pairs: list[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
    shapes: dict[tuple[object, ...], tuple[Node, Node]] = {}
    for pair in pairs:
        value = pair[1]
        shapes.setdefault((value.kind, *((key.text, child.kind) for key, child in value.pairs)), pair)
    return list(shapes.values())


def _child(node: Node, step: object) -> Node:
    if node.kind == "seq" and isinstance(step, int):
        return node.items[step]
    return next((value for key, value in node.pairs if key.text == step), node)
