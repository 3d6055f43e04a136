"""The part of a finding that is shown, not merged: from a run's row to the JSON that the history keeps, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tagwright_drift.live import Hop

COLUMNS = ("classes", "possible", "attributes", "tags", "probable", "chain")
"""The columns of a run's row (`runs/rows.py`) that details keep as they are: JSON."""
_RESERVED = "aws:"  # set by AWS itself: they say nothing of an owner


@dataclass(frozen=True, slots=True)
class Details:
    """The fields of a `FindingRecord` that come from details."""

    message: str
    help: str
    suggestions: tuple[str, ...]
    value: str | None
    requirement: str
    cause: str
    classes: tuple[str, ...]
    possible_classes: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    tags: tuple[tuple[str, str], ...]
    probable: tuple[tuple[str, str, str], ...]
    hops: tuple[Hop, ...]


def details_of(finding: str, shown: Iterable[str]) -> str:
    """Details of one finding: its JSON (`runs/rows.py`) and that of `COLUMNS`, taken over unread."""
    return f"[{finding},{','.join(shown)}]"


def read_details(text: str) -> Details:
    """The fields. Raises ValueError, TypeError or KeyError on what `details_of` did not write."""
    finding, classes, possible, attributes, tags, probable, chain = json.loads(text)
    cause = finding["cause"]
    return Details(
        finding["message"],
        finding["help"],
        tuple(finding["suggestions"]),
        finding["value"],
        finding["requirement"],
        cause[0] if cause else "",
        tuple(sorted(classes)),
        tuple(sorted(name for name, _ in possible)),
        tuple(sorted((path, _known(values)) for path, values in attributes)),
        tuple(sorted((key, text) for key, text in tags.items() if text is not None and not key.startswith(_RESERVED))),
        tuple(sorted((key, text, where) for key, text, where in probable if isinstance(text, str))),
        tuple(Hop(what, id_, tuple(keys), passes, why, fix) for what, id_, keys, passes, why, fix in chain),
    )


def _known(values: list[Any]) -> str:
    """Several values of one attribute in one text; those that are not known are left out."""
    return ", ".join(each for each in values if isinstance(each, str))
