"""Function calls of an HCL expression, with what is special about `try` and `can`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tagwright_iac.terraform.expressions import Env, Expression, LazyObject
from tagwright_iac.terraform.source import SourceText
from tagwright_iac.terraform.values import (
    EvalError,
    ObjectValue,
    UnknownValue,
    Value,
    first_unknown,
    is_sensitive,
    mark_sensitive,
)

if TYPE_CHECKING:
    pass


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
