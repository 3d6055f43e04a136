"""Everything a report shows, as values. `assembling.assemble` makes it; every format only writes it down.

Times are aware and in the zone of `ReportData.now`; money is US dollars a day unless it says otherwise; shares are
percentages, 0 to 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tagwright_dictionary.dictionary import Target
from tagwright_drift.cells import CellState
from tagwright_drift.history.records import EventKind, FindingRecord, RunRecord
from tagwright_drift.levels import Standing


class Light(StrEnum):
    """How a share stands against its target. `NONE`: there is no figure, which is not green."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Clock:
    """The deadline of one finding. `hours` is the time allowed; `severity` the level's own word ("critical"), "" when
    it has none. `certain` False: a stricter level applies only if something unknown is so (an environment that no tag
    names), and it is the strict one that is shown.
    """

    standing: Standing = Standing.NO_DEADLINE
    due: datetime | None = None
    hours: float = 0.0
    severity: str = ""
    certain: bool = True
    provided: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """The next step, ready to copy.

    command  one line for a POSIX shell, "" where no single command mends it; a value that a person has to choose is a
             shell variable that must be set (`${VALUE:?...}`), so that pasting it can never tag with nonsense
    code     the line to write in code (`owner = "vision@acme.example"`), "" where it is not one line
    value    the value to write, "" when it has to be chosen
    basis    where the value is from ("node group ng-1", "the dictionary"), "" when there is none
    """

    command: str = ""
    code: str = ""
    value: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One open finding as a report shows it.

    change      what happened to it since the run that the report compares with; None: it was there before
    owner       who answers for it, "" when nobody is known; `owner_basis`: "tag", or where it was taken from
    untagged    the tags are missing or do not reach the bill (else they are there and wrong)
    stale       the newest scan did not see its cell: it was last verified at `record.last_seen`
    planned     False: that scan did not even set out to see it; its account, region or type left the plan
    usd_so_far  dollars since it began at today's rate, None without a cost
    """

    record: FindingRecord
    clock: Clock
    owner: str
    owner_basis: str
    untagged: bool
    fix: Fix
    change: EventKind | None = None
    stale: bool = False
    planned: bool = True
    usd_so_far: float | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A share against its target. `part` of `whole` (dollars a day, or resources); `share` None: no figure."""

    name: str
    part: float | None
    whole: float | None
    share: float | None
    target: Target | None
    light: Light


@dataclass(frozen=True, slots=True)
class Point:
    """One run in the trend. Shares are percentages, None without such a figure; `whole`: it saw everything."""

    run: str
    at: datetime
    spend_share: float | None
    count_share: float | None
    open: float | None
    untagged_usd: float | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """Runs of one scope within the last 90 days, oldest first, and the change of the headline share in percentage
    points against the newest run that is at least 30 (90) days old; None: there is none that old.
    """

    points: tuple[Point, ...]
    change_30: float | None
    change_90: float | None


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """What one owner has open. Dollars count every resource once; `basis` is that of `Item.owner_basis`."""

    owner: str
    findings: int
    breached: int
    resources: int
    untagged_usd: float | None
    mistagged_usd: float | None


@dataclass(frozen=True, slots=True)
class Unseen:
    """Cells that were not seen for one cause. `reason` is the most frequent one in the provider's words; `accounts`
    and `types` are counted, with some named.
    """

    state: CellState
    refused_by: str
    cells: int
    reason: str
    accounts: tuple[str, ...]
    account_count: int
    regions: tuple[str, ...]
    region_count: int
    types: tuple[str, ...]
    type_count: int


@dataclass(frozen=True, slots=True)
class Unplanned:
    """Open findings of one account that the scan did not look for: its plan has their cells no longer, so that nothing
    can resolve them. `cells` they lie in; `last_seen` is when a scan saw one of them last.
    """

    account: str
    findings: int
    cells: int
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened since `since` (None: there was no earlier run). `resolved_items` are shown, dearest first.
    `retired` are none of the resolved: they were closed because nobody looks for them any more.
    """

    since: datetime | None
    new: int
    resolved: int
    regressed: int
    persisting: int
    resolved_items: tuple[FindingRecord, ...] = ()
    retired: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """Open findings. Undecided ones are counted apart and not among the severities."""

    open: int
    errors: int
    warnings: int
    infos: int
    undecided: int
    breached: int
    due_soon: int


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of the bill: what became of its tags (a `dollars.model.Share`), dollars a day, and its share of all."""

    name: str
    usd: float
    share: float | None


@dataclass(frozen=True, slots=True)
class ReportData:
    """One report.

    run        the run it is about; `newest`: a later one of another scope, whose findings are in it too
    measures   by name: "spend_compliance" (of taggable spend), "spend_of_total", "count_compliance"
    headline   the measure that leads: spend where costs are known, else resources
    slices     the whole bill by what became of its tags, largest first; () without costs, or without their parts
    basis      "billed", "estimate", "mixed" or "" (no costs)
    period     the time that was billed, UTC, from its start to before its end; None where that is not known
    items      every open finding, most urgent first
    owner      the filter: only findings of this owner are in `items`, `counts`, `owners` and `changes`
    """

    tool_version: str
    now: datetime
    run: RunRecord
    newest: RunRecord | None
    previous: RunRecord | None
    unseen: tuple[Unseen, ...]
    skipped: int
    measures: tuple[Measure, ...]
    headline: Measure
    slices: tuple[Slice, ...]
    basis: str
    untagged_usd: float | None
    trend: Trend
    counts: Counts
    changes: Changes
    owners: tuple[OwnerRow, ...]
    items: tuple[Item, ...]
    owner: str = ""
    unplanned: tuple[Unplanned, ...] = ()
    period: tuple[datetime, datetime] | None = None

    @property
    def whole(self) -> bool:
        """Whether everything was seen that could be there."""
        newest = self.newest is None or (self.newest.coverage.whole and not self.newest.killed)
        return self.run.coverage.whole and not self.run.killed and newest

    @property
    def clean(self) -> bool:
        """Whether nothing is open anywhere and everything was seen. A filtered report never says so, nor one of a scan
        that did not set out to see everything.
        """
        return self.whole and not self.items and not self.owner and self.run.scope == "full"

    def measure(self, name: str) -> Measure:
        return next(each for each in self.measures if each.name == name)
