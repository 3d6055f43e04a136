"""The syntax tree of an HCL expression; each node evaluates itself.

`evaluate` returns a value of `values.py`. It raises EvalError where Terraform would refuse the expression and never
anything else but LimitError. Unknown parts stay unknown with their cause; nothing is guessed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from tagwright_dictionary.model import Origin
from tagwright_iac.terraform import conversion, operators
from tagwright_iac.terraform.numbers import counted
from tagwright_iac.terraform.source import SourceText
from tagwright_iac.terraform.values import (
    EvalError,
    ObjectValue,
    SensitiveStr,
    SetValue,
    UnknownValue,
    Value,
    first_unknown,
    is_sensitive,
    mark_sensitive,
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


_KEEPS_MARKS = frozenset({
    "nonsensitive", "issensitive", "merge", "lookup", "element", "length", "keys", "coalesce", "concat", "tomap",
})  # fmt: skip
"""Functions that hand elements on as they are, each with its own mark; any other result is sensitive as a whole."""


_RESULT_KINDS = {"length": "number"} | dict.fromkeys(
    ("format", "join", "lower", "replace", "substr", "title", "tostring", "trimspace", "upper"), "string"
)
"""What the functions people compare give, where the arguments are not known."""


class Call(Expression):
    """A function call."""

    __slots__ = ("arguments", "at", "expand", "name", "source")

    def __init__(self, name: str, arguments: tuple[Expression, ...], expand: bool, source: SourceText, at: int) -> None:
        self.name = name
        self.arguments = arguments
        self.expand = expand
        self.source = source
        self.at = at

    def evaluate(self, env: Env) -> Value:
        name = self.name.removeprefix("core::")
        special = _SPECIAL.get(name)
        if special is not None:
            return special(self, env)
        if name.startswith("provider::"):
            return UnknownValue(f"{name}() is computed by a provider", "check the plan")
        from tagwright_iac.terraform.functions import lookup  # noqa: PLC0415 - the library loads when a call needs it

        function = lookup(name)
        if function is None:
            raise EvalError(f"there is no function named {name!r}")
        arguments = [argument.evaluate(env) for argument in self.arguments]
        if self.expand:
            last = arguments.pop()
            if isinstance(last, UnknownValue):
                if name not in ("merge", "concat", "coalesce"):
                    return last.derived()
                arguments.append(last)
            elif isinstance(last, tuple):
                arguments.extend(last)
            else:
                raise EvalError(f"'...' in {name}() needs a list")
        if len(arguments) < function.min_args or (function.max_args is not None and len(arguments) > function.max_args):
            raise EvalError(f"{name}() does not take {len(arguments)} arguments")
        context = env.module.context
        weight = sum([context.carry(item) for item in arguments if isinstance(item, tuple | ObjectValue)])
        context.spend(4 + weight // 8)
        if function.strict:
            for argument in arguments:
                unknown = first_unknown(argument)
                if unknown is not None:
                    return unknown.derived(not_null=function.not_null, kind=_RESULT_KINDS.get(name, ""))
        result = function.call(context, arguments)
        if isinstance(result, UnknownValue) and name in _RESULT_KINDS:
            return result.typed(_RESULT_KINDS[name])
        if name == "sensitive":
            env.module.sensitive_seen = True
        elif (
            env.module.sensitive_seen
            and name not in _KEEPS_MARKS
            and any(is_sensitive(argument) for argument in arguments)
        ):
            return mark_sensitive(result)
        return result


def _try(call: Call, env: Env) -> Value:
    """The first argument that can be evaluated. What is not wholly known may turn out to be an error at apply, and
    then the next one would be taken: nothing of it is certain, as Terraform sees it.
    """
    problem: EvalError | None = None
    for argument in call.arguments:
        try:
            value = argument.evaluate(env)
        except EvalError as error:
            problem = error
            continue
        if isinstance(value, UnknownValue | LazyObject):
            return value
        unknown = first_unknown(value)
        return value if unknown is None else unknown.derived()
    raise EvalError(f"no argument of try() can be evaluated: {problem}")


def _can(call: Call, env: Env) -> Value:
    if len(call.arguments) != 1:
        raise EvalError("can() takes one argument")
    try:
        value = call.arguments[0].evaluate(env)
    except EvalError:
        return False
    unknown = first_unknown(value)
    return True if unknown is None else unknown.derived(not_null=True)


_SPECIAL: dict[str, Callable[[Call, Env], Value]] = {"try": _try, "can": _can}


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
