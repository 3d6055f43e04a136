"""The merge of a run and the history: one pure function, cell by cell.

A cell's outcome depends on nothing but what the history knows of that cell and what the run saw in it, so that the
order of cells, and which shard read them, cannot matter.

When did a finding begin? With its resource, where no earlier scan of the cell can have met the resource: those scans
were over before it was created. Else with the scan that first met it: an earlier one may have seen the resource in
order. That holds whether a tag was taken off later or the rule came later. What a group makes (an instance of an
auto scaling group) never dates the group's finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

from tagwright_dictionary.judging.unreached import RULE as UNREACHED
from tagwright_drift.cells import CellResult, CellState
from tagwright_drift.history.records import AgeBasis, EventKind, FindingState
from tagwright_drift.history.seen import CellSeen, Seen
from tagwright_drift.history.times import micros

FULL = "full"
"""The scope of runs whose cells hold everything of their type; any other scope sees a part of a cell."""


class Resolution(StrEnum):
    """How a finding ended: its resource is gone, was read and is in order, or somebody answers for it; or nobody looks
    for it any more (`retiring.retire`), which says nothing of the resource.
    """

    GONE = "gone"
    COMPLIANT = "compliant"
    EXEMPT = "exempt"
    RETIRED = "retired"


class Standing(NamedTuple):
    """What the history knows of a finding, as far as merging needs it. Times are microseconds. (A tuple, like `Seen`.)

    `row` is the store's number for it (0: not stored yet); `seen_as` a digest of how it was last seen (`print_of`).
    """

    identity: str
    about: int
    rule: str
    state: FindingState
    definite: bool
    first_seen: int
    age_basis: AgeBasis
    last_seen: int
    resolved_at: int | None = None
    resolution: str = ""
    regressions: int = 0
    seen_as: int = 0
    row: int = 0


@dataclass(frozen=True, slots=True)
class CellMemory:
    """What the history knows of a cell. Microseconds; None: never.

    looked       until when the newest full run that saw something of the cell was reading it
    looked_hot   the same for runs that see a part of it
    believed     how many things it held when it was last seen whole
    doubted      how many it seemed to hold in the newest full run, when that was too few to be believed
    """

    looked: int | None = None
    looked_hot: int | None = None
    believed: int | None = None
    doubted: int | None = None

    def latest(self) -> int | None:
        known = [each for each in (self.looked, self.looked_hot) if each is not None]
        return max(known) if known else None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What merging needs to know of the run. `started` in microseconds."""

    id: str
    scope: str
    started: int


@dataclass(frozen=True, slots=True)
class Guard:
    """When a cell that was seen whole is not believed: it fell by more than `share` of what it held, and by at least
    `least`, and the run before it did not say so too. `accept`: believe it this time.
    """

    share: float = 0.5
    least: int = 20
    accept: bool = False


class Change(NamedTuple):
    """A finding that the run touched. `event` is what it did; `seen` is there when the record's details change."""

    event: EventKind
    after: Standing
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class CellMerge:
    """The outcome. `applied` False: the history has seen the cell later than this run did; nothing changed.
    `unverified` findings stay open without having been seen.
    """

    result: CellResult
    memory: CellMemory
    applied: bool
    changes: tuple[Change, ...] = ()
    unverified: int = 0


def merge_cell(
    memory: CellMemory,
    standings: Iterable[Standing],
    seen: CellSeen,
    result: CellResult,
    run: RunFacts,
    guard: Guard,
) -> CellMerge:
    """What becomes of a cell and its findings.

    `standings` are all findings that the history has of the cell, resolved ones included. A finding is resolved only
    by a cell that was seen whole and is believed; whatever was seen counts, whatever became of the cell.
    """
    at = micros(result.started) if result.started else run.started
    until = max(at, micros(result.ended) if result.ended else at)
    full = run.scope == FULL
    before = memory.looked if full else memory.looked_hot
    looked = result.state is CellState.COMPLETE or bool(seen.there)
    if looked and before is not None and until < before:
        return CellMerge(result, memory, applied=False)
    if full and result.state is CellState.COMPLETE:
        result, memory = _believe(result, memory, len(seen.there), guard)
    known = {each.identity: each for each in standings}
    changes = [_meet(known.get(each.identity), each, memory, at, full=full) for each in seen.findings.values()]
    unseen = [each for name, each in known.items() if name not in seen.findings and each.state is FindingState.OPEN]
    resolved = list(_resolved(unseen, seen, at, full=full)) if result.resolves else []
    if looked:
        memory = replace(memory, looked=until) if full else replace(memory, looked_hot=until)
    return CellMerge(
        result, memory, True, (*(each for each in changes if each), *resolved), len(unseen) - len(resolved)
    )


def print_of(seen: Seen) -> int:
    """64 bits of everything that a record shows of a sighting."""
    text = (
        f"{seen.severity}\x1f{seen.definite}\x1f{seen.region}\x1f{seen.address}\x1f{seen.name}\x1f{seen.group}"
        f"\x1f{seen.members}\x1f{seen.created}\x1f{seen.details}"
    )
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _believe(result: CellResult, memory: CellMemory, subjects: int, guard: Guard) -> tuple[CellResult, CellMemory]:
    """A listing that lost most of what was there yesterday is more often wrong than right."""
    if memory.believed is not None and not guard.accept and memory.doubted is None:
        fall = memory.believed - subjects
        if fall >= guard.least and fall > guard.share * memory.believed:
            return replace(result, suspect=True), replace(memory, doubted=subjects)
    return result, replace(memory, believed=subjects, doubted=None)


def _meet(known: Standing | None, seen: Seen, memory: CellMemory, at: int, *, full: bool) -> Change | None:
    """A finding that the run saw."""
    if known is None:
        first, basis = _began(seen, memory, at, full=full)
        return Change(EventKind.NEW, _standing(seen, first, basis, at), seen)
    if known.state is FindingState.RESOLVED:
        return _again(known, seen, at)
    if known.definite and not seen.definite:
        # Seen, but not for certain: it neither proves the finding gone nor that it is still there.
        return Change(EventKind.PERSISTING, known)
    if at < known.last_seen:
        return Change(EventKind.PERSISTING, known)
    shown = print_of(seen)
    if shown == known.seen_as:
        return Change(EventKind.PERSISTING, known._replace(last_seen=at))
    came_back = seen.definite and not known.definite and known.resolved_at is not None
    after = known._replace(
        definite=seen.definite,
        last_seen=at,
        regressions=known.regressions + came_back,
        seen_as=shown,
    )
    return Change(EventKind.PERSISTING, after, seen)


def _again(known: Standing, seen: Seen, at: int) -> Change | None:
    """A finding that comes back after it was resolved starts anew; a group that had no members in between, and was
    never seen in order, does not: or scaling to nothing every night would stop its clock. Neither does one that was
    retired: nobody mended it. What is not certain reopens it as a question, and is no relapse until it is.
    """
    if known.resolved_at is not None and at < known.resolved_at:
        return None
    retired = known.resolution == Resolution.RETIRED
    kept = retired or (bool(seen.group) and known.resolution == Resolution.GONE)
    after = known._replace(
        state=FindingState.OPEN,
        definite=seen.definite,
        first_seen=known.first_seen if kept else at,
        age_basis=known.age_basis if kept else AgeBasis.FIRST_OBSERVED,
        last_seen=at,
        resolution="",
        regressions=known.regressions + (seen.definite and not retired),
        seen_as=print_of(seen),
    )
    return Change(EventKind.REGRESSED if seen.definite else EventKind.NEW, after, seen)


def _began(seen: Seen, memory: CellMemory, at: int, *, full: bool) -> tuple[int, AgeBasis]:
    if seen.created is None or seen.group:
        return at, AgeBasis.FIRST_OBSERVED
    looked = memory.latest() if seen.accelerated or not full else memory.looked
    if looked is not None and seen.created <= looked:
        return at, AgeBasis.FIRST_OBSERVED
    return min(seen.created, at), AgeBasis.CREATED


def _standing(seen: Seen, first: int, basis: AgeBasis, at: int) -> Standing:
    return Standing(
        seen.identity,
        seen.about,
        seen.rule,
        FindingState.OPEN,
        seen.definite,
        first,
        basis,
        at,
        seen_as=print_of(seen),
    )


def _resolved(unseen: Iterable[Standing], seen: CellSeen, at: int, *, full: bool) -> Iterator[Change]:
    """The open findings that are gone, for a cell that may say so."""
    for each in unseen:
        hidden = each.about in seen.blind or (each.rule == UNREACHED and each.about in seen.blind_bills)
        if hidden or each.last_seen > at:
            continue
        if each.about in seen.exempt:
            how = Resolution.EXEMPT
        elif each.about in seen.there:
            how = Resolution.COMPLIANT
        elif full:
            how = Resolution.GONE
        else:
            continue  # it may be among what such a run does not list
        after = each._replace(state=FindingState.RESOLVED, resolved_at=at, resolution=how)
        yield Change(EventKind.RESOLVED, after)


def counts(changes: Iterable[Change]) -> Mapping[EventKind, int]:
    """How many of each."""
    found = dict.fromkeys(EventKind, 0)
    for each in changes:
        found[each.event] += 1
    return found
