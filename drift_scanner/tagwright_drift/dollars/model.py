"""What the join of a bill and a run gives: money by what became of its tags. Amounts are exact decimals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol


class Share(StrEnum):
    """Where money went, as far as tags tell. Every row of a bill is in exactly one share.

    compliant       spent by resources whose tags are right
    exempt          by resources that an exemption lets pass
    untagged        by resources with an error for a missing tag
    mis_tagged      by resources with other errors: a value that is not approved, a key in the wrong case, ...
    undecided       by resources whose tags could not be read or judged
    not_subject     by resources that cannot carry tags, or that no requirement is about
    unseen          on a resource id that no scan saw: it is gone, its type is not listed, or its cell was not read
    unattributed    on no resource id: support, taxes, data transfer, unused commitments
    """

    COMPLIANT = "compliant"
    EXEMPT = "exempt"
    UNTAGGED = "untagged"
    MIS_TAGGED = "mis_tagged"
    UNDECIDED = "undecided"
    NOT_SUBJECT = "not_subject"
    UNSEEN = "unseen"
    UNATTRIBUTED = "unattributed"


TAGGABLE: Final = (Share.COMPLIANT, Share.EXEMPT, Share.UNTAGGED, Share.MIS_TAGGED, Share.UNDECIDED)
"""Shares of resources that were seen and that the dictionary asks tags of."""
BILLED: Final = "billed"
ESTIMATE: Final = "estimate"
_DAY: Final = Decimal(86_400)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to before `end`, UTC."""

    start: datetime
    end: datetime

    @property
    def days(self) -> Decimal:
        """Its length in days, exactly."""
        span: timedelta = self.end - self.start
        return (Decimal(span.days) * _DAY + span.seconds + Decimal(span.microseconds) / 1_000_000) / _DAY


@dataclass(frozen=True, slots=True)
class Spend:
    """All money of the exports, over `period`, in `currency`. `basis` is "billed" or "estimate".

    amounts   one a share, in the order of `Share`; they sum to `total` exactly
    resources how many live resources have a cost; `seen` how many there are. For an estimate the rest has no price
    credits   what of the total is negative: credits, refunds, discounts written as rows (FOCUS allows them anywhere)
    outside   money of rows outside the period asked for, in no other number here
    foreign   money of rows in other currencies than the one asked for, by currency, in no other number here
    rows      rows read
    """

    currency: str
    period: Period
    basis: str
    amounts: tuple[tuple[Share, Decimal], ...]
    resources: int = 0
    seen: int = 0
    credits: Decimal = Decimal(0)
    outside: Decimal = Decimal(0)
    foreign: tuple[tuple[str, Decimal], ...] = ()
    rows: int = 0

    def amount(self, *shares: Share) -> Decimal:
        """The sum of some shares over the period."""
        return sum((value for share, value in self.amounts if share in shares), Decimal(0))

    def per_day(self, *shares: Share) -> Decimal:
        """The same a day."""
        return self.amount(*shares) / self.period.days

    @property
    def total(self) -> Decimal:
        return sum((value for _, value in self.amounts), Decimal(0))

    @property
    def taggable(self) -> Decimal:
        return self.amount(*TAGGABLE)

    @property
    def compliance_of_total(self) -> Decimal | None:
        """The part of all money that is spent by compliant resources, 0 to 1; None without money."""
        return _ratio(self.amount(Share.COMPLIANT), self.total)

    @property
    def compliance_of_taggable(self) -> Decimal | None:
        """The part of the money spent by resources that need tags; None without any."""
        return _ratio(self.amount(Share.COMPLIANT), self.taggable)

    def metrics(self) -> tuple[tuple[str, float], ...]:
        """Named numbers for a run's record, sorted; money is dollars a day, times are seconds since 1970. Empty for
        another currency than USD.
        """
        if self.currency != "USD":
            return ()
        found = {f"spend_{share.value}": float(self.per_day(share)) for share in Share}
        found |= {"spend_total": float(self.total / self.period.days), "spend_period_days": float(self.period.days)}
        found["spend_taggable"] = float(self.taggable / self.period.days)
        found["spend_estimated"] = float(self.basis == ESTIMATE)
        found["spend_from"], found["spend_to"] = self.period.start.timestamp(), self.period.end.timestamp()
        for name, value in (("total", self.compliance_of_total), ("taggable", self.compliance_of_taggable)):
            if value is not None:
                found[f"spend_compliance_of_{name}"] = float(value)
        return tuple(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class ResourceCost:
    """What one live resource costs. `amount` is over the period, `per_day` that over its days, `recent_per_day` over
    the days since its first charge (a resource that was made yesterday has cost nothing before).
    """

    address: str
    account: str
    region: str
    type: str
    name: str
    share: Share
    owner: str
    amount: Decimal
    per_day: Decimal
    recent_per_day: Decimal


@dataclass(frozen=True, slots=True)
class FindingCost:
    """What the resources cost that one finding is about, a day over the period. `address` and `name` are those of the
    dearest of them.
    """

    identity: str
    rule: str
    key: str
    address: str
    name: str
    type: str
    owner: str
    resources: int
    per_day: Decimal


@dataclass(frozen=True, slots=True)
class Since:
    """Money spent since a finding began: `billed` lies in the period of the export, `projected` before and after it,
    at the rate of the resource since its first charge.
    """

    identity: str
    billed: Decimal
    projected: Decimal

    @property
    def total(self) -> Decimal:
        return self.billed + self.projected


@dataclass(frozen=True, slots=True)
class OwnerCost:
    """Untagged and mis-tagged money a day of one owner; "" owns what nobody can be named for."""

    owner: str
    untagged: Decimal
    mis_tagged: Decimal
    resources: int


@dataclass(frozen=True, slots=True)
class ServiceCost:
    """Money a day on resource ids that no scan saw, by the service that billed it."""

    service: str
    ids: int
    per_day: Decimal


@dataclass(frozen=True, slots=True)
class Inherited:
    """A bill shows a tag that the live resource lacks: inherited from an account or a cost category, or removed since
    the period. `written` is the key as the bill spells it.
    """

    address: str
    name: str
    key: str
    written: str
    value: str


@dataclass(frozen=True, slots=True)
class Ask:
    """What to read of the exports. `currency` "" takes the only one there is, if it is USD; `start` and `end` (UTC)
    bound the charges; `memory` is DuckDB's limit in megabytes, beyond which it writes to `folder` (a temporary one).
    """

    currency: str = ""
    start: datetime | None = None
    end: datetime | None = None
    memory: int = 1024
    folder: str = ""
    owner_keys: tuple[str, ...] = field(default=("owner", "team"))


class CostSink(Protocol):
    """Where costs are kept beside the findings of a run: a history's store."""

    def save_costs(
        self,
        run: str,
        per_identity: Iterable[tuple[str, float | None, str]],
        metrics: Mapping[str, float],
    ) -> None:
        """`per_identity`: identity, dollars a day (None: not known), "billed" or "estimate"; in one transaction."""


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    return part / whole if whole else None
