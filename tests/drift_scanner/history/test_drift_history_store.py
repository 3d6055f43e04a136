"""Runs into a real SQLite file and a real Postgres, and back out."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from tests.drift_scanner.history.kit import CELL, HOUR, START, WHOLE, Told, run, seen
from tests.drift_scanner.history.memory import InMemory
from tests.drift_scanner.history.stories import stories

from tagwright_dictionary.errors import InputError
from tagwright_drift.cells import Cell, CellState, coverage
from tagwright_drift.history.applying import apply
from tagwright_drift.history.merge import Guard
from tagwright_drift.history.records import AgeBasis, Event, EventKind, FindingRecord, FindingState
from tagwright_drift.history.store import open_history
from tagwright_drift.identity import identity, subject

DAY = timedelta(days=1)
HOSTILE = (
    "<script>alert(1)</script>",
    "'; DROP TABLE tagwright_findings; --",
    "a\x00b",
    "lone \udc80 surrogate",
    "=cmd|' /C calc'!A0",
    "new\nline\ttab \\N \\. \x1b[31m",
    "東京🚀\u202e",
    "%s %(x)s ? :x {}",
    "x" * 5_000,
)


def identity_of(observation, rule="missing-tag", key="owner"):
    return identity(subject(observation.live), rule, key)


def rows(history):
    """Everything that a reader can see of a history."""
    runs = history.runs()
    return (
        runs,
        list(history.findings(open_only=False)),
        {each.id: (list(history.events(each.id)), list(history.cells(each.id))) for each in runs},
    )


def test_a_record_shows_all_that_was_seen(history, tmp_path):
    one = seen(
        tags={"Name": "q1", "team": "vision", "aws:cloudformation:stack-name": "s"},
        created=START - DAY,
        probable=(("owner", "vision@acme.example", "node group ng-1"),),
    )
    apply(history, [run(0, (CELL, WHOLE, [one])).write(tmp_path)])
    assert list(history.findings()) == [
        FindingRecord(
            identity=identity_of(one),
            rule="missing-tag",
            key="owner",
            severity="error",
            certainty="definite",
            message="owner is required",
            help="add it",
            suggestions=("vision@acme.example",),
            value=None,
            requirement="accountable",
            cause="",
            address=one.live.resource.address,
            name="q1",
            type="aws_sqs_queue",
            account=CELL.account,
            region=CELL.region,
            cell_region=CELL.region,
            classes=("queue",),
            possible_classes=(),
            attributes=(),
            group="",
            members=1,
            tags=(("Name", "q1"), ("team", "vision")),
            probable=(("owner", "vision@acme.example", "node group ng-1"),),
            chain="",
            created=START - DAY,
            first_seen=START - DAY,
            age_basis=AgeBasis.CREATED,
            last_seen=START,
            state=FindingState.OPEN,
        )
    ]


def test_a_run_is_told_with_its_ledger_its_numbers_and_its_events(history, tmp_path):
    denied = Cell(CELL.account, CELL.region, "aws_s3_bucket")
    first = run(0, (CELL, WHOLE, [seen(), seen("q2"), seen("q3", "compliant")]), (denied, CellState.DENIED, []))
    second = run(1, (CELL, WHOLE, [seen(), seen("q3"), seen("q4", "blind")]), (denied, CellState.DENIED, []))
    folders = [each.write(tmp_path) for each in (first, second)]
    for folder in folders:
        apply(history, [folder])
    told = [[each.result(one) for each in one.cells] for one in (first, second)]
    assert [each.coverage for each in history.runs()] == [coverage(each) for each in told]
    for one, results in zip((first, second), told, strict=True):
        assert list(history.cells(one.id)) == sorted(results, key=lambda each: each.cell)
    record = history.runs()[1]
    assert (record.id, record.scope, record.started, record.ended, record.killed) == (
        second.id, "full", second.started, second.started + HOUR, False,
    )  # fmt: skip
    assert (record.dictionary_name, record.dictionary_version, record.dictionary_digest) == ("acme", "2.3.0", "d" * 64)
    assert dict(record.metrics) == {
        "resources": 3,
        "compliant": 1,
        "non_compliant": 2,
        "undecided": 0,
        "exempt": 0,
        "not_applicable": 0,
        "unknown_tags": 1,
        "open": 2,
        "new": 1,
        "persisting": 1,
        "resolved": 1,
        "regressed": 0,
        "unverified": 0,
        "late_cells": 0,
    }
    assert list(history.events(second.id)) == sorted(
        [
            Event(second.id, identity_of(seen("q2")), EventKind.RESOLVED, second.started, "gone"),
            Event(second.id, identity_of(seen("q3")), EventKind.NEW, second.started),
        ],
        key=lambda each: each.identity,
    )
    assert history.life(identity_of(seen("q2"))) == (
        Event(first.id, identity_of(seen("q2")), EventKind.NEW, first.started),
        Event(second.id, identity_of(seen("q2")), EventKind.RESOLVED, second.started, "gone"),
    )


def test_a_killed_run_is_there_with_what_it_saw_and_its_cells_unseen(history, tmp_path):
    other = Cell(CELL.account, "us-east-1", "aws_sqs_queue")
    killed = run(
        0, (CELL, WHOLE, [seen()]), Told(other, CellState.UNSEEN, (seen(cell=other),), finished=False), killed=True
    )
    applied = apply(history, [killed.write(tmp_path)])
    assert applied.killed
    assert [(each.state, each.resources) for each in history.cells(killed.id)] == [(WHOLE, 1), (CellState.UNSEEN, 1)]
    (record,) = history.runs()
    assert (record.killed, record.ended, record.coverage.whole) == (True, None, False)
    assert len(list(history.findings())) == 2


def test_merging_a_run_again_changes_nothing(history, tmp_path):
    folders = [run(number, (CELL, WHOLE, [seen()])).write(tmp_path) for number in range(2)]
    for folder in folders:
        assert not apply(history, [folder]).already
    before = rows(history)
    for folder in folders:
        again = apply(history, [folder])
        assert again.already
        assert again.coverage.whole
    assert rows(history) == before


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories(most=3))
def test_the_database_holds_what_the_merge_says(new_url, tmp_path, story):
    history = open_history(new_url(), create=True)
    guard = Guard(least=3)
    memory = InMemory(guard)
    folder = tmp_path / uuid.uuid4().hex
    for one in story:
        applied = apply(history, [one.write(folder)], guard=guard)
        outcomes = memory.apply(one)
        assert applied.coverage == coverage(outcome.result for outcome in outcomes)
        assert list(history.cells(one.id)) == sorted((each.result for each in outcomes), key=lambda each: each.cell)
        assert sorted((each.identity, str(each.kind)) for each in history.events(one.id)) == sorted(
            (name, kind) for run_id, name, kind in memory.events if run_id == one.id
        )
    found = {
        (Cell(each.account, each.cell_region, each.type), each.identity): (
            str(each.state),
            each.certainty == "definite",
            each.first_seen,
            str(each.age_basis),
            each.last_seen,
            each.resolved_at,
            each.regressions,
        )
        for each in history.findings(open_only=False)
    }
    assert found == memory.lives()
    last = max(history.runs(), key=lambda each: story.index(next(one for one in story if one.id == each.id)))
    assert last.metric("open") == len(list(history.findings()))
    history.close()


def test_findings_come_in_the_order_that_reports_promise(history, tmp_path):
    cells = [
        Cell(account, region, type_)
        for account, region, type_ in itertools.product(("2", "11", "1"), ("us-east-1", "eu-west-1"), ("b", "a"))
    ]
    names = ("b", "B", "a", "ä", "a1")
    told = [(cell, WHOLE, [seen(name, cell=cell) for name in names]) for cell in cells]
    apply(history, [run(0, *told).write(tmp_path)])
    found = list(history.findings())
    wanted = sorted(found, key=lambda e: (e.account, e.region, e.type, e.name, e.address, e.rule, e.key))
    assert len(found) == len(cells) * len(names)
    assert found == wanted


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_goes_in_and_comes_out(history, tmp_path, text):
    one = seen(f"q{text}", tags={"team": text, text: "x"}, message=text, key=text, probable=(("owner", text, text),))
    storable = text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()
    cell = Cell(CELL.account, CELL.region, f"type {text.encode('utf-8', 'backslashreplace').decode()}")
    told = Told(CELL, WHOLE, (one,), START, START)
    apply(history, [run(0, told, Told(cell, CellState.DENIED)).write(tmp_path)])
    again = apply(history, [run(1, Told(CELL, WHOLE, (one,)), Told(cell, CellState.DENIED)).write(tmp_path)])
    assert again.counts[EventKind.PERSISTING] == 1
    (record,) = history.findings()
    assert record.message == text
    assert dict(record.tags) == {"team": text, text: "x"}
    assert record.probable == (("owner", text, text),)
    assert (record.name, record.key) == (f"q{storable}", storable)
    assert [each.identity for each in history.finding(record.name)] == [record.identity]
    assert {each.cell.type for each in history.cells(history.runs()[0].id)} == {CELL.type, f"type {storable}"}


def test_a_finding_is_found_by_its_identity_its_address_and_its_name(history, tmp_path):
    apply(history, [run(0, (CELL, WHOLE, [seen("q1"), seen("q2")])).write(tmp_path)])
    one, two = history.findings()
    for start in (one.identity, one.identity[:12], one.address, one.name):
        assert history.finding(start) == (one,)
    assert history.finding("") == ()
    assert history.finding("%") == ()
    assert two.identity != one.identity


class TestCosts:
    def test_dollars_stay_through_merges_and_trends_join_the_run(self, history, tmp_path):
        first = run(0, (CELL, WHOLE, [seen("q1"), seen("q2")]))
        apply(history, [first.write(tmp_path)])
        history.save_costs(first.id, [(identity_of(seen("q1")), 12.5, "billed")], {"spend_total": 100.25})
        apply(history, [run(1, (CELL, WHOLE, [seen("q1", message="other words"), seen("q2")])).write(tmp_path)])
        assert [(each.usd_per_day, each.usd_basis) for each in history.findings()] == [(12.5, "billed"), (None, "")]
        assert [each.metric("spend_total") for each in history.runs()] == [100.25, None]
        assert history.runs()[0].metric("open") == 2

    def test_costs_that_are_no_longer_known_are_taken_back(self, history, tmp_path):
        first = run(0, (CELL, WHOLE, [seen("q1")]))
        apply(history, [first.write(tmp_path)])
        history.save_costs(first.id, [(identity_of(seen("q1")), 1.0, "estimate")], {})
        history.save_costs(first.id, [(identity_of(seen("q1")), None, "estimate"), ("f" * 32, 1.0, "billed")], {})
        assert [(each.usd_per_day, each.usd_basis) for each in history.findings()] == [(None, "")]

    def test_a_run_that_the_history_does_not_know_is_an_error(self, history):
        with pytest.raises(InputError, match="knows no run"):
            history.save_costs("20990101T000000Z-0", [], {"spend_total": 1.0})


def test_pruning_forgets_ledgers_and_events_and_nothing_else(history, tmp_path):
    runs = [run(number, (CELL, WHOLE, [seen(f"q{number}")])) for number in range(4)]
    for one in runs:
        apply(history, [one.write(tmp_path)])
    before, numbers = list(history.findings(open_only=False)), history.runs()
    assert history.prune(2) == 2
    assert history.prune(2) == 0
    assert list(history.findings(open_only=False)) == before
    forgotten = [one.metric("forgotten") for one in history.runs()]
    assert forgotten == [1, 1, None, None]  # said, so that nobody takes the rest for everything
    kept = [tuple(pair for pair in one.metrics if pair[0] != "forgotten") for one in history.runs()]
    assert [replace(one, metrics=left) for one, left in zip(history.runs(), kept, strict=True)] == list(numbers)
    assert [len(list(history.cells(one.id))) for one in runs] == [0, 0, 1, 1]
    assert [len(list(history.events(one.id))) for one in runs] == [0, 0, 2, 2]
    apply(history, [run(5, (CELL, WHOLE, [seen("q3")])).write(tmp_path)])
    assert len(list(history.findings())) == 1


def test_a_reader_sees_one_moment_whoever_writes_meanwhile(history, tmp_path):
    apply(history, [run(0, (CELL, WHOLE, [seen(f"q{n}") for n in range(6_000)])).write(tmp_path)])
    reading = history.findings()
    first = next(reading)
    apply(history, [run(1, (CELL, WHOLE, [])).write(tmp_path)], guard=Guard(accept=True))
    assert len([first, *reading]) == 6_000
    assert list(history.findings()) == []


def test_a_reader_may_stop_half_way(history, tmp_path):
    apply(history, [run(0, (CELL, WHOLE, [seen(f"q{n}") for n in range(20)])).write(tmp_path)])
    reading = history.findings()
    assert next(reading).name == "q0"
    reading.close()
    assert next(history.findings()).name == "q0"
    apply(history, [run(1, (CELL, WHOLE, [])).write(tmp_path)])


def test_a_damaged_run_leaves_the_history_as_it_was(history, tmp_path):
    apply(history, [run(0, (CELL, WHOLE, [seen()])).write(tmp_path)])
    before = rows(history)
    folder = run(1, (CELL, WHOLE, [seen("q2")])).write(tmp_path)
    (part,) = folder.parts()
    part.write_bytes(part.read_bytes()[:-40])
    with pytest.raises(InputError, match="damaged") as raised:
        apply(history, [folder])
    assert str(part) in str(raised.value)
    assert rows(history) == before


def test_results_without_times_count_from_the_start_of_the_run(history, tmp_path):
    one = run(0, Told(CELL, CellState.UNSEEN, (seen(),), finished=False), killed=True)
    apply(history, [one.write(tmp_path)])
    assert [each.last_seen for each in history.findings()] == [one.started]
    assert [(each.started, each.ended) for each in history.cells(one.id)] == [(None, None)]
