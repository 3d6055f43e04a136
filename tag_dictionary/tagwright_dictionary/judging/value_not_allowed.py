"""`value-not-allowed`: a value is not approved, is an alias, or does not match its pattern or format."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.judging.case import Case, Draft
from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.judging.value_rules import draft, faults
from tagwright_dictionary.model import Severity

RULE = "value-not-allowed"


def check(case: Case) -> Iterator[Draft]:
    for found in faults(case, RULE):
        yield draft(case, found, Severity.ERROR)
    for place in case.places:
        for key, tag, cause in place.unknown:
            if key.constrained:
                yield Draft(
                    RULE,
                    Severity.ERROR,
                    key.name,
                    f"{plain(case.spelled(key.name))}{place.suffix} cannot be checked",
                    help=plain(cause.hint, 200) if cause.hint else key.offer(),
                    cause=cause,
                    requirement=_requirement(case, key.name),
                    location=case.tag_location(tag),
                )


def _requirement(case: Case, key: str) -> str:
    demands = case.demands.get(key)
    return demands[0][0].requirement.id if demands else ""
