"""What one run saw in one cell, folded to findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple


class Seen(NamedTuple):
    """One finding as a run saw it; the members of a group are folded into one. (A tuple, because a merge makes a
    million of them: a frozen dataclass takes five times as long to make.)

    about        whom it is about: `about` of its subject
    definite     at least one member has it for certain; all other fields are then of such members
    members      how many resources have it (1 for a resource of its own)
    address      of the resource; for a group of the example, its oldest member that has the finding
    created      microseconds; None when not told, and for a group: a young member says nothing of it
    accelerated  it has, or may have, accelerators: a run of the scope "hot" sees it too
    details      everything else that a record shows, as JSON (`details.py`): compared and stored, not looked into
    """

    identity: str
    about: int
    rule: str
    key: str
    severity: str
    definite: bool
    region: str
    address: str
    name: str
    group: str
    members: int
    created: int | None
    accelerated: bool
    details: str


@dataclass(frozen=True, slots=True)
class CellSeen:
    """What a run saw in one cell. The sets hold subjects, as `about` makes numbers of them.

    findings    by identity
    verdicts    how many resources, by verdict
    blind       with tags that are not all known: what it does not show may be there all the same
    blind_bills with something billed whose tags are not all known: the same for the rule `unreached`
    exempt      somebody answers for what it lacks
    there       every subject that was seen
    """

    findings: Mapping[str, Seen] = field(default_factory=dict)
    verdicts: Mapping[str, int] = field(default_factory=dict)
    blind: frozenset[int] = frozenset()
    blind_bills: frozenset[int] = frozenset()
    exempt: frozenset[int] = frozenset()
    there: frozenset[int] = frozenset()


NOTHING_SEEN = CellSeen()


def about(subject: str) -> int:
    """64 bits (signed, as databases have them) that stand for a subject (`identity.subject`)."""
    return int.from_bytes(blake2b(subject.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
