"""Lists and objects of an HCL expression. An object remembers where each entry was written, for the origin of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwright_dictionary.model import Origin
from tagwright_iac.terraform import conversion
from tagwright_iac.terraform.expressions import Env, Expression, Literal, Reference
from tagwright_iac.terraform.source import SourceText
from tagwright_iac.terraform.values import (
    EvalError,
    ObjectValue,
    UnknownValue,
    Value,
)

if TYPE_CHECKING:
    pass


class Tuple(Expression):
    __slots__ = ("items",)

    def __init__(self, items: tuple[Expression, ...]) -> None:
        self.items = items

    def evaluate(self, env: Env) -> Value:
        result = tuple([item.evaluate(env) for item in self.items])
        env.module.context.carry(result)
        return result


class ObjectItem:
    """`key = value`; the key is a string where the source names it, else an expression."""

    __slots__ = ("at", "end", "key", "value")

    def __init__(self, key: str | Expression, value: Expression, at: int, end: int) -> None:
        self.key = key
        self.value = value
        self.at = at
        self.end = end


def object_key(expression: Expression) -> str | Expression:
    """Bare words are literal keys, even `true` and `null`; quoted constants are folded."""
    if isinstance(expression, Reference) and not expression.names:
        return expression.root
    if isinstance(expression, Literal):
        if expression.word:
            return expression.word
        if isinstance(expression.value, str):
            return expression.value
    return expression


class Object(Expression):
    """`{ ... }`. Remembers where each entry was written, for the origin of tags."""

    __slots__ = ("_origins", "at", "items", "kind", "label", "source")

    def __init__(self, items: tuple[ObjectItem, ...], source: SourceText, at: int, label: str, kind: str) -> None:
        self.items = items
        self.source = source
        self.at = at
        self.label = label
        self.kind = kind
        self._origins: dict[int, Origin] = {}

    def origin(self, item: ObjectItem) -> Origin:
        found = self._origins.get(item.at)
        if found is None:
            found = self._origins[item.at] = Origin(self.kind, self.label, self.source.location(item.at, item.end))
        return found

    def evaluate(self, env: Env) -> Value:
        entries: dict[str, Value] = {}
        origins: dict[str, Origin] = {}
        rest: UnknownValue | None = None
        for item in self.items:
            value = item.value.evaluate(env)
            key: Value = item.key
            if isinstance(key, Expression):
                if isinstance(key, Reference) and key.names:
                    raise EvalError("an object key that is a reference must be in parentheses")
                key = conversion.to_string(key.evaluate(env))
                if key is None:
                    raise EvalError("an object key is null")
                if isinstance(key, UnknownValue):
                    # It may be any of the keys written so far, and then this value wins.
                    entries = {known: key.derived() for known in entries}
                    rest = key.derived()
                    continue
            entries.pop(key, None)
            entries[key] = value
            origins[key] = self.origin(item)
        result = ObjectValue(entries, rest=rest, origins=origins)
        env.module.context.carry(result)
        return result
