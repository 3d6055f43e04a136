"""What the three value rules share: from a fault in one place to a draft."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.judging.case import Case, Draft, Place
from tagwright_dictionary.judging.text import SENSITIVE, plain, quoted
from tagwright_dictionary.judging.values import Fault, KeyCheck
from tagwright_dictionary.model import Severity, Tag

Faulty = tuple[Place, KeyCheck, Tag, Fault]


def faults(case: Case, rule: str) -> Iterator[Faulty]:
    """The faults of one rule: on the resource's own tags first, then on those that reach what is billed."""
    for place in case.places:
        for key, tag, fault in place.faults:
            if fault.rule == rule:
                yield place, key, tag, fault


def draft(case: Case, found: Faulty, severity: Severity) -> Draft:
    """`key = "value" why`, with nothing of a sensitive value in it."""
    place, key, tag, fault = found
    name = plain(case.spelled(key.name))
    value = tag.value if isinstance(tag.value, str) else ""
    if tag.sensitive:
        ready = tuple(each.value for each in key.current[:5])
        return Draft(
            fault.rule,
            severity,
            key.name,
            f"{name} = {SENSITIVE}{place.suffix} {fault.discreet}",
            help=key.offer() or f"write the real {plain(key.name)}.",
            suggestions=ready,
            location=case.tag_location(tag),
        )
    return Draft(
        fault.rule,
        severity,
        key.name,
        f"{name} = {quoted(value)}{place.suffix} {fault.why}",
        help=fault.help,
        suggestions=fault.suggestions,
        value=value,
        location=case.tag_location(tag),
        discriminator=value,
    )
