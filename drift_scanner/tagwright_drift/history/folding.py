"""From the rows of a run to findings: the members of a group, and what hides or excuses a subject, put together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tagwright_dictionary.model import Verdict
from tagwright_drift.history.details import COLUMNS as SHOWN
from tagwright_drift.history.details import details_of
from tagwright_drift.history.seen import CellSeen, Seen, about
from tagwright_drift.identity import identity
from tagwright_drift.live import Observation

_FOLDED = (
    "verdict",
    "findings",
    "tags_complete",
    "tags_unknown",
    "bills",
    "subject",
    "region",
    "address",
    "name",
    "group",
    "created",
)
COLUMNS = (*_FOLDED, *SHOWN)
"""The columns of a run's rows (`runs/rows.py`) that folding reads. `created` is to be in microseconds."""
_ACCELERATED = '"gpu"'  # the catalogue's class of everything with accelerators, in the first two of SHOWN
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
_NONE = "[]"
_EXEMPT = str(Verdict.EXEMPT)
_DEFINITE = "definite"
_AGES = 2**63 - 1  # older than nothing


class Folding:
    """Takes the rows of one cell, in any number of batches and any order, and gives what they come to."""

    def __init__(self) -> None:
        self._verdicts: Counter[str] = Counter()
        self._findings: dict[str, Seen] = {}
        self._members: dict[str, set[str]] = {}
        self._there: set[int] = set()
        self._blind: set[int] = set()
        self._blind_bills: set[int] = set()
        self._exempt: set[int] = set()

    def add(self, batch: Mapping[str, list[Any]]) -> None:
        """Rows as columns of equal length. Raises KeyError, TypeError or ValueError where they are not a run's rows."""
        self._verdicts.update(batch["verdict"])
        numbers = [about(each) for each in batch["subject"]]
        self._there.update(numbers)
        shown = [batch[name] for name in SHOWN]
        rows = zip(numbers, *(batch[name] for name in _FOLDED), strict=True)
        for place, (number, verdict, findings, complete, unknown, bills, *rest) in enumerate(rows):
            if not complete or unknown != "{}":
                self._blind.add(number)
            if bills != _NONE and _hides(bills):
                self._blind_bills.add(number)
            if verdict == _EXEMPT:
                self._exempt.add(number)
            if findings != _NONE:
                self._meet(number, findings, rest, [column[place] for column in shown])

    def result(self) -> CellSeen:
        folded = self._findings | {
            name: self._findings[name]._replace(members=len(members), created=None)
            for name, members in self._members.items()
        }
        return CellSeen(
            folded,
            self._verdicts,
            frozenset(self._blind),
            frozenset(self._blind_bills),
            frozenset(self._exempt),
            frozenset(self._there),
        )

    def _meet(self, number: int, findings: str, row: Sequence[Any], shown: Sequence[str]) -> None:
        subject, region, address, name, group, created = row
        called = _group_name(group) if group else name
        accelerated = _ACCELERATED in shown[0] or _ACCELERATED in shown[1]
        parsed = json.loads(findings)
        for each in parsed:
            # One finding is the rule; it need not be written anew: its text is what the encoder would write.
            text = findings[1:-1] if len(parsed) == 1 else _ENCODE(each)
            definite = each["certainty"] == _DEFINITE
            seen = Seen(
                identity(subject, each["rule"], each["key"]),
                number,
                each["rule"],
                each["key"],
                each["severity"],
                definite,
                region,
                address,
                called,
                group,
                1,
                created,
                accelerated,
                details_of(text, shown),
            )
            known = self._findings.get(seen.identity)
            if known is None or known.definite < definite:
                self._findings[seen.identity] = seen
                if group:
                    self._members[seen.identity] = {address}
            elif known.definite == definite:
                self._findings[seen.identity] = min(known, seen, key=_precedence)
                if group:
                    self._members[seen.identity].add(address)


def fold(observations: Iterable[Observation]) -> CellSeen:
    """What the observations of one cell come to."""
    from tagwright_drift.history.times import micros_or_none  # noqa: PLC0415 - stored runs have microseconds already
    from tagwright_drift.runs.rows import to_row  # noqa: PLC0415

    rows = [to_row(each) for each in observations]
    batch: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in COLUMNS}
    batch["created"] = [micros_or_none(each) for each in batch["created"]]
    folding = Folding()
    folding.add(batch)
    return folding.result()


def _precedence(seen: Seen) -> tuple[int, str, str]:
    """The oldest member is the example: it is the likeliest to be there next time."""
    return (_AGES if seen.created is None else seen.created, seen.address, seen.details)


def _group_name(group: str) -> str:
    """What a person calls it: "asg:trainers" is "trainers"."""
    return group.partition(":")[2] or group


def _hides(bills: str) -> bool:
    """Whether tags of something billed are not all known. The text is searched first: few rows need parsing."""
    if '"complete":false' not in bills and '"unknown":{"' not in bills:
        return False
    return any(not each["complete"] or each["unknown"] for each in json.loads(bills))
