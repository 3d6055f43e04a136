"""The rows of the history, as every report reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tagwright_drift.cells import CellResult, Coverage


class FindingState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


class EventKind(StrEnum):
    """What a run did to a finding. `persisting` is counted, never stored."""

    NEW = "new"
    PERSISTING = "persisting"
    RESOLVED = "resolved"
    REGRESSED = "regressed"


class AgeBasis(StrEnum):
    """What `first_seen` rests on: the resource's own creation time, or the first scan that met the finding."""

    CREATED = "created"
    FIRST_OBSERVED = "first_observed"


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """One finding through time. Times are UTC; money is US dollars a day.

    identity       `identity.identity` of subject, rule and key
    address        ARN (or other canonical id) of the resource; for a group the id of the member named as `example`
    name           what a person calls it; for a group the group's name
    members        how many resources of a group have it (1 for a resource of its own)
    tags           known values on the resource: (key, value), sorted; all but AWS's own, because the dictionary of a
                   later day may ask for others
    probable       values it lacks but its surroundings have: (key, value, where), sorted
    chain          where the tags stop: one line, "" when that is not known
    first_seen     when it began, as far as is known (`age_basis`)
    last_seen      when a scan last saw it; older than the newest run where its cell was not seen since
    resolved_at    when a scan last proved it gone
    regressions    how often it came back after it was resolved; the clock of a regressed finding starts again
    usd_per_day    None: no cost is known; `usd_basis`: "billed" | "estimate"
    """

    identity: str
    rule: str
    key: str
    severity: str
    certainty: str
    message: str
    help: str
    suggestions: tuple[str, ...]
    value: str | None
    requirement: str
    cause: str
    address: str
    name: str
    type: str
    account: str
    region: str
    cell_region: str
    classes: tuple[str, ...]
    possible_classes: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    group: str
    members: int
    tags: tuple[tuple[str, str], ...]
    probable: tuple[tuple[str, str, str], ...]
    chain: str
    created: datetime | None
    first_seen: datetime
    age_basis: AgeBasis
    last_seen: datetime
    state: FindingState
    resolved_at: datetime | None = None
    regressions: int = 0
    usd_per_day: float | None = None
    usd_basis: str = ""


RETIRED = "retired"
"""How the reason of an event begins that closed a finding because nobody looks for it any more (`retiring.retire`)."""
FORGOTTEN = "forgotten"
"""The metric of a run whose ledger and events are gone (`History.prune`)."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One merged run. `metrics` are named numbers for trends, sorted: "resources", "compliant", "non_compliant",
    "undecided", "exempt", "not_applicable", "unknown_tags", "open", "new", "resolved", "regressed", "persisting",
    "spend_total", "spend_taggable", "spend_compliant", "spend_untagged" (dollars a day), ... `killed`: it never ended.
    `merged` is its place in the order of merges: of scans at once the one that began first may be merged last.
    """

    id: str
    scope: str
    started: datetime
    ended: datetime | None
    killed: bool
    inventory: str
    tool_version: str
    dictionary_name: str
    dictionary_version: str
    dictionary_digest: str
    coverage: Coverage
    metrics: tuple[tuple[str, float], ...] = ()
    merged: int = 0

    def metric(self, name: str) -> float | None:
        return next((value for known, value in self.metrics if known == name), None)


@dataclass(frozen=True, slots=True)
class Event:
    """What a run did to a finding. `reason` says of a resolved one how: "gone", "compliant", "exempt", or
    "retired: " and why.
    """

    run: str
    identity: str
    kind: EventKind
    at: datetime
    reason: str = ""


class HistoryReader(Protocol):
    """Everything a report needs; all iterators stream and are in a stable order."""

    def runs(self) -> tuple[RunRecord, ...]:
        """All merged runs, oldest first."""

    def findings(self, *, open_only: bool = True) -> Iterator[FindingRecord]:
        """Sorted by account, region, type, name, address, rule, key."""

    def events(self, run: str) -> Iterator[Event]:
        """New, resolved and regressed of one run, by identity."""

    def cells(self, run: str) -> Iterator[CellResult]:
        """The ledger of one run, by cell."""
