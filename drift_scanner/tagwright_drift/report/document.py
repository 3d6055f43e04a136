"""The report as a document for programs: the stable contract, described by `data/drift-report.schema.json`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tagwright_drift.cells import Coverage
from tagwright_drift.history.records import FindingRecord, RunRecord
from tagwright_drift.report.model import Item, Measure, Point, ReportData, Unseen
from tagwright_drift.report.words import coverage_words, verdict_words

SCHEMA_FILE = "drift-report.schema.json"
SCHEMA_ID = "urn:tagwright:drift-report:1"


def document(data: ReportData) -> dict[str, Any]:
    """The document but for its last member, `findings`: plain JSON values.

    Times are ISO 8601 in UTC, money is US dollars a day, shares are percentages.
    """
    counts, changes = data.counts, data.changes
    return {
        "schema": SCHEMA_ID,
        "tool": {"name": "tagwright", "version": data.tool_version},
        "made_at": _time(data.now),
        "dictionary": {
            "name": data.run.dictionary_name,
            "version": data.run.dictionary_version,
            "digest": data.run.dictionary_digest,
        },
        "headline": {"coverage": coverage_words(data.run.coverage), "verdict": verdict_words(data)},
        "whole": data.whole,
        "clean": data.clean,
        "owner": data.owner or None,
        "run": _run(data.run),
        "newest_run": None if data.newest is None else _run(data.newest),
        "previous_run": None if data.previous is None else _run(data.previous),
        "unseen": [_unseen(each) for each in data.unseen],
        "unplanned": [
            {
                "account": each.account,
                "findings": each.findings,
                "cells": each.cells,
                "last_seen": _time(each.last_seen),
            }
            for each in data.unplanned
        ],
        "cannot_hold": data.skipped,
        "currency": "USD",
        "cost_basis": data.basis or None,
        "cost_period": None if data.period is None else {"start": _time(data.period[0]), "end": _time(data.period[1])},
        "untagged_usd_per_day": data.untagged_usd,
        "measures": {each.name: _measure(each) for each in data.measures},
        "spend_per_day": {each.name: {"usd": each.usd, "share": each.share} for each in data.slices},
        "trend": {
            "points": [_point(each) for each in data.trend.points],
            "change_30_days": data.trend.change_30,
            "change_90_days": data.trend.change_90,
        },
        "counts": {
            "open": counts.open,
            "error": counts.errors,
            "warning": counts.warnings,
            "info": counts.infos,
            "undecided": counts.undecided,
            "breached": counts.breached,
            "due_soon": counts.due_soon,
        },
        "changes": {
            "since": None if changes.since is None else _time(changes.since),
            "new": changes.new,
            "resolved": changes.resolved,
            "regressed": changes.regressed,
            "persisting": changes.persisting,
            "retired": changes.retired,
            "resolved_findings": [_record(each) for each in changes.resolved_items],
        },
        "owners": [
            {
                "owner": row.owner or None,
                "findings": row.findings,
                "breached": row.breached,
                "resources": row.resources,
                "untagged_usd_per_day": row.untagged_usd,
                "mistagged_usd_per_day": row.mistagged_usd,
            }
            for row in data.owners
        ],
    }


def findings(data: ReportData) -> Iterator[dict[str, Any]]:
    """The member `findings` of the document, one by one."""
    return map(_item, data.items)


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _maybe(when: datetime | None) -> str | None:
    return None if when is None else _time(when)


def _run(run: RunRecord) -> dict[str, Any]:
    return {
        "id": run.id,
        "scope": run.scope,
        "started": _time(run.started),
        "ended": _maybe(run.ended),
        "killed": run.killed,
        "inventory": run.inventory,
        "coverage": _coverage(run.coverage),
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "planned": coverage.planned,
        "required": coverage.required,
        "complete": coverage.complete,
        "lost": dict(coverage.lost),
        "resources": coverage.resources,
        "unknown_tags": coverage.unknown_tags,
        "suspect": coverage.suspect,
        "whole": coverage.whole,
    }


def _unseen(each: Unseen) -> dict[str, Any]:
    return {
        "state": str(each.state),
        "refused_by": each.refused_by or None,
        "cells": each.cells,
        "reason": each.reason,
        "accounts": {"count": each.account_count, "some": list(each.accounts)},
        "regions": {"count": each.region_count, "some": list(each.regions)},
        "types": {"count": each.type_count, "some": list(each.types)},
    }


def _measure(each: Measure) -> dict[str, Any]:
    target = None if each.target is None else {"green": each.target.green, "yellow": each.target.yellow}
    return {"part": each.part, "whole": each.whole, "share": each.share, "target": target, "light": str(each.light)}


def _point(each: Point) -> dict[str, Any]:
    return {
        "run": each.run,
        "at": _time(each.at),
        "spend_compliance": each.spend_share,
        "count_compliance": each.count_share,
        "open": each.open,
        "untagged_usd_per_day": each.untagged_usd,
        "whole": each.whole,
    }


def _record(record: FindingRecord) -> dict[str, Any]:
    return {
        "identity": record.identity,
        "rule": record.rule,
        "key": record.key,
        "value": record.value,
        "severity": record.severity,
        "certainty": record.certainty,
        "requirement": record.requirement,
        "message": record.message,
        "help": record.help,
        "suggestions": list(record.suggestions),
        "cause": record.cause or None,
        "resource": {
            "name": record.name,
            "address": record.address,
            "type": record.type,
            "account": record.account,
            "region": record.region,
            "classes": list(record.classes),
            "group": record.group or None,
            "members": record.members,
            "tags": dict(record.tags),
            "created": _maybe(record.created),
        },
        "probable": [{"key": key, "value": value, "where": where} for key, value, where in record.probable],
        "chain": record.chain or None,
        "first_seen": _time(record.first_seen),
        "age_basis": str(record.age_basis),
        "last_seen": _time(record.last_seen),
        "resolved_at": _maybe(record.resolved_at),
        "regressions": record.regressions,
        "usd_per_day": record.usd_per_day,
        "usd_basis": record.usd_basis or None,
    }


def _item(item: Item) -> dict[str, Any]:
    clock = item.clock
    return {
        **_record(item.record),
        "standing": str(clock.standing),
        "due": _maybe(clock.due),
        "allowed_hours": clock.hours if clock.due is not None else None,
        "level": clock.severity or None,
        "level_certain": clock.certain,
        "level_provided": clock.provided or None,
        "change": None if item.change is None else str(item.change),
        "verified": not item.stale,
        "planned": item.planned,
        "owner": item.owner or None,
        "owner_from": item.owner_basis or None,
        "untagged": item.untagged,
        "usd_so_far": None if item.usd_so_far is None else round(item.usd_so_far, 2),
        "fix": {
            "value": item.fix.value or None,
            "value_from": item.fix.basis or None,
            "code": item.fix.code or None,
            "command": item.fix.command or None,
        },
    }
