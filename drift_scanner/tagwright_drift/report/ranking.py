"""What comes first."""

from __future__ import annotations

from datetime import UTC, datetime

from tagwright_drift.levels import Standing
from tagwright_drift.report.model import Item

_SEVERITY = {"error": 0, "warning": 1, "info": 2}
_STANDING = {Standing.BREACHED: 0, Standing.DUE_SOON: 1, Standing.OPEN: 2, Standing.NO_DEADLINE: 3}
_NEVER = datetime.max.replace(tzinfo=UTC)

Urgency = tuple[bool, int, int, float, datetime, str, str, str]


def urgency(item: Item) -> Urgency:
    """Sort key: what is certain before what is not, errors first, breached before due, dear before cheap."""
    record = item.record
    return (
        record.certainty == "undecided",
        _SEVERITY.get(record.severity, 3),
        _STANDING[item.clock.standing],
        -(record.usd_per_day or 0.0),
        item.clock.due or _NEVER,
        record.name,
        record.address,
        record.identity,
    )
