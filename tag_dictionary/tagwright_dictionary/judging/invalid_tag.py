"""`invalid-tag`: a provider's own limits are broken: length, characters, count, reserved prefix."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.judging.case import Case, Draft, Place
from tagwright_dictionary.judging.limits import Limits, too_many
from tagwright_dictionary.judging.text import SENSITIVE, plain, quoted
from tagwright_dictionary.judging.values import PLACEHOLDER
from tagwright_dictionary.model import Severity, Tag, Tags

RULE = "invalid-tag"


def check(case: Case) -> Iterator[Draft]:
    limits = case.index.limits(case.resource, case.cloud.name)
    if limits is None:
        return
    resource = case.resource
    for place in case.places:
        tags = resource.tags if place.bill is None else place.bill.tags
        for tag in tags.items:
            wrong = limits.broken(tag, annotation=_is_annotation(case, tag))
            if wrong and not any(fault.rule == PLACEHOLDER and bad is tag for _, bad, fault in place.faults):
                yield _draft(case, place, tag, wrong)
        yield from _count(case, place, tags, limits)


def _is_annotation(case: Case, tag: Tag) -> bool:
    """Kubernetes annotations stand among the tags: by the dictionary's word, or the reader's."""
    if case.cloud.name != "kubernetes":
        return False
    key = case.cloud.exact.get(tag.key)
    if key is not None and key.name in case.cloud.annotations:
        return True
    return tag.origin is not None and "annotation" in f"{tag.origin.kind} {tag.origin.name}"


def _draft(case: Case, place: Place, tag: Tag, wrong: str) -> Draft:
    key = case.cloud.exact.get(tag.key)
    known = isinstance(tag.value, str) and not tag.sensitive
    shown = ""
    if wrong.startswith("the value"):
        shown = f" = {quoted(str(tag.value)) if known else SENSITIVE}"
    return Draft(
        RULE,
        Severity.ERROR,
        tag.key if key is None else key.name,
        f"{plain(tag.key) or 'a tag'}{shown}{place.suffix}: {wrong}",
        help="the provider will refuse it: shorten or respell it.",
        value=str(tag.value) if known and shown else None,
        location=case.tag_location(tag),
        discriminator=str(tag.value) if known and shown else "",
    )


def _count(case: Case, place: Place, tags: Tags, limits: Limits) -> Iterator[Draft]:
    most = limits.most_tags
    if most is None or len(tags.items) < most:
        return
    count = limits.counted(tags.keys())
    undecided = count == most and not tags.complete
    if count > most or undecided:
        sentence = too_many(limits, count)
        if undecided:
            sentence = f"{count} tags are all that {limits.name} allows, and more may come"
        yield Draft(
            RULE,
            Severity.ERROR,
            "",
            sentence + place.suffix,
            help=f"remove {count - most}." if count > most else plain(place.cause.hint, 200),
            cause=place.cause if undecided else None,
            location=case.tag_location(None),
        )
