"""The syntax tree of an HCL expression; each node evaluates itself.

`evaluate` returns a value of `values.py`. It raises EvalError where Terraform would refuse the expression and never
anything else but LimitError. Unknown parts stay unknown with their cause; nothing is guessed.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Protocol

from tagwright_iac.terraform import conversion, operators
from tagwright_iac.terraform.values import (
    EvalError,
    ObjectValue,
    SensitiveStr,
    UnknownValue,
    Value,
)

if TYPE_CHECKING:
    from tagwright_iac.terraform.calling import CallContext


class Evaluator(Protocol):
    """What an expression may ask of the module instance it stands in."""

    @property
    def context(self) -> CallContext:
        """Files and budget, for functions."""

    @property
    def sensitive_seen(self) -> bool:
        """Whether anything sensitive has been met; only then are results checked for it."""

    @sensitive_seen.setter
    def sensitive_seen(self, value: bool) -> None: ...

    def lookup(self, root: str, names: tuple[str, ...], env: Env) -> tuple[Value, int]:
        """The value `root.names...` refers to and how many of the names that took."""


class Env:
    """Where an expression is evaluated: a module instance and the names bound around it (for, each, count, self)."""

    __slots__ = ("module", "names")

    def __init__(self, module: Evaluator, names: dict[str, Value] | None = None) -> None:
        self.module = module
        self.names: dict[str, Value] = names if names is not None else {}

    def bind(self, **names: Value) -> Env:
        return Env(self.module, {**self.names, **names})


class LazyObject(ObjectValue):
    """An object whose attributes are found when asked for (a resource instance, a module instance). To functions it
    is an open object about which nothing is known.
    """

    __slots__ = ()

    def resolve(self, name: str) -> Value:
        """The attribute `name`."""
        raise NotImplementedError


class Expression:
    """A node."""

    __slots__ = ()

    def evaluate(self, env: Env) -> Value:
        """The value of the node in `env`."""
        raise NotImplementedError


def get_attribute(value: Value, name: str) -> Value:
    """`value.name`, through lazy objects."""
    if isinstance(value, LazyObject):
        return value.resolve(name)
    return operators.attribute(value, name)


def get_index(value: Value, key: Value) -> Value:
    """`value[key]`, through lazy objects."""
    if isinstance(value, LazyObject):
        if isinstance(key, UnknownValue):
            return key.derived()
        if isinstance(key, str):
            return value.resolve(key)
        raise EvalError("an object is indexed by a string")
    return operators.index(value, key)


class Literal(Expression):
    """A constant. `word` is the source's word for true, false and null, which may also be an object key."""

    __slots__ = ("value", "word")

    def __init__(self, value: Value, word: str = "") -> None:
        self.value = value
        self.word = word

    def evaluate(self, env: Env) -> Value:  # noqa: ARG002 - a constant is the same everywhere
        return self.value


class Parenthesis(Expression):
    __slots__ = ("inner",)

    def __init__(self, inner: Expression) -> None:
        self.inner = inner

    def evaluate(self, env: Env) -> Value:
        return self.inner.evaluate(env)


class Reference(Expression):
    """`root.a.b`: a bound name, or something the module knows."""

    __slots__ = ("names", "root")

    def __init__(self, root: str, names: tuple[str, ...] = ()) -> None:
        self.root = root
        self.names = names

    def step(self, name: str) -> Reference:
        return Reference(self.root, (*self.names, name))

    def evaluate(self, env: Env) -> Value:
        if self.root in env.names:
            value = env.names[self.root]
            used = 0
        else:
            value, used = env.module.lookup(self.root, self.names, env)
        for name in self.names[used:]:
            value = get_attribute(value, name)
        return value


class Attribute(Expression):
    __slots__ = ("name", "target")

    def __init__(self, target: Expression, name: str) -> None:
        self.target = target
        self.name = name

    def evaluate(self, env: Env) -> Value:
        return get_attribute(self.target.evaluate(env), self.name)


class Index(Expression):
    __slots__ = ("key", "target")

    def __init__(self, target: Expression, key: Expression) -> None:
        self.target = target
        self.key = key

    def evaluate(self, env: Env) -> Value:
        return get_index(self.target.evaluate(env), self.key.evaluate(env))


_SPLAT_NAME = "*"


class SplatElement(Expression):
    """The element a splat is looking at."""

    __slots__ = ()

    def evaluate(self, env: Env) -> Value:
        return env.names[_SPLAT_NAME]


class Splat(Expression):
    """`target[*].step` and `target.*.step`: null gives no element, anything that is no list one."""

    __slots__ = ("each", "target")

    def __init__(self, target: Expression, each: Expression) -> None:
        self.target = target
        self.each = each

    def evaluate(self, env: Env) -> Value:
        value = self.target.evaluate(env)
        if isinstance(value, UnknownValue):
            return value.derived(not_null=True)
        if value is None:
            return ()
        elements = value if isinstance(value, tuple) else (value,)
        env.module.context.spend(len(elements))
        names = env.names
        result = tuple([self.each.evaluate(Env(env.module, {**names, _SPLAT_NAME: element})) for element in elements])
        env.module.context.carry(result)
        return result


class Unary(Expression):
    __slots__ = ("operand", "operator")

    def __init__(self, operator: str, operand: Expression) -> None:
        self.operator = operator
        self.operand = operand

    def evaluate(self, env: Env) -> Value:
        return operators.unary(self.operator, self.operand.evaluate(env))


class Binary(Expression):
    __slots__ = ("left", "operator", "right")

    def __init__(self, operator: str, left: Expression, right: Expression) -> None:
        self.operator = operator
        self.left = left
        self.right = right

    def evaluate(self, env: Env) -> Value:
        # A chain of operators hangs down on the left; a generated one may be longer than the stack is deep.
        chain: list[Binary] = [self]
        while isinstance(chain[-1].left, Binary):
            chain.append(chain[-1].left)
        value = chain[-1].left.evaluate(env)
        for node in reversed(chain):
            value = operators.binary(node.operator, value, node.right.evaluate(env))
        return value


class Conditional(Expression):
    __slots__ = ("condition", "if_false", "if_true")

    def __init__(self, condition: Expression, if_true: Expression, if_false: Expression) -> None:
        self.condition = condition
        self.if_true = if_true
        self.if_false = if_false

    def evaluate(self, env: Env) -> Value:
        condition = self.condition.evaluate(env)
        if not isinstance(condition, bool | UnknownValue):
            condition = conversion.to_bool(condition)
        if isinstance(condition, UnknownValue):
            try:
                return operators.conditional(condition, self.if_true.evaluate(env), self.if_false.evaluate(env))
            except EvalError:
                return condition.derived()
        chosen, other = (self.if_true, self.if_false) if condition else (self.if_false, self.if_true)
        value = chosen.evaluate(env)
        if value is None or isinstance(value, str | UnknownValue | LazyObject) or _all_text(value):
            return value
        # The other arm has a say in the type: `true ? 1 : "b"` is "1".
        try:
            against = other.evaluate(env)
        except EvalError:
            return value
        return operators.conditional(condition, *((value, against) if condition else (against, value)))


def _all_text(value: Value) -> bool:
    """A non-empty object of strings and unknowns needs no conversion for the sake of the other arm."""
    if not isinstance(value, ObjectValue) or not value:
        return False
    return all(isinstance(item, str | UnknownValue) for item in value.values())


class Template(Expression):
    """Literal pieces and expressions, joined as text."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[str | Expression, ...]) -> None:
        self.parts = parts

    def evaluate(self, env: Env) -> Value:
        texts: list[str] = []
        unknown: UnknownValue | None = None
        sensitive = False
        prefix = ""
        for part in self.parts:
            if isinstance(part, str):
                texts.append(part)
                continue
            value = conversion.template_text(part.evaluate(env))
            if isinstance(value, UnknownValue):
                if unknown is None:
                    unknown = value
                    prefix = "".join(texts) + value.prefix
                sensitive = sensitive or value.sensitive
                continue
            sensitive = sensitive or isinstance(value, SensitiveStr)
            texts.append(value)
        if unknown is not None:
            return UnknownValue(
                unknown.cause, unknown.hint, not_null=True, prefix=prefix, kind="string", sensitive=sensitive
            )
        length = sum(map(len, texts))
        # Strings of strings of one string double at every level, and each is another copy.
        env.module.context.spend(length // 16 if length < _LONG_TEXT else length)
        text = "".join(texts)
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        return SensitiveStr(text) if sensitive else text


_LONG_TEXT = 1_000_000
