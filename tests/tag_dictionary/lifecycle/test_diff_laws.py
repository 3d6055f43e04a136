"""What a comparison promises whatever the dictionaries: the judge itself is the oracle."""

from __future__ import annotations

import random

import pytest
from tests.tag_dictionary.lifecycle import small_world as world

from tagwright_dictionary.judging import Judge
from tagwright_dictionary.lifecycle.changes import Effect, Kind
from tagwright_dictionary.lifecycle.diff import diff
from tagwright_dictionary.lifecycle.versions import Bump

LARGER = {2001, 2012, 2018, 2020, 2023, 2025, 2026, 2027, 2028, 2030, 2038, 2046, 2048, 2050, 2058}
"""Worlds of more than 20,000 resources: minutes each, and no other cases than the smaller ones. One of them stays."""

SEEDS = [number for number in range(2_000, 2_060) if number not in LARGER]


def _pair(number):
    seed = random.Random(number)
    old = world.dictionary(seed)
    return old, world.mutated(seed, old)


@pytest.mark.parametrize("number", SEEDS)
def test_tightened_and_loosened_are_what_the_judge_says(number):
    """Tightened iff some tags of the old dictionary's keys pass before and fail now; loosened iff some fail before and
    pass now. Decided by judging every set of tags there is in a small world.
    """
    old, new = _pair(number)
    found = diff(old, new, world.TODAY)
    assert bool(found.tightened) == world.truth(old, new)
    one, other = Judge(old), Judge(new)
    everything = world.resources(old, new, foreign=True)
    assert bool(found.loosened) == any(world.fails(one, each) and not world.fails(other, each) for each in everything)


@pytest.mark.parametrize("number", range(3_000, 3_400))
def test_a_dictionary_does_not_differ_from_itself(number):
    """diff(d, d) is empty and demands nothing."""
    old, _ = _pair(number)
    found = diff(old, old, world.TODAY)
    assert found.changes == ()
    assert found.bump is Bump.NONE
    assert found.version_matches


@pytest.mark.parametrize("number", range(4_000, 4_300))
def test_effects_and_bumps_hang_together(number):
    """What tightens is major and shows an example; an example is tags that fail; wording has no effect; the same
    comparison gives the same answer.
    """
    old, new = _pair(number)
    found = diff(old, new, world.TODAY)
    for change in found.changes:
        assert change.breaks == (change.tightens is not None)  # a small world is never given up
        assert (Effect.LOOSENED in change.effects) == (change.loosens is not None)
        if change.breaks:
            assert change.bump is Bump.MAJOR
        if change.kind is Kind.REWORDED:
            assert change.effects == ()
            assert change.bump is Bump.PATCH
    assert found == diff(old, new, world.TODAY)


@pytest.mark.parametrize("number", range(5_000, 5_200))
def test_there_and_back(number):
    """A change that is undone loosens back: whoever was broken passes again."""
    old, new = _pair(number)
    if diff(old, new, world.TODAY).tightened:
        assert diff(new, old, world.TODAY).loosened
