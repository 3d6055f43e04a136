"""Block YAML with every string quoted: what comes in as text can only come out as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tagwright_policies.exports.quoting import yaml


@dataclass(frozen=True, slots=True)
class Anchored:
    """A node with an anchor; `Alias` refers to it."""

    name: str
    node: Any


@dataclass(frozen=True, slots=True)
class Alias:
    name: str


def written(node: Any) -> str:
    """A document of mappings, lists, strings and aliases."""
    return "".join(f"{line}\n" for line in _lines(node, 0))


def _lines(node: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _entry(f"{pad}{_key(key)}:", value, depth)
    else:
        for value in node:
            if isinstance(value, dict) and value:
                first, *rest = _lines(value, depth + 1)
                yield f"{pad}- {first.lstrip(' ')}"
                yield from rest
            else:
                yield from _entry(f"{pad}-", value, depth)


def _entry(head: str, value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, Anchored):
        head, value = f"{head} &{value.name}", value.node
    if isinstance(value, Alias):
        yield f"{head} *{value.name}"
    elif isinstance(value, str):
        yield f"{head} {yaml(value)}"
    elif not value:
        yield f"{head} {'{}' if isinstance(value, dict) else '[]'}"
    elif isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        yield f"{head} [{', '.join(map(yaml, value))}]"
    else:
        yield head
        yield from _lines(value, depth + 1)


def _key(text: str) -> str:
    return text if text.replace("_", "").replace("-", "").isalnum() and text.isascii() else yaml(text)
