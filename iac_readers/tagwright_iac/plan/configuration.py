"""The plan's `configuration` section: what the code says where the planned values are silent.

Kept of it, pruned while it is read: which provider configuration each resource block uses, what that configuration
says of default tags and versions, and which references stand in expressions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tagwright_iac.plan.cursor import Cursor, MalformedError

_DEEPEST_MODULES = 100

References = dict[tuple[str, ...], tuple[str, ...]]
"""Path of an expression in a block (list indexes as digits) to what it refers to, most exact first."""


@dataclass(frozen=True, slots=True)
class Block:
    """A resource block. `written`: the top-level arguments and blocks that the code has (dynamic blocks apart, which
    Terraform leaves out of the configuration section).
    """

    type: str
    provider_key: str
    written: frozenset[str] = frozenset()
    references: References = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Module:
    """A module call: `inputs` and `outputs` are references by name; `blocks` by "type.name"."""

    blocks: dict[str, Block] = field(default_factory=dict)
    inputs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    outputs: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider configuration; `defaults` is the expression of default_tags/default_labels (None: no such)."""

    source: str
    versions: str = ""
    defaults: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """`modules` by call path without keys ("module.a.module.b", "" for the root)."""

    providers: dict[str, Provider] = field(default_factory=dict)
    modules: dict[str, Module] = field(default_factory=dict)
    present: bool = True

    def block(self, module: str, name: str) -> Block | None:
        found = self.modules.get(module)
        return found.blocks.get(name) if found else None

    def has_type(self, type_: str) -> bool:
        """Whether any block has this type; True when the section is missing and nothing can be said."""
        return not self.present or any(
            block.type == type_ for module in self.modules.values() for block in module.blocks.values()
        )

    def provider(self, key: str) -> Provider | None:
        """The configuration of a `provider_config_key`. A module without one of its own uses its parent's."""
        while True:
            found = self.providers.get(key)
            if found is not None or ":" not in key:
                return found if found is None or found.defaults is not None else self._same_default(key, found)
            module, name = key.rsplit(":", 1)
            key = f"{module.rpartition('.module.')[0]}:{name}" if ".module." in module else name

    def _same_default(self, key: str, provider: Provider) -> Provider:
        """The same default configuration under another local name: a type without `provider` finds it all the same."""
        module, _, name = key.rpartition(":")
        if "." in name:
            return provider
        for other, found in sorted(self.providers.items()):
            place, _, local = other.rpartition(":")
            if place == module and "." not in local and found.source == provider.source and found.defaults is not None:
                return found
        return provider

    def versions(self, source: str) -> str:
        """Every version constraint put on a provider, as one."""
        found = {item.versions for item in self.providers.values() if item.source == source and item.versions}
        return ", ".join(sorted(found))


def read_configuration(cursor: Cursor) -> Configuration:
    """The section that the cursor stands at. Raises `MalformedError`."""
    found = Configuration()
    for key in _keys(cursor):
        if key == "provider_config":
            providers = cursor.value()
            for name, raw in providers.items() if isinstance(providers, dict) else ():
                if isinstance(raw, dict):
                    found.providers[name] = _provider(raw)
        elif key == "root_module":
            _module(cursor, found, "", {}, 0)
        else:
            cursor.skip()
    return found


def expression_references(expression: Any) -> tuple[str, ...]:
    """What an expression refers to; () for a constant and for what refers to nothing."""
    names = expression.get("references") if isinstance(expression, dict) else None
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()


def _keys(cursor: Cursor) -> Iterator[str]:
    """The keys of what should be an object; anything else has none."""
    if cursor.peek() == "{":
        yield from cursor.entries()
    else:
        cursor.skip()


def _module(cursor: Cursor, found: Configuration, path: str, inputs: dict[str, tuple[str, ...]], depth: int) -> None:
    if depth > _DEEPEST_MODULES:
        raise MalformedError("modules are nested too deeply")
    module = Module(inputs=inputs)
    found.modules[path] = module
    for key in _keys(cursor):
        if key == "resources" and cursor.peek() == "[":
            for _ in cursor.items():
                _resource(cursor.value(), module)
        elif key == "outputs":
            outputs = cursor.value()
            for name, raw in outputs.items() if isinstance(outputs, dict) else ():
                expression = raw.get("expression") if isinstance(raw, dict) else None
                module.outputs[name] = expression_references(expression)
        elif key == "module_calls":
            for name in _keys(cursor):
                _call(cursor, found, f"{path}.module.{name}" if path else f"module.{name}", depth)
        else:
            cursor.skip()


def _call(cursor: Cursor, found: Configuration, path: str, depth: int) -> None:
    inputs: dict[str, tuple[str, ...]] = {}
    for key in _keys(cursor):
        if key == "expressions":
            expressions = cursor.value()
            for name, expression in expressions.items() if isinstance(expressions, dict) else ():
                inputs[name] = expression_references(expression)
        elif key == "module":
            _module(cursor, found, path, inputs, depth + 1)
        else:
            cursor.skip()


def _resource(raw: Any, module: Module) -> None:
    if not isinstance(raw, dict) or raw.get("mode", "managed") != "managed":
        return
    type_, name, key = raw.get("type"), raw.get("name"), raw.get("provider_config_key")
    if not isinstance(type_, str) or not isinstance(name, str):
        return
    references: References = {}
    _collect(raw.get("expressions"), (), references, 0)
    expressions = raw.get("expressions")
    written = frozenset(expressions) if isinstance(expressions, dict) else frozenset()
    module.blocks[f"{type_}.{name}"] = Block(type_, key if isinstance(key, str) else "", written, references)


def _collect(value: Any, path: tuple[str, ...], found: References, depth: int) -> None:
    """Expressions of blocks nest as lists of objects; an expression is an object with `references`."""
    if depth > _DEEPEST_MODULES:
        return
    if isinstance(value, list):
        for index, item in enumerate(value):
            _collect(item, (*path, str(index)), found, depth + 1)
    elif isinstance(value, dict):
        names = expression_references(value)
        if names:
            found[path] = names
        elif "constant_value" not in value:
            for name, item in value.items():
                _collect(item, (*path, name), found, depth + 1)


def _provider(raw: Mapping[str, Any]) -> Provider:
    expressions = raw.get("expressions")
    defaults: Any = None
    if isinstance(expressions, dict):
        blocks = expressions.get("default_tags")
        if isinstance(blocks, list) and blocks and isinstance(blocks[0], dict):
            defaults = blocks[0].get("tags")
        elif isinstance(blocks, dict):
            defaults = blocks.get("tags", blocks)
        else:
            defaults = expressions.get("default_labels")
    source = raw.get("full_name") or raw.get("name")
    versions = raw.get("version_constraint")
    return Provider(
        source if isinstance(source, str) else "",
        versions if isinstance(versions, str) else "",
        defaults if isinstance(defaults, dict) else None,
    )
