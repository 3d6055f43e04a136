"""What our Terraform reader says, against a plan of the real Terraform.

`compare` is the judge of one configuration: everything that the plan knows must be said, and nothing else may be
claimed. Where the plan does not know, the reader may know more; `excess` lists that, and `contradictions` against
plans in which the unknowns have been resolved tells whether it was true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.oracle.planned import Plan, PlannedTags
from tests.oracle.terraform import UnknownMark

from tagwright_dictionary.model import Reading, Resource, Tags, Unknown


class Kind(StrEnum):
    """In which way the reader differs from the plan."""

    MISSING_RESOURCE = "resource not read"
    EXTRA_RESOURCE = "resource that does not exist"
    MISSING_KEY = "key claimed absent"
    EXTRA_KEY = "key claimed present"
    VALUE = "wrong value"
    LESS = "knows less"
    MORE = "knows more"


WRONG = frozenset({Kind.MISSING_RESOURCE, Kind.EXTRA_RESOURCE, Kind.MISSING_KEY, Kind.EXTRA_KEY, Kind.VALUE})


@dataclass(frozen=True, slots=True)
class Difference:
    """One disagreement; `ours` and `theirs` in words."""

    kind: Kind
    address: str
    key: str = ""
    ours: str = ""
    theirs: str = ""

    def __str__(self) -> str:
        key = f"[{self.key}]" if self.key else ""
        return f"{self.kind}: {self.address}{key}: we say {self.ours}, terraform says {self.theirs}"


def compare(reading: Reading, plan: Plan) -> list[Difference]:
    """Where the reader is wrong or says unknown though the plan knows. Empty when it is right."""
    return [difference for difference in _differences(reading, plan) if difference.kind is not Kind.MORE]


def excess(reading: Reading, plan: Plan) -> list[Difference]:
    """Where the reader knows more than the plan: allowed if it is true in every world."""
    return [difference for difference in _differences(reading, plan) if difference.kind is Kind.MORE]


def contradictions(reading: Reading, plan: Plan) -> list[Difference]:
    """Where the reader claims what this plan refutes. The plan may know more than the reader: it may have been made
    with values for missing variables, or with `resolve`."""
    return [difference for difference in _differences(reading, plan) if difference.kind in WRONG]


def _differences(reading: Reading, plan: Plan) -> Iterator[Difference]:
    ours: dict[str, Resource] = {}
    vague: dict[str, Resource] = {}
    for resource in reading.resources:
        if resource.exists is None:
            ours[resource.address] = resource
        else:
            vague[resource.block or resource.address] = resource
    for address, planned in sorted(plan.resources.items()):
        if address in ours:
            yield from compare_tags(address, ours[address].tags, planned.tags)
        elif planned.block in vague:
            if planned.block not in plan.loose:
                yield Difference(Kind.LESS, address, ours="it may or may not exist", theirs="it exists")
            told = compare_tags(address, vague[planned.block].tags, planned.tags)
            yield from (difference for difference in told if difference.kind in WRONG)
        else:
            yield Difference(Kind.MISSING_RESOURCE, address, ours="nothing", theirs="it exists")
    for address, resource in sorted(ours.items()):
        if address not in plan.resources and resource.block not in plan.loose:
            yield Difference(Kind.EXTRA_RESOURCE, address, ours="it exists", theirs="nothing")


def compare_tags(address: str, ours: Tags, theirs: PlannedTags) -> Iterator[Difference]:
    """Every difference of one set of tags, `MORE` included."""
    for key, value in sorted(theirs.values.items()):
        tag = ours.get(key)
        text = "unknown" if isinstance(value, UnknownMark) else repr(value)
        if tag is None:
            kind = Kind.MISSING_KEY if ours.complete else Kind.LESS
            yield Difference(kind, address, key, "absent" if ours.complete else "perhaps absent", text)
        elif isinstance(tag.value, Unknown):
            if not isinstance(value, UnknownMark):
                yield Difference(Kind.LESS, address, key, f"unknown ({tag.value.cause})", text)
        elif isinstance(value, UnknownMark):
            yield Difference(Kind.MORE, address, key, repr(tag.value), text)
        elif tag.value != value:
            yield Difference(Kind.VALUE, address, key, repr(tag.value), text)
    for tag in ours.items:
        if tag.key in theirs.values:
            continue
        if isinstance(tag.value, Unknown):
            # Perhaps null: not refuted by the key's absence, but less than a plan that knows it to be absent.
            if theirs.complete:
                yield Difference(Kind.LESS, address, tag.key, f"unknown ({tag.value.cause})", "absent")
        else:
            kind = Kind.EXTRA_KEY if theirs.complete else Kind.MORE
            yield Difference(kind, address, tag.key, repr(tag.value), "absent" if theirs.complete else "perhaps absent")
    if theirs.complete and not ours.complete:
        cause = ours.cause.cause if ours.cause else "no cause given"
        yield Difference(Kind.LESS, address, "", f"perhaps further keys ({cause})", "these keys and no others")
    elif ours.complete and not theirs.complete:
        yield Difference(Kind.MORE, address, "", "these keys and no others", "perhaps further keys")
