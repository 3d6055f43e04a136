"""Everything that is known about Pulumi's asynchronous values stands here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, TypeVar

import pulumi

T = TypeVar("T")


def is_pending(value: object) -> bool:
    """Whether the value arrives later: an Output, a future, a coroutine."""
    return isinstance(value, pulumi.Output) or isawaitable(value)


def is_unknown(value: object) -> bool:
    """Whether a settled value is, or has in it, something that only the update will know."""
    return bool(pulumi.contains_unknowns(value))


def then(value: pulumi.Input[T], function: Callable[[T], Awaitable[T]]) -> pulumi.Output[T]:
    """`function` on the value even when that is not known (it then gets Pulumi's unknown); the result keeps the
    value's dependencies, and stays secret or unknown where the value was.

    `run_with_unknowns` is in the signature of `Output.apply` but not in its documentation. An SDK without it runs
    the function only when the value is known: checks of unknowns then wait for the update.
    """
    output: pulumi.Output[T] = pulumi.Output.from_input(value)
    try:
        result: pulumi.Output[T] = _apply(output, function, run_with_unknowns=True)
    except TypeError:
        result = _apply(output, function)
    return result


_apply: Any = pulumi.Output.apply


@dataclass(frozen=True, slots=True)
class Settled:
    """What a pending value turned out to be. `value` means nothing unless `known`."""

    value: Any
    known: bool
    secret: bool


async def settle(value: object) -> Settled:
    """Wait for a value, and all values inside it. Raises what the value raised."""
    output: pulumi.Output[Any] = pulumi.Output.from_input(value)
    secret, known = await output.is_secret(), await output.is_known()
    found = await output.future(with_unknowns=True)
    return Settled(found, known, secret)
