"""Pulumi resource tokens and their tag property out of an SDK wheel: read as text, never imported."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TOKEN = re.compile(r"""^@pulumi\.type_token\(["']([^"']+)["']\)\nclass \w+\(pulumi\.CustomResource\)""", re.MULTILINE)
_ARGS = re.compile(r"^class \w+Args:\n    def __init__\(__self__, \*(.*?)\):\n", re.MULTILINE | re.DOTALL)
_ARGUMENT = re.compile(r"^ +(\w+): (.*?)(?: = None)?,?$", re.MULTILINE)
_GETTER = re.compile(r"^    def (\w+)\(self\) -> ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PulumiType:
    """`arguments` are the resource's own (snake case) with their annotation; `outputs` its readable properties."""

    token: str
    arguments: tuple[tuple[str, str], ...]
    outputs: frozenset[str]

    @property
    def tagging(self) -> tuple[str, str, bool] | None:
        """(property, shape, whether provider defaults reach it), or None when it cannot be tagged."""
        arguments = dict(self.arguments)
        for name, all_of_them, shape in (
            ("tags", "tags_all", "map"),
            ("labels", "effective_labels", "labels"),
            ("resource_labels", "effective_labels", "labels"),
        ):
            mapped = "Mapping[str, " in arguments.get(name, "")
            if mapped and (all_of_them in self.outputs or (name == "tags" and self.token.startswith("azure:"))):
                return _camel(name), shape, all_of_them in self.outputs
        if self.token.startswith("aws:autoscaling/group:"):
            return "tags", "list", False
        return None


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def parse_type(text: str) -> PulumiType | None:
    """The resource that a module of an SDK declares, or None when it declares none."""
    token = _TOKEN.search(text)
    if token is None:
        return None
    arguments = _ARGS.search(text)
    return PulumiType(
        token.group(1),
        tuple(_ARGUMENT.findall(arguments.group(1))) if arguments else (),
        frozenset(_GETTER.findall(text)),
    )


def read_pulumi(wheel: Path) -> Iterator[PulumiType]:
    """Every resource of the SDK, by token."""
    found = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(".py"):
                parsed = parse_type(archive.read(name).decode("utf-8"))
                if parsed is not None:
                    found[parsed.token] = parsed
    yield from (found[token] for token in sorted(found))
