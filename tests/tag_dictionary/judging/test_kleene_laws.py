"""What is said under uncertainty holds however the unknowns come out: random dictionaries, resources, outcomes.

Thousands of small cases from fixed seeds (a hundred times as many as Hypothesis builds in the same time, and the same
ones on every machine). A failure prints its seed and the case in two lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import TypeVar

import pytest

from tagwright_dictionary.dictionary import Condition, Dictionary, Key, Match, Requirement, Selector, Value
from tagwright_dictionary.judging import Judge
from tagwright_dictionary.model import (
    Bill,
    Certainty,
    Classes,
    Finding,
    Judgement,
    Resource,
    Severity,
    Tag,
    Tags,
    TagValue,
    Unknown,
    Verdict,
)

Item = TypeVar("Item")

NAMES = ("alpha", "beta", "gamma", "delta")
WRONG = ("Alpha", "BETA")
VALUES = ("one", "two", "three")
TEXTS = ("one", "one", "two", "three", "uno", "old", "todo", "Two", "", "7", "tw\u043e", "  ")
UNKNOWN = tuple(Unknown(f"var.{letter} has no value here") for letter in "xyz")
TODAY = date(2026, 11, 1)
ADDED = ("value-not-allowed", "deprecated-value", "placeholder-value", "key-case", "invalid-tag")

BATCHES = range(8)
CASES = 1000
"""Cases a batch."""


class Dice(Random):
    """Random choices in words."""

    def coin(self, odds: float = 0.5) -> bool:
        return self.random() < odds

    def some(self, items: Sequence[Item], least: int = 0, most: int = 99) -> tuple[Item, ...]:
        """Between `least` and `most` different ones, in any order."""
        return tuple(self.sample(items, self.randint(least, min(most, len(items)))))

    def value(self, unknown: float = 0.3) -> TagValue:
        return self.choice(UNKNOWN) if self.coin(unknown) else self.choice(TEXTS)


def _values(dice: Dice) -> tuple[Value, ...]:
    found = []
    for name in dice.some(VALUES, 1):
        relations = {other: dice.some((*VALUES, "7"), 0, 3) for other in dice.some(NAMES, 0, 2)}
        aliases = ("uno",) if name == "one" else ()
        found.append(Value(name, aliases=aliases, relations=tuple(sorted(relations.items()))))
    if dice.coin():
        until = dice.choice([None, date(2026, 10, 31), TODAY])
        found.append(Value("old", status="deprecated", until=until, replaced_by=found[0].value))
    return tuple(found)


def _key(dice: Dice, name: str) -> Key:
    kind = dice.choice(("closed", "closed", "pattern", "integer", "open"))
    if kind == "closed":
        return Key(name, values=_values(dice))
    if kind == "pattern":
        return Key(name, pattern="[a-z]{3,5}")
    return Key(name, format="integer") if kind == "integer" else Key(name)


def _requirement(dice: Dice, number: int) -> Requirement:
    everything, gpu, either = (
        Selector(everything=True),
        Selector(classes=("gpu",)),
        Selector(classes=("bucket", "gpu")),
    )
    terms = tuple((name, dice.some(("one", "two", "uno", "7"), 1, 2)) for name in dice.some(NAMES, 0, 2))
    key, of = dice.sample(NAMES, 2)
    return Requirement(
        f"r{number}",
        dice.choice((everything, everything, gpu, either)),
        require=dice.some(NAMES, 0, 3),
        when=Condition(terms if dice.coin() else ()),
        match=(Match(key, of, key),) if dice.coin() else (),
        exclusive=(dice.some(NAMES, 2, 3),) if dice.coin(0.3) else (),
        severity=dice.choice((Severity.ERROR, *Severity)),
        becomes_error=dice.choice([None, TODAY, date(2027, 1, 1)]),
        reach=dice.choice([None, *Severity]),
    )


def _dictionary(dice: Dice) -> Dictionary:
    return Dictionary(
        "random",
        "1.0.0",
        keys=tuple(_key(dice, name) for name in NAMES),
        requirements=tuple(_requirement(dice, number) for number in range(dice.randint(1, 4))),
    )


def _tag_set(dice: Dice) -> Tags:
    names = set(dice.some(NAMES)) | set(dice.some(WRONG) if dice.coin(0.3) else ())
    complete = dice.coin(0.6)
    items = tuple(Tag(name, dice.value()) for name in sorted(names))
    return Tags(items, complete, None if complete else dice.choice(UNKNOWN))


def _resource(dice: Dice) -> Resource:
    tags = _tag_set(dice)
    bills = []
    if dice.coin():
        if dice.coin():
            bills.append(Bill("instance", tags, own=True))
        bills += [Bill(f"bill {number}", _tag_set(dice)) for number in range(dice.randint(0, 2))]
    return Resource(
        "x.y",
        "x",
        "aws",
        classes=Classes(
            frozenset(dice.some(("gpu", "bucket", "other"))),
            tuple((name, dice.choice(UNKNOWN)) for name in dice.some(("gpu", "bucket"))),
        ),
        tags=tags,
        bills=tuple(bills),
        exists=Unknown("count is not known") if dice.coin(0.1) else None,
    )


def _tags_come_out(dice: Dice, tags: Tags, *, wholly: bool) -> Tags:
    """One way in which the tags can come out, or (unless `wholly`) partly come out. A null is dropped."""
    items = []
    for tag in tags.items:
        if isinstance(tag.value, Unknown) and (wholly or dice.coin()):
            # A key in the wrong case is a fault whatever its value; a null would only hide it.
            value = dice.choice(TEXTS if tag.key in WRONG else (*TEXTS, None))
            if value is not None:
                items.append(replace(tag, value=value))
        else:
            items.append(tag)
    if tags.complete:
        return replace(tags, items=tuple(items))
    free = [name for name in NAMES + WRONG if tags.get(name) is None]
    items += [Tag(name, dice.value(0.0 if wholly else 0.3)) for name in dice.some(free)]
    complete = wholly or dice.coin()
    return Tags(tuple(sorted(items, key=lambda tag: tag.key)), complete, None if complete else tags.cause)


def _comes_out(dice: Dice, resource: Resource, *, wholly: bool) -> Resource:
    """The same resource with more known about it."""
    tags = _tags_come_out(dice, resource.tags, wholly=wholly)
    bills = tuple(
        replace(bill, tags=tags if bill.own else _tags_come_out(dice, bill.tags, wholly=wholly))
        for bill in resource.bills
    )
    certain, possible = set(resource.classes.certain), []
    for name, cause in resource.classes.possible:
        turned_out = dice.choice((True, False) if wholly else (True, False, None))
        if turned_out is None:
            possible.append((name, cause))
        elif turned_out:
            certain.add(name)
    exists = None if wholly or dice.coin() else resource.exists
    return replace(
        resource, tags=tags, bills=bills, classes=Classes(frozenset(certain), tuple(possible)), exists=exists
    )


def _definite(judgement: Judgement) -> set[tuple[str, str]]:
    return {(each.rule, each.key) for each in judgement.findings if each.certainty is Certainty.DEFINITE}


def _undecided_keys(judgement: Judgement) -> set[str]:
    return {each.key for each in judgement.findings if each.certainty is Certainty.UNDECIDED}


def _announced(judgement: Judgement) -> set[str]:
    """Keys with an undecided finding; or with key-case, which stands for all that its right spelling may lack; or with
    a value that is refused already, which stands for what the same key may hold on something else that is billed.
    """
    standing = ("key-case", "value-not-allowed")
    return _undecided_keys(judgement) | {each.key for each in judgement.findings if each.rule in standing}


def _shown(judgement: Judgement) -> str:
    """A case in two lines."""

    def line(tags: Tags) -> str:
        items = (f"{tag.key}={tag.value!r}" if isinstance(tag.value, str) else f"{tag.key}=?" for tag in tags.items)
        return " ".join([*items, *(() if tags.complete else ("...",))])

    resource = judgement.resource
    bills = "".join(f" | {bill.what}{'(own)' * bill.own}: {line(bill.tags)}" for bill in resource.bills)
    found = [(each.rule, each.key, each.severity.value, each.certainty.value) for each in judgement.findings]
    return f"{resource.classes} {line(resource.tags)}{bills}\n  {judgement.verdict}: {found}"


def _could_not_be_seen(dictionary: Dictionary, resource: Resource, finding: Finding) -> bool:
    """The two documented limits: faults of tags that nobody could see coming (they only had to be absent), and
    placeholders in an open key.
    """
    key = dictionary.key(finding.key)
    if finding.rule == "placeholder-value" and key is not None and key.values is None and not key.pattern + key.format:
        return True
    places = [resource.tags, *(bill.tags for bill in resource.bills)]
    return finding.rule in ADDED and any(not tags.complete for tags in places)


@pytest.mark.parametrize("batch", BATCHES)
def test_more_knowledge_only_decides(batch: int) -> None:
    """Definite findings stay whatever the unknowns turn out to be; every new one was announced as undecided on its
    key; nothing stays undecided when all is known; and the verdict never looked better than it can turn out."""
    met = set()
    for number in range(CASES):
        seed = batch * CASES + number
        dice = Dice(seed)
        dictionary, before, wholly = _dictionary(dice), _resource(dice), dice.coin()
        judge = Judge(dictionary)
        first = judge.judge(before, TODAY)
        second = judge.judge(_comes_out(dice, before, wholly=wholly), TODAY)
        met.add((first.verdict, second.verdict))
        case = f"seed {seed}\n{_shown(first)}\n{_shown(second)}\n{dictionary.requirements}\n{dictionary.keys}"

        assert _definite(first) <= _definite(second), case
        announced = _announced(first)
        surprises = [
            each
            for each in second.findings
            if each.certainty is Certainty.DEFINITE
            and (each.rule, each.key) not in _definite(first)
            and each.key not in announced
            and not _could_not_be_seen(dictionary, before, each)
        ]
        assert surprises == [], case
        if wholly:
            assert not _undecided_keys(second), case
            assert second.verdict is not Verdict.UNDECIDED, case
        if first.verdict is Verdict.NON_COMPLIANT:
            assert second.verdict is Verdict.NON_COMPLIANT, case
        if first.verdict is Verdict.COMPLIANT and second.verdict is Verdict.NON_COMPLIANT:
            errors = [each for each in second.findings if each.severity is Severity.ERROR]
            assert any(_could_not_be_seen(dictionary, before, each) for each in errors), case
    undecided = Verdict.UNDECIDED
    assert {(undecided, undecided), (undecided, Verdict.NON_COMPLIANT), (undecided, Verdict.COMPLIANT)} <= met


@pytest.mark.parametrize("batch", BATCHES[:3])
def test_one_finding_a_rule_and_key(batch: int) -> None:
    """One finding a resource, rule and key; one undecided finding a key; at most one value rule for one value."""
    value_rules = ("value-not-allowed", "deprecated-value", "placeholder-value", "missing-tag")
    for number in range(CASES):
        dice = Dice(batch * CASES + number)
        judgement = Judge(_dictionary(dice)).judge(_resource(dice), TODAY)
        named = [(each.rule, each.key) for each in judgement.findings]
        assert len(named) == len(set(named)), _shown(judgement)
        if judgement.resource.exists is None:
            waiting = [each.key for each in judgement.findings if each.certainty is Certainty.UNDECIDED]
            assert len(waiting) == len(set(waiting)), _shown(judgement)
        if not judgement.resource.bills:
            faulty = [each.key for each in judgement.findings if each.rule in value_rules]
            assert len(faulty) == len(set(faulty)), _shown(judgement)


@pytest.mark.parametrize("batch", BATCHES[:3])
def test_order_does_not_matter(batch: int) -> None:
    """The order of tags, keys, requirements and bills changes neither verdict nor which findings there are."""

    def plain(judgement: Judgement) -> list[tuple[str, str, str, str]]:
        return sorted((each.rule, each.key, each.severity, each.certainty) for each in judgement.findings)

    for number in range(CASES):
        dice = Dice(batch * CASES + number)
        dictionary, resource = _dictionary(dice), _resource(dice)
        other = replace(
            dictionary,
            keys=tuple(dice.sample(dictionary.keys, len(dictionary.keys))),
            requirements=tuple(dice.sample(dictionary.requirements, len(dictionary.requirements))),
            _index={},
        )
        bills = [replace(bill, tags=_shuffled(dice, bill.tags)) for bill in resource.bills]
        dice.shuffle(bills)
        moved = replace(resource, tags=_shuffled(dice, resource.tags), bills=tuple(bills))
        one, two = Judge(dictionary).judge(resource, TODAY), Judge(other).judge(moved, TODAY)
        assert one.verdict is two.verdict, _shown(one)
        assert plain(one) == plain(two), _shown(one)


def _shuffled(dice: Dice, tags: Tags) -> Tags:
    return replace(tags, items=tuple(dice.sample(tags.items, len(tags.items))))


def _definitely_missing(judgement: Judgement) -> set[tuple[str, str]]:
    return {found for found in _definite(judgement) if found[0] == "missing-tag"}


@pytest.mark.parametrize("batch", BATCHES[:3])
def test_adding_a_good_tag_never_adds_a_missing_one(batch: int) -> None:
    """Where no condition asks for more, a definite value for an absent key brings no missing-tag."""

    def missing(judgement: Judgement) -> set[str]:
        return {each.key for each in judgement.findings if each.rule == "missing-tag"}

    for number in range(CASES):
        dice = Dice(batch * CASES + number)
        dictionary, resource, name = _dictionary(dice), _resource(dice), dice.choice(NAMES)
        unconditional = tuple(replace(each, when=Condition()) for each in dictionary.requirements)
        judge = Judge(replace(dictionary, requirements=unconditional, _index={}))
        without = tuple(tag for tag in resource.tags.items if tag.key != name)
        added = tuple(sorted((*without, Tag(name, "two")), key=lambda tag: tag.key))
        before = judge.judge(replace(resource, tags=replace(resource.tags, items=without)), TODAY)
        after = judge.judge(replace(resource, tags=replace(resource.tags, items=added)), TODAY)
        # An undecided key may show another of its rules once the first has stopped waiting.
        assert missing(after) <= missing(before) | _undecided_keys(before), f"{_shown(before)}\n{_shown(after)}"
        assert not _definitely_missing(after) - _definitely_missing(before), f"{_shown(before)}\n{_shown(after)}"
