"""What a summary shows first: resources, not findings, so that one bad instance does not fill the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tagwright_drift.report.model import Item
from tagwright_drift.report.owning import subject_of


@dataclass(frozen=True, slots=True)
class Lead:
    """The most urgent finding of a resource (or group), and the others that it has."""

    item: Item
    others: tuple[Item, ...] = ()


def leads(items: Iterable[Item], most: int) -> tuple[Lead, ...]:
    """The `most` resources that come first in `items`."""
    found: dict[tuple[str, str, str], list[Item]] = {}
    for item in items:
        subject = subject_of(item.record)
        if subject in found:
            found[subject].append(item)
        elif len(found) < most:
            found[subject] = [item]
    return tuple(Lead(first, tuple(rest)) for first, *rest in found.values())
