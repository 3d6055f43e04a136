"""What holds of any two dictionaries: both ways round, over a third one, and for the examples that are shown."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tag_dictionary.lifecycle import small_world as world

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging import Judge
from tagwright_dictionary.lifecycle.changes import Change, Diff, Kind
from tagwright_dictionary.lifecycle.diff import changed_paths, diff
from tagwright_dictionary.lifecycle.sides import PROVIDERS
from tagwright_dictionary.lifecycle.versions import Bump, demanded, keeps, parse_version
from tagwright_dictionary.model import Bill, Classes, Resource, Tag, Tags

SEEDS = st.integers(0, 10**9)
VERSIONS = st.builds(
    "{}.{}.{}{}".format, st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.sampled_from(["", "-rc.1", "-1"])
)
SHAPE = re.compile(
    r"(?:a (?P<cls>\w+) resource|any resource|an (?P<type>\S+))(?: on (?P<cloud>\w+))?"
    r"(?: whose (?P<lost>\S+) does not reach its volumes)?"
)


def _pair(number: int) -> tuple[Dictionary, Dictionary]:
    seed = random.Random(number)
    old = world.dictionary(seed)
    return old, world.mutated(seed, old)


def _same_keys(number: int, many: int) -> list[Dictionary]:
    """Dictionaries that know the same keys, and spell them alike on every cloud: none of them promises anything for
    tags that another does not speak of.
    """
    seed = random.Random(number)
    found = [world.dictionary(seed)]
    names = {key.name for key in found[0].keys}
    while len(found) < many:
        other = world.mutated(seed, found[0])
        if {key.name for key in other.keys} == names:
            found.append(replace(other, providers=found[0].providers, _index={}))
    return found


def _resource(change: Change, which: str) -> Resource:
    witness = getattr(change, which)
    found = SHAPE.fullmatch(witness.resource)
    assert found, witness.resource
    tags = tuple(Tag(key, value) for key, value in witness.tags)
    reach = tuple(tag for tag in tags if tag.key != found["lost"])
    return Resource(
        "example",
        found["type"] or "some_type",
        PROVIDERS.get(found["cloud"] or "", ""),
        classes=Classes(frozenset(filter(None, [found["cls"]]))),
        tags=Tags(tags),
        bills=(Bill("instances", Tags(tags), own=True), Bill("volumes", Tags(reach))) if found["lost"] else (),
    )


@settings(deadline=None)
@given(SEEDS)
def test_the_examples_are_examples(number):
    """Judged anew: tags that tighten pass before and fail after, with that rule; tags that loosen the other way."""
    old, new = _pair(number)
    one, other = Judge(old), Judge(new)
    for change in diff(old, new, world.TODAY).changes:
        for which, passes, fails in (("tightens", one, other), ("loosens", other, one)):
            if getattr(change, which) is not None:
                resource = _resource(change, which)
                assert not world.fails(passes, resource)
                assert world.fails(fails, resource)
                rules = {finding.rule for finding in fails.judge(resource, world.TODAY).findings}
                assert getattr(change, which).rule in rules


@settings(deadline=None, max_examples=60)
@given(SEEDS, st.randoms(use_true_random=False))
def test_a_verdict_that_changes_has_a_change_behind_it(number, chance):
    """Any resource that passes before and fails after means something tightened, and the reverse."""
    old, new = _pair(number)
    found = diff(old, new, world.TODAY)
    one, other = Judge(old), Judge(new)
    everything = world.resources(old, new, foreign=False)
    for resource in chance.sample(everything, min(len(everything), 60)):
        before, after = world.fails(one, resource), world.fails(other, resource)
        assert before or not after or found.tightened
        assert after or not before or found.loosened


def _whole(found: Diff, *kinds: Kind) -> set[str]:
    """Keys, values and requirements that came or went, whatever it is called."""
    paths = set()
    for change in found.changes:
        if change.kind in kinds or (change.kind is Kind.RENAMED and Kind.REMOVED in kinds):
            paths.add(change.path)
        elif change.kind is Kind.RENAMED and Kind.ADDED in kinds and change.path.startswith("keys."):
            paths.add(change.path.removesuffix(change.before) + change.after)
    return paths


@settings(deadline=None)
@given(SEEDS)
def test_reversed_added_and_removed_change_places(number):
    """What comes one way goes the other."""
    old, new = _pair(number)
    there, back = diff(old, new, world.TODAY), diff(new, old, world.TODAY)
    assert _whole(there, Kind.ADDED) == _whole(back, Kind.REMOVED)
    assert _whole(there, Kind.REMOVED) == _whole(back, Kind.ADDED)


@settings(deadline=None)
@given(SEEDS)
def test_reversed_tightened_and_loosened_change_places(number):
    """Of dictionaries that know the same keys: what breaks one way is let pass the other."""
    old, new = _same_keys(number, 2)
    there, back = diff(old, new, world.TODAY), diff(new, old, world.TODAY)
    assert bool(there.tightened) == bool(back.loosened)
    assert bool(there.loosened) == bool(back.tightened)


@settings(deadline=None, max_examples=60)
@given(SEEDS)
def test_the_bump_over_a_third_dictionary(number):
    """Who passes at first and fails at last failed somewhere on the way: two harmless steps make no harmful one."""
    one, two, three = _same_keys(number, 3)
    if diff(one, three, world.TODAY).tightened:
        assert diff(one, two, world.TODAY).tightened or diff(two, three, world.TODAY).tightened
    if diff(one, three, world.TODAY).changes:
        assert diff(one, two, world.TODAY).changes or diff(two, three, world.TODAY).changes


@settings(deadline=None)
@given(SEEDS)
def test_the_bump_is_the_largest_of_its_changes(number):
    """And major exactly where something breaks or goes without a successor; the version alone is no change."""
    old, new = _pair(number)
    found = diff(old, new, world.TODAY)
    assert found.bump == max((change.bump for change in found.changes), default=Bump.NONE)
    harmless = [change for change in found.changes if change.bump < Bump.MAJOR]
    assert all(not change.breaks for change in harmless)
    assert changed_paths(old, new, world.TODAY) == {change.path for change in found.changes}
    assert diff(old, replace(new, version="7.0.0", _index={}), world.TODAY).changes == found.changes


@given(VERSIONS, VERSIONS, VERSIONS)
def test_versions_are_monotone(old, one, other):
    """A heavier change demands no lower version; a version that keeps to it also keeps to a lighter one, and so does
    any higher version.
    """
    orders = [parse_version(demanded(old, bump)).order for bump in Bump]
    assert orders == sorted(orders)
    low, high = sorted((one, other), key=lambda text: parse_version(text).order)
    for bump in Bump:
        assert keeps(old, demanded(old, bump), bump)
        if keeps(old, low, bump):
            assert keeps(old, high, bump)
            assert all(keeps(old, low, lighter) for lighter in Bump if lighter <= bump)
