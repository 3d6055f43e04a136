"""Dictionaries so small that every set of tags there is can be judged: the oracle of the comparison."""

from __future__ import annotations

import random
from datetime import date
from itertools import product

from tagwright_dictionary.dictionary import (
    Condition,
    Dictionary,
    Key,
    Match,
    ProviderEncoding,
    Requirement,
    Selector,
    Value,
)
from tagwright_dictionary.judging import Judge
from tagwright_dictionary.model import Bill, Certainty, Classes, Resource, Severity, Tag, Tags

TODAY = date(2026, 11, 1)
PAST, FUTURE = date(2026, 10, 1), date(2027, 1, 31)
WORDS = ("red", "green", "blue")
KEYS = ("one", "two", "three")
SHARE = 0.7  # of the keys that a dictionary has
# Every pattern tells at most these texts apart.
PATTERNS = ("", "[a-z]+", "(red|green)", "[a-z]{4,}")
TEXTS = (*WORDS, "teal", "A", "a-b", "todo")
FURTHER = "cyan"  # what a pattern tells apart only by teal needs another one where teal is a placeholder


def dictionary(seed: random.Random) -> Dictionary:
    """A dictionary drawn from a few thousands."""
    keys = tuple(_key(seed, name) for name in KEYS if seed.random() < SHARE)
    names = [key.name for key in keys]
    requirements = tuple(
        requirement
        for number in range(seed.randint(0, 3))
        if names and (requirement := _requirement(seed, f"r{number}", names))
    )
    return Dictionary(
        "small",
        "1.0.0",
        keys,
        requirements,
        providers=_providers(seed, names),
        placeholders=("teal",) if seed.random() < 0.1 else (),
    )


def mutated(seed: random.Random, old: Dictionary) -> Dictionary:
    """Another dictionary that shares most of the first: the cases in which one change matters."""
    other = dictionary(seed)
    keys = tuple(
        (other.key(key.name) or key) if seed.random() < 0.35 else key for key in old.keys if seed.random() < 0.95
    )
    names = {key.name for key in keys}
    pool = {each.id: each for each in old.requirements}
    for each in other.requirements:
        if seed.random() < 0.4:
            pool[each.id] = each
    kept = tuple(each for each in pool.values() if _names(each) <= names and seed.random() < 0.9)
    providers = other.providers if seed.random() < 0.2 else old.providers
    usable = all({key for key, _ in each.keys} <= names for each in providers)
    return Dictionary(
        "small", "1.0.0", keys, kept, providers=providers if usable else (), placeholders=old.placeholders
    )


def _names(requirement: Requirement) -> set[str]:
    found = {*requirement.require, *(name for name, _ in requirement.when.terms)}
    found |= {name for match in requirement.match for name in (match.key, match.of)}
    return found | {name for group in requirement.exclusive for name in group}


def _key(seed: random.Random, name: str) -> Key:
    if seed.random() < 0.4:
        return Key(name, pattern=seed.choice(PATTERNS), format=seed.choice(("", "", "", "slug")))
    chosen = seed.sample(WORDS, seed.randint(1, 3))
    free = [word for word in WORDS if word not in chosen]
    return Key(name, values=tuple(_value(seed, word, free) for word in chosen))


def _value(seed: random.Random, word: str, free: list[str]) -> Value:
    status, until = "active", None
    if seed.random() < 0.2:
        status, until = "deprecated", seed.choice((None, PAST, FUTURE))
    aliases = (free.pop(),) if free and seed.random() < 0.3 else ()
    relations = []
    if seed.random() < 0.5:
        relations.append((seed.choice(KEYS), tuple(seed.sample(WORDS, seed.randint(1, 2)))))
    return Value(word, aliases=aliases, status=status, until=until, relations=tuple(relations))


def _requirement(seed: random.Random, identifier: str, names: list[str]) -> Requirement:
    selector = seed.choice(
        (
            Selector(everything=True),
            Selector(classes=("gpu",)),
            Selector(classes=("gpu", "bucket")),
            Selector(types=("aws_s3_*",)),
            Selector(types=("aws_*",)),
            Selector(classes=("bucket",), types=("aws_s3_x",)),
        )
    )
    when = Condition(((seed.choice(names), tuple(seed.sample(WORDS, seed.randint(1, 2)))),))
    matches = (Match(seed.choice(names), seed.choice(names), seed.choice(KEYS)),) if seed.random() < 0.3 else ()
    exclusive = (tuple(seed.sample(names, 2)),) if len(names) > 1 and seed.random() < 0.2 else ()
    severity = seed.choice((Severity.ERROR, Severity.ERROR, Severity.WARNING))
    return Requirement(
        identifier,
        selector,
        tuple(seed.sample(names, seed.randint(0, min(2, len(names))))),
        when if seed.random() < 0.4 else Condition(),
        matches,
        exclusive,
        severity,
        None if severity is Severity.ERROR else seed.choice((None, PAST, FUTURE)),
        seed.choice((None, None, Severity.INFO, Severity.WARNING, Severity.ERROR)),
    )


def _providers(seed: random.Random, names: list[str]) -> tuple[ProviderEncoding, ...]:
    if not names or seed.random() < 0.7:
        return ()
    return (ProviderEncoding("gcp", ((seed.choice(names), seed.choice(("uno", "due"))),)),)


def resources(old: Dictionary, new: Dictionary, *, foreign: bool) -> list[Resource]:
    """Every resource with every set of tags over the keys of `old`, and with `foreign` those of `new` too."""
    both = (*old.requirements, *new.requirements)
    globs = {glob for each in both for glob in each.selector.types}
    shapes = [
        (provider, frozenset(classes), kind)
        for provider in (("", "google") if old.providers or new.providers else ("",))
        for classes in ((), ("gpu",), ("bucket",), ("gpu", "bucket"))
        for kind in (("other", "aws_s3_x", "aws_s3_y", "aws_z") if globs else ("other",))
    ]
    reach = any(each.require for each in both)
    texts = (*TEXTS, FURTHER) if old.placeholders or new.placeholders else TEXTS
    made = []
    for provider, classes, kind in shapes:
        keys: dict[str, None] = {}
        for each in (old, new) if foreign else (old,):
            encoding = dict(each.encoding("gcp").keys) if provider and each.encoding("gcp") else {}
            keys.update((encoding.get(key.name, key.name), None) for key in each.keys)
        for values in product(("", *texts), repeat=len(keys)):
            tags = {key: value for key, value in zip(keys, values, strict=True) if value}
            made += _variants(provider, classes, kind, tags)[: None if reach else 1]
    return made


def _variants(provider: str, classes: frozenset[str], kind: str, tags: dict[str, str]) -> list[Resource]:
    own = Tags(tuple(Tag(key, value) for key, value in sorted(tags.items())))
    plain = Resource("x", kind, provider, classes=Classes(classes), tags=own)
    found = [plain]
    for lost in tags:
        reach = Tags(tuple(tag for tag in own.items if tag.key != lost))
        bills = (Bill("instances", own, own=True), Bill("volumes", reach))
        found.append(Resource("x", kind, provider, classes=Classes(classes), tags=own, bills=bills))
    return found


def fails(judge: Judge, resource: Resource) -> bool:
    """Whether the resource has a definite error today."""
    return any(
        finding.severity is Severity.ERROR and finding.certainty is Certainty.DEFINITE
        for finding in judge.judge(resource, TODAY).findings
    )


def truth(old: Dictionary, new: Dictionary, *, foreign: bool = False) -> bool:
    """Whether some tags pass under `old` and fail under `new`: by trying all of them."""
    one, other = Judge(old), Judge(new)
    return any(fails(other, each) and not fails(one, each) for each in resources(old, new, foreign=foreign))
