"""`key-case`: a key of the dictionary in another case, or twice in different cases."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.judging.case import RANK, Case, Draft, Place
from tagwright_dictionary.judging.index import ReadyRequirement
from tagwright_dictionary.judging.kleene import Truth
from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.judging.values import KeyCheck
from tagwright_dictionary.model import Severity, Tag, Unknown

RULE = "key-case"


def check(case: Case) -> Iterator[Draft]:
    for place in case.places:
        for key, tag in place.wrong:
            demands = case.demands.get(key.name, ())
            yield _draft(case, place, key, tag, None)
            for demand in demands:
                yield _draft(case, place, key, tag, demand)


def _draft(case: Case, place: Place, key: KeyCheck, tag: Tag, demand: tuple[ReadyRequirement, Truth] | None) -> Draft:
    severity, cause, requirement, order = Severity.WARNING, None, "", len(case.index.requirements)
    if demand is not None:
        ready, truth = demand
        severity = min(Severity.WARNING, ready.requirement.severity_on(case.today), key=RANK.__getitem__)
        cause = truth if isinstance(truth, Unknown) else None
        requirement, order = ready.requirement.id, ready.order
    right, wrong = plain(case.spelled(key.name)), plain(tag.key)
    twice = key.name in place.tags or any(other is key and found.key != tag.key for other, found in place.wrong)
    message = f"{wrong}{place.suffix} is written {right} in the dictionary: tag keys are case-sensitive"
    if twice:
        message = f"{right} is here twice in different cases{place.suffix}, also as {wrong}"
    return Draft(
        RULE,
        severity,
        key.name,
        message,
        help=f"remove {wrong}." if key.name in place.tags else f"rename {wrong} to {right}.",
        suggestions=(case.spelled(key.name),),
        value=None,
        cause=cause,
        requirement=requirement,
        order=order,
        location=case.tag_location(tag),
        discriminator=tag.key,
    )
