"""Checkov's Terraform graph: which block is which, and who refers to whom.

Vertices are dictionaries of evaluated attributes; an edge from a block to what one of its attributes refers to bears
that attribute's path as its label (`tags.owner`). The graph outlives evaluation: where a value looks known, the edges
still say what it was made of. Both of Checkov's graph libraries are read (rustworkx, networkx).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_EMPTY: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Call:
    """The module call that a block belongs to: where it is written, its name, its instance, the call around it."""

    path: str
    name: str
    key: str
    outer: Call | None = None


@dataclass(frozen=True, slots=True)
class Vertex:
    """One block. `kind`: resource | variable | locals | module | output | provider | data | tfvar | terraform."""

    index: int
    kind: str
    name: str
    file: str
    address: str
    call: Call | None
    attributes: Mapping[str, Any] = field(repr=False)

    @property
    def folder(self) -> str:
        return os.path.dirname(self.file)  # noqa: PTH120 - the graph holds strings


@dataclass(slots=True)
class Graph:
    """All vertices, and the edges that leave each: (label, index of the target)."""

    vertices: tuple[Vertex, ...]
    out: dict[int, tuple[tuple[str, int], ...]]
    files: frozenset[str]
    _by_address: dict[str, list[Vertex]] = field(default_factory=dict)
    _by_kind: dict[str, list[Vertex]] = field(default_factory=dict)
    _by_index: dict[int, Vertex] = field(default_factory=dict)
    memory: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for vertex in self.vertices:
            self._by_index[vertex.index] = vertex
            self._by_kind.setdefault(vertex.kind, []).append(vertex)
            if vertex.kind == "resource":
                self._by_address.setdefault(vertex.address, []).append(vertex)

    def at(self, index: int) -> Vertex | None:
        return self._by_index.get(index)

    def of_kind(self, kind: str) -> list[Vertex]:
        return self._by_kind.get(kind, [])

    def resource(self, address: str, path: str, conf: Any) -> Vertex | None:
        """The vertex of a resource, by its address and the end of its file's path."""
        found = self._by_address.get(address, [])
        if len(found) > 1:
            same = [vertex for vertex in found if _configuration(vertex) is conf]
            found = same or [vertex for vertex in found if vertex.file.endswith(path)]
        return found[0] if found else None

    def targets(self, vertex: Vertex, attribute: str) -> list[tuple[str, Vertex]]:
        """What the attribute refers to: (path below the attribute, "" for the whole of it; the block)."""
        found = []
        for label, index in self.out.get(vertex.index, ()):
            target = self.at(index)
            if target is None:
                continue
            if label == attribute or attribute.startswith(f"{label}."):
                found.append(("", target))
            elif label.startswith(f"{attribute}."):
                found.append((label[len(attribute) + 1 :], target))
        return found

    def module_of(self, call: Call) -> Vertex | None:
        """The vertex of a module call."""
        names = {call.name, f'{call.name}["{call.key}"]', f"{call.name}[{call.key}]"} if call.key else {call.name}
        same = [
            vertex
            for vertex in self.of_kind("module")
            if vertex.name in names and vertex.file == call.path and vertex.call == call.outer
        ]
        exact = [vertex for vertex in same if not call.key or vertex.name != call.name]
        found = exact or same
        return found[0] if found else None


_last: list[tuple[Any, Graph]] = []


def read(raw: Any) -> Graph | None:
    """The graph of Checkov's; None when there is none (Checkov gives `.tf.json` none). The last one is kept."""
    if raw is None:
        return None
    if _last and _last[0][0] is raw:
        return _last[0][1]
    made = _read(raw)
    if made is not None:
        _last[:] = [(raw, made)]
    return made


def _read(raw: Any) -> Graph | None:
    if hasattr(raw, "weighted_edge_list"):
        nodes = [(index, raw[index]) for index in raw.node_indices()]
        edges = [(source, target, data) for source, target, data in raw.weighted_edge_list()]
    elif hasattr(raw, "nodes") and hasattr(raw, "edges"):
        names = {name: index for index, name in enumerate(raw.nodes)}
        nodes = [(index, raw.nodes[name]) for name, index in names.items()]
        edges = [(names[source], names[target], data) for source, target, data in raw.edges(data=True)]
    else:
        return None
    vertices = tuple(vertex for index, data in nodes if (vertex := _vertex(index, data)) is not None)
    out: dict[int, list[tuple[str, int]]] = {}
    for source, target, data in edges:
        label = data.get("label") if isinstance(data, Mapping) else data
        out.setdefault(source, []).append((str(label), target))
    return Graph(
        vertices,
        {index: tuple(sorted(set(found))) for index, found in out.items()},
        frozenset(vertex.file for vertex in vertices),
    )


def _vertex(index: int, data: Any) -> Vertex | None:
    attributes = data[-1] if isinstance(data, (tuple, list)) and data else data
    if not isinstance(attributes, Mapping):
        return None
    return Vertex(
        index,
        str(attributes.get("block_type_", "")),
        str(attributes.get("block_name_", "")),
        str(attributes.get("file_path_", "")),
        str(attributes.get("__address__", "")),
        _call(attributes.get("source_module_object_")),
        attributes,
    )


def _call(raw: Any, depth: int = 0) -> Call | None:
    """A module object of Checkov's, in whichever form this version keeps it."""
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError:
            return None
    if raw is None or depth > 50:
        return None

    def read(name: str) -> Any:
        return raw.get(name) if isinstance(raw, Mapping) else getattr(raw, name, None)

    path, name, key = read("path"), read("name"), read("foreach_idx")
    if path is None and name is None:
        return None
    outer = _call(read("nested_tf_module"), depth + 1)
    return Call(str(path), str(name), "" if key is None else str(key), outer)


def _configuration(vertex: Vertex) -> Any:
    found: Any = vertex.attributes.get("config_", _EMPTY)
    for part in vertex.name.split(".", 1):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
