"""`for` expressions, and the `for` of templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tagwright_dictionary.model import Origin
from tagwright_iac.terraform import conversion
from tagwright_iac.terraform.expressions import Env, Expression, LazyObject
from tagwright_iac.terraform.numbers import counted
from tagwright_iac.terraform.values import (
    EvalError,
    ObjectValue,
    SensitiveStr,
    SetValue,
    UnknownValue,
    Value,
    first_unknown,
    is_sensitive,
)

if TYPE_CHECKING:
    pass


def rounds(collection: Value) -> Iterator[tuple[Value, Value]]:
    """The (key, value) rounds of a `for` over a known collection, in Terraform's order."""
    if isinstance(collection, SetValue):
        for item in collection:
            yield item, item
    elif isinstance(collection, tuple):
        for position, item in enumerate(collection):
            yield counted(position), item
    elif isinstance(collection, ObjectValue) and not isinstance(collection, LazyObject):
        for key in sorted(collection):
            yield key, collection[key]
    else:
        raise EvalError("a for expression needs a list, set, map or object")


def _known(value: Value) -> bool | UnknownValue:
    """A condition's value; null and non-booleans are errors as in Terraform."""
    if isinstance(value, bool | UnknownValue):
        return value
    if value is None:
        raise EvalError("the condition of a for expression is null")
    return conversion.to_bool(value)


class ForTuple(Expression):
    """`[for k, v in collection : value if condition]`."""

    __slots__ = ("collection", "condition", "key_name", "value", "value_name")

    def __init__(
        self,
        key_name: str,
        value_name: str,
        collection: Expression,
        value: Expression,
        condition: Expression | None,
    ) -> None:
        self.key_name = key_name
        self.value_name = value_name
        self.collection = collection
        self.value = value
        self.condition = condition

    def evaluate(self, env: Env) -> Value:
        collection = self.collection.evaluate(env)
        if isinstance(collection, UnknownValue):
            return collection.derived(not_null=True)
        if isinstance(collection, ObjectValue) and collection.rest is not None:
            return collection.rest.derived(not_null=True)
        result: list[Value] = []
        for key, value in rounds(collection):
            env.module.context.spend(1)
            inner = Env(env.module, {**env.names, self.value_name: value})
            if self.key_name:
                inner.names[self.key_name] = key
            if self.condition is not None:
                keep = _known(self.condition.evaluate(inner))
                if isinstance(keep, UnknownValue):
                    return keep.derived(not_null=True)
                if not keep:
                    continue
            result.append(self.value.evaluate(inner))
        made = tuple(result)
        env.module.context.carry(made)
        return made


class ForObject(Expression):
    """`{for k, v in collection : key => value if condition}`, grouping with `...`."""

    __slots__ = ("collection", "condition", "group", "key", "key_name", "value", "value_name")

    def __init__(
        self,
        key_name: str,
        value_name: str,
        collection: Expression,
        key: Expression,
        value: Expression,
        condition: Expression | None,
        group: bool,
    ) -> None:
        self.key_name = key_name
        self.value_name = value_name
        self.collection = collection
        self.key = key
        self.value = value
        self.condition = condition
        self.group = group

    def evaluate(self, env: Env) -> Value:
        collection = self.collection.evaluate(env)
        if isinstance(collection, UnknownValue):
            return collection.derived(not_null=True)
        rest = collection.rest if isinstance(collection, ObjectValue) else None
        if isinstance(collection, LazyObject):
            return UnknownValue(rest.cause if rest else "its attributes are known after apply", not_null=True)
        entries: dict[str, Value] = {}
        groups: dict[str, list[Value]] = {}
        origins: dict[str, Origin] = {}
        written = collection.origins if isinstance(collection, ObjectValue) else {}
        for key, value in rounds(collection):
            env.module.context.spend(1)
            inner = Env(env.module, {**env.names, self.value_name: value})
            if self.key_name:
                inner.names[self.key_name] = key
            if self.condition is not None:
                keep = _known(self.condition.evaluate(inner))
                if isinstance(keep, UnknownValue):
                    rest = keep.derived()
                    continue
                if not keep:
                    continue
            name = conversion.to_string(self.key.evaluate(inner))
            if name is None:
                raise EvalError("a for expression gives a null key")
            result = self.value.evaluate(inner)
            if isinstance(name, UnknownValue):
                rest = name.derived()
                continue
            if self.group:
                groups.setdefault(name, []).append(result)
            elif name in entries:
                raise EvalError(f"a for expression gives the key {name!r} twice")
            else:
                entries[name] = result
            if isinstance(key, str) and key in written:
                origins[name] = written[key]
        if self.group:
            if rest is not None:
                return rest.derived(not_null=True)
            made = ObjectValue({name: tuple(values) for name, values in groups.items()})
        else:
            made = ObjectValue(entries, rest=rest, origins=origins)
        env.module.context.carry(made)
        return made


class JoinedFor(Expression):
    """`%{ for }` of a template: the pieces of each round, joined."""

    __slots__ = ("loop",)

    def __init__(self, loop: ForTuple) -> None:
        self.loop = loop

    def evaluate(self, env: Env) -> Value:
        pieces = self.loop.evaluate(env)
        unknown = first_unknown(pieces)
        if unknown is not None:
            return unknown.derived(not_null=True)
        text = "".join(pieces)
        return SensitiveStr(text) if is_sensitive(pieces) else text
