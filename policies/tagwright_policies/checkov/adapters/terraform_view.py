"""A Terraform resource in Checkov's graph, as the shared code sees one (`tagwright_iac.view`)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tagwright_dictionary.catalogue import TagSupport, tag_support
from tagwright_dictionary.model import NO_TAGS, Location, Origin, Tag, Tags, Unknown
from tagwright_iac.reach import CONSUMED
from tagwright_iac.reach.tagsets import layers, tags_of, text, unseen
from tagwright_iac.reach.versions import allows_at_least
from tagwright_iac.view import BlockView, ResourceView
from tagwright_policies.checkov.adapters import blocks, default_tags
from tagwright_policies.checkov.adapters.doubt import doubts
from tagwright_policies.checkov.adapters.files import lines_of
from tagwright_policies.checkov.adapters.graph import Graph, Vertex
from tagwright_policies.checkov.adapters.literals import misjudged, quoted_references
from tagwright_policies.checkov.adapters.tags import read_tags
from tagwright_policies.checkov.adapters.text import plain, unwrapped

_OVERRIDDEN = Unknown("Checkov does not merge override files", "check the plan")
_OTHERWISE = Unknown("Checkov evaluates this function or condition otherwise than Terraform", "check the plan")
_INDEX = re.compile(r"\[[^\]]*\]")


class GraphView:
    """One resource vertex. Also what others point to: launch templates, task definitions."""

    def __init__(self, graph: Graph, vertex: Vertex, conf: Mapping[str, Any], shown: str) -> None:
        self.graph = graph
        self.vertex = vertex
        self.conf = _with_dynamic(conf, vertex)
        self.shown = shown
        self.type = vertex.name.split(".", 1)[0]
        self.address = vertex.address or vertex.name
        line, last = _line(conf, "__start_line__"), _line(conf, "__end_line__")
        self.location = Location(shown, line, 0, last)
        self.origin = Origin("resource", self.address, self.location)
        self._provided: tuple[Tags, Vertex | Unknown | None] | None = None

    @property
    def support(self) -> TagSupport:
        return tag_support(self.type)

    @property
    def exists(self) -> Unknown | None:
        """`count` and `for_each` that are still there were not expanded."""
        for name in ("count", "for_each"):
            if name in self.conf:
                value = self.attribute(name)
                if isinstance(value, Unknown):
                    return value
                if name == "for_each" or not isinstance(value, int):
                    return Unknown(f"Checkov does not expand {name} of {self.address}", "check the plan")
        return None

    def doubts(self, path: str) -> Mapping[str, Unknown]:
        return doubts(self.graph, self.vertex, path)

    def attribute(self, name: str) -> Any:
        return blocks.attribute(self.conf, name, name, self.doubts)

    def blocks(self, name: str) -> tuple[BlockView, ...]:
        return tuple(blocks.blocks(self.conf, name, name, self.origin, self.doubts))

    def tags(self, name: str) -> Tags:
        return blocks.tags(self.conf, name, name, self.origin, self.doubts)

    @property
    def own_tags(self) -> Tags:
        found = self._own()
        if self.overridden:
            return layers(found, unseen(_OVERRIDDEN))
        source = lines_of(self.vertex.file, self.location.line, self.location.end_line)
        values: dict[str, str | Unknown] = dict.fromkeys(misjudged(source), _OTHERWISE)
        values |= quoted_references(source)
        if not values:
            return found
        items = tuple(Tag(tag.key, values.get(tag.key, tag.value), tag.origin, tag.sensitive) for tag in found.items)
        return Tags(items, found.complete, found.cause)

    @property
    def overridden(self) -> bool:
        """Whether the folder has files that change other files' blocks; Checkov reads them as blocks of their own."""
        return any(vertex.folder == self.vertex.folder and is_override(vertex.file) for vertex in self.graph.vertices)

    def _own(self) -> Tags:
        support = self.support
        if support.shape == "tag_block":
            listed = unwrapped(self.conf.get("tags"))
            return layers(self._tag_blocks(), read_tags(plain(listed), self.origin))
        path = support.attribute.split(".") if support.attribute else ["tags"]
        if len(path) == 1:
            return self.tags(path[0])
        views: tuple[Any, ...] = (self,)
        for step in path[:-1]:
            views = tuple(inner for view in views for inner in view.blocks(step))
        return layers(*(view.tags(path[-1]) for view in views)) if views else NO_TAGS

    def _tag_blocks(self) -> Tags:
        found = NO_TAGS
        for block in self.blocks("tag"):
            key, value = block.attribute("key"), block.attribute("value")
            if block.exists is not None:
                found = layers(found, unseen(block.exists))
            elif isinstance(key, Unknown):
                found = layers(found, unseen(key))
            elif key is not None and value is not None:
                found = layers(found, tags_of([Tag(str(key), text(value), self.origin)]))
        return found

    def _provider(self) -> tuple[Tags, Vertex | Unknown | None]:
        if self._provided is None:
            self._provided = default_tags.of_resource(self.graph, self.vertex, self.conf.get("provider"))
        return self._provided

    @property
    def default_tags(self) -> Tags:
        return self._provider()[0]

    @property
    def effective_tags(self) -> Tags:
        if not self.support.defaults:
            return self.own_tags
        merged = layers(self.default_tags, self.own_tags)
        keys, prefixes = default_tags.ignored(self._provider()[1])
        if not keys and not prefixes:
            return merged
        kept = tuple(tag for tag in merged.items if tag.key not in keys and not tag.key.startswith(prefixes))
        return Tags(kept, merged.complete, merged.cause)

    def link(self, *path: str) -> ResourceView | Unknown | None:
        """Follows the edges of the graph from the argument at `path`, through variables, locals and outputs."""
        value = self._at(path)
        if value is None:
            return None
        label = ".".join(part for part in path if not part.isdigit())
        found = list(self._reached(label))
        if len(found) == 1:
            return self.of(found[0])
        if not found and isinstance(value, str):
            named = [vertex for vertex in self.graph.of_kind("resource") if _named(vertex, value)]
            if len(named) == 1:
                return self.of(named[0])
        cause = "is not part of this code" if not found else "may be one of several"
        return value if isinstance(value, Unknown) and not found else Unknown(f"{label} {cause}", "check the plan")

    def of(self, vertex: Vertex) -> GraphView:
        """The view of another resource of the same graph."""
        configuration: Any = vertex.attributes.get("config_", {})
        for part in vertex.name.split(".", 1):
            configuration = configuration.get(part, {}) if isinstance(configuration, Mapping) else {}
        shown = os.path.basename(vertex.file)  # noqa: PTH119
        return GraphView(self.graph, vertex, configuration, shown)

    def _at(self, path: tuple[str, ...]) -> Any:
        views: tuple[Any, ...] = (self,)
        for step in path[:-1]:
            if step.isdigit():
                views = views[int(step) : int(step) + 1]
            else:
                views = tuple(inner for view in views for inner in view.blocks(step))
        values = (view.attribute(path[-1]) for view in views)
        return next((value for value in values if value is not None), None)

    def _reached(self, label: str) -> Iterator[Vertex]:
        """The resources that the argument leads to; instances of one block count once."""
        waiting = [target for _, target in self.graph.targets(self.vertex, label)]
        seen: set[int] = set()
        blocks_seen: set[tuple[str, str]] = set()
        for _ in range(2000):
            if not waiting:
                return
            vertex = waiting.pop()
            if vertex.index in seen:
                continue
            seen.add(vertex.index)
            if vertex.kind == "resource":
                block = (vertex.file, _INDEX.sub("", vertex.address))
                if block not in blocks_seen:
                    blocks_seen.add(block)
                    yield vertex
            elif vertex.kind in {"variable", "locals", "output"}:
                for name, index in self.graph.out.get(vertex.index, ()):
                    target = self.graph.at(index)
                    if target is None:
                        continue
                    if target.kind == "module" and vertex.kind == "variable":
                        waiting += [found for _, found in self.graph.targets(target, vertex.name)]
                    elif name:
                        waiting.append(target)

    def consumers(self) -> tuple[GraphView, ...]:
        """The resources of the same graph that point to this one in one of the ways `reach.CONSUMED` lists."""
        ways = CONSUMED.get(self.type, ())
        if not ways:
            return ()
        types = {kind for kind, *_ in ways}
        found: dict[str, GraphView] = {}
        for vertex in self.graph.of_kind("resource"):
            if vertex.name.split(".", 1)[0] not in types:
                continue
            user = self.of(vertex)
            for kind, *path in ways:
                if kind == user.type and isinstance(target := user.link(*path), GraphView) and self._is(target):
                    found[f"{vertex.file}:{user.address}"] = user
        return tuple(found[name] for name in sorted(found))

    def _is(self, other: GraphView) -> bool:
        return other.vertex.file == self.vertex.file and _INDEX.sub("", other.address) == _INDEX.sub("", self.address)

    def provider_at_least(self, version: tuple[int, ...]) -> bool:
        """By the version constraints of the folders from this one up to the root."""
        name = self.type.split("_", 1)[0]
        folders, call = {self.vertex.folder}, self.vertex.call
        while call is not None:
            folders.add(os.path.dirname(call.path))  # noqa: PTH120
            call = call.outer
        constraints = [
            constraint
            for vertex in self.graph.of_kind("terraform")
            if vertex.folder in folders
            for constraint in _constraints(vertex, name)
        ]
        return all(allows_at_least(constraint, version) for constraint in constraints)


def _with_dynamic(conf: Mapping[str, Any], vertex: Vertex) -> Mapping[str, Any]:
    """The configuration, its dynamic blocks as the vertex has them: Checkov's rendering may have put their content, or
    nothing of what they run over, in their place.
    """
    written = vertex.attributes.get("dynamic")
    rows = written if isinstance(written, list) else [written]
    whole = [row for row in rows if isinstance(row, Mapping) and all("for_each" in _map(row[name]) for name in row)]
    if not whole or len(whole) != len(rows):
        return conf
    found = {name for row in whole for name in row}
    added = [item for row in _rows(conf.get("dynamic")) for name in _map(row) for item in _rows(row[name])]
    kept = {name: [item for item in _rows(conf.get(name)) if item not in added] for name in found if name in conf}
    return {**conf, **kept, "dynamic": whole}


def _rows(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def is_override(file: str) -> bool:
    """Whether Terraform merges the file's blocks into those of the others."""
    stem = os.path.basename(file).partition(".")[0]  # noqa: PTH119 - the graph holds strings
    return stem == "override" or stem.endswith("_override")


def _constraints(vertex: Vertex, name: str) -> Iterator[str]:
    required = unwrapped(vertex.attributes.get("required_providers"))
    wanted = unwrapped(required.get(name)) if isinstance(required, Mapping) else None
    version = wanted.get("version") if isinstance(wanted, Mapping) else wanted
    version = unwrapped(version)
    if isinstance(version, str):
        yield version


def _named(vertex: Vertex, name: str) -> bool:
    """Whether a launch template or task definition has that name."""
    kind = vertex.name.split(".", 1)[0]
    if kind not in {"aws_launch_template", "aws_launch_configuration", "aws_ecs_task_definition"}:
        return False
    return name in (vertex.attributes.get("name"), vertex.attributes.get("family"))


def _line(conf: Mapping[str, Any], name: str) -> int:
    value = unwrapped(conf.get(name))
    return value if isinstance(value, int) else 0
