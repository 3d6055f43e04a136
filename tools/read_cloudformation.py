"""CloudFormation resource schemas out of cfn-lint's wheel, and what the awscc provider makes of them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagwright_dictionary.catalogue.names import awscc_type


@dataclass(frozen=True, slots=True)
class CloudFormationType:
    """One resource type with its raw registry schema."""

    name: str
    schema: dict[str, Any]

    @property
    def tagging(self) -> tuple[str, str] | None:
        """(property, shape) of its tags, or None when it cannot be tagged. Shapes: `list` of {Key, Value}, `map`,
        `tag_specifications` (a list of {ResourceType, Tags}).

        The schema's own declaration goes first; older schemas have none, and some say "not taggable" of a type
        whose `Tags` are plain tags (AWS::EC2::SpotFleet).
        """
        properties = self.schema.get("properties", {})
        declared = self.schema.get("tagging") or {}
        name = declared.get("tagProperty", "").removeprefix("/properties/").split("/")[0]
        for candidate in (name if declared.get("taggable") else "", "Tags", "TagSpecifications"):
            shape = self._shape(properties[candidate]) if candidate in properties else ""
            if shape:
                return candidate, shape
        return None

    def resolve(self, node: Any) -> dict[str, Any]:
        """A schema node with its `$ref` followed (a chain of at most five)."""
        for _ in range(5):
            if not isinstance(node, dict) or "$ref" not in node:
                break
            reference, node = node["$ref"], self.schema
            for step in reference.removeprefix("#/").split("/"):
                node = node.get(step, {})
        return node if isinstance(node, dict) else {}

    def _shape(self, node: Any) -> str:
        node = self.resolve(node)
        kinds = node.get("type")
        if kinds == "array":
            members = set(self.resolve(node.get("items", {})).get("properties", {}))
            return "tag_specifications" if {"ResourceType", "Tags"} <= members else "list"
        if kinds == "object" or "patternProperties" in node or (isinstance(kinds, list) and "object" in kinds):
            return "map"
        return ""

    def has(self, path: str) -> bool:
        """Whether a dotted property path exists (through lists, and through `oneOf` and `anyOf` branches)."""
        nodes = [self.schema]
        for step in path.split("."):
            nodes = [self.resolve(found) for node in nodes for found in self._members(node, step)]
        return bool(nodes)

    def _members(self, node: dict[str, Any], step: str) -> Iterator[Any]:
        node = self.resolve(node)
        if "items" in node:
            yield from self._members(self.resolve(node["items"]), step)
        if step in node.get("properties", {}):
            yield node["properties"][step]
        for branch in (*node.get("oneOf", ()), *node.get("anyOf", ()), *node.get("allOf", ())):
            if isinstance(branch, dict):
                yield from self._members(branch, step)

    @property
    def awscc(self) -> str:
        """The awscc provider's name of this type ("" when that provider cannot have it: not
        Amazon's own, or no handlers).
        """
        if not self.name.startswith("AWS::") or not self.schema.get("handlers"):
            return ""
        return awscc_type(self.name)


def read_cloudformation(wheel: Path) -> Iterator[CloudFormationType]:
    """Every resource type cfn-lint knows, by name."""
    found = []
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith("cfnlint/data/schemas/resources/") and name.endswith(".json"):
                schema = json.loads(archive.read(name))
                found.append(CloudFormationType(schema["typeName"], schema))
    yield from sorted(found, key=lambda one: one.name)
