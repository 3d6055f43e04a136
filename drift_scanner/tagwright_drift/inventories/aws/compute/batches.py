"""Describing many things: many a call, as ECS does it, or a call for each, as EKS does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.contract import Refused, Site
from tagwright_drift.inventories.contract import CellTrouble

T = TypeVar("T")

NONSENSE = (KeyError, TypeError, ValueError, AttributeError)
"""What reading an answer ends in that is not what the API promises."""

GONE = ("ResourceNotFoundException",)
"""EKS: what was listed a moment ago was deleted since."""

_PROBE, _CHUNK = 3, 64


def batches(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), size):
        yield names[start : start + size]


def failed(answer: Mapping[str, Any]) -> list[str]:
    """What of a batch was not described, and why. One that went away in the meantime (MISSING) is no failure."""
    return [
        f"{each.get('arn', '')}: {each.get('reason', '')} {each.get('detail') or ''}".strip()
        for each in answer.get("failures") or ()
        if each.get("reason") != "MISSING"
    ]


def described(site: Site, names: Sequence[str], read: Callable[[str], T]) -> tuple[tuple[T, ...], CellTrouble | None]:
    """`read` of each name, several at once, in order; and the first trouble. One that fails does not hide the others;
    when the first few all fail, or a whole chunk does, the rest is not asked for. `Refused` says that it has gone.
    """

    def careful(name: str) -> T | CellTrouble | None:
        try:
            return read(name)
        except Refused:
            return None
        except CellTrouble as error:
            return error
        except NONSENSE as error:
            reason = f"what was told about {name} makes no sense: {type(error).__name__}: {error}"
            return CellTrouble(CellState.ERROR, reason)

    found: list[T] = []
    trouble: CellTrouble | None = None
    for chunk in (names[:_PROBE], *batches(names[_PROBE:], _CHUNK)):
        failures = 0
        for answer in site.spread(careful, chunk):
            if isinstance(answer, CellTrouble):
                trouble = trouble or answer
                failures += 1
            elif answer is not None:
                found.append(answer)
        if chunk and failures == len(chunk):
            break
    return tuple(found), trouble
