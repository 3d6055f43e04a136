"""A report from the history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tagwright_dictionary.dictionary import Target
from tagwright_dictionary.errors import InputError
from tagwright_drift.dollars.model import Share
from tagwright_drift.history.records import EventKind, FindingRecord, FindingState, HistoryReader, RunRecord
from tagwright_drift.levels import Standing
from tagwright_drift.report.changes import Window, comparable, needed, window_of
from tagwright_drift.report.clocks import Deadlines, clock, no_deadlines
from tagwright_drift.report.fixing import Examples, fix_for
from tagwright_drift.report.ledger import unseen
from tagwright_drift.report.lights import measured, share_of, target_for
from tagwright_drift.report.model import Changes, Counts, Item, Measure, ReportData, Slice
from tagwright_drift.report.owning import UNTAGGED, owner_of, owner_rows
from tagwright_drift.report.ranking import urgency
from tagwright_drift.report.trends import trend
from tagwright_drift.report.unplanned import Plan, unplanned

_RESOLVED_SHOWN = 100


def assemble(
    history: HistoryReader,
    *,
    now: datetime,
    tool_version: str,
    targets: tuple[Target, ...] = (),
    deadlines: Deadlines = no_deadlines,
    examples: Examples = frozenset(),
    run: str = "",
    owner: str = "",
    since: datetime | None = None,
) -> ReportData:
    """The report as of `now` (aware), whose zone all times are shown in.

    examples  values of the dictionary that only show a form, and are no fix (`fixing.examples_of`)
    run    the id of the run to report, or a beginning of it that only one run has; "": the newest full one, or the
           newest of all where there is no full one. Of an earlier run the findings are those that were open after it,
           described as they are known today.
    owner  only findings of this owner; the shares stay those of everything
    since  changes since this time, instead of since the run before

    Raises InputError where there is no run, or none of that id, or what it takes was forgotten.
    """
    runs = history.runs()
    about = _run(runs, run)
    newest = runs[-1] if not run and runs[-1].id != about.id else None
    earlier = [each for each in runs if comparable(each, about) and each.started < about.started]
    previous = earlier[-1] if earlier else None
    upto = about if newest is None else newest
    window = window_of(history, runs, after=since or (previous.started if previous else None), upto=upto)
    records = _open_after(history, runs, upto) if run else history.findings(open_only=True)
    items = sorted(_items(records, about, window, now, deadlines, examples, owner), key=urgency)
    plan = Plan(items)
    groups, skipped = unseen(plan.noting(history.cells(about.id)))
    items = list(plan.marked(items))
    measures = _measures(about, targets)
    spend = next(each for each in measures if each.name == "spend_compliance")
    count = next(each for each in measures if each.name == "count_compliance")
    return ReportData(
        tool_version=tool_version,
        now=now,
        run=_local(about, now),
        newest=None if newest is None else _local(newest, now),
        previous=None if previous is None else _local(previous, now),
        unseen=groups,
        skipped=skipped,
        measures=measures,
        headline=spend if spend.share is not None else count,
        slices=_slices(about),
        basis=_basis(items, about),
        untagged_usd=about.metric("spend_untagged"),
        trend=trend(runs, about, now),
        counts=_counts(items),
        changes=_changes(history, items, window, since or (previous.started if previous else None), now, owner),
        owners=owner_rows(items),
        items=tuple(items),
        owner=owner,
        unplanned=unplanned(items),
        period=_period(about),
    )


def _run(runs: Sequence[RunRecord], wanted: str) -> RunRecord:
    if not runs:
        raise InputError("the history has no run yet", hint="scan first: tagwright drift scan")
    if not wanted:
        full = [each for each in runs if each.scope == "full"]
        return full[-1] if full else runs[-1]
    found = [each for each in runs if each.id == wanted] or [each for each in runs if each.id.startswith(wanted)]
    if len(found) != 1:
        several = ", ".join(each.id for each in found[:5])
        raise InputError(
            f"{len(found)} runs begin with {wanted!r}" if found else f"there is no run {wanted!r} in the history",
            hint=f"one of {several}" if found else f"the newest is {runs[-1].id}",
        )
    return found[0]


def _local(run: RunRecord, now: datetime) -> RunRecord:
    ended = None if run.ended is None else run.ended.astimezone(now.tzinfo)
    return replace(run, started=run.started.astimezone(now.tzinfo), ended=ended)


def _open_after(history: HistoryReader, runs: Sequence[RunRecord], upto: RunRecord) -> Iterator[FindingRecord]:
    """The findings that were open after the run `upto`: those that are open now, less what later runs did. Backwards,
    because what the oldest runs did may be forgotten (`tagwright drift history --keep`).
    """
    merged = sorted(runs, key=lambda run: run.merged)  # of scans at once the one that began first may be merged last
    later = merged[[run.id for run in merged].index(upto.id) + 1 :]
    if not later:
        return history.findings(open_only=True)
    known = {record.identity for record in history.findings(open_only=True)}
    for run in reversed(needed((upto, *later), f"the run {upto.id}", runs)[1:]):
        for event in history.events(run.id):
            if event.kind is EventKind.RESOLVED:
                known.add(event.identity)
            else:
                known.discard(event.identity)
    return (record for record in history.findings(open_only=False) if record.identity in known)


def _items(
    records: Iterable[FindingRecord],
    about: RunRecord,
    window: Window,
    now: datetime,
    deadlines: Deadlines,
    examples: Examples,
    owner: str,
) -> Iterator[Item]:
    for record in records:
        who, basis = owner_of(record)
        if owner and who.casefold() != owner.casefold():
            continue
        spent = None
        if record.usd_per_day is not None:
            spent = record.usd_per_day * max((now - record.first_seen).total_seconds(), 0.0) / 86_400
        yield Item(
            record=record,
            clock=clock(deadlines(record), now),
            owner=who,
            owner_basis=basis,
            untagged=record.rule in UNTAGGED,
            fix=fix_for(record, examples),
            change=window.kinds.get(record.identity),
            stale=about.scope == "full" and record.last_seen < about.started,
            usd_so_far=spent,
        )


def _measures(run: RunRecord, targets: tuple[Target, ...]) -> tuple[Measure, ...]:
    good, bad, undecided = (run.metric(name) for name in ("compliant", "non_compliant", "undecided"))
    judged = None if good is None or bad is None else good + bad + (undecided or 0)
    compliant = run.metric("spend_compliant")
    spend = target_for("spend_compliance", targets)
    return (
        measured("spend_compliance", compliant, run.metric("spend_taggable"), spend),
        measured("spend_of_total", compliant, run.metric("spend_total"), None),
        measured("count_compliance", good, judged, target_for("count_compliance", targets)),
    )


def _slices(run: RunRecord) -> tuple[Slice, ...]:
    total = run.metric("spend_total")
    found = [(str(share), run.metric(f"spend_{share}")) for share in Share]
    if total is None or any(usd is None for _, usd in found):
        return ()
    made = [Slice(name, usd, share_of(usd, total)) for name, usd in found if usd]
    return tuple(sorted(made, key=lambda each: (-each.usd, each.name)))


def _basis(items: Sequence[Item], run: RunRecord) -> str:
    found = {item.record.usd_basis for item in items if item.record.usd_per_day is not None} - {""}
    if run.metric("spend_total") is not None:
        found.add("estimate" if run.metric("spend_estimated") else "billed")
    return "mixed" if len(found) > 1 else next(iter(found), "")


def _period(run: RunRecord) -> tuple[datetime, datetime] | None:
    start, end = run.metric("spend_from"), run.metric("spend_to")
    if start is None or end is None or run.metric("spend_estimated"):
        return None
    return datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)


def _counts(items: Sequence[Item]) -> Counts:
    severities = {"error": 0, "warning": 0, "info": 0}
    undecided = breached = soon = 0
    for item in items:
        if item.record.certainty == "undecided":
            undecided += 1
            continue
        severities[item.record.severity] = severities.get(item.record.severity, 0) + 1
        breached += item.clock.standing is Standing.BREACHED
        soon += item.clock.standing is Standing.DUE_SOON
    return Counts(len(items), severities["error"], severities["warning"], severities["info"], undecided, breached, soon)


def _changes(
    history: HistoryReader,
    items: Sequence[Item],
    window: Window,
    since: datetime | None,
    now: datetime,
    owner: str,
) -> Changes:
    resolved = [identity for identity, kind in window.kinds.items() if kind is EventKind.RESOLVED]
    gone: list[FindingRecord] = []
    if resolved:
        wanted = set(resolved)
        gone = [
            record
            for record in history.findings(open_only=False)
            if record.identity in wanted
            and record.state is FindingState.RESOLVED
            and (not owner or owner_of(record)[0].casefold() == owner.casefold())
        ]
    shown = sorted(gone, key=lambda each: (-(each.usd_per_day or 0.0), each.name, each.identity))[:_RESOLVED_SHOWN]
    new = sum(item.change is EventKind.NEW for item in items)
    regressed = sum(item.change is EventKind.REGRESSED for item in items)
    return Changes(
        None if since is None else since.astimezone(now.tzinfo),
        new,
        len(gone) if owner else len(resolved),
        regressed,
        len(items) - new - regressed,
        tuple(shown),
        0 if owner else window.retired,
    )
