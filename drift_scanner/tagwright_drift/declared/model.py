"""Resources as code knows them, and how reality differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tagwright_dictionary.model import Tags
from tagwright_drift.cells import CellResult


@dataclass(frozen=True, slots=True)
class Declared:
    """One managed resource of a state.

    address   as the code calls it, with module path and instance key
    type      the catalogue's name (an alias and awscc's name are told by the common one)
    source    the state it is in
    keys      every key that the live resource may have (`dollars.identifiers.keys_of`); () when the state names none
    arn       "" where the state has none
    account   "" where the state does not tell; so with `region`
    tags      everything the provider was told, defaults included; `sensitive` values are never shown
    secret    all of its tags are marked sensitive as a whole: neither keys nor values are shown
    """

    address: str
    type: str
    source: str
    keys: tuple[str, ...]
    arn: str
    account: str
    region: str
    tags: Tags
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """A tag that a resource of its own puts on another (`aws_ec2_tag`): on the one with `target` as id or ARN."""

    address: str
    target: str
    tags: Tags


@dataclass(frozen=True, slots=True)
class State:
    """Everything managed in one state. `secrets` are values that it marks as sensitive anywhere: a provider copies
    them into `tags_all` without the mark.
    """

    source: str
    declared: tuple[Declared, ...]
    beside: tuple[Beside, ...] = ()
    secrets: frozenset[str] = frozenset()


class Kind(StrEnum):
    """removed    code sets the key, the live resource does not have it
    changed    both have it, with different values
    added      the live resource has a key that code does not set
    deleted    code has the resource, and a cell seen whole does not
    unmanaged  the resource is live, and no state knows it
    """

    REMOVED = "removed"
    CHANGED = "changed"
    ADDED = "added"
    DELETED = "deleted"
    UNMANAGED = "unmanaged"


HIDDEN: Final = "(sensitive)"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `code` and `live` are the two values, None where there is none, `HIDDEN` where it must not be
    shown. `source` and `declared` are "" for what no code knows; `arn` is the state's for what is gone.
    """

    kind: Kind
    type: str
    arn: str
    name: str
    account: str
    region: str
    source: str = ""
    declared: str = ""
    key: str = ""
    code: str | None = None
    live: str | None = None

    @property
    def sort_key(self) -> tuple[str, ...]:
        return (self.source, self.declared, self.type, self.account, self.region, self.arn, self.kind, self.key)


@dataclass(frozen=True, slots=True)
class Undecided:
    """What could not be compared, and why: a cell that was not seen, tags that could not be read; or (`by_state`) the
    state itself does not tell: a secret that it has encrypted, a resource without an id. No scan can mend that.
    """

    declared: str
    source: str
    type: str
    arn: str
    why: str
    key: str = ""
    by_state: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """States against runs.

    declared   managed resources of all states that the scanner lists
    matched    of them, found live
    live       live resources of the types, accounts and regions that the states cover
    grouped    live resources without code that a group or cluster makes by itself: nobody's code names them
    unlisted   managed resources of types that no cell was planned for, by type
    """

    differences: tuple[Difference, ...]
    undecided: tuple[Undecided, ...]
    cells: tuple[CellResult, ...]
    declared: int
    matched: int
    live: int
    grouped: int
    unlisted: tuple[tuple[str, int], ...]

    def of(self, *kinds: Kind) -> tuple[Difference, ...]:
        return tuple(each for each in self.differences if each.kind in kinds)

    @property
    def whole(self) -> bool:
        """Whether everything that was needed was seen."""
        return not self.cells and all(each.by_state for each in self.undecided)


def count_by_type(declared: Iterable[Declared]) -> tuple[tuple[str, int], ...]:
    """How many of each type, by type."""
    found: dict[str, int] = {}
    for each in declared:
        found[each.type] = found.get(each.type, 0) + 1
    return tuple(sorted(found.items()))
