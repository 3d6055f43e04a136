"""Observations as the few things that money needs to know of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tagwright_dictionary.model import Certainty, Judgement, Severity, Verdict
from tagwright_drift.dollars.identifiers import keys_of, makes
from tagwright_drift.dollars.model import Share
from tagwright_drift.identity import identity, subject
from tagwright_drift.live import LiveResource, Observation

MISSING: Final = "missing-tag"
_SHARES: Final = {
    Verdict.COMPLIANT: Share.COMPLIANT,
    Verdict.EXEMPT: Share.EXEMPT,
    Verdict.UNDECIDED: Share.UNDECIDED,
    Verdict.NOT_APPLICABLE: Share.NOT_SUBJECT,
}


@dataclass(frozen=True, slots=True)
class LiveRow:
    """`keys` and `makes` as of `identifiers`. `missing` are the keys whose absence is certain, of any severity."""

    address: str
    account: str
    region: str
    type: str
    name: str
    share: Share
    owner: str
    group: str
    makes: str
    keys: tuple[str, ...]
    findings: tuple[tuple[str, str, str], ...]
    missing: tuple[str, ...]
    attributes: tuple[tuple[str, tuple[str, ...]], ...]


def rows_of(observations: Iterable[Observation], owner_keys: tuple[str, ...]) -> Iterator[LiveRow]:
    """One row an observation, in their order."""
    for seen in observations:
        live, judgement = seen.live, seen.judgement
        about = subject(live)
        certain = [each for each in judgement.findings if each.certainty is Certainty.DEFINITE]
        yield LiveRow(
            address=live.resource.address,
            account=live.cell.account,
            region=live.region,
            type=live.cell.type,
            name=live.name,
            share=share_of(judgement),
            owner=_owner(live, owner_keys),
            group=live.group,
            makes=makes(live.resource.address),
            keys=keys_of(live.resource.address),
            findings=tuple((identity(about, each.rule, each.key), each.rule, each.key) for each in judgement.findings),
            missing=tuple(sorted({each.key for each in certain if each.rule == MISSING})),
            attributes=tuple(
                (path, tuple(value for value in values if isinstance(value, str)))
                for path, values in live.resource.attributes
            ),
        )


def share_of(judgement: Judgement) -> Share:
    """The share of what a resource costs. One with several errors is untagged if one of them is a missing tag."""
    if judgement.verdict is not Verdict.NON_COMPLIANT:
        return _SHARES[judgement.verdict]
    lacks = any(
        each.rule == MISSING and each.certainty is Certainty.DEFINITE and each.severity is Severity.ERROR
        for each in judgement.findings
    )
    return Share.UNTAGGED if lacks else Share.MIS_TAGGED


def _owner(live: LiveResource, keys: tuple[str, ...]) -> str:
    """Its own tag first, then what its surroundings say."""
    for key in keys:
        tag = live.resource.tags.get(key)
        if tag is not None and isinstance(tag.value, str) and tag.value.strip():
            return tag.value
    for key in keys:
        for name, value, _ in live.probable:
            if name == key and isinstance(value, str) and value.strip():
                return value
    return ""
