"""Nested blocks with `dynamic` ones expanded, and their plain view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tagwright_dictionary.model import NO_TAGS, Location, Origin, Tags, Unknown
from tagwright_iac.terraform.bodies import Body
from tagwright_iac.terraform.config import literal
from tagwright_iac.terraform.expressions import Env, LazyObject
from tagwright_iac.terraform.loops import rounds
from tagwright_iac.terraform.tags import tags_of
from tagwright_iac.terraform.values import EvalError, ObjectValue, UnknownValue, Value

if TYPE_CHECKING:
    from tagwright_iac.view import BlockView, PlainValue


@dataclass(frozen=True, slots=True)
class ExpandedBlock:
    """A block and the names its content may use; `unknown` set: whether (and how often) it exists is not known."""

    body: Body
    env: Env
    location: Location
    unknown: UnknownValue | None = None


def expand_blocks(body: Body, block_type: str, env: Env) -> list[ExpandedBlock]:
    """The blocks of that type, static ones first, then what `dynamic` ones give, in source order."""
    found = [ExpandedBlock(block.body, env, block.location) for block in body.blocks(block_type)]
    for block in body.blocks("dynamic", 1):
        if block.labels[:1] == (block_type,):
            found.extend(_dynamic(block.body, block_type, env, block.location))
    return found


def _dynamic(body: Body, block_type: str, env: Env, location: Location) -> list[ExpandedBlock]:
    arguments = body.arguments()
    contents = body.blocks("content")
    if not contents or "for_each" not in arguments:
        return []
    content = contents[0]
    iterator = block_type
    if "iterator" in arguments:
        name = arguments["iterator"].expression()
        root = getattr(name, "root", None)
        iterator = root if isinstance(root, str) else str(literal(arguments["iterator"]) or block_type)

    def bound(key: Value, value: Value) -> Env:
        return env.bind(**{iterator: ObjectValue({"key": key, "value": value})})

    try:
        collection = arguments["for_each"].expression().evaluate(env)
        if collection is None:
            raise EvalError("for_each of a dynamic block is null")
        if not isinstance(collection, UnknownValue):
            result = [
                ExpandedBlock(content.body, bound(key, value), content.location) for key, value in rounds(collection)
            ]
            rest = collection.rest if isinstance(collection, ObjectValue) else None
            if rest is not None:
                result.append(
                    ExpandedBlock(content.body, bound(rest.derived(), rest.derived()), content.location, rest)
                )
            return result
    except EvalError as error:
        collection = UnknownValue(f"dynamic {block_type!r} cannot be evaluated: {error}")
    unknown = collection.derived()
    return [ExpandedBlock(content.body, bound(unknown, unknown), location, collection)]


def plain(value: Value) -> PlainValue:
    """A value as `view.PlainValue`."""
    if isinstance(value, UnknownValue):
        return Unknown(value.cause, value.hint)
    if isinstance(value, LazyObject):
        return Unknown(value.rest.cause if value.rest else "known after apply")
    if isinstance(value, ObjectValue):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


class HclBlock:
    """`view.BlockView` of a block in HCL."""

    def __init__(self, block: ExpandedBlock) -> None:
        self.block = block

    @property
    def exists(self) -> Unknown | None:
        unknown = self.block.unknown
        return None if unknown is None else Unknown(unknown.cause, unknown.hint)

    def raw(self, name: str) -> Value:
        """The argument's evaluator value; an error of Terraform is unknown with its text."""
        argument = self.block.body.arguments().get(name)
        if argument is None:
            return None
        try:
            return argument.expression().evaluate(self.block.env)
        except EvalError as error:
            return UnknownValue(f"{name} cannot be evaluated: {error}")

    def attribute(self, name: str) -> PlainValue:
        return plain(self.raw(name))

    def blocks(self, name: str) -> tuple[BlockView, ...]:
        return nested_views(self.block.body, name, self.block.env, self.raw)

    def raw_blocks(self, name: str) -> tuple[Any, ...]:
        """Like `blocks`, with the views of this module's own kind."""
        return nested_views(self.block.body, name, self.block.env, self.raw)

    def tags(self, name: str) -> Tags:
        return argument_tags(self.block.body, name, self.block.env)


def nested_views(body: Body, name: str, env: Env, raw: Any) -> tuple[Any, ...]:
    """Views of the nested blocks `name`; an argument of that name that holds objects counts as blocks."""
    blocks = expand_blocks(body, name, env)
    if blocks:
        return tuple(HclBlock(block) for block in blocks)
    value = raw(name)
    if isinstance(value, UnknownValue):
        return (ValueBlock({}, Unknown(value.cause, value.hint)),)
    if isinstance(value, ObjectValue):
        return (ValueBlock(value),)
    if isinstance(value, tuple):
        return tuple(ValueBlock(item) for item in value if isinstance(item, ObjectValue))
    return ()


class ValueBlock:
    """`view.BlockView` of an object value (blocks written as an argument)."""

    def __init__(self, value: Mapping[str, Value], exists: Unknown | None = None) -> None:
        self.value = value
        self.exists = exists

    def raw(self, name: str) -> Value:
        if isinstance(self.value, LazyObject):
            return self.value.resolve(name)
        if name not in self.value and self.exists is not None:
            return UnknownValue(self.exists.cause, self.exists.hint)
        return self.value.get(name)

    def attribute(self, name: str) -> PlainValue:
        return plain(self.raw(name))

    def blocks(self, name: str) -> tuple[BlockView, ...]:
        return self.raw_blocks(name)

    def raw_blocks(self, name: str) -> tuple[Any, ...]:
        value = self.raw(name)
        items = value if isinstance(value, tuple) else (value,)
        return tuple(ValueBlock(item) for item in items if isinstance(item, ObjectValue))

    def tags(self, name: str) -> Tags:
        return tags_of(self.raw(name), Origin("resource", name))


def argument_tags(body: Body, name: str, env: Env, label: str = "") -> Tags:
    """The map argument `name` as tags."""
    argument = body.arguments().get(name)
    if argument is None:
        return NO_TAGS
    origin = Origin("resource", label, argument.location)
    try:
        return tags_of(argument.expression(label).evaluate(env), origin)
    except EvalError as error:
        return Tags((), complete=False, cause=Unknown(f"{name} cannot be evaluated: {error}"))
