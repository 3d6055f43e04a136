"""What a value that Checkov shows was made of, and whether any of it was not known.

Checkov evaluates a typed variable without a value as `{}`, takes the false branch of a condition it cannot know, and
at times loses what a module with `for_each` is given (bridgecrewio/checkov#7680). The result looks like any other
value. The edges of the graph still lead to the variable that has no value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tagwright_dictionary.model import Unknown
from tagwright_policies.checkov.adapters.graph import Graph, Vertex
from tagwright_policies.checkov.adapters.text import HINT

_DEEPEST = 40
_EMPTY: tuple[Any, ...] = ({}, [], "", None, [{}])


@dataclass(frozen=True, slots=True)
class Source:
    """Something without a value. `mark` is how it would stand in a text that Checkov left unevaluated."""

    cause: Unknown
    mark: str


def doubts(graph: Graph, vertex: Vertex, attribute: str) -> dict[str, Unknown]:
    """For an attribute, why parts of it (path below it, "" for all) are not what they look like.

    A text that shows its unknown (`${var.team}-x`) is no doubt: it is seen to be an expression.
    """
    memo = ("doubts", vertex.index, attribute)
    if memo not in graph.memory:
        graph.memory[memo] = _doubts(graph, vertex, attribute)
    known: dict[str, Unknown] = graph.memory[memo]
    return known


def _doubts(graph: Graph, vertex: Vertex, attribute: str) -> dict[str, Unknown]:
    found: dict[str, Unknown] = {}
    value = _value(vertex, attribute)
    for rest, target in graph.targets(vertex, attribute):
        shown = _strings(_value(vertex, f"{attribute}.{rest}") if rest else value)
        for source in _sources(graph, target, frozenset({vertex.index}), 0):
            if not source.mark or not any(source.mark in text for text in shown):
                found.setdefault(rest, source.cause)
                break
    if "" not in found and value in _EMPTY and attribute in _each(vertex):
        found[""] = _lost(f"{attribute} of {vertex.address or vertex.name}")
    return found


def _sources(graph: Graph, vertex: Vertex, seen: frozenset[int], depth: int) -> Iterator[Source]:
    """Everything without a value that `vertex` depends on."""
    if vertex.index in seen or depth > _DEEPEST:
        return
    seen = seen | {vertex.index}
    if vertex.kind == "data":
        yield Source(
            Unknown(f"data.{vertex.name} is read when Terraform runs", "check the plan"), f"data.{vertex.name}"
        )
    elif vertex.kind == "resource":
        # Checkov copies an attribute's text, or the text of the reference, and may not say which.
        yield Source(Unknown(f"attributes of {vertex.name} are known after apply", "check the plan"), "")
    elif vertex.kind == "variable":
        yield from _of_variable(graph, vertex, seen, depth)
    elif vertex.kind in {"locals", "output"}:
        for _, index in graph.out.get(vertex.index, ()):
            target = graph.at(index)
            if target is not None:
                yield from _sources(graph, target, seen, depth + 1)


def _of_variable(graph: Graph, vertex: Vertex, seen: frozenset[int], depth: int) -> Iterator[Source]:
    name = vertex.name
    mark = f"var.{name}"
    module = graph.module_of(vertex.call) if vertex.call is not None else None
    default = vertex.attributes.get("default")
    written = str(vertex.attributes.get("type", ""))
    if vertex.call is not None and any(target.kind == "tfvar" for _, target in graph.targets(vertex, "default")):
        yield Source(Unknown(f"Checkov gives var.{name} of a module the value of a tfvars file", "check the plan"), "")
    if "object(" in written and isinstance(default, Mapping) and any(str(key) not in written for key in default):
        yield Source(Unknown(f"Checkov does not convert var.{name} to its type", "check the plan"), "")
    passed = module is not None and name in module.attributes
    if passed and module is not None:
        carried = any(target.kind == "module" for _, target in graph.targets(vertex, "default"))
        each = name in _each(module) or any(part.startswith("for_each") for part in module.attributes)
        if module.attributes.get(name) is None or not carried or (each and default in _EMPTY):
            yield Source(_lost(f"{name} of module.{module.name}"), mark)
            return
        for label, index in graph.out.get(module.index, ()):
            target = graph.at(index)
            used = label == name or label.startswith(f"{name}.") or (each and label.startswith("for_each"))
            if target is not None and used:
                yield from _sources(graph, target, seen, depth + 1)
    elif "default" not in vertex.attributes:
        yield Source(Unknown(f"var.{name} has no value here", HINT), mark)
    else:
        for _, target in graph.targets(vertex, "default"):
            yield from _sources(graph, target, seen, depth + 1)


def _lost(what: str) -> Unknown:
    return Unknown(f"Checkov does not carry {what} over (see its issue 7680)", "check the plan")


def _each(vertex: Vertex) -> tuple[str, ...]:
    """The arguments that are made of `each`, as Checkov lists them."""
    found = vertex.attributes.get("foreach_attrs_") or ()
    return tuple(str(name).split(".")[0] for name in found) if isinstance(found, (list, tuple, set)) else ()


def _value(vertex: Vertex, path: str) -> Any:
    attributes = vertex.attributes
    if path in attributes:
        return attributes[path]
    value: Any = attributes
    for part in path.split("."):
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _strings(value: Any) -> list[str]:
    found: list[str] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, Mapping):
            waiting.extend([*item, *item.values()])
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)
    return found
