"""One entry of `resource_changes`, as far as tags go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tagwright_dictionary.model import Unknown
from tagwright_iac.plan.node import Node, clean

_JUDGED = frozenset({"create", "update"})


class EntryError(ValueError):
    """An entry has not the form that Terraform documents; the text says what is amiss."""


@dataclass(frozen=True, slots=True)
class Change:
    """`key`: the instance key as Terraform prints it; `module`: the module instance's address, "" for the root;
    `partial`: why tags may be missing from `after` without a mark.
    """

    address: str
    module: str
    type: str
    name: str
    key: str
    provider: str
    actions: tuple[str, ...]
    importing: bool
    after: Node
    exists: Unknown | None = None
    partial: Unknown | None = None

    @property
    def block(self) -> str:
        """The address without any instance key."""
        module = without_keys(self.module)
        return f"{module}.{self.type}.{self.name}" if module else f"{self.type}.{self.name}"

    @property
    def changes_something(self) -> bool:
        return self.importing or bool(_JUDGED & set(self.actions))


def change_of(raw: Any) -> Change | None:
    """None for what is not judged: data sources, reads, ephemeral values, deletions, forgotten and deposed objects.

    A replacement is judged in either order, an import like a change. Raises `EntryError` when the entry has not the
    form that Terraform documents.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("change"), dict):
        raise EntryError("an entry of resource_changes is no resource change")
    if raw.get("mode", "managed") != "managed" or raw.get("deposed"):
        return None
    change = raw["change"]
    actions = change.get("actions")
    if not isinstance(actions, list) or not all(isinstance(action, str) for action in actions):
        raise EntryError("a resource change has no list of actions")
    if not _JUDGED & set(actions) and actions != ["no-op"]:
        return None
    after = Node(
        change.get("after") if isinstance(change.get("after"), dict) else None,
        change.get("after_unknown", False),
        change.get("after_sensitive", False),
    )
    return Change(
        address=clean_text(raw, "address"),
        module=clean_text(raw, "module_address", optional=True),
        type=clean_text(raw, "type"),
        name=clean_text(raw, "name"),
        key=instance_key(raw.get("index")),
        provider=short_provider(clean_text(raw, "provider_name", optional=True)),
        actions=tuple(actions),
        importing=bool(change.get("importing")),
        after=after,
    )


def instance_key(index: Any) -> str:
    """As Terraform prints it: `0`, `"a"`, with its escapes; "" without one."""
    if isinstance(index, bool) or index is None:
        return ""
    if isinstance(index, (int, float)):
        return str(int(index)) if index == index and abs(index) < 1e18 else ""  # noqa: PLR0124 - NaN is not itself
    text = clean(str(index)).replace("\\", "\\\\").replace('"', '\\"')
    text = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return '"' + text.replace("${", "$${").replace("%{", "%%{") + '"'


@lru_cache(maxsize=4096)
def without_keys(address: str) -> str:
    """An address without its instance keys; a key may hold brackets and escaped quotes."""
    if "[" not in address:
        return address
    kept, inside, quoted, escaped = [], False, False, False
    for character in address:
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif inside:
            quoted, inside = character == '"', character != "]"
        elif character == "[":
            inside = True
        else:
            kept.append(character)
    return "".join(kept)


def short_provider(source: str) -> str:
    """Such as "aws" of "registry.terraform.io/hashicorp/aws"; older plans name it alone."""
    return source.rsplit("/", 1)[-1]


def clean_text(raw: dict[str, Any], name: str, *, optional: bool = False) -> str:
    value = raw.get(name)
    if isinstance(value, str) and value:
        return clean(value)
    if optional:
        return ""
    raise EntryError(f"a resource change has no {name}")
