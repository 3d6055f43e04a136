"""Findings by what they are about: a person mends a resource, not a finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tagwright_drift.report.fixing import combined
from tagwright_drift.report.model import Item
from tagwright_drift.report.owning import subject_of

_PLURALS = {"is": "are", "does": "do", "has": "have"}


@dataclass(frozen=True, slots=True)
class Said:
    """Findings of one subject that one sentence tells: they differ in nothing but their key."""

    message: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything open about one resource or group, most urgent first. `command` mends all that commands can mend,
    "" where one command cannot.
    """

    items: tuple[Item, ...]
    said: tuple[Said, ...]
    command: str

    @property
    def first(self) -> Item:
        return self.items[0]


def subjects(items: Iterable[Item]) -> tuple[Subject, ...]:
    """In the order of each subject's most urgent item."""
    groups: dict[tuple[str, str, str], list[Item]] = {}
    for item in items:
        groups.setdefault(subject_of(item.record), []).append(item)
    return tuple(
        Subject(tuple(group), merged(group), combined([each.fix.command for each in group if each.fix.command]))
        for group in groups.values()
    )


def merged(items: Sequence[Item]) -> tuple[Said, ...]:
    """What is said of several keys in one sentence: "owner and workload are required on GPU nodes".

    Only within one severity, certainty and deadline; a finding about a value stays alone.
    """
    groups: dict[tuple[object, ...], list[Item]] = {}
    for item in items:
        groups.setdefault(_pattern(item), []).append(item)
    return tuple(Said(_sentence(group), tuple(group)) for group in groups.values())


def _pattern(item: Item) -> tuple[object, ...]:
    record = item.record
    verb, rest = _parts(item)
    if not verb:
        return (record.identity,)
    return (record.rule, record.severity, record.certainty, item.clock, item.stale, item.change, verb, rest)


def _parts(item: Item) -> tuple[str, str]:
    """Verb and rest of a message that says something of its key; ("", "") for any other."""
    record = item.record
    if not record.key or (record.value is not None and record.rule != "unreached"):
        return "", ""
    subject, _, predicate = record.message.partition(" ")
    verb, _, rest = predicate.partition(" ")
    return (verb, rest) if subject == record.key and verb in _PLURALS else ("", "")


def _sentence(items: Sequence[Item]) -> str:
    if len(items) == 1:
        return items[0].record.message
    keys = sorted({item.record.key for item in items})
    verb, rest = _parts(items[0])
    return f"{', '.join(keys[:-1])} and {keys[-1]} {_PLURALS[verb]} {rest}"
