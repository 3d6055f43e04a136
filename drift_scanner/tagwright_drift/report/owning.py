"""Who answers for a finding, and what each of them has open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tagwright_drift.history.records import FindingRecord
from tagwright_drift.levels import Standing
from tagwright_drift.report.model import Item, OwnerRow

_NAMES = ("owner", "team")
UNTAGGED = frozenset(("missing-tag", "unreached", "key-case"))
"""Rules after which the tag is not where billing looks for it; after the others it is there and wrong."""


def owner_of(record: FindingRecord) -> tuple[str, str]:
    """(owner, basis): the `owner` tag, else the `team` tag, else what the surroundings say; ("", "") if nothing does.

    A tag that is itself found wrong does not name anybody.
    """
    tags = {key.lower(): value for key, value in record.tags}
    wrong = (
        record.key.lower() if record.value is not None and record.rule not in ("mismatched-tags", "key-case") else ""
    )
    for name in _NAMES:
        if tags.get(name) and name != wrong:
            return tags[name], "tag"
    for name in _NAMES:
        for key, value, where in record.probable:
            if key.lower() == name and value:
                return value, where
    return "", ""


@dataclass(slots=True)
class _Sums:
    findings: int = 0
    breached: int = 0
    # Dollars of each resource once, however many findings it has: untagged counts before mis-tagged.
    resources: dict[tuple[str, str, str], tuple[bool, float | None]] = field(default_factory=dict)


def subject_of(record: FindingRecord) -> tuple[str, str, str]:
    """What costs: the group, or the resource."""
    return (record.account, record.region, f"{record.type} {record.group or record.address}")


def owner_rows(items: Iterable[Item]) -> tuple[OwnerRow, ...]:
    """One row an owner, most untagged dollars first, then most findings. Undecided findings cost nobody anything."""
    sums: dict[str, _Sums] = {}
    for item in items:
        own = sums.setdefault(item.owner, _Sums())
        own.findings += 1
        own.breached += item.clock.standing is Standing.BREACHED
        if item.record.certainty == "undecided":
            continue
        subject = subject_of(item.record)
        untagged, usd = own.resources.get(subject, (False, None))
        if usd is None:
            usd = item.record.usd_per_day
        own.resources[subject] = (untagged or item.untagged, usd)
    rows = [
        OwnerRow(
            owner,
            own.findings,
            own.breached,
            len(own.resources),
            _dollars(own, untagged=True),
            _dollars(own, untagged=False),
        )
        for owner, own in sums.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-(row.untagged_usd or 0.0), -row.findings, row.owner)))


def _dollars(own: _Sums, *, untagged: bool) -> float | None:
    costs = [usd for is_untagged, usd in own.resources.values() if is_untagged is untagged and usd is not None]
    known = any(usd is not None for _, usd in own.resources.values())
    # Sorted, so that the sum does not depend on the order of the findings.
    return sum(sorted(costs)) if known else None
