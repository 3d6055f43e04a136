"""`unreached`: the tag is on the resource but does not reach what is billed."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.judging.case import Case, Draft, Place
from tagwright_dictionary.judging.index import ReadyRequirement
from tagwright_dictionary.judging.kleene import Truth, both
from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.model import Unknown

RULE = "unreached"


def check(case: Case) -> Iterator[Draft]:
    if not case.bills:
        return
    for name, demands in case.demands.items():
        on_resource = case.own.has(name)
        if on_resource is False:
            continue
        for place in case.bills:
            if place.misspells(name) and name not in place.tags:
                continue  # key-case says it
            lacking = _absent(place.has(name))
            for ready, truth in demands:
                fires = both(truth, both(lacking, on_resource))
                if fires is not False:
                    yield _draft(case, place, name, ready, fires)


def _absent(present: Truth) -> Truth:
    return present if isinstance(present, Unknown) else not present


def _draft(case: Case, place: Place, name: str, ready: ReadyRequirement, fires: Truth) -> Draft:
    requirement = ready.requirement
    bill = place.bill
    what = plain(bill.what) if bill else ""
    hop = plain(bill.broken_hop, 200) if bill else ""
    fix = plain(bill.fix, 240) if bill else ""
    key = plain(case.spelled(name))
    cause = fires if isinstance(fires, Unknown) else None
    if cause is None:
        message = f"{key} does not reach the {what}" + (f": {hop}" if hop else "")
    else:
        message = f"{key} may not reach the {what}"
    return Draft(
        RULE,
        requirement.severity_on(case.today) if requirement.reach is None else requirement.reach,
        name,
        message,
        help=fix or f"tag the {what} with {key} as well.",
        cause=cause,
        requirement=requirement.id,
        order=ready.order,
        location=case.tag_location(None),
        discriminator=what,
    )
