"""From what a repository carries to a dictionary: the shipped one, in the repository's own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tagwright_dictionary.dictionary import (
    Condition,
    Dictionary,
    Key,
    ProviderEncoding,
    Requirement,
    ServiceLevel,
    Value,
)
from tagwright_dictionary.judging.placeholders import Placeholders
from tagwright_dictionary.judging.values import KeyCheck
from tagwright_dictionary.loading.keys import name_problem
from tagwright_dictionary.loading.providers import key_problem
from tagwright_policies.init.grouping import grouped, shape, usable
from tagwright_policies.init.observed import Observed, fold, most_used

MOST_LISTED = 40
"""Values of an open key that are few enough to become a list."""

LEAST_BLOCKS = 2
"""A key that only one block carries is a slip more often than a custom."""

_OPEN = ("owner", "cost-center", "project", "model", "initiative")
"""Keys of the shipped dictionary whose values come and go: a list of them would be out of date tomorrow."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The dictionary, and for each of its keys what is in use (None: not in use). `left_out` are keys in use that it
    does not have.
    """

    dictionary: Dictionary
    used: tuple[tuple[str, Observed | None], ...]
    left_out: tuple[tuple[str, Observed], ...]


def propose(shipped: Dictionary, observed: Mapping[str, Observed], name: str) -> Proposal:
    """A dictionary for what was observed. Its keys and values are spelled as the repository mostly does."""
    names: dict[str, str] = {}
    keys: list[Key] = []
    used: list[tuple[str, Observed | None]] = []
    for key in shipped.keys:
        seen = observed.get(fold(key.name))
        made = replace(key, approvers=(), location=None) if seen is None else _adapted(key, seen)
        names[key.name] = made.name
        keys.append(made)
        used.append((made.name, seen))
    known = {fold(key.name) for key in shipped.keys}
    left_out = []
    for form, seen in observed.items():
        if form in known:
            continue
        own = _own(seen)
        if own is None:
            left_out.append((form, seen))
        else:
            keys.append(own)
            used.append((own.name, seen))
    values = _renamed_values(shipped, keys, names)
    dictionary = replace(
        shipped,
        name=name,
        version="0.1.0",
        keys=tuple(keys),
        requirements=tuple(_requirement(each, names, values) for each in shipped.requirements),
        providers=_providers(shipped, names, dict(used)),
        service_levels=tuple(_service_level(each, names, values) for each in shipped.service_levels),
        contacts=(),
        digest="",
        source="",
        layers=(),
        _index={},
    )
    return Proposal(dictionary, tuple(used), tuple(left_out))


def _spelling(seen: Observed, preferred: str = "") -> str:
    possible = Counter({key: many for key, many in seen.spellings.items() if not name_problem(key)})
    # Labels of Google Cloud cannot be spelled otherwise: what other clouds write says more about what is meant.
    free = Counter({key: many for cloud, each in seen.clouds.items() if cloud != "gcp" for key, many in each.items()})
    chosen = Counter({key: many for key, many in free.items() if key in possible}) or possible
    return most_used(chosen, (preferred,)) if chosen else preferred


def _adapted(key: Key, seen: Observed) -> Key:
    """A shipped key as the repository uses it."""
    named = replace(key, name=_spelling(seen, key.name), approvers=(), location=None)
    values = usable(seen.values)
    if key.values is not None:
        return replace(named, values=grouped(values, key.values))
    check = KeyCheck(key, Placeholders())
    fitting = Counter({value: many for value, many in values.items() if check.accepts(value)})
    bare = replace(named, pattern="", format="", domains=(), examples=(), default="")
    if key.name not in _OPEN:
        listed = _listed(values, seen)
        if listed is not None:
            return replace(bare, values=listed)
    if 2 * fitting.total() >= values.total():
        return _with_domain(named, fitting) if key.format == "email" else named
    pattern = shape(values)
    inside = [value for value in sorted(values) if not pattern or re.fullmatch(pattern, value)]
    return replace(bare, pattern=pattern, examples=tuple(inside[:2]))


def _with_domain(key: Key, emails: Counter[str]) -> Key:
    """Where all addresses are of one domain, it is said: the next one elsewhere is a slip."""
    domains = {email.rpartition("@")[2] for email in emails}
    if len(domains) != 1 or emails.total() < LEAST_BLOCKS or min(domains) != min(domains).lower():
        return key
    return replace(key, domains=tuple(domains), examples=tuple(sorted(emails))[:2])


def _own(seen: Observed) -> Key | None:
    """A key that the shipped dictionary does not have: a list where its values repeat, else open."""
    name = _spelling(seen)
    if not name or seen.blocks < LEAST_BLOCKS:
        return None
    return Key(name, values=_listed(usable(seen.values), seen))


def _listed(values: Counter[str], seen: Observed) -> tuple[Value, ...] | None:
    """The values as a list, where they are few, come again, and none is hidden from us; else None."""
    if not values or len(values) > MOST_LISTED or seen.unknown:
        return None
    groups = grouped(values)
    return groups if values.total() >= 2 * len(groups) else None


def _renamed_values(shipped: Dictionary, keys: list[Key], names: dict[str, str]) -> dict[str, dict[str, str]]:
    """For each shipped key its values, by the name that they have now."""
    made = {key.name: key for key in keys}
    found: dict[str, dict[str, str]] = {}
    for old in shipped.keys:
        new = made[names[old.name]]
        words = {word: value.value for value in new.values or () for word in (value.value, *value.aliases)}
        found[old.name] = {value.value: words.get(value.value, value.value) for value in old.values or ()}
    return found


def _condition(when: Condition, names: dict[str, str], values: dict[str, dict[str, str]]) -> Condition:
    terms = (
        (names[key], tuple(dict.fromkeys(values[key].get(value, value) for value in wanted)))
        for key, wanted in when.terms
    )
    return Condition(tuple(sorted(terms)))


def _requirement(each: Requirement, names: dict[str, str], values: dict[str, dict[str, str]]) -> Requirement:
    return replace(
        each,
        require=tuple(names[key] for key in each.require),
        when=_condition(each.when, names, values),
        match=tuple(replace(match, key=names[match.key], of=names[match.of]) for match in each.match),
        exclusive=tuple(tuple(names[key] for key in group) for group in each.exclusive),
        location=None,
    )


def _service_level(each: ServiceLevel, names: dict[str, str], values: dict[str, dict[str, str]]) -> ServiceLevel:
    return replace(each, when=_condition(each.when, names, values))


def _providers(
    shipped: Dictionary, names: dict[str, str], used: Mapping[str, Observed | None]
) -> tuple[ProviderEncoding, ...]:
    """How each key is written on each cloud: as the repository does, else as shipped, else as the cloud allows."""
    made = []
    for encoding in shipped.providers:
        before = {names[key]: written for key, written in encoding.keys}
        written: dict[str, str] = {}
        for key, seen in used.items():
            there = seen.clouds.get(encoding.provider, Counter()) if seen is not None else Counter[str]()
            fitting = Counter({name: many for name, many in there.items() if not key_problem(encoding.provider, name)})
            name = most_used(fitting) if fitting else before.get(key, key)
            if key_problem(encoding.provider, name):
                name = re.sub(r"[^a-z0-9_-]", "_", key.lower())
            if name in written.values() or key_problem(encoding.provider, name):
                continue
            if name != key:
                written[key] = name
        notes = tuple(names[key] for key in encoding.annotations)
        made.append(ProviderEncoding(encoding.provider, tuple(sorted(written.items())), notes, encoding.values))
    return tuple(each for each in made if each.keys or each.annotations or each.values)
