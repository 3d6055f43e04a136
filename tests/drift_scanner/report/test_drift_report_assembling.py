"""What a report holds: exact figures, the order of what is urgent, changes, owners, gaps."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from tests.drift_scanner.report.conftest import report
from tests.drift_scanner.report.estate import NOW, STARTED, History, cells, estate, finding, many, run_of

from tagwright_dictionary.dictionary import Target
from tagwright_dictionary.errors import InputError
from tagwright_drift.cells import CellState
from tagwright_drift.history.records import Event, EventKind, FindingState
from tagwright_drift.levels import Standing
from tagwright_drift.report.leading import leads
from tagwright_drift.report.model import Light
from tagwright_drift.report.words import coverage_words, verdict_words

WEEK = timedelta(days=7)
WHOLE = cells(12)


def history_of(*records, ledger=WHOLE, runs=2, events=(), **metrics):
    """Weekly full runs; `events` are (run number, record, kind)."""
    made = History()
    for number in range(runs):
        started = STARTED - WEEK * (runs - 1 - number)
        made.ran.append(run_of(number, started=started, cells=ledger, **metrics))
        made.ledger[made.ran[-1].id] = ledger
    for number, record, kind in events:
        run = made.ran[number]
        made.happened.setdefault(run.id, []).append(Event(run.id, record.identity, kind, run.started))
    made.records = list(records)
    return made


def test_the_whole_of_a_small_report():
    """One overdue, one due soon, one warning, one undecided: counts, order, owners and money to the cent."""
    gpu = finding(1, name="trainer", usd_per_day=240.0, usd_basis="billed", first_seen=NOW - timedelta(hours=50))
    soon = finding(2, name="loader", usd_per_day=24.0, usd_basis="billed", first_seen=NOW - timedelta(hours=31))
    # A second finding on the same instance must not count its dollars twice.
    twice = finding(3, name="trainer", address=gpu.address, key="workload", usd_per_day=240.0, usd_basis="billed")
    wrong = finding(
        4, name="bucket", rule="value-not-allowed", value="trainng", key="workload", severity="warning",
        classes=("bucket",), tags=(("owner", "vision@acme.example"),), usd_per_day=1.5, usd_basis="billed",
    )  # fmt: skip
    perhaps = finding(
        5, name="queue", certainty="undecided", cause="AccessDenied", usd_per_day=99.0, usd_basis="billed"
    )
    data = report(history_of(wrong, perhaps, soon, twice, gpu, spend_untagged=264.0))
    assert [(item.record.name, item.record.key, item.clock.standing) for item in data.items] == [
        ("trainer", "cost-center", Standing.BREACHED),
        ("trainer", "workload", Standing.DUE_SOON),
        ("loader", "cost-center", Standing.DUE_SOON),
        ("bucket", "workload", Standing.NO_DEADLINE),
        ("queue", "cost-center", Standing.DUE_SOON),
    ]
    counts = data.counts
    assert (counts.open, counts.errors, counts.warnings, counts.undecided) == (5, 3, 1, 1)
    assert (counts.breached, counts.due_soon) == (1, 2)
    assert [(row.owner, row.findings, row.breached, row.resources) for row in data.owners] == [
        ("", 4, 1, 2),
        ("vision@acme.example", 1, 0, 1),
    ]
    assert [(row.untagged_usd, row.mistagged_usd) for row in data.owners] == [(264.0, 0), (0, 1.5)]
    assert data.items[0].usd_so_far == pytest.approx(240 / 24 * 50)
    assert (data.untagged_usd, data.basis) == (264.0, "billed")


def test_order_of_the_history_does_not_matter():
    """The same report however the history hands out its findings."""
    straight, shuffled = estate(60), estate(60)
    random.Random(3).shuffle(shuffled.records)
    assert report(straight) == report(shuffled)


@pytest.mark.parametrize(
    ("ledger", "words", "whole"),
    [
        (cells(4), "All 4 cells seen.", True),
        (cells(1), "The one cell seen.", True),
        (cells(4, off=3), "All 4 cells seen.", True),
        (
            cells(31_204, blocked=2_640, throttled=156),
            "31,204 of 34,000 cells seen; 2,796 not: 2,640 blocked by policy, 156 throttled.",
            False,
        ),
        ([], "Nothing was seen: no cell was planned that could hold a resource.", False),
        (cells(0, off=3), "Nothing was seen: no cell was planned that could hold a resource.", False),
        (
            [replace(each, suspect=True) for each in cells(2)],
            "All 2 cells seen. 2 cells shrank so much that what is gone is not believed.",
            False,
        ),
    ],
)
def test_coverage_comes_in_words(ledger, words, whole):
    """What was seen, exactly; and never clean where anything is missing, whatever is open."""
    data = report(history_of(ledger=ledger))
    assert coverage_words(data.run.coverage) == words
    assert (data.whole, data.clean) == (whole, whole)
    assert verdict_words(data).startswith("Clean" if whole else "Incomplete")


@pytest.mark.parametrize("state", [each for each in CellState if not each.seen and not each.cannot_hold])
def test_no_lost_cell_is_clean(state):
    """Every way to lose a cell spoils clean, and is told in words."""
    ledger = [*cells(3), replace(cells(1)[0], state=state, reason="because")]
    data = report(history_of(ledger=ledger))
    assert not data.clean
    assert str(state) not in coverage_words(data.run.coverage) or state is CellState.THROTTLED
    assert [(group.state, group.cells, group.reason) for group in data.unseen] == [(state, 1, "because")]


def test_a_killed_scan_is_not_clean():
    """The ledger of a killed scan may look whole; the scan never said that it was."""
    history = history_of()
    history.ran[-1] = replace(history.ran[-1], killed=True, ended=None)
    data = report(history)
    assert (data.whole, data.clean) == (False, False)
    assert "cut off" in verdict_words(data)


def test_gaps_are_grouped_by_cause():
    """The largest first, with how many accounts, regions and types, and the reason in the provider's words."""
    data = report(history_of(ledger=cells(1_000, blocked=300, throttled=7, off=20)))
    assert [(group.cells, group.refused_by, group.reason.split()[0]) for group in data.unseen] == [
        (300, "scp", "explicit"),
        (7, "", "ThrottlingException"),
    ]
    assert (data.unseen[0].account_count, data.unseen[0].region_count, data.unseen[0].type_count) == (6, 4, 6)
    assert data.skipped == 20


def test_changes_since_the_run_before():
    """New, came back, resolved; what came and went in between is nothing; what went and came again came back."""
    fresh, back, gone, brief, blink, old = (finding(number, name=f"n{number}") for number in range(6))
    gone = replace(gone, state=FindingState.RESOLVED, resolved_at=STARTED)
    brief = replace(brief, state=FindingState.RESOLVED, resolved_at=STARTED)
    new, regressed, resolved = EventKind.NEW, EventKind.REGRESSED, EventKind.RESOLVED
    events = [
        (0, old, new), (0, gone, new), (0, blink, new), (1, blink, resolved), (1, brief, new),
        (2, fresh, new), (2, back, regressed), (2, gone, resolved), (2, brief, resolved), (2, blink, regressed),
    ]  # fmt: skip
    history = history_of(fresh, back, gone, brief, blink, old, runs=3, events=events)
    last = report(history)
    assert {item.record.name: item.change for item in last.items} == {
        "n0": new, "n1": regressed, "n4": regressed, "n5": None,
    }  # fmt: skip
    assert (last.changes.new, last.changes.regressed, last.changes.resolved, last.changes.persisting) == (1, 2, 2, 1)
    assert last.changes.since == (STARTED - WEEK).astimezone(NOW.tzinfo)
    both = report(history, since=STARTED - WEEK * 2 + timedelta(hours=1))
    assert (both.changes.new, both.changes.regressed, both.changes.resolved) == (1, 2, 1)
    assert [each.name for each in both.changes.resolved_items] == ["n2"]
    everything = report(history, since=STARTED - WEEK * 9)
    assert (everything.changes.new, everything.changes.resolved) == (3, 0)


def test_the_first_run_has_nothing_to_compare_with():
    first = finding(1)
    data = report(history_of(first, runs=1, events=[(0, first, EventKind.NEW)]))
    assert (data.changes.since, data.previous, data.changes.new) == (None, None, 1)
    assert (data.trend.change_30, data.trend.change_90) == (None, None)


def test_an_earlier_run_shows_what_was_open_then():
    """Replayed from the events: what was resolved later was open, what came later was not."""
    kept, gone, later = (finding(number, name=f"n{number}") for number in range(3))
    gone = replace(gone, state=FindingState.RESOLVED, resolved_at=STARTED)
    events = [
        (0, kept, EventKind.NEW),
        (0, gone, EventKind.NEW),
        (1, gone, EventKind.RESOLVED),
        (1, later, EventKind.NEW),
    ]
    history = history_of(kept, gone, later, events=events)
    assert [item.record.name for item in report(history, run=history.ran[0].id).items] == ["n0", "n1"]
    assert [item.record.name for item in report(history).items] == ["n0", "n2"]


def test_which_run_is_reported():
    """The newest full one, with the findings of a later hot one, whose gaps count too; an id may be shortened."""
    history = history_of(runs=2)
    hot = run_of(9, started=STARTED + timedelta(hours=6), cells=cells(3, throttled=1), scope="hot")
    history.ran.append(hot)
    data = report(history)
    assert (data.run.id, data.newest and data.newest.id) == (history.ran[1].id, hot.id)
    assert not data.whole
    chosen = report(history, run=history.ran[0].id[:12])
    assert (chosen.run.id, chosen.newest, chosen.whole) == (history.ran[0].id, None, True)
    only_hot = History(ran=[hot], ledger={hot.id: cells(3, throttled=1)})
    assert report(only_hot).run.id == hot.id


@pytest.mark.parametrize(
    ("run", "message"), [("2027", "there is no run '2027'"), ("2026", "2 runs begin with '2026'"), ("x", "no run 'x'")]
)
def test_a_run_that_is_not_one(run, message):
    with pytest.raises(InputError, match=message):
        report(history_of(), run=run)


def test_no_history():
    with pytest.raises(InputError, match="no run yet"):
        report(History())


def test_owner_filter():
    """Only their findings; shares stay those of everything; it never says clean."""
    history = estate(200, whole=True)
    everything, hers = report(history), report(history, owner="Fraud@acme.example")
    assert hers.items == tuple(item for item in everything.items if item.owner == "fraud@acme.example")
    assert 0 < len(hers.items) < len(everything.items)
    assert [row.owner for row in hers.owners] == ["fraud@acme.example"]
    assert hers.measures == everything.measures
    assert not report(history, owner="nobody@acme.example").clean


def test_who_owns_it():
    """The owner tag, else the team tag, else the surroundings; a tag that is itself wrong names nobody."""
    tags = (("owner", "a@acme.example"), ("team", "vision"))
    around = (("owner", "b@acme.example", "node group ng-1"),)
    table = [
        (finding(1, tags=tags), ("a@acme.example", "tag")),
        (finding(2, tags=tags[1:]), ("vision", "tag")),
        (finding(3, tags=(), probable=around), ("b@acme.example", "node group ng-1")),
        (finding(4, tags=(), probable=()), ("", "")),
        (finding(5, tags=(("owner", "todo"),), key="owner", rule="placeholder-value", value="todo"), ("", "")),
        (finding(6, tags=(("Team", "vision"),)), ("vision", "tag")),
    ]
    data = report(history_of(*(record for record, _ in table)))
    found = {item.record.identity: (item.owner, item.owner_basis) for item in data.items}
    assert found == {record.identity: owner for record, owner in table}


def test_not_seen_is_not_verified():
    """A finding whose cell the newest full scan did not see stays open, and says since when it was not verified."""
    old, fresh = finding(1, last_seen=STARTED - WEEK), finding(2, last_seen=STARTED + timedelta(minutes=3))
    assert {item.record.identity: item.stale for item in report(history_of(old, fresh)).items} == {
        old.identity: True,
        fresh.identity: False,
    }


@pytest.mark.parametrize(
    ("share", "light"),
    [
        (1.0, Light.GREEN), (0.98, Light.GREEN), (0.9799, Light.YELLOW), (0.9, Light.YELLOW), (0.8999, Light.RED),
        (0.0, Light.RED),
    ],
)  # fmt: skip
def test_lights_by_default(share, light):
    """98 and 90 for spend where the dictionary says nothing; the bounds belong to the better colour."""
    data = report(history_of(spend_total=2_000.0, spend_taggable=1_000.0, spend_compliant=1_000 * share))
    assert (data.headline.name, data.headline.light) == ("spend_compliance", light)
    assert data.measure("spend_of_total").share == pytest.approx(share * 50)


def test_lights_of_the_dictionary():
    """Its targets count, each for its own measure; without costs the share of resources leads."""
    targets = (Target("count_compliance", 60.0, 40.0),)
    data = report(history_of(compliant=5.0, non_compliant=4.0, undecided=1.0, exempt=90.0), targets=targets)
    assert (data.headline.name, data.headline.share, data.headline.light) == ("count_compliance", 50.0, Light.YELLOW)
    assert (data.measure("spend_compliance").light, data.measure("spend_compliance").share) == (Light.NONE, None)


def test_undecided_is_never_good():
    """Resources that could not be judged lower the share; those that are exempt are not in it."""
    some = report(history_of(compliant=8.0, non_compliant=2.0, exempt=7.0)).headline.share
    less = report(history_of(compliant=8.0, non_compliant=2.0, undecided=6.0)).headline.share
    assert (some, less) == (80.0, 50.0)


def test_trend_over_30_and_90_days():
    """Against the newest run at least so old, give or take half a week; only runs of the same scope; 90 days."""
    history = estate(3, weeks=20)
    data = report(history)
    shares = {point.at: point.spend_share for point in data.trend.points}
    now = STARTED.astimezone(NOW.tzinfo)
    assert data.trend.change_30 == pytest.approx(shares[now] - shares[now - WEEK * 4])
    assert data.trend.change_90 == pytest.approx(shares[now] - shares[now - WEEK * 13])
    assert [point.at for point in data.trend.points] == [now - WEEK * back for back in range(13, -1, -1)]
    hot = run_of(99, started=STARTED - timedelta(days=1), cells=WHOLE, scope="hot", compliant=0.0, non_compliant=9.0)
    history.ran.insert(-1, hot)
    assert report(history).trend == data.trend


def test_times_are_local():
    data = report(estate(5))
    assert {moment.utcoffset() for moment in (data.run.started, data.previous.started, data.items[0].clock.due)} == {
        timedelta(hours=1)
    }
    assert data.run.started == STARTED


def test_a_hundred_kinds_are_all_there():
    """Nothing is dropped on the way from the history into the report."""
    records = many(100)
    data = report(history_of(*records))
    assert sorted(item.record.identity for item in data.items) == sorted(record.identity for record in records)
    assert sum(row.findings for row in data.owners) == data.counts.open == 100
    assert data.run.started.astimezone(UTC) == STARTED


def test_a_summary_leads_with_resources():
    """Each resource once, with its most urgent finding, and whatever else it has; in the order of what is urgent."""
    records = many(300) + [
        finding(1_000 + number, name="busy", address="arn:aws:s3:::busy", key=key, usd_per_day=9_999.0)
        for number, key in enumerate(("owner", "workload", "cost-center"))
    ]
    data = report(history_of(*records))
    shown = leads(data.items, 5)
    subjects = [(lead.item.record.address, lead.item.record.group) for lead in shown]
    assert len(set(subjects)) == 5
    assert shown[0].item == data.items[0]
    busy = next(lead for lead in leads(data.items, 300) if lead.item.record.name == "busy")
    assert {each.record.key for each in (busy.item, *busy.others)} == {"owner", "workload", "cost-center"}
    everything = leads(data.items, 10_000)
    assert sorted(item.record.identity for lead in everything for item in (lead.item, *lead.others)) == sorted(
        item.record.identity for item in data.items
    )


def test_the_bill_is_told_whole():
    """The parts of the bill sum to its total, and their shares to all of it; without the parts nothing is claimed."""
    data = report(estate(3))
    total = data.measure("spend_of_total").whole
    assert sum(each.usd for each in data.slices) == pytest.approx(total)
    assert sum(each.share or 0 for each in data.slices) == pytest.approx(100)
    assert [each.name for each in data.slices] == [
        "compliant", "untagged", "unattributed", "unseen", "mis_tagged", "not_subject", "undecided",
    ]  # fmt: skip
    assert report(history_of(spend_total=10.0, spend_compliant=5.0)).slices == ()
    assert report(estate(3, costs=False)).slices == ()
