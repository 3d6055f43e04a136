"""What is said under uncertainty holds however the unknowns come out: random dictionaries, resources, outcomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st

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
    Unknown,
    Verdict,
)

NAMES = ("alpha", "beta", "gamma", "delta")
WRONG = ("Alpha", "BETA")
TEXTS = ("one", "two", "three", "uno", "old", "todo", "Two", "", "7", "tw\u043e", "  ")
TODAY = date(2026, 11, 1)
ADDED = ("value-not-allowed", "deprecated-value", "placeholder-value", "key-case", "invalid-tag")

unknowns = st.sampled_from([Unknown(f"var.{letter} has no value here") for letter in "xyz"])
severities = st.sampled_from(list(Severity))


@st.composite
def values(draw: st.DrawFn) -> tuple[Value, ...]:
    found = []
    for name in draw(st.lists(st.sampled_from(("one", "two", "three")), min_size=1, unique=True)):
        relations = {
            other: tuple(draw(st.lists(st.sampled_from(("one", "two", "three", "7")), max_size=3, unique=True)))
            for other in draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True))
        }
        aliases = ("uno",) if name == "one" else ()
        found.append(Value(name, aliases=aliases, relations=tuple(sorted(relations.items()))))
    if draw(st.booleans()):
        until = draw(st.sampled_from([None, date(2026, 10, 31), date(2026, 11, 1)]))
        found.append(Value("old", status="deprecated", until=until, replaced_by=found[0].value))
    return tuple(found)


@st.composite
def keys(draw: st.DrawFn, name: str) -> Key:
    kind = draw(st.sampled_from(("closed", "closed", "pattern", "integer", "open")))
    if kind == "closed":
        return Key(name, values=draw(values()))
    if kind == "pattern":
        return Key(name, pattern="[a-z]{3,5}")
    return Key(name, format="integer") if kind == "integer" else Key(name)


some_names = st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(tuple)


@st.composite
def requirements(draw: st.DrawFn, number: int) -> Requirement:
    selector = draw(
        st.sampled_from([Selector(everything=True), Selector(classes=("gpu",)), Selector(classes=("bucket", "gpu"))]),
    )
    terms = tuple(
        (name, tuple(draw(st.lists(st.sampled_from(("one", "two", "uno", "7")), min_size=1, max_size=2))))
        for name in draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True))
    )
    matches = []
    if draw(st.booleans()):
        first, second = draw(st.permutations(NAMES))[:2]
        matches.append(Match(first, second, first))
    groups = draw(
        st.lists(st.lists(st.sampled_from(NAMES), min_size=2, max_size=3, unique=True).map(tuple), max_size=1)
    )
    return Requirement(
        f"r{number}",
        selector,
        require=draw(some_names),
        when=Condition(draw(st.sampled_from([(), terms]))),
        match=tuple(matches),
        exclusive=tuple(groups),
        severity=draw(severities),
        becomes_error=draw(st.sampled_from([None, TODAY, date(2027, 1, 1)])),
        reach=draw(st.sampled_from([None, *Severity])),
    )


@st.composite
def dictionaries(draw: st.DrawFn) -> Dictionary:
    return Dictionary(
        "random",
        "1.0.0",
        keys=tuple(draw(keys(name)) for name in NAMES),
        requirements=tuple(draw(requirements(number)) for number in range(draw(st.integers(1, 4)))),
    )


@st.composite
def tag_sets(draw: st.DrawFn) -> Tags:
    names = draw(st.lists(st.sampled_from(NAMES + NAMES + WRONG), max_size=5, unique=True))
    items = tuple(Tag(name, draw(st.sampled_from(TEXTS) | unknowns)) for name in sorted(names))
    complete = draw(st.booleans())
    return Tags(items, complete, None if complete else draw(unknowns))


@st.composite
def resources(draw: st.DrawFn) -> Resource:
    tags = draw(tag_sets())
    bills = []
    if draw(st.booleans()):
        if draw(st.booleans()):
            bills.append(Bill("instance", tags, own=True))
        bills += [Bill(f"bill {number}", draw(tag_sets())) for number in range(draw(st.integers(0, 2)))]
    possible = tuple((name, draw(unknowns)) for name in draw(st.lists(st.sampled_from(("gpu", "bucket")), unique=True)))
    certain = frozenset(draw(st.lists(st.sampled_from(("gpu", "bucket", "other")), unique=True)))
    return Resource(
        "x.y",
        "x",
        "aws",
        classes=Classes(certain, possible),
        tags=tags,
        bills=tuple(bills),
        exists=draw(st.sampled_from([None, None, None, Unknown("count is not known")])),
    )


def _tags(draw: st.DrawFn, tags: Tags, *, wholly: bool) -> Tags:
    """One way in which the tags can come out, or (unless `wholly`) partly come out. A null is dropped."""
    items = []
    for tag in tags.items:
        if isinstance(tag.value, Unknown) and (wholly or draw(st.booleans())):
            # A key in the wrong case is a fault whatever its value; a null would only hide it.
            value = draw(st.sampled_from(TEXTS if tag.key in WRONG else (*TEXTS, None)))
            if value is not None:
                items.append(replace(tag, value=value))
        else:
            items.append(tag)
    if tags.complete:
        return replace(tags, items=tuple(items))
    free = [name for name in NAMES + WRONG if tags.get(name) is None]
    added = draw(st.lists(st.sampled_from(free), max_size=4, unique=True)) if free else []
    texts = st.sampled_from(TEXTS)
    items += [Tag(name, draw(texts if wholly else texts | unknowns)) for name in added]
    complete = wholly or draw(st.booleans())
    return Tags(tuple(sorted(items, key=lambda tag: tag.key)), complete, None if complete else tags.cause)


@st.composite
def outcomes(draw: st.DrawFn, resource: Resource, *, wholly: bool) -> Resource:
    """The same resource with more known about it."""
    tags = _tags(draw, resource.tags, wholly=wholly)
    bills = tuple(
        replace(bill, tags=tags if bill.own else _tags(draw, bill.tags, wholly=wholly)) for bill in resource.bills
    )
    certain, possible = set(resource.classes.certain), []
    for name, cause in resource.classes.possible:
        turned_out = draw(st.sampled_from((True, False) if wholly else (True, False, None)))
        if turned_out is None:
            possible.append((name, cause))
        elif turned_out:
            certain.add(name)
    exists = None if wholly or draw(st.booleans()) else resource.exists
    return replace(
        resource, tags=tags, bills=bills, classes=Classes(frozenset(certain), tuple(possible)), exists=exists
    )


@st.composite
def refinements(draw: st.DrawFn) -> tuple[Dictionary, Resource, Resource, bool]:
    wholly = draw(st.booleans())
    resource = draw(resources())
    return draw(dictionaries()), resource, draw(outcomes(resource, wholly=wholly)), wholly


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


def _shown(resource: Resource) -> str:
    """A failing case in a line."""

    def line(tags: Tags) -> str:
        return " ".join(f"{tag.key}={tag.value if isinstance(tag.value, str) else '?'!r}" for tag in tags.items) + (
            "" if tags.complete else " ..."
        )

    bills = " | ".join(f"{bill.what}{'(own)' * bill.own}: {line(bill.tags)}" for bill in resource.bills)
    return f"{sorted(resource.classes.certain)} {resource.classes.possible} {line(resource.tags)} | {bills}"


def _could_not_be_seen(dictionary: Dictionary, resource: Resource, finding: Finding) -> bool:
    """The two documented limits: faults of tags that nobody could see coming (they only had to be absent), and
    placeholders in an open key."""
    key = dictionary.key(finding.key)
    if finding.rule == "placeholder-value" and key is not None and key.values is None and not key.pattern + key.format:
        return True
    places = [resource.tags, *(bill.tags for bill in resource.bills)]
    return finding.rule in ADDED and any(not tags.complete for tags in places)


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(refinements())
def test_more_knowledge_only_decides(case: tuple[Dictionary, Resource, Resource, bool]) -> None:
    """Definite findings stay whatever the unknowns turn out to be; every new one was announced as undecided on its
    key; nothing stays undecided when all is known; and the verdict never looked better than it can turn out."""
    dictionary, before, after, wholly = case
    judge = Judge(dictionary)
    first, second = judge.judge(before, TODAY), judge.judge(after, TODAY)
    event(f"{first.verdict} -> {second.verdict}")
    note(f"{_shown(before)}\n{[(each.rule, each.key, each.certainty) for each in first.findings]}")
    note(f"{_shown(after)}\n{[(each.rule, each.key, each.certainty) for each in second.findings]}")

    assert _definite(first) <= _definite(second)
    announced = _announced(first)
    surprises = [
        each
        for each in second.findings
        if each.certainty is Certainty.DEFINITE
        and (each.rule, each.key) not in _definite(first)
        and each.key not in announced
        and not _could_not_be_seen(dictionary, before, each)
    ]
    assert surprises == []
    if wholly:
        assert not _undecided_keys(second)
        assert second.verdict is not Verdict.UNDECIDED
    if first.verdict is Verdict.NON_COMPLIANT:
        assert second.verdict is Verdict.NON_COMPLIANT
    if first.verdict is Verdict.COMPLIANT and second.verdict is Verdict.NON_COMPLIANT:
        errors = [each for each in second.findings if each.severity is Severity.ERROR]
        assert any(_could_not_be_seen(dictionary, before, each) for each in errors)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(dictionaries(), resources())
def test_one_finding_a_rule_and_key(dictionary: Dictionary, resource: Resource) -> None:
    """One finding a resource, rule and key; one undecided finding a key; at most one value rule for one value."""
    judgement = Judge(dictionary).judge(resource, TODAY)
    named = [(each.rule, each.key) for each in judgement.findings]
    assert len(named) == len(set(named))
    if resource.exists is None:
        waiting = [each.key for each in judgement.findings if each.certainty is Certainty.UNDECIDED]
        assert len(waiting) == len(set(waiting))
    if not resource.bills:
        value_rules = ("value-not-allowed", "deprecated-value", "placeholder-value", "missing-tag")
        faulty = [each.key for each in judgement.findings if each.rule in value_rules]
        assert len(faulty) == len(set(faulty))


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(dictionaries(), resources(), st.randoms(use_true_random=False))
def test_order_does_not_matter(dictionary: Dictionary, resource: Resource, random: object) -> None:
    """The order of tags, keys, requirements and bills changes neither verdict nor which findings there are."""

    def shuffled(items: tuple[object, ...]) -> tuple[object, ...]:
        copy = list(items)
        random.shuffle(copy)  # type: ignore[attr-defined]
        return tuple(copy)

    other = replace(
        dictionary, keys=shuffled(dictionary.keys), requirements=shuffled(dictionary.requirements), _index={}
    )
    moved = replace(
        resource,
        tags=replace(resource.tags, items=shuffled(resource.tags.items)),
        bills=shuffled(
            tuple(replace(bill, tags=replace(bill.tags, items=shuffled(bill.tags.items))) for bill in resource.bills)
        ),
    )
    one, two = Judge(dictionary).judge(resource, TODAY), Judge(other).judge(moved, TODAY)

    def plain(judgement: Judgement) -> list[tuple[str, str, str, str]]:
        return sorted((each.rule, each.key, each.severity, each.certainty) for each in judgement.findings)

    assert one.verdict is two.verdict
    assert plain(one) == plain(two)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(dictionaries(), resources(), st.sampled_from(NAMES))
def test_adding_a_good_tag_never_adds_a_missing_one(dictionary: Dictionary, resource: Resource, name: str) -> None:
    """A definite value for an absent key brings no missing-tag but through a condition that it fulfils."""
    unconditional = replace(
        dictionary, requirements=tuple(replace(each, when=Condition()) for each in dictionary.requirements), _index={}
    )
    judge = Judge(unconditional)
    without = tuple(tag for tag in resource.tags.items if tag.key != name)
    before = replace(resource, tags=replace(resource.tags, items=without))
    added = (*without, Tag(name, "two"))
    after = replace(resource, tags=replace(resource.tags, items=tuple(sorted(added, key=lambda tag: tag.key))))

    def missing(judgement: Judgement) -> set[str]:
        return {each.key for each in judgement.findings if each.rule == "missing-tag"}

    had, has = missing(judge.judge(before, TODAY)), missing(judge.judge(after, TODAY))
    assert has <= had
