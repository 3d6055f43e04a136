"""A resource instance: `view.ResourceView` for classes and bills, and the value that references to it have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tagwright_dictionary.model import NO_TAGS, Location, Origin, Tags, Unknown
from tagwright_iac.reach.tagsets import layers
from tagwright_iac.terraform import conversion
from tagwright_iac.terraform.addresses import instance_key
from tagwright_iac.terraform.blocks import HclBlock, nested_views, plain
from tagwright_iac.terraform.config import Declaration
from tagwright_iac.terraform.expressions import LazyObject
from tagwright_iac.terraform.providers import ProviderConfiguration, may_be_at_least
from tagwright_iac.terraform.tags import tag_value, tags_of
from tagwright_iac.terraform.values import EvalError, ObjectValue, UnknownValue, Value

if TYPE_CHECKING:
    from tagwright_dictionary.catalogue import TagSupport
    from tagwright_iac.terraform.instance import ModuleInstance
    from tagwright_iac.view import BlockView, PlainValue, ResourceView

META = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle"})
_UNSET = object()
_NULL_WHEN_UNSET = {"terraform_data": ("input", "output", "triggers_replace")}
"""Attributes that are null, and known to be, when the code does not set them (terraform_data: its input)."""
_APPLY = "known after apply: check the plan or the live resource"


class ResourceValue(LazyObject):
    """`type.name` in an expression."""

    __slots__ = ("instance",)

    def __init__(self, instance: ResourceInstance) -> None:
        super().__init__(rest=UnknownValue(f"{instance.block} is known after apply", _APPLY))
        self.instance = instance

    def resolve(self, name: str) -> Value:
        return self.instance.resolve(name)


class ResourceInstance:
    """One instance of a resource block (or the one that stands for an unknown number of them)."""

    def __init__(
        self,
        module: ModuleInstance,
        mode: str,
        type_: str,
        name: str,
        declaration: Declaration,
        key: Any,
        names: Mapping[str, Value],
        files: frozenset[str],
    ) -> None:
        self.module = module
        self.mode = mode
        self.type = type_
        self.name = name
        self.declaration = declaration
        self.key = key
        self.body = declaration.body
        self.files = files
        self.env = module.env.bind(**names) if names else module.env
        local = f"{type_}.{name}" if mode == "managed" else f"data.{type_}.{name}"
        prefix = f"{module.address}." if module.address else ""
        self.instance_key = instance_key(key)
        self.address = f"{prefix}{local}{self.instance_key}"
        block_prefix = f"{module.block_address}." if module.block_address else ""
        self.block: str = f"{block_prefix}{local}"
        self.unknown_count = key if isinstance(key, UnknownValue) else None
        self.value = ResourceValue(self)
        self._raw: dict[str, Value] = {}
        self._files: dict[str, frozenset[str]] = {}
        self._active: set[str] = set()
        self._tags: dict[str, tuple[Tags, frozenset[str]]] = {}
        self._support: TagSupport | None = None

    # -- values ------------------------------------------------------------------------------------------------------

    def raw(self, name: str) -> Value:
        """The argument's evaluator value, None when not set; an error of Terraform is unknown with its text."""
        value = self._raw.get(name, _UNSET)
        if value is _UNSET:
            argument = self.body.arguments().get(name)
            if argument is None:
                value = None
            elif name in self._active:
                self.module.session.problem(
                    argument.location, f"{self.block} refers to itself", "break the circle: Terraform refuses it"
                )
                return UnknownValue(f"{self.block} refers to itself")
            else:
                self._active.add(name)
                session = self.module.session
                session.begin(self.declaration.file)
                try:
                    value = argument.expression(self.block, "resource").evaluate(self.env)
                except EvalError as error:
                    value = UnknownValue(f"{name} cannot be evaluated: {error}")
                finally:
                    self._active.discard(name)
                    self._files[name] = session.end()
            self._raw[name] = value
        elif name in self._files:
            self.module.session.note(self._files[name])
        return value

    def resolve(self, name: str) -> Value:
        """What an expression sees at `.name`: an argument of the code, or unknown until apply."""
        self.module.session.note(self.files)
        self.module.session.note({self.declaration.file})
        if self.mode == "data":
            return self._resolve_data(name)
        if name in self.body.arguments() and name not in META:
            value = self.raw(name)
            if value is not None:
                return value
        if name in _NULL_WHEN_UNSET.get(self.type, ("tags", "labels")) and "input" not in self.body.arguments():
            return self.raw(name)
        if name == "tags_all":
            return self._as_value(self.effective_tags)
        blocks = nested_views(self.body, name, self.env, lambda _: None)
        if blocks:
            return tuple(_BlockValue(block, self, name) for block in blocks)
        certain = name in ("id", "arn")
        cause = f"{self.block}.{name} is known after apply"
        return UnknownValue(cause, _APPLY, not_null=certain, kind="string" if certain else "", ref=self, attribute=name)

    def _resolve_data(self, name: str) -> Value:
        if self.type == "aws_default_tags" and name == "tags":
            return self.provider.defaults("default_tags")[1]
        if name in self.body.arguments() and name not in META and name not in ("tags", "labels"):
            # What a data source is asked for it answers with; tags it may find more of.
            value = self.raw(name)
            if value is not None:
                return value
        return UnknownValue(f"{self.block} is read from the provider", "check the plan", ref=self, attribute=name)

    @staticmethod
    def _as_value(tags: Tags) -> Value:
        entries: dict[str, Value] = {}
        origins: dict[str, Origin] = {}
        for tag in tags.items:
            value = tag.value
            entries[tag.key] = UnknownValue(value.cause, value.hint) if isinstance(value, Unknown) else value
            if tag.origin is not None:
                origins[tag.key] = tag.origin
        rest = None if tags.complete or tags.cause is None else UnknownValue(tags.cause.cause, tags.cause.hint)
        return ObjectValue(entries, rest=rest, origins=origins)

    # -- BlockView ---------------------------------------------------------------------------------------------------

    @property
    def exists(self) -> Unknown | None:
        """Why it is unknown whether the resource exists; None when it does."""
        if self.unknown_count is not None:
            return Unknown(self.unknown_count.cause, self.unknown_count.hint)
        return self.module.exists

    def attribute(self, name: str) -> PlainValue:
        return plain(self.raw(name))

    def blocks(self, name: str) -> tuple[BlockView, ...]:
        return nested_views(self.body, name, self.env, self.raw)

    def tags(self, name: str) -> Tags:
        argument = self.body.arguments().get(name)
        if argument is None:
            return NO_TAGS
        return tags_of(self.raw(name), Origin("resource", self.block, argument.location))

    # -- ResourceView ------------------------------------------------------------------------------------------------

    @property
    def support(self) -> TagSupport:
        from tagwright_dictionary.catalogue import tag_support  # noqa: PLC0415 - the tables load with the first type

        if self._support is None:
            self._support = tag_support(self.type)
        return self._support

    @property
    def provider(self) -> ProviderConfiguration:
        return self.module.providers.for_resource(self.type, self.body.arguments().get("provider"))

    @property
    def own_tags(self) -> Tags:
        return self._kept("own", self._own_tags)

    def _kept(self, name: str, compute: Callable[[], Tags]) -> Tags:
        """Compute once; the files depended on count each time it is asked for."""
        session = self.module.session
        found = self._tags.get(name)
        if found is None:
            session.begin()
            try:
                tags = compute()
            finally:
                files = session.end()
            found = self._tags[name] = (tags, files)
        else:
            session.note(found[1])
        return found[0]

    def _own_tags(self) -> Tags:
        support = self.support
        if support.shape == "tag_block":
            return layers(self._tag_blocks(), self._tag_list("tags"))
        if support.shape == "list":
            return self._tag_list(support.attribute)
        path = support.attribute.split(".") if support.attribute else ["tags"]
        if len(path) == 1:
            return self.tags(path[0])
        views: tuple[Any, ...] = (self,)
        for step in path[:-1]:
            views = tuple(inner for view in views for inner in view.blocks(step))
        return layers(*(view.tags(path[-1]) for view in views)) if views else NO_TAGS

    def _tag_blocks(self) -> Tags:
        """`tag { key, value }` blocks."""
        found = NO_TAGS
        for block in nested_views(self.body, "tag", self.env, lambda _: None):
            location = block.block.location if isinstance(block, HclBlock) else self.declaration.location
            found = layers(
                found,
                _pair(block.raw("key"), block.raw("value"), block.exists, Origin("resource", self.block, location)),
            )
        return found

    def _tag_list(self, name: str) -> Tags:
        """A list of {key, value} objects."""
        value = self.raw(name)
        if value is None or isinstance(value, ObjectValue):
            return tags_of(value, Origin("resource", self.block, self.tag_location)) if value else NO_TAGS
        if isinstance(value, UnknownValue):
            return Tags((), complete=False, cause=Unknown(value.cause, value.hint))
        if not isinstance(value, tuple):
            return Tags((), complete=False, cause=Unknown(f"{name} is not a list"))
        found = NO_TAGS
        for item in value:
            if isinstance(item, UnknownValue):
                found = layers(found, Tags((), complete=False, cause=Unknown(item.cause, item.hint)))
            elif isinstance(item, ObjectValue):
                where = item.origins.get("key") or Origin("resource", self.block, self.tag_location)
                found = layers(found, _pair(item.get("key"), item.get("value"), None, where))
        return found

    @property
    def default_tags(self) -> Tags:
        if self.type.startswith("aws_"):
            return self.provider.defaults("default_tags")[0]
        if self.type.startswith("google_"):
            return self.provider.defaults("default_labels")[0]
        return NO_TAGS

    @property
    def effective_tags(self) -> Tags:
        return self._kept("effective", self._effective_tags)

    def _effective_tags(self) -> Tags:
        if not self.support.defaults:
            return self.own_tags
        merged = layers(self.default_tags, self.own_tags)
        ignored = self.provider.ignored()
        if ignored.keys or ignored.prefixes:
            kept = tuple(tag for tag in merged.items if not ignored.covers(tag.key))
            return Tags(kept, merged.complete, merged.cause)
        return merged

    @property
    def location(self) -> Location:
        return self.declaration.location

    @property
    def tag_location(self) -> Location:
        """Where the tags are written, or the block where they would be."""
        arguments = self.body.arguments()
        root = self.support.attribute.split(".")[0] if self.support.attribute else "tags"
        if root in arguments:
            return arguments[root].location
        return self.declaration.location

    def link(self, *path: str) -> ResourceView | Unknown | None:
        views: tuple[Any, ...] = (self,)
        for step in path[:-1]:
            if step.isdigit():  # one of several blocks
                views = views[int(step) : int(step) + 1]
            else:
                views = tuple(inner for view in views for inner in nested(view, step))
        found: ResourceView | Unknown | None = None
        for view in views:
            value = view.raw(path[-1])
            if value is None:
                continue
            if isinstance(value, UnknownValue):
                target = value.ref
                if isinstance(target, ResourceInstance) and target.mode == "managed":
                    return target
                found = Unknown(value.cause, value.hint)
                continue
            text = tag_value(value)
            named = self._named(path, text) if isinstance(text, str) else None
            if named is not None:
                return named
            found = found or Unknown(f"{path[-1]} = {text!r} is not part of this code", "check the plan")
        return found

    def _named(self, path: tuple[str, ...], name: str) -> ResourceInstance | None:
        """The resource of this root that a reference by a known name means."""
        wanted = _NAMED_TYPES.get(path[0] if len(path) == 1 or path[-1] not in _NAMED_TYPES else path[-1])
        wanted = wanted or next((type_ for word, type_ in _NAMED_TYPES.items() if word in path), None)
        if wanted is None:
            return None
        root = self.module
        while root.parent is not None:
            root = root.parent
        for candidate in _instances_of(root, wanted):
            if candidate.raw("name") == name:
                return candidate
        return None

    def provider_at_least(self, version: tuple[int, ...]) -> bool:
        module: ModuleInstance | None = self.module
        source = self.module.config.source_of(self.type.split("_", 1)[0])
        while module is not None:
            for name, required in module.config.required.items():
                if module.config.source_of(name) == source and not may_be_at_least(required.version, version):
                    return False
            module = module.parent
        return True


_NAMED_TYPES = {
    "launch_template": "aws_launch_template",
    "launch_template_specification": "aws_launch_template",
    "launch_configuration": "aws_launch_configuration",
    "task_definition": "aws_ecs_task_definition",
}


def _instances_of(module: ModuleInstance, type_: str) -> list[ResourceInstance]:
    """The instances of a type in a module and everything below it."""
    found: list[ResourceInstance] = []
    for (declared, name), declaration in module.config.resources.items():
        if declared == type_:
            found.extend(module.resource_instances("managed", declared, name, declaration)[0])
    for name in module.config.modules:
        children = module.children(name)
        if not isinstance(children, UnknownValue):
            for child in children:
                found.extend(_instances_of(child, type_))
    return found


def nested(view: Any, name: str) -> tuple[Any, ...]:
    """Nested views that keep evaluator values."""
    if isinstance(view, ResourceInstance):
        return nested_views(view.body, name, view.env, view.raw)
    found: tuple[Any, ...] = view.raw_blocks(name)
    return found


def _pair(key: Value, value: Value, exists: Unknown | None, origin: Origin) -> Tags:
    """One key/value pair as tags."""
    if exists is not None:
        return Tags((), complete=False, cause=exists)
    if isinstance(key, UnknownValue):
        return Tags((), complete=False, cause=Unknown(key.cause, key.hint))
    if key is None or value is None:
        return NO_TAGS
    name = conversion.to_string(key)
    if not isinstance(name, str):
        return Tags((), complete=False, cause=Unknown("a tag key is not known"))
    return tags_of(ObjectValue({name: value}), origin)


class _BlockValue(LazyObject):
    """A nested block seen by an expression: arguments of the code, the rest unknown until apply."""

    __slots__ = ("instance", "name", "view")

    def __init__(self, view: Any, instance: ResourceInstance, name: str) -> None:
        super().__init__(rest=UnknownValue(f"{instance.block}.{name} is known after apply", _APPLY))
        self.view = view
        self.instance = instance
        self.name = name

    def resolve(self, name: str) -> Value:
        value = self.view.raw(name)
        if value is not None:
            return value
        return UnknownValue(f"{self.instance.block}.{self.name}.{name} is known after apply", _APPLY)
