"""One row a finding, for spreadsheets and for joins.

A cell that a spreadsheet would run as a formula begins with an apostrophe; what does not print is an escape, so that a
cell is one line wherever it is shown. Every row says whether the scan behind it saw everything.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from tagwright_cli.drift_formats import Look
from tagwright_cli.sanitise import clean
from tagwright_dictionary.publishing.files import inert
from tagwright_drift.report.model import Item, ReportData

COLUMNS = (
    "standing", "severity", "certainty", "change", "name", "type", "account", "region", "owner", "owner_from",
    "rule", "key", "value", "message", "usd_per_day", "usd_basis", "usd_so_far", "first_seen", "age_basis", "due",
    "last_seen", "verified", "regressions", "fix_value", "fix_code", "fix_command", "help", "suggestions", "chain",
    "cause", "requirement", "classes", "tags", "group", "members", "address", "identity", "run", "scan_complete",
    "cells_seen", "cells_required",
)  # fmt: skip


def render(data: ReportData, look: Look, /) -> str:  # noqa: ARG001 - the DriftFormat protocol
    """A header and the rows, most urgent first; times are ISO 8601 in UTC, money US dollars."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    coverage = data.run.coverage
    ending = (data.run.id, _flag(data.whole), str(coverage.complete), str(coverage.required))
    for item in data.items:
        writer.writerow([inert(clean(cell)) for cell in (*_cells(item), *ending)])
    return out.getvalue()


def _cells(item: Item) -> tuple[str, ...]:
    record, clock = item.record, item.clock
    return (
        str(clock.standing),
        record.severity,
        record.certainty,
        "" if item.change is None else str(item.change),
        record.name,
        record.type,
        record.account,
        record.region,
        item.owner,
        item.owner_basis,
        record.rule,
        record.key,
        record.value or "",
        record.message,
        _number(record.usd_per_day),
        record.usd_basis,
        _number(item.usd_so_far),
        _time(record.first_seen),
        str(record.age_basis),
        _time(clock.due),
        _time(record.last_seen),
        _flag(not item.stale),
        str(record.regressions),
        item.fix.value,
        item.fix.code,
        item.fix.command,
        record.help,
        "; ".join(record.suggestions),
        record.chain,
        record.cause,
        record.requirement,
        "; ".join(record.classes),
        "; ".join(f"{key}={value}" for key, value in record.tags),
        record.group,
        str(record.members),
        record.address,
        record.identity,
    )


def _flag(yes: bool) -> str:
    return "true" if yes else "false"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


def _time(when: datetime | None) -> str:
    return "" if when is None else when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
