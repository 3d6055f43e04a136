"""The coverage ledger: what a scan set out to see, and what became of every piece of it.

A cell is one resource type in one region of one account. Every planned cell is written before the scan as `unseen`
and ends in exactly one other state; one that never ended stays unseen, whatever killed the scan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

GLOBAL = "global"
"""The region of cells whose list call answers for the whole account (S3 buckets)."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """`type` is the catalogue's name: the Terraform type where there is one, else the CloudFormation type."""

    account: str
    region: str
    type: str

    def __str__(self) -> str:
        return f"{self.account} {self.region} {self.type}"


class CellState(StrEnum):
    """How a cell ended.

    complete          everything was listed and every tag was read
    partial           some pages or some tags are missing; what was seen counts, what was not is unknown
    denied            a policy refused it
    throttled         still refused for its rate after all retries
    region_disabled   the account has not opted in to the region: it cannot hold resources
    type_unsupported  the service does not exist in the region: it cannot hold resources
    timeout           no answer in time
    error             anything else, an answer that makes no sense included
    unseen            planned, and never finished
    """

    COMPLETE = "complete"
    PARTIAL = "partial"
    DENIED = "denied"
    THROTTLED = "throttled"
    REGION_DISABLED = "region_disabled"
    TYPE_UNSUPPORTED = "type_unsupported"
    TIMEOUT = "timeout"
    ERROR = "error"
    UNSEEN = "unseen"

    @property
    def cannot_hold(self) -> bool:
        """Nothing can be there, so that not looking spoils nothing."""
        return self in (CellState.REGION_DISABLED, CellState.TYPE_UNSUPPORTED)

    @property
    def decided(self) -> bool:
        """Whether anything has been said of it at all."""
        return self is not CellState.UNSEEN

    @property
    def seen(self) -> bool:
        """Whether the cell was seen whole: only such a cell may resolve a finding."""
        return self is CellState.COMPLETE


@dataclass(frozen=True, slots=True)
class CellResult:
    """What became of one cell. Times are UTC.

    `reason` is one line for a person ("AccessDenied for lambda:ListFunctions"); `refused_by` is "scp" or "iam" where
    a refusal says so. `resources` were listed, `unknown_tags` of them could not be asked for their tags. `calls`
    counts requests to the provider on behalf of the cell (shared ones are counted once, with the first that asks).
    `suspect`: seen whole, but so much smaller than before that its absences are not believed.
    """

    cell: Cell
    state: CellState
    reason: str = ""
    refused_by: str = ""
    resources: int = 0
    unknown_tags: int = 0
    pages: int = 0
    calls: int = 0
    started: datetime | None = None
    ended: datetime | None = None
    suspect: bool = False

    @property
    def resolves(self) -> bool:
        """Whether a finding that this cell no longer shows is gone."""
        return self.state.seen and not self.suspect


@dataclass(frozen=True, slots=True)
class Coverage:
    """The ledger in numbers. `required` leaves out the cells that cannot hold anything; `lost` are the cells that
    were not seen, by state and then by the policy that refused them ("denied:scp").
    """

    planned: int
    required: int
    complete: int
    lost: tuple[tuple[str, int], ...] = ()
    resources: int = 0
    unknown_tags: int = 0
    suspect: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything was seen that could be there, and something was looked for at all."""
        return self.required > 0 and self.complete == self.required and not self.suspect


def coverage(results: Iterable[CellResult]) -> Coverage:
    """The numbers of a ledger with one result a planned cell."""
    planned = required = complete = resources = unknown = suspect = 0
    lost: dict[str, int] = {}
    for each in results:
        planned += 1
        resources += each.resources
        unknown += each.unknown_tags
        suspect += each.suspect
        if each.state.cannot_hold:
            continue
        required += 1
        if each.state.seen:
            complete += 1
            continue
        name = f"{each.state}:{each.refused_by}" if each.refused_by else str(each.state)
        lost[name] = lost.get(name, 0) + 1
    ordered = tuple(sorted(lost.items(), key=lambda pair: (-pair[1], pair[0])))
    return Coverage(planned, required, complete, ordered, resources, unknown, suspect)
