"""Provider default tags, which Checkov merges nowhere: found through the provider vertices of its graph.

An explicit `provider` argument names one; else the maps of the module calls above, and else the configuration without
an alias in the folder of the root. A module's own provider block wins, one that is only a placeholder does not.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from tagwright_dictionary.model import NO_TAGS, Location, Origin, Tags, Unknown
from tagwright_iac.reach.tagsets import layers, unseen
from tagwright_policies.checkov.adapters.doubt import doubts
from tagwright_policies.checkov.adapters.files import text_of
from tagwright_policies.checkov.adapters.graph import Call, Graph, Vertex
from tagwright_policies.checkov.adapters.tags import read_tags
from tagwright_policies.checkov.adapters.text import HINT, plain, unwrapped

_ARGUMENTS = {"aws": "default_tags", "google": "default_labels", "google-beta": "default_labels"}
_DEEPEST = 50
_META = frozenset({"alias", "version", "__address__", "__start_line__", "__end_line__", "start_line", "end_line"})


def of_resource(graph: Graph, vertex: Vertex, provider_argument: Any) -> tuple[Tags, Vertex | Unknown | None]:
    """The tags that the resource's provider adds, and that provider: its vertex, None when there is no block for it,
    or why it cannot be told.
    """
    prefix = vertex.name.split("_", 1)[0]
    local, alias = _local_name(graph, vertex.folder, prefix), ""
    named = unwrapped(provider_argument)
    if isinstance(named, str) and named:
        local, _, alias = named.partition(".")
    found = _find(graph, vertex.folder, vertex.call, local, alias, 0)
    argument = _ARGUMENTS.get(local, _ARGUMENTS.get(prefix, ""))
    if not argument:
        return NO_TAGS, found
    if isinstance(found, Unknown):
        return unseen(found), found
    if found is None:
        return NO_TAGS, None
    memo = ("defaults", found.index)
    if memo not in graph.memory:
        graph.memory[memo] = _defaults(graph, found, argument)
    tags: Tags = graph.memory[memo]
    return tags, found


def _local_name(graph: Graph, folder: str, prefix: str) -> str:
    """What a type's own provider is called in this module: by `required_providers` it may go by any name."""
    for vertex in graph.of_kind("terraform"):
        required = unwrapped(vertex.attributes.get("required_providers"))
        if vertex.folder != folder or not isinstance(required, Mapping):
            continue
        for name, wanted in required.items():
            source = unwrapped(wanted.get("source")) if isinstance(wanted, Mapping) else None
            if isinstance(source, str) and source.rpartition("/")[2] == prefix and name != f"{prefix}-beta":
                return str(name)
    return prefix


def ignored(provider: Vertex | Unknown | None) -> tuple[frozenset[str], tuple[str, ...]]:
    """`ignore_tags`: keys and prefixes that the provider leaves out."""
    block = provider.attributes.get("ignore_tags") if isinstance(provider, Vertex) else None
    block = unwrapped(block)
    if not isinstance(block, Mapping):
        return frozenset(), ()
    return frozenset(_words(block.get("keys"))), tuple(_words(block.get("key_prefixes")))


def outside_graph(folder: str, read: frozenset[str]) -> Unknown | None:
    """Why a root's default tags may not all be in the graph: a file of the folder that Checkov was not given (a
    pre-commit hook passes only the changed ones) and that speaks of default tags.
    """
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208
    except OSError:
        return None
    for name in names:
        path = os.path.join(folder, name)  # noqa: PTH118
        if name.endswith((".tf", ".tofu", ".tf.json")) and path not in read:
            content = text_of(path)
            if content is None or "default_tags" in content or "default_labels" in content:
                return Unknown(f"{name} may hold default tags, and Checkov was not given it", "scan the whole folder")
    return None


def _find(graph: Graph, folder: str, call: Call | None, local: str, alias: str, depth: int) -> Vertex | Unknown | None:
    if depth > _DEEPEST:
        return Unknown("modules are nested too deeply")
    here = _declared(graph, folder, call, local, alias)
    if here is not None and not (call is not None and _placeholder(here)):
        return here
    name = f"{local}.{alias}" if alias else local
    if call is None:
        if alias:
            return Unknown(f"provider {name} is not in what Checkov was given", HINT)
        return outside_graph(folder, graph.files)
    module = graph.module_of(call)
    if module is None:
        return Unknown(f"the call of module {call.name} is not in Checkov's graph", HINT)
    passed = unwrapped(module.attributes.get("providers"))
    above = os.path.dirname(call.path)  # noqa: PTH120
    if isinstance(passed, Mapping) and isinstance(passed.get(name), str):
        parent, _, parent_alias = passed[name].partition(".")
        return _find(graph, above, call.outer, parent, parent_alias, depth + 1)
    if alias:
        return Unknown(f"module {call.name} is not given the provider {name}", "add it to its providers map")
    return _find(graph, above, call.outer, local, "", depth + 1)


def _declared(graph: Graph, folder: str, call: Call | None, local: str, alias: str) -> Vertex | None:
    for vertex in graph.of_kind("provider"):
        name = vertex.name.split(".", 1)[0]
        own = vertex.attributes.get("alias") or ""
        own = "" if own == "default" and vertex.name == name else own
        if name == local and own == alias and vertex.folder == folder and vertex.call == call:
            return vertex
    return None


def _placeholder(vertex: Vertex) -> bool:
    configuration = vertex.attributes.get("config_")
    inner: Any = next(iter(configuration.values()), {}) if isinstance(configuration, Mapping) else {}
    return isinstance(inner, Mapping) and not (set(inner) - _META)


def _defaults(graph: Graph, provider: Vertex, argument: str) -> Tags:
    line = provider.attributes.get("__start_line__")
    where = Location(os.path.basename(provider.file), line if isinstance(line, int) else 0)  # noqa: PTH119
    origin = Origin("default_tags", f"provider.{provider.name}", where)
    path = argument if argument == "default_labels" else f"{argument}.tags"
    written = unwrapped(provider.attributes.get(argument))
    if argument in str(provider.attributes.get("dynamic", "")):
        return unseen(Unknown(f"the {argument} of provider {provider.name} are dynamic", HINT))
    if argument == "default_tags":
        rows = written if isinstance(written, list) else [written]
        parts = [unwrapped(row.get("tags")) if isinstance(row, Mapping) else row for row in rows]
    else:
        parts = [written]
    found = layers(*(read_tags(plain(part), origin) for part in parts))
    wrong = doubts(graph, provider, path)
    for key, cause in sorted(wrong.items()):
        if not key or found.get(key) is not None:
            found = layers(found, unseen(cause)) if not key else _unknown_value(found, key, cause)
    return found


def _unknown_value(tags: Tags, key: str, cause: Unknown) -> Tags:
    items = tuple(
        type(tag)(tag.key, cause, tag.origin) if tag.key == key and isinstance(tag.value, str) else tag
        for tag in tags.items
    )
    return Tags(items, tags.complete, tags.cause)


def _words(value: Any) -> list[str]:
    inner: Any = value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list) else value
    return [item for item in inner if isinstance(item, str)] if isinstance(inner, list) else []
