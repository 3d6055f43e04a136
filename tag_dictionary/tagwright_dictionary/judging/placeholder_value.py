"""`placeholder-value`: a value that only pretends: todo, n/a, blanks, invisible or look-alike characters."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.judging.case import Case, Draft
from tagwright_dictionary.judging.value_rules import draft, faults
from tagwright_dictionary.model import Severity

RULE = "placeholder-value"


def check(case: Case) -> Iterator[Draft]:
    for found in faults(case, RULE):
        yield draft(case, found, Severity.ERROR)
