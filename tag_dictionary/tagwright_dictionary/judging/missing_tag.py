"""`missing-tag`: a required key is absent, null or empty."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.judging.advice import label, missing_help, missing_suggestions, until_error
from tagwright_dictionary.judging.case import Case, Draft, Lens
from tagwright_dictionary.judging.index import ReadyRequirement
from tagwright_dictionary.judging.kleene import Truth, both
from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.judging.values import KeyCheck
from tagwright_dictionary.model import Severity, Unknown

RULE = "missing-tag"


def check(case: Case) -> Iterator[Draft]:
    for lens, ready, truth in case.applied:
        for key in ready.require:
            present = lens.has(key.name)
            if present is not True and not lens.misspells(key.name):
                yield _draft(case, lens, ready, key, both(truth, present if isinstance(present, Unknown) else True))


def _draft(case: Case, lens: Lens, ready: ReadyRequirement, key: KeyCheck, fires: Truth) -> Draft:
    requirement = ready.requirement
    severity = requirement.severity_on(case.today)
    name = plain(case.spelled(key.name))
    tag = lens.tag(key.name)
    cause = fires if isinstance(fires, Unknown) else None
    verb = "required" if severity is Severity.ERROR else "recommended"
    target = label(case, ready)
    deadline = until_error(requirement, case.today)
    empty = tag is not None and tag.value == ""
    if cause is None:
        opening = f"{name} is empty but" if empty else name
        message = f"{opening} is {verb} {target}{deadline}"
    elif tag is not None and not empty:
        message = f"{name} is {verb} {target} and may be empty"
    elif isinstance(lens.has(key.name), Unknown):
        message = f"{name} may be missing"
    else:
        message = f"{name} is missing and may be {verb} {target}"
    suggestions = missing_suggestions(case, lens, key)
    return Draft(
        RULE,
        severity,
        key.name,
        message,
        help=missing_help(case, lens, key, cause),
        suggestions=suggestions,
        cause=cause,
        requirement=requirement.id,
        order=ready.order,
        location=case.tag_location(tag),
    )
