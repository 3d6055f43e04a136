"""`deprecated-value`: an approved value that is on its way out; a warning until its end date, then an error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tagwright_dictionary.judging.case import Case, Draft
from tagwright_dictionary.judging.text import quoted
from tagwright_dictionary.judging.value_rules import draft, faults
from tagwright_dictionary.model import Severity

RULE = "deprecated-value"


def check(case: Case) -> Iterator[Draft]:
    for place, key, tag, fault in faults(case, RULE):
        value = fault.deprecated
        if value is None:
            continue
        ended = value.until is not None and case.today > value.until
        if value.until is None:
            why = "is deprecated"
        elif ended:
            why = f"was accepted until {value.until.isoformat()} and is not any more"
        else:
            why = f"is deprecated and accepted until {value.until.isoformat()}"
        heir = f": use {quoted(value.replaced_by)}" if value.replaced_by else ""
        dated = replace(fault, why=why + heir, discreet=why)
        yield draft(case, (place, key, tag, dated), Severity.ERROR if ended else Severity.WARNING)
