"""Hypothesis strategies for dictionaries as the loader could have built them (without locations, source, layers)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tagwright_dictionary.classes import CLASSES
from tagwright_dictionary.dictionary import (
    MEASURES,
    Condition,
    Dictionary,
    Exemption,
    Key,
    Match,
    ProviderEncoding,
    Requirement,
    Selector,
    ServiceLevel,
    Target,
    UnknownPolicy,
    Value,
)
from tagwright_dictionary.loading import digest
from tagwright_dictionary.model import Severity

NAMES = st.from_regex(r"[a-z][a-z0-9_.-]{0,8}", fullmatch=True)
PROSE = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=20)
WORDS = st.one_of(
    NAMES,
    st.sampled_from(
        ["yes", "no", "on", "null", "~", "1.10", "0x1", "2027-01-01", "a: b", "#x", "- a", "*a", "&a", "é", "<<", "="]
    ),
)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
SELECTORS = st.one_of(
    st.just(Selector(everything=True)),
    st.builds(
        lambda classes, types: Selector(False, tuple(classes), tuple(types)),
        st.lists(st.sampled_from(CLASSES), min_size=1, max_size=3, unique=True),
        st.lists(st.from_regex(r"aws_[a-z]{1,5}\*?", fullmatch=True), max_size=2, unique=True),
    ),
    st.builds(
        lambda types: Selector(False, (), tuple(types)),
        st.lists(st.sampled_from(["aws_*", "google_x"]), min_size=1, unique=True),
    ),
)


def _texts(strategy: st.SearchStrategy[str], **bounds: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(strategy, unique=True, **{"max_size": 3, **bounds}).map(tuple)


@st.composite
def _closed(draw: st.DrawFn, name: str) -> Key:
    words = draw(st.lists(WORDS, min_size=2, max_size=8, unique=True))
    cut = draw(st.integers(1, len(words)))
    approved, aliases = words[:cut], words[cut:]
    values = []
    for index, word in enumerate(approved):
        deprecated = index > 0 and draw(st.booleans())  # the first one stays, so that there is a successor
        values.append(
            Value(
                word,
                draw(PROSE),
                draw(PROSE),
                aliases=tuple(alias for number, alias in enumerate(aliases) if number % len(approved) == index),
                status="deprecated" if deprecated else "active",
                until=draw(st.none() | DAYS) if deprecated else None,
                replaced_by=draw(st.sampled_from(["", approved[0]])) if deprecated else "",
                owner=draw(st.sampled_from(["", "a@acme.example"])),
                billing_code=draw(st.sampled_from(["", "0042"])),
            )
        )
    default = draw(st.sampled_from(["", *approved]))
    return Key(name, draw(PROSE), draw(PROSE), tuple(values), default=default, approvers=draw(_texts(NAMES)))


@st.composite
def _open(draw: st.DrawFn, name: str) -> Key:
    key = Key(name, draw(PROSE), draw(PROSE), approvers=draw(_texts(NAMES)))
    kind = draw(st.sampled_from(["", "pattern", "email", "slug"]))
    if kind == "pattern":
        return replace(key, pattern="cc-[0-9]{4}", examples=("cc-1234",))
    if kind == "email":
        return replace(key, format="email", domains=draw(st.sampled_from([(), ("acme.example",)])))
    return replace(key, format=kind)


@st.composite
def _keys(draw: st.DrawFn) -> tuple[Key, ...]:
    names = draw(st.lists(NAMES, min_size=2, max_size=5, unique=True))
    reserved = {"title", "description", "aliases", "status", "until", "replaced_by", "owner", "billing_code"}
    keys = [
        draw(_closed(name) if index == 0 or draw(st.booleans()) else _open(name)) for index, name in enumerate(names)
    ]
    targets = [key for key in keys if key.values and key.name not in reserved]
    for index, key in enumerate(keys):
        if key.values and targets and draw(st.booleans()):
            target = draw(st.sampled_from(targets))
            related = tuple(value.value for value in (target.values or ())[:2])
            values = (replace(key.values[0], relations=((target.name, related),)), *key.values[1:])
            keys[index] = replace(key, values=values)
    return tuple(keys)


def _condition(draw: st.DrawFn, keys: tuple[Key, ...]) -> Condition:
    key = keys[0]
    if not key.values or draw(st.booleans()):
        return Condition()
    return Condition(((key.name, tuple(value.value for value in key.values[:2])),))


@st.composite
def _requirements(draw: st.DrawFn, keys: tuple[Key, ...]) -> tuple[Requirement, ...]:
    names = [key.name for key in keys]
    found = []
    for identifier in draw(st.lists(NAMES, max_size=3, unique=True)):
        require = draw(_texts(st.sampled_from(names), min_size=1))
        severity = draw(st.sampled_from(Severity))
        becomes = draw(st.none() | DAYS) if severity is not Severity.ERROR else None
        reach = draw(st.none() | st.sampled_from(Severity))
        related = [(key.name, name) for key in keys for value in key.values or () for name, _ in value.relations]
        match = tuple(
            sorted({Match(name, of, name) for of, name in related}, key=lambda m: (m.key, m.of, m.relation))[:1]
        )
        # `match` is resolved where both halves are keys; a name with dots can make another split fit as well.
        match = tuple(each for each in match if "." not in each.of + each.relation)
        exclusive = (tuple(names[:2]),) if len(set(names[:2]) & set(require)) < 2 and draw(st.booleans()) else ()
        found.append(
            Requirement(
                identifier,
                draw(SELECTORS),
                require,
                _condition(draw, keys),
                match,
                exclusive,
                severity,
                becomes,
                reach,
                draw(PROSE),
            )
        )
    return tuple(found)


@st.composite
def _targets(draw: st.DrawFn) -> tuple[Target, ...]:
    found = []
    for measure in sorted(draw(st.sets(st.sampled_from(MEASURES)))):
        yellow, green = sorted(draw(st.lists(st.integers(0, 1000), min_size=2, max_size=2)))
        found.append(Target(measure, green / 10, yellow / 10))
    return tuple(found)


@st.composite
def _exemptions(draw: st.DrawFn, keys: tuple[Key, ...]) -> tuple[Exemption, ...]:
    found = []
    for identifier in draw(st.lists(NAMES, max_size=2, unique=True)):
        good = Exemption(
            identifier, "because", "cfo", draw(DAYS), addresses=draw(_texts(WORDS, min_size=1)), keys=(keys[0].name,)
        )
        bad = replace(good, reason="", problem="it has no reason")
        late = replace(good, until=None, problem="it has no until: an exemption needs its last day")
        found.append(draw(st.sampled_from([good, bad, late])))
    return tuple(found)


@st.composite
def dictionaries(draw: st.DrawFn) -> Dictionary:
    """Valid dictionaries with their digest."""
    keys = draw(_keys())
    levels = [
        ServiceLevel(
            draw(SELECTORS),
            draw(st.sampled_from([0.5, 1.0, 48.0, 336.0])),
            _condition(draw, keys),
            draw(st.sampled_from(["", "critical"])),
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    unique = {(level.selector, level.when): level for level in levels}
    providers: dict[str, Any] = {
        "gcp": ProviderEncoding("gcp", ((keys[0].name, "short"),)),
        "kubernetes": ProviderEncoding("kubernetes", (), (keys[0].name,)),
    }
    chosen = sorted(draw(st.sets(st.sampled_from(["gcp", "kubernetes"]))))
    dictionary = Dictionary(
        name=draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,10}", fullmatch=True)),
        version=draw(st.sampled_from(["1.0.0", "0.1.10", "2.0.0-rc.1+5"])),
        keys=keys,
        requirements=draw(_requirements(keys)),
        unknown=draw(st.sampled_from(UnknownPolicy)),
        providers=tuple(providers[name] for name in chosen),
        service_levels=tuple(unique.values()),
        targets=draw(_targets()),
        exemptions=draw(_exemptions(keys)),
        contacts=draw(_texts(WORDS)),
        placeholders=draw(_texts(st.sampled_from(["zzz-todo", "fill-me-zzz"]))),
    )
    return replace(dictionary, digest=digest(dictionary), _index={})
