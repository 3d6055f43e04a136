"""From what a program gives to the shared `judge` and back: the only place of this room that calls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pulumi

from tagwright_dictionary.catalogue import classify, deciding_attributes
from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging import judge_for
from tagwright_dictionary.model import (
    Bill,
    Certainty,
    Classes,
    Finding,
    Origin,
    Resource,
    Severity,
    Tag,
    Tags,
    TagValue,
    Unknown,
)
from tagwright_pulumi.waiting import is_pending, is_unknown

LATER = Unknown("its value is an output that is not known yet", "it is checked before the resource is created")
LATER_KEYS = Unknown("its tags are an output that is not known yet", "they are checked before it is created")


@dataclass(frozen=True, slots=True)
class Value:
    """One tag value at one moment: text, or None while it is not known."""

    text: str | None
    secret: bool = False
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """All that is known of a resource's tags at one moment. `places`: the tags of the things billed in its place, by
    what they are. `complete` False: the map itself is not known.
    """

    tags: Mapping[str, Value]
    places: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: a type token with what decides its classes. `classes` are known for certain beforehand."""

    token: str
    name: str
    classes: frozenset[str] = frozenset()


def find_classes(subject: Subject, arguments: Mapping[str, Any]) -> Classes:
    """The catalogue's classes for a type with these arguments (snake_case or camelCase)."""
    values = {path: tuple(_values(arguments, path)) for path in deciding_attributes(subject.token)}
    found = classify(subject.token, values)
    certain = found.certain | subject.classes
    return Classes(certain, tuple((name, cause) for name, cause in found.possible if name not in certain))


def findings(dictionary: Dictionary, subject: Subject, moment: Moment, today: date) -> tuple[Finding, ...]:
    """What the shared judge finds, sorted."""
    tags = _tags(moment.tags, moment.complete)
    bills = tuple(Bill(what, _tags(each, moment.complete)) for what, each in moment.places.items())
    resource = Resource(
        subject.name,
        subject.token,
        provider=subject.token.partition(":")[0],
        framework="pulumi",
        taggable=True,
        classes=find_classes(subject, moment.arguments),
        tags=tags,
        bills=(Bill("resource", tags, own=True), *bills) if bills else (),
    )
    return judge_for(dictionary).judge(resource, today).findings


def blocking(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Errors that are certain."""
    return tuple(each for each in found if each.severity is Severity.ERROR and each.certainty is Certainty.DEFINITE)


def undecided(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Errors that wait for something unknown."""
    return tuple(each for each in found if each.severity is Severity.ERROR and each.certainty is Certainty.UNDECIDED)


def warnings(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Certain warnings."""
    return tuple(each for each in found if each.severity is Severity.WARNING and each.certainty is Certainty.DEFINITE)


def weight(finding: Finding) -> tuple[int, bool]:
    """The graver and the more certain comes first."""
    ranks = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    return (ranks[finding.severity], finding.certainty is Certainty.UNDECIDED)


def _tags(values: Mapping[str, Value], complete: bool) -> Tags:
    items = (_tag(key, values[key]) for key in sorted(values))
    return Tags(tuple(items), complete, None if complete else LATER_KEYS)


def _tag(key: str, value: Value) -> Tag:
    written: TagValue = LATER if value.text is None else value.text
    return Tag(key, written, Origin("stack", value.origin) if value.origin else Origin("resource"), value.secret)


def _values(arguments: Mapping[str, Any], path: str) -> Iterator[TagValue]:
    """The values at a path of the catalogue (camelCase, dots through objects and lists, `->` to a linked resource,
    which cannot be seen from here).
    """
    here, arrow, _ = path.partition("->")
    names = here.split(".")
    for value in _walk(arguments, names):
        if is_pending(value) or is_unknown(value) or arrow:
            yield LATER if not arrow else Unknown("it depends on another resource", "")
        elif isinstance(value, Mapping):
            yield from (f"{key}={inner}" for key, inner in value.items())
        elif value is not None:
            yield str(value)


def _walk(value: Any, names: list[str]) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _walk(each, names)
    elif not names or is_pending(value) or is_unknown(value):
        if value is not None:
            yield value
    else:
        inner = _members(value)
        if inner is not None:
            for key, member in inner.items():
                if key == names[0] or _camel(key) == names[0]:
                    yield from _walk(member, names[1:])


def _members(value: Any) -> Mapping[str, Any] | None:
    """The fields of a dictionary or of one of pulumi_aws's argument classes."""
    if isinstance(value, Mapping):
        return value
    return vars(value) if hasattr(value, "__dict__") and not isinstance(value, pulumi.Resource) else None


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
