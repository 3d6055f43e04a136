"""How many instances a resource or module block has: count and for_each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tagwright_iac.terraform import conversion
from tagwright_iac.terraform.bodies import Argument
from tagwright_iac.terraform.expressions import Env, LazyObject
from tagwright_iac.terraform.numbers import counted
from tagwright_iac.terraform.session import Session
from tagwright_iac.terraform.values import EvalError, ObjectValue, SetValue, UnknownValue, Value, first_unknown


@dataclass(frozen=True, slots=True)
class Expansion:
    """What count or for_each gave: (key, each/count names) pairs; key None for a single instance. `unknown` is set
    when there may be further (or any number of) instances, for that reason.
    """

    items: tuple[tuple[Any, Mapping[str, Value]], ...]
    kind: str
    unknown: UnknownValue | None = None


def expand(arguments: Mapping[str, Argument], env: Env, session: Session, what: str) -> Expansion:
    """The instances of a resource or module block. An error of Terraform makes the number unknown, with its text."""
    count, each = arguments.get("count"), arguments.get("for_each")
    if count is None and each is None:
        return Expansion(((None, {}),), "single")
    try:
        if count is not None:
            number = count.expression().evaluate(env)
            if isinstance(number, UnknownValue):
                return Expansion((), "count", number)
            number = conversion.to_number(number)
            if not isinstance(number, int | Fraction) or number < 0 or number != int(number):
                raise EvalError("count is not a whole number")
            session.instance(int(number), what, count.location)
            return Expansion(
                tuple((index, {"count": ObjectValue({"index": counted(index)})}) for index in range(int(number))),
                "count",
            )
        assert each is not None  # noqa: S101 - for the type checker
        collection = each.expression().evaluate(env)
        if isinstance(collection, UnknownValue):
            return Expansion((), "for_each", collection)
        if isinstance(collection, SetValue):
            unknown = first_unknown(collection)
            if unknown is not None:
                return Expansion((), "for_each", unknown)
            pairs = [(item, item) for item in collection]
            if any(not isinstance(item, str) for item in collection):
                raise EvalError("for_each needs a map, or a set of strings")
        elif isinstance(collection, ObjectValue) and not isinstance(collection, LazyObject):
            pairs = sorted(collection.items())
        else:
            raise EvalError("for_each needs a map, or a set of strings")
        session.instance(len(pairs), what, each.location)
        rest = collection.rest if isinstance(collection, ObjectValue) else None
        return Expansion(
            tuple((key, {"each": ObjectValue({"key": key, "value": value})}) for key, value in pairs), "for_each", rest
        )
    except EvalError as error:
        keyword = "count" if count is not None else "for_each"
        return Expansion((), keyword, UnknownValue(f"{keyword} of {what} cannot be evaluated: {error}"))


def unknown_names(expansion: Expansion) -> Mapping[str, Value]:
    """each/count of the instance that stands for an unknown number of them."""
    cause = expansion.unknown
    assert cause is not None  # noqa: S101 - callers have checked
    unknown = cause.derived(not_null=True)
    if expansion.kind == "count":
        return {"count": ObjectValue({"index": unknown})}
    return {"each": ObjectValue({"key": unknown, "value": cause.derived()})}
