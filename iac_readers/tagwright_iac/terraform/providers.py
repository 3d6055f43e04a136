"""Which provider configuration a resource uses, and the tags it adds.

Terraform's rules: a module call's `providers` map gives the child's configurations by name; every default
configuration that the map does not name is inherited from what the parent itself was given; a module's own provider
block wins over both. A provider that has only aliased blocks has an implied empty default.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tagwright_dictionary.model import Origin, Tags
from tagwright_iac.terraform import nodes as ast
from tagwright_iac.terraform.tags import tags_of
from tagwright_iac.terraform.values import EvalError, ObjectValue, UnknownValue, Value

if TYPE_CHECKING:
    from tagwright_iac.terraform.bodies import Argument
    from tagwright_iac.terraform.config import Declaration
    from tagwright_iac.terraform.instance import ModuleInstance


@dataclass(frozen=True, slots=True)
class Ignored:
    """`ignore_tags` of the aws provider: what it leaves out of tags_all."""

    keys: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()

    def covers(self, key: str) -> bool:
        return key in self.keys or key.startswith(self.prefixes)


class ProviderConfiguration:
    """One provider configuration: a block in a module, an implied empty one (`declaration` None), or one that only
    the caller of this module knows (`unknown`).
    """

    def __init__(
        self, module: ModuleInstance, declaration: Declaration | None, name: str, unknown: UnknownValue | None = None
    ) -> None:
        self.module = module
        self.declaration = declaration
        self.name = name
        self.unknown = unknown
        self._defaults: dict[str, tuple[Tags, Value, frozenset[str]]] = {}
        self._ignored: Ignored | None = None

    def defaults(self, kind: str) -> tuple[Tags, Value, frozenset[str]]:
        """The default tags (`kind` "default_tags": a block with `tags`) or labels ("default_labels": an argument),
        as tags, as a value, and the files they depend on.
        """
        found = self._defaults.get(kind)
        if found is None:
            session = self.module.session
            session.begin(self.declaration.file if self.declaration else "")
            try:
                value = self._defaults_value(kind)
            finally:
                files = session.end()
            location = self.declaration.location if self.declaration else None
            tags = tags_of(value, Origin("default_tags", f"provider.{self.name}", location), relabel=True)
            found = self._defaults[kind] = (tags, value, files)
        else:
            self.module.session.note(found[2])
        return found

    def _defaults_value(self, kind: str) -> Value:
        if self.unknown is not None:
            return self.unknown
        if self.declaration is None:
            return ObjectValue()
        label = f"provider.{self.name}"
        try:
            if kind != "default_tags":
                argument = self.declaration.body.arguments().get(kind)
                return (
                    argument.expression(label, "default_tags").evaluate(self.module.env) if argument else ObjectValue()
                )
            from tagwright_iac.terraform.blocks import expand_blocks  # noqa: PLC0415 - the two know each other

            result: Value = ObjectValue()
            for block in expand_blocks(self.declaration.body, "default_tags", self.module.env):
                if block.unknown is not None:
                    return block.unknown
                argument = block.body.arguments().get("tags")
                if argument is not None:
                    result = argument.expression(label, "default_tags").evaluate(block.env)
            return result
        except EvalError as error:
            return UnknownValue(f"the default tags of provider {self.name} cannot be evaluated: {error}")

    def ignored(self) -> Ignored:
        """What `ignore_tags` names, as far as it is known."""
        if self._ignored is None:
            keys: list[str] = []
            prefixes: list[str] = []
            if self.declaration is not None:
                for block in self.declaration.body.blocks("ignore_tags"):
                    arguments = block.body.arguments()
                    keys += self._strings(arguments.get("keys"))
                    prefixes += self._strings(arguments.get("key_prefixes"))
            self._ignored = Ignored(frozenset(keys), tuple(prefixes))
        return self._ignored

    def _strings(self, argument: Argument | None) -> list[str]:
        if argument is None:
            return []
        try:
            value = argument.expression().evaluate(self.module.env)
        except EvalError:
            return []
        return [item for item in value if isinstance(item, str)] if isinstance(value, tuple) else []


class ProviderScope:
    """The provider configurations that a module instance can use."""

    def __init__(self, module: ModuleInstance) -> None:
        self.module = module
        self._found: dict[tuple[str, str], ProviderConfiguration] = {}

    def for_resource(self, type_: str, reference: Argument | None) -> ProviderConfiguration:
        """The configuration a resource of `type_` uses; `reference` is its `provider` argument."""
        local_name, alias = type_.split("_", 1)[0], ""
        if reference is not None:
            named = provider_reference(reference)
            if named is None:
                return ProviderConfiguration(
                    self.module, None, local_name, UnknownValue("its provider argument cannot be read")
                )
            local_name, alias = named
        return self.find(self.module.config.source_of(local_name), alias, local_name)

    def find(self, source: str, alias: str, local_name: str) -> ProviderConfiguration:
        """The configuration of provider `source` ("hashicorp/aws") under `alias` in this module."""
        key = (source, alias)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._find(source, alias, local_name)
        return found

    def _find(self, source: str, alias: str, local_name: str) -> ProviderConfiguration:
        module = self.module
        name = f"{local_name}.{alias}" if alias else local_name
        for (declared, declared_alias), declaration in module.config.providers.items():
            if declared_alias == alias and module.config.source_of(declared) == source:
                if _is_proxy(declaration) and module.parent is not None:
                    break
                return ProviderConfiguration(module, declaration, name)
        if module.config.unread:
            cause = UnknownValue(f"{module.config.unread} cannot be read and may configure provider {name}")
            return ProviderConfiguration(module, None, name, cause)
        if module.parent is None:
            if alias and any(name in required.aliases for required in module.config.required.values()):
                cause = UnknownValue(f"provider {name} is passed in by the caller of this module", "check the caller")
                return ProviderConfiguration(module, None, name, cause)
            return ProviderConfiguration(module, None, name)
        passed = self._passed(source, alias)
        if passed is not None:
            parent_name, parent_alias = passed
            parent = module.parent
            return parent.providers.find(parent.config.source_of(parent_name), parent_alias, parent_name)
        if alias:
            cause = UnknownValue(f"{module.address} is not given the provider {name}", "add it to its providers map")
            return ProviderConfiguration(module, None, name, cause)
        return module.parent.providers.find(source, "", local_name)

    def _passed(self, source: str, alias: str) -> tuple[str, str] | None:
        """What the call's `providers` map gives for this configuration: (local name, alias) in the parent."""
        call = self.module.call
        argument = call.body.arguments().get("providers") if call is not None else None
        if argument is None:
            return None
        try:
            expression = argument.expression()
        except EvalError:
            return None
        if not isinstance(expression, ast.Object):
            return None
        for item in expression.items:
            key = item.key
            text = key if isinstance(key, str) else _reference_text(key)
            child_name, _, child_alias = (text or "").partition(".")
            if child_alias == alias and self.module.config.source_of(child_name) == source:
                target = _reference_text(item.value) or ""
                parent_name, _, parent_alias = target.partition(".")
                return parent_name, parent_alias
        return None


def _is_proxy(declaration: Declaration) -> bool:
    """An empty provider block in a child module is the pre-0.13 way to declare that one is passed in."""
    arguments = declaration.body.arguments()
    return (
        not any(name not in ("alias", "version") for name in arguments)
        and not declaration.body.blocks("default_tags")
        and not declaration.body.blocks("dynamic", 1)
    )


def _reference_text(expression: Any) -> str | None:
    if isinstance(expression, ast.Reference):
        return ".".join((expression.root, *expression.names))
    if isinstance(expression, ast.Literal) and isinstance(expression.value, str):
        return expression.value
    return None


def provider_reference(argument: Argument) -> tuple[str, str] | None:
    """`provider = aws.west` (or the quoted form) as (local name, alias); None when it is neither."""
    try:
        text = _reference_text(argument.expression())
    except EvalError:
        return None
    if text is None:
        return None
    name, _, alias = text.partition(".")
    return name, alias


_VERSION = re.compile(r"(>=|<=|~>|!=|=|>|<)?\s*v?(\d+(?:\.\d+)*)")


def may_be_at_least(constraint: str, version: tuple[int, ...]) -> bool:
    """Whether the newest version that `constraint` allows is at least `version`, as terraform init would choose.

    An upper bound below it says no; anything else says yes. Source: the version constraint syntax of Terraform.
    """
    for operator, text in _VERSION.findall(constraint):
        bound = tuple(int(part) for part in text.split("."))
        if operator in ("", "=") and bound < version[: len(bound)]:
            return False
        if operator in ("", "=") and len(bound) == 3 and bound < version:
            return False
        if operator == "<" and bound <= version:
            return False
        if operator == "<=" and bound < version:
            return False
        if operator == "~>" and not _pessimistic_allows(bound, version):
            return False
    return True


def _pessimistic_allows(bound: tuple[int, ...], version: tuple[int, ...]) -> bool:
    """`~> 5.20` goes up to below 6; `~> 5.20.1` up to below 5.21."""
    if len(bound) == 1:
        return True
    upper = (*bound[:-2], bound[-2] + 1)
    return upper > version[: len(upper)] or bound >= version
