"""What a merge came to, in words, for the commands that merge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tagwright_cli.sanitise import clean, short
from tagwright_cli.wording import count
from tagwright_dictionary.errors import EXIT_INCOMPLETE, EXIT_OK
from tagwright_drift.history.applying import Applied
from tagwright_drift.history.records import EventKind
from tagwright_drift.report.words import coverage_words


def applied_words(applied: Applied) -> str:
    """One merged run in a few lines."""
    seen = f"{short(applied.run)}: {clean(coverage_words(applied.coverage))}"
    if applied.already:
        return f"{seen}\n  in the history already; nothing changed\n"
    counts = applied.counts
    kinds = (EventKind.NEW, EventKind.REGRESSED, EventKind.RESOLVED, EventKind.PERSISTING)
    numbers = ", ".join(f"{counts[kind]:,} {kind}" for kind in kinds)
    unverified = f", {applied.unverified:,} open but not seen this time" if applied.unverified else ""
    lines = [f"{seen} The scan was killed." if applied.killed else seen, f"  {numbers}{unverified}"]
    if applied.late:
        lines.append(f"  {count(applied.late, 'cell')} had been seen later by another scan: kept in the ledger only")
    if applied.coverage.suspect:
        lines.append(
            "  nothing was resolved in cells that shrank so much: the next full scan settles it, or --accept-shrink"
        )
    if applied.missing:
        numbers = ", ".join(str(number) for number in applied.missing)
        lines.append(f"  not merged: {'shard' if len(applied.missing) == 1 else 'shards'} {numbers}")
    return "\n".join(lines) + "\n"


def applied_json(applied: Applied) -> dict[str, Any]:
    coverage = applied.coverage
    return {
        "run": applied.run,
        "already": applied.already,
        "killed": applied.killed,
        "missing_shards": list(applied.missing),
        "coverage": {
            "planned": coverage.planned,
            "required": coverage.required,
            "complete": coverage.complete,
            "lost": dict(coverage.lost),
            "resources": coverage.resources,
            "unknown_tags": coverage.unknown_tags,
            "suspect": coverage.suspect,
        },
        "findings": {str(kind): number for kind, number in sorted(applied.counts.items())},
        "unverified": applied.unverified,
        "late_cells": applied.late,
    }


def exit_code(merged: Iterable[Applied]) -> int:
    """4 when a run did not see everything, also when the history had it already."""
    return EXIT_OK if all(each.coverage.whole for each in merged) else EXIT_INCOMPLETE


def summary(merged: Sequence[Applied]) -> str:
    fresh = [each for each in merged if not each.already]
    return f"{count(len(fresh), 'run')} merged, {len(merged) - len(fresh):,} in the history already\n"
