"""The same history whichever way it came about: scan by scan, from the run folders, from shards, after a crash."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.drift_scanner.history.kit import CELL, HOUR, START, WHOLE, Told, run, seen
from tests.drift_scanner.history.stories import stories

from tagwright_dictionary.errors import InputError
from tagwright_drift.cells import Cell, CellState
from tagwright_drift.history.applying import apply
from tagwright_drift.history.merge import Guard
from tagwright_drift.history.recovering import recover, replay, runs_to_replay
from tagwright_drift.history.store import open_history
from tagwright_drift.runs.reading import find_runs
from tagwright_drift.scanning.sharding import shard_of

GUARD = Guard(least=3)
QUIET = [HealthCheck.function_scoped_fixture]
DAY = timedelta(days=1)


def rows(history):
    """Everything that a reader can see of a history."""
    runs = history.runs()
    return (
        runs,
        list(history.findings(open_only=False)),
        {each.id: (list(history.events(each.id)), list(history.cells(each.id))) for each in runs},
    )


def ended(story):
    """Runs that end one after the other, as scans that wait for each other do; killed ones with the rest."""
    return [replace(one, ended=START + (number + 1) * DAY * 30) for number, one in enumerate(story) if not one.killed]


@settings(max_examples=15, deadline=None, suppress_health_check=QUIET)
@given(story=stories(most=3))
def test_a_replay_is_the_history_scan_by_scan(tmp_path, story):
    story = ended(story)
    folder = tmp_path / uuid.uuid4().hex
    live, again = (open_history(folder / name, create=True) for name in ("live.db", "again.db"))
    for one in story:
        apply(live, [one.write(folder / "runs")], guard=GUARD)
    if story:
        list(replay(runs_to_replay(folder / "runs"), again, guard=GUARD))
    assert rows(again) == rows(live)


@settings(max_examples=15, deadline=None, suppress_health_check=QUIET)
@given(story=stories(most=3), shards=st.integers(2, 4), chance=st.randoms())
def test_shards_are_the_run_in_one_piece(tmp_path, story, shards, chance):
    story = ended(story)
    folder = tmp_path / uuid.uuid4().hex
    whole, split = (open_history(folder / name, create=True) for name in ("whole.db", "split.db"))
    for one in story:
        apply(whole, [one.write(folder / "whole")], guard=GUARD)
        parts = [
            one.write(
                folder / "split",
                (number, shards),
                [told for told in one.cells if shard_of(told.cell, shards) == number],
            )
            for number in range(1, shards + 1)
        ]
        chance.shuffle(parts)
        apply(split, parts, guard=GUARD)
    assert rows(split) == rows(whole)


class TestShards:
    OTHER = Cell("444455556666", "us-east-1", "aws_sqs_queue")

    def split(self, folder, number=0, shards=2, observations=None):
        """A run of two cells, each in a shard of its own."""
        cells = [CELL, next(cell for cell in self.candidates() if shard_of(cell, 2) != shard_of(CELL, 2))]
        one = run(number, *((cell, WHOLE, observations or [seen(cell=cell)]) for cell in cells))
        return one, [
            one.write(folder, (which, shards), [told for told in one.cells if shard_of(told.cell, 2) == which])
            for which in (1, 2)
        ]

    def candidates(self):
        return (Cell(f"{number:012d}", "us-east-1", "aws_sqs_queue") for number in range(100))

    def test_a_missing_shard_is_refused_and_nothing_is_written(self, history, tmp_path):
        _, parts = self.split(tmp_path)
        with pytest.raises(InputError, match="has 2 shards, and shard 2 is missing") as raised:
            apply(history, parts[:1])
        assert "--partial" in raised.value.hint
        assert rows(history) == ((), [], {})

    def test_a_shard_given_twice_is_refused(self, history, tmp_path):
        _, parts = self.split(tmp_path)
        with pytest.raises(InputError, match=r"shard 1 of 2 .* was given twice"):
            apply(history, [*parts, parts[0]])

    def test_two_shards_that_saw_the_same_cell_are_refused(self, history, tmp_path):
        one = run(0, (CELL, WHOLE, [seen()]))
        parts = [one.write(tmp_path, (number, 2)) for number in (1, 2)]
        with pytest.raises(InputError, match=r"two shards .* saw the same cell"):
            apply(history, parts)
        assert rows(history) == ((), [], {})

    def test_shards_of_different_runs_or_different_splits_are_refused(self, history, tmp_path):
        _, parts = self.split(tmp_path / "a")
        _, later = self.split(tmp_path / "b", number=1)
        _, thirds = self.split(tmp_path / "c", shards=3)
        with pytest.raises(InputError, match="and not of"):
            apply(history, [parts[0], later[1]])
        with pytest.raises(InputError, match="not scanned alike"):
            apply(history, [parts[0], thirds[1]])

    def test_partial_counts_the_cells_of_the_missing_shard_as_unseen(self, history, tmp_path):
        first, parts = self.split(tmp_path)
        apply(history, parts)
        second, parts = self.split(tmp_path, number=1)
        there = parts[0].header.shard[0]
        gone = next(told.cell for told in first.cells if shard_of(told.cell, 2) != there)
        applied = apply(history, parts[:1], partial=True)
        assert applied.missing == (3 - there,)
        assert not applied.coverage.whole
        states = {each.cell: (each.state, each.reason) for each in history.cells(second.id)}
        assert states[gone] == (CellState.UNSEEN, f"shard {3 - there} of 2 was not merged")
        assert len(states) == 2
        assert len(list(history.findings())) == 2

    def test_partial_is_never_whole_even_where_nothing_is_known_of_the_missing_shard(self, history, tmp_path):
        one, parts = self.split(tmp_path)
        applied = apply(history, parts[1:], partial=True)
        assert (applied.coverage.required, applied.coverage.complete, applied.coverage.whole) == (2, 1, False)
        assert next(str(each.cell).strip() for each in history.cells(one.id)) == "shard 1 of 2"

    def test_a_shard_that_is_still_being_written_is_refused(self, history, tmp_path):
        from tagwright_drift.runs.reading import open_run
        from tagwright_drift.runs.writing import RunWriter

        with RunWriter(tmp_path, run(0).header(), []) as writer:
            folder = open_run(writer.path)
            with pytest.raises(InputError, match="has not ended"):
                apply(history, [folder])
            assert recover(tmp_path, history) == ()
        assert [each.run for each in recover(tmp_path, history)] == [folder.header.id]


class TestRecovering:
    def test_runs_that_nobody_merged_are_merged_in_order(self, history, tmp_path):
        killed = run(
            0, Told(CELL, WHOLE, (seen(),), START, START + HOUR), Told(
                TestShards.OTHER, CellState.UNSEEN, (seen(cell=TestShards.OTHER),), finished=False
            ), killed=True,
        )  # fmt: skip
        later = run(1, (CELL, WHOLE, []))
        later.write(tmp_path)
        killed.write(tmp_path)
        assert [(each.run, each.killed) for each in recover(tmp_path, history)] == [
            (killed.id, True),
            (later.id, False),
        ]
        assert recover(tmp_path, history) == ()
        assert [(each.name, each.state) for each in history.findings(open_only=False)] == [
            ("q1", "resolved"),
            ("q1", "open"),
        ]

    def test_shards_of_which_some_may_still_come_are_left_alone(self, history, tmp_path):
        one, parts = TestShards().split(tmp_path / "all")
        (tmp_path / "some").mkdir()
        parts[0].path.rename(tmp_path / "some" / parts[0].path.name)
        assert recover(tmp_path / "some", history) == ()
        parts[1].path.rename(tmp_path / "some" / parts[1].path.name)
        assert [each.run for each in recover(tmp_path / "some", history)] == [one.id]

    def test_an_empty_folder_and_none_at_all_are_nothing_to_recover(self, history, tmp_path):
        assert recover(tmp_path, history) == ()
        assert recover(tmp_path / "none", history) == ()


class TestReplaying:
    def test_it_goes_on_where_it_was_broken_off(self, history, tmp_path):
        runs = [run(number, (CELL, WHOLE, [seen(f"q{number}")])) for number in range(3)]
        for one in runs:
            one.write(tmp_path)
        ordered = runs_to_replay(tmp_path)
        assert next(replay(ordered, history)).run == runs[0].id
        assert [each.already for each in replay(ordered, history)] == [True, False, False]
        assert len(history.runs()) == 3

    def test_it_does_not_touch_a_history_of_other_runs(self, history, tmp_path):
        other = run(7, (CELL, WHOLE, [seen()]))
        apply(history, [other.write(tmp_path / "other")])
        before = rows(history)
        run(0, (CELL, WHOLE, [])).write(tmp_path / "runs")
        with pytest.raises(InputError, match=other.id):
            list(replay(runs_to_replay(tmp_path / "runs"), history))
        assert rows(history) == before

    def test_a_folder_without_runs_is_an_error(self, tmp_path):
        with pytest.raises(InputError, match="there is no run in"):
            runs_to_replay(tmp_path)

    def test_overlapping_runs_are_replayed_in_the_order_in_which_they_ended(self, tmp_path):
        slow = replace(run(0, (CELL, WHOLE, [seen("slow")])), ended=START + 9 * HOUR)
        quick = replace(
            run(1, Told(CELL, WHOLE, (seen("quick"),), START + HOUR, START + HOUR), started=START + HOUR),
            ended=START + 2 * HOUR,
        )
        slow.write(tmp_path)
        quick.write(tmp_path)
        assert [those[0].header.id for those in runs_to_replay(tmp_path)] == [quick.id, slow.id]
        assert len(find_runs(tmp_path)) == 2
