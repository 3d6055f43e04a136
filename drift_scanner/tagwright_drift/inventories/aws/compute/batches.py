"""Describing many things a call, as ECS does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


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
