"""Terraform resource schemas out of CDK bindings (CDKTN, CDKTF): read as text, never imported or run.

A prebuilt provider package is generated from `terraform providers schema -json`. Its wheel holds a jsii archive with
one JavaScript folder a resource, in which `synthesizeHclAttributes` names every settable attribute with its type, and
comments name the computed ones ("// effective_labels - computed: true, optional: false, required: false").
"""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_RESOURCE = re.compile(r"class (\w+) extends cdk\w+\.TerraformResource\b")
_TYPE = re.compile(r"""terraformResourceType: ["']([a-z0-9_-]+)["'],\n\s+terraformGeneratorMetadata""")
_VERSION = re.compile(r"""providerVersion: ["']([0-9.]+)["']""")
_COMPUTED = re.compile(r"^ {4,8}// ([a-z0-9_]+) - computed: true, optional: false, required: false", re.MULTILINE)
_SETTABLE = re.compile(r"^    synthesizeHclAttributes\(\) \{\n(.*?)^    \}", re.MULTILINE | re.DOTALL)
_STRUCT = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(
    r"^ {8,12}(\w+): \{\n\s+value: (.*),\n\s+isBlock: (true|false),"
    r"\n\s+type: \"(\w+)\",\n\s+storageClassType: \"(\w+)\"",
    re.MULTILINE,
)
_NESTED = re.compile(r"(?<!cdktn\.)(?<!cdktf\.)\b(\w+)ToHclTerraform\b")
_DATA_SOURCE = re.compile(r"data-(aws|azapi|azurerm|google|kubernetes)-")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One settable attribute or block. `storage` is the bindings' word for its type (`string`, `stringMap`,
    `stringList`, or a struct's name); `nested` names the struct of its members, "" for none.
    """

    name: str
    block: bool
    storage: str
    nested: str


@dataclass(frozen=True)
class Schema:
    """One resource type, parsed on demand: most callers need the top level only."""

    type: str
    provider_version: str
    text: str

    @property
    def _own(self) -> int:
        found = _RESOURCE.search(self.text)
        return found.start() if found else 0

    @cached_property
    def computed(self) -> frozenset[str]:
        """Top-level attributes that can only be read."""
        return frozenset(_COMPUTED.findall(self.text, self._own))

    @cached_property
    def attributes(self) -> tuple[Attribute, ...]:
        """Top-level attributes and blocks that can be set."""
        found = _SETTABLE.search(self.text, self._own)
        return _entries(found.group(1)) if found else ()

    @cached_property
    def _structs(self) -> dict[str, tuple[Attribute, ...]]:
        return {name: _entries(body) for name, body in _STRUCT.findall(self.text)}

    def find(self, path: str) -> Attribute | None:
        """The attribute at a dotted path through blocks and objects, or None."""
        level, found = self.attributes, None
        for name in path.split("."):
            found = next((attribute for attribute in level if attribute.name == name), None)
            if found is None:
                return None
            level = self._structs.get(found.nested, ())
        return found


def _entries(text: str) -> tuple[Attribute, ...]:
    result = []
    for name, value, block, _, storage in _ENTRY.findall(text):
        nested = _NESTED.search(value)
        result.append(Attribute(name, block == "true", storage, nested.group(1) if nested else ""))
    return tuple(result)


def read_bindings(wheel: Path) -> Iterator[Schema]:
    """Every managed resource (no data source, no ephemeral resource) of a provider package."""
    with zipfile.ZipFile(wheel) as archive:
        packed = archive.read(next(name for name in archive.namelist() if name.endswith(".jsii.tgz")))
    folders: dict[str, list[tuple[str, str]]] = {}
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as package:
        for member in package:
            parts = member.name.split("/")
            if parts[:2] == ["package", "lib"] and parts[-1].endswith(".js") and not _DATA_SOURCE.match(parts[2]):
                source = package.extractfile(member)
                if source is not None:
                    folders.setdefault(parts[2], []).append((member.name, source.read().decode("utf-8")))
    for files in folders.values():
        text = "\n".join(content for _, content in sorted(files))
        found, version = _TYPE.search(text), _VERSION.search(text)
        if found and _RESOURCE.search(text):
            yield Schema(found.group(1), version.group(1) if version else "", text)
