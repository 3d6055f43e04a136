"""Schemas of the stub providers, from the small tables in `schemas/*.schema`.

A header at column 0 (`provider`, `resource NAME`, `data NAME`) is followed by indented words:

    name            an optional string          name:n :b :map :set :list :any   number, bool, map/set/list of strings
    name!           computed only               name:["list","number"]           any type in Terraform's JSON notation
    name?           optional and computed       name[] { ... }                   list block, {} set, [1] at most one
    @tags           tags, tags_all (aws)        @plain_tags                      tags without provider defaults
    @labels         labels, terraform_labels, effective_labels (google); @labels:NAME names the argument

Every resource and data source has `id`, those of aws also `arn`; every resource of a provider with defaults has the
computed `stub_default_tags`: the defaults of the very provider instance that planned it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "schemas"
PROVIDERS = tuple(sorted(path.stem for path in FOLDER.glob("*.schema")))
DEFAULTS_PART = "stub_default_tags"
_MAP = ["map", "string"]
_TYPES: dict[str, Any] = {
    "": "string",
    "n": "number",
    "b": "bool",
    "map": _MAP,
    "set": ["set", "string"],
    "list": ["list", "string"],
    "any": "dynamic",
}


@dataclass(frozen=True, slots=True)
class Attribute:
    type: Any
    optional: bool = True
    computed: bool = False


@dataclass(slots=True)
class Block:
    """`tags` names the argument that carries the resource's own tags ("" when it cannot be tagged)."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: dict[str, NestedBlock] = field(default_factory=dict)
    tags: str = ""
    defaults: bool = False


@dataclass(frozen=True, slots=True)
class NestedBlock:
    block: Block
    is_set: bool
    max_items: int = 0


@dataclass(slots=True)
class ProviderSchema:
    name: str
    provider: Block = field(default_factory=Block)
    resources: dict[str, Block] = field(default_factory=dict)
    data: dict[str, Block] = field(default_factory=dict)


@cache
def load(name: str) -> ProviderSchema:
    """The schema of one stub provider (one of `PROVIDERS`)."""
    text = (FOLDER / f"{name}.schema").read_text(encoding="utf-8")
    schema = ProviderSchema(name)
    block = schema.provider
    for header, words in _sections(text):
        if header == ["provider"]:
            block = schema.provider
        elif header[0] == "resource":
            block = schema.resources[header[1]] = Block()
            block.attributes["id"] = Attribute("string", computed=True)
            if name == "aws":
                block.attributes["arn"] = Attribute("string", optional=False, computed=True)
            if name in ("aws", "google"):
                block.attributes[DEFAULTS_PART] = Attribute(_MAP, optional=False, computed=True)
        else:
            block = schema.data[header[1]] = Block()
            block.attributes["id"] = Attribute("string", computed=True)
            if name == "aws":
                block.attributes["arn"] = Attribute("string", computed=True)
        _fill(block, iter(words))
    return schema


@cache
def tag_argument(resource_type: str) -> str:
    """Which argument carries the own tags of a type of any stub provider; "" when there is none."""
    for name in PROVIDERS:
        block = load(name).resources.get(resource_type)
        if block is not None:
            return block.tags
    return ""


def has_provider_defaults(resource_type: str) -> bool:
    """Whether provider-wide tags are merged under the own tags of this type."""
    return any(block.defaults for name in PROVIDERS if (block := load(name).resources.get(resource_type)) is not None)


def _sections(text: str) -> Iterator[tuple[list[str], list[str]]]:
    header: list[str] = []
    words: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line[0].isspace():
            if header:
                yield header, words
            header, words = line.split(), []
        else:
            words += line.split()
    yield header, words


def _fill(block: Block, words: Iterator[str]) -> None:
    for word in words:
        if word == "}":
            return
        if word.startswith("@"):
            _tags(block, word)
        elif word.endswith(("[]", "{}", "[1]")):
            if next(words) != "{":
                raise ValueError(f"{word} needs a body")
            nested = Block()
            _fill(nested, words)
            name = word.rstrip("[]{}1")
            block.blocks[name] = NestedBlock(nested, word.endswith("{}"), 1 if word.endswith("[1]") else 0)
        else:
            name, _, kind = word.partition(":")
            flag = word[-1] if word[-1] in "!?" else ""
            kind = kind.rstrip("!?")
            type_ = json.loads(kind) if kind.startswith("[") else _TYPES[kind]
            block.attributes[name.rstrip("!?")] = Attribute(type_, flag != "!", flag != "")


def _tags(block: Block, word: str) -> None:
    kind, _, argument = word.partition(":")
    computed = Attribute(_MAP, optional=False, computed=True)
    if kind == "@labels":
        block.tags = argument or "labels"
        block.attributes["terraform_labels"] = block.attributes["effective_labels"] = computed
    else:
        block.tags = "tags"
        if kind == "@tags":
            block.attributes["tags_all"] = Attribute(_MAP, computed=True)
    block.defaults = kind != "@plain_tags"
    block.attributes[block.tags] = Attribute(_MAP)
