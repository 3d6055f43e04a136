"""What a merge came to, in words, for the commands that merge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tagwright_cli.sanitise import short
from tagwright_cli.wording import count, listed
from tagwright_dictionary.errors import EXIT_INCOMPLETE, EXIT_OK
from tagwright_drift.cells import Coverage
from tagwright_drift.history.applying import Applied
from tagwright_drift.history.records import EventKind

_STATES = {
    "denied:scp": "refused by an organization's policy",
    "denied:iam": "refused by IAM",
    "denied": "refused",
    "throttled": "throttled",
    "timeout": "timed out",
    "unseen": "never read",
    "partial": "seen in part",
    "error": "with an error",
}


def coverage_words(coverage: Coverage) -> str:
    """Coverage first, always: "31,204 of 34,000 cells seen; 2,796 not: 2,640 refused by IAM, 156 throttled"."""
    text = f"{coverage.complete:,} of {count(coverage.required, 'cell')} seen"
    lost = coverage.required - coverage.complete
    if lost:
        causes = listed((f"{number:,} {_STATES.get(name, name)}" for name, number in coverage.lost), 8)
        text += f"; {lost:,} not: {causes}"
    if coverage.suspect:
        text += f"; {coverage.suspect:,} seen whole but far too small to be believed"
    return short(text)


def applied_words(applied: Applied) -> str:
    """One merged run in a few lines."""
    if applied.already:
        return f"{short(applied.run)}: {coverage_words(applied.coverage)}\n  in the history already; nothing changed\n"
    counts = applied.counts
    lines = [
        f"{short(applied.run)}: {coverage_words(applied.coverage)}{' (the scan was killed)' if applied.killed else ''}"
    ]
    lines.append(
        f"  {counts[EventKind.NEW]:,} new, {counts[EventKind.REGRESSED]:,} regressed, "
        f"{counts[EventKind.RESOLVED]:,} resolved, {counts[EventKind.PERSISTING]:,} persisting"
        + (f", {applied.unverified:,} open but not seen this time" if applied.unverified else "")
    )
    if applied.late:
        lines.append(f"  {count(applied.late, 'cell')} had been seen later by another scan: kept in the ledger only")
    if applied.coverage.suspect:
        lines.append(
            "  nothing was resolved in cells that shrank so much; the next full scan, or --accept-shrink, settles it"
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
