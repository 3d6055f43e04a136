"""Runs, and the lives of findings, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tagwright_cli.sanitise import clean, short
from tagwright_cli.wording import count
from tagwright_drift.history.records import AgeBasis, Event, EventKind, FindingRecord, FindingState, RunRecord
from tagwright_drift.report.words import coverage_words

_HOW = {
    "gone": "resolved: the resource is gone",
    "compliant": "resolved: the resource is in order",
    "exempt": "resolved: an exemption covers it",
}
_RETIRED = "retired: "
_WORDS = {EventKind.NEW: "first seen", EventKind.REGRESSED: "came back"}

Life = tuple[FindingRecord, Sequence[Event]]


def runs_text(runs: Sequence[RunRecord], forgotten: int | None) -> str:
    """Oldest first: the newest stands where the eye ends."""
    lines = []
    for run in runs:
        ended = "killed" if run.killed else "ended" if run.ended is None else f"ended {_local(run.ended)}"
        lines.append(f"{short(run.id)}  {short(run.scope)}  {_local(run.started)}, {ended}")
        numbers = ", ".join(f"{run.metric(name) or 0:,.0f} {name}" for name in ("open", "new", "regressed", "resolved"))
        lines.append(f"  {clean(coverage_words(run.coverage))}")
        lines.append(f"  {numbers}; dictionary {short(run.dictionary_name)} {short(run.dictionary_version)}")
    lines.append(f"{count(len(runs), 'run')}.")
    if forgotten is not None:
        lines.append(f"details of {count(forgotten, 'older run')} forgotten.")
    return "\n".join(lines) + "\n"


def runs_json(runs: Sequence[RunRecord]) -> dict[str, Any]:
    return {
        "runs": [
            {
                "id": run.id,
                "scope": run.scope,
                "started": run.started.isoformat(),
                "ended": _iso(run.ended),
                "killed": run.killed,
                "inventory": run.inventory,
                "tool_version": run.tool_version,
                "dictionary": {
                    "name": run.dictionary_name,
                    "version": run.dictionary_version,
                    "digest": run.dictionary_digest,
                },
                "coverage": {
                    "planned": run.coverage.planned,
                    "required": run.coverage.required,
                    "complete": run.coverage.complete,
                    "lost": dict(run.coverage.lost),
                    "resources": run.coverage.resources,
                    "unknown_tags": run.coverage.unknown_tags,
                    "suspect": run.coverage.suspect,
                },
                "metrics": dict(run.metrics),
            }
            for run in runs
        ]
    }


def lives_text(lives: Sequence[Life]) -> str:
    blocks = []
    for record, events in lives:
        what = f"{record.rule} {record.key}".strip()
        members = f", {record.members:,} members" if record.group else ""
        lines = [
            f"{short(record.name)}  {short(record.type)}, {short(record.account)} {short(record.region)}{members}",
            f"  {short(record.address)}",
            f"  {short(what)} ({record.severity}, {record.certainty}): {short(record.message)}",
            f"  {_standing(record)}",
            *(f"  {_local(event.at)}  {_happened(event)}  {short(event.run)}" for event in events),
            f"  identity {record.identity}",
        ]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _happened(event: Event) -> str:
    if event.reason.startswith(_RETIRED):
        return f"retired, for nobody looks for it any more: {clean(event.reason.removeprefix(_RETIRED), 300)}"
    return _HOW.get(event.reason) or _WORDS.get(event.kind, event.kind)


def lives_json(lives: Sequence[Life]) -> dict[str, Any]:
    return {
        "findings": [
            {
                "identity": record.identity,
                "rule": record.rule,
                "key": record.key,
                "severity": record.severity,
                "certainty": record.certainty,
                "message": record.message,
                "address": record.address,
                "name": record.name,
                "type": record.type,
                "account": record.account,
                "region": record.region,
                "group": record.group,
                "members": record.members,
                "state": str(record.state),
                "created": _iso(record.created),
                "first_seen": record.first_seen.isoformat(),
                "age_basis": str(record.age_basis),
                "last_seen": record.last_seen.isoformat(),
                "resolved_at": _iso(record.resolved_at),
                "regressions": record.regressions,
                "events": [
                    {"run": event.run, "kind": str(event.kind), "at": event.at.isoformat(), "reason": event.reason}
                    for event in events
                ],
            }
            for record, events in lives
        ]
    }


def _standing(record: FindingRecord) -> str:
    since = f"since {_local(record.first_seen)}"
    if record.age_basis is AgeBasis.CREATED:
        since += " (when the resource was created)"
    again = f", came back {count(record.regressions, 'time')}" if record.regressions else ""
    if record.state is FindingState.RESOLVED and record.resolved_at is not None:
        return f"resolved {_local(record.resolved_at)}, was open {since}{again}"
    return f"open {since}, last seen {_local(record.last_seen)}{again}"


def _local(moment: datetime) -> str:
    return moment.astimezone().isoformat(" ", "minutes")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
