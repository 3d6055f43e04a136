"""Laws of the merge, over random runs, against a second implementation that shares nothing with it."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.drift_scanner.history.memory import InMemory
from tests.drift_scanner.history.naive import Naive
from tests.drift_scanner.history.stories import stories

from tagwright_drift.cells import CellState
from tagwright_drift.history.folding import fold
from tagwright_drift.history.merge import Guard
from tagwright_drift.history.records import EventKind

GUARD = Guard(least=3)


@settings(max_examples=300, deadline=None)
@given(stories())
def test_the_merge_is_what_the_naive_one_says(story):
    real, naive = InMemory(GUARD), Naive(guard_least=GUARD.least)
    for run in story:
        real.apply(run)
        naive.tell(run)
        assert real.lives() == naive.lives()
        assert sorted((name, kind) for run_id, name, kind in real.events if run_id == run.id) == naive.events(run.id)


@settings(max_examples=100, deadline=None)
@given(stories(), st.randoms())
def test_the_order_of_cells_and_of_resources_does_not_matter(story, chance):
    straight, shuffled = InMemory(GUARD), InMemory(GUARD)
    for run in story:
        straight.apply(run)
        cells = [
            replace(told, observations=tuple(chance.sample(told.observations, len(told.observations))))
            for told in run.cells
        ]
        chance.shuffle(cells)
        shuffled.apply(run, cells)
    assert straight.standings == shuffled.standings
    assert straight.memories == shuffled.memories


@settings(max_examples=150, deadline=None)
@given(stories())
def test_what_was_seen_is_not_lost_and_what_was_not_seen_is_not_resolved(story):
    real = InMemory(GUARD)
    for run in story:
        before = {key: dict(value) for key, value in real.standings.items()}
        for told, outcome in zip(run.cells, real.apply(run), strict=True):
            known = real.standings[told.cell]
            shown = fold(told.observations).findings
            if outcome.applied:
                assert shown.keys() <= known.keys()
            resolved = {change.after.identity for change in outcome.changes if change.event is EventKind.RESOLVED}
            if resolved:
                assert outcome.result.state is CellState.COMPLETE
                assert not outcome.result.suspect
                assert not resolved & shown.keys()
            for name, each in before.get(told.cell, {}).items():
                if str(each.state) == "open" and name not in resolved:
                    assert str(known[name].state) == "open"
                    assert known[name].first_seen == each.first_seen
                    assert known[name].last_seen >= each.last_seen
                    assert known[name].definite >= each.definite


@settings(max_examples=100, deadline=None)
@given(stories())
def test_open_findings_are_those_that_came_less_those_that_went(story):
    real = InMemory(GUARD)
    open_ones = 0
    for run in story:
        real.apply(run)
        kinds = [kind for run_id, _, kind in real.events if run_id == run.id]
        open_ones += kinds.count("new") + kinds.count("regressed") - kinds.count("resolved")
        states = [str(each.state) for those in real.standings.values() for each in those.values()]
        assert open_ones == states.count("open")


def test_the_random_stories_hold_what_they_are_for():
    """A law over stories that never resolve, regress or shrink would hold of anything."""
    kinds, suspects, late, killed = set(), 0, 0, 0
    chance = random.Random(7)

    @settings(max_examples=150, deadline=None, database=None, derandomize=True)
    @given(stories())
    def collect(story):
        nonlocal suspects, late, killed
        real = InMemory(GUARD)
        for run in story:
            killed += run.killed
            for outcome in real.apply(run, chance.sample(run.cells, len(run.cells))):
                suspects += outcome.result.suspect
                late += not outcome.applied
                kinds.update(change.event for change in outcome.changes)
                kinds.update(change.after.resolution for change in outcome.changes)

    collect()
    assert kinds >= {*EventKind, "gone", "compliant", "exempt"}
    assert min(suspects, late, killed) > 0
