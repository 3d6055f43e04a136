"""What a comparison of two dictionaries yields."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.lifecycle.versions import Bump, demanded, keeps


class Kind(StrEnum):
    """What happened to the words of the dictionary."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"
    REWORDED = "reworded"


class Effect(StrEnum):
    """What it does to verdicts. Tightened: some tags that passed fail now; loosened: some that failed pass now."""

    TIGHTENED = "tightened"
    LOOSENED = "loosened"


@dataclass(frozen=True, slots=True)
class Witness:
    """Tags of one resource on which the two dictionaries differ. `resource` says what it is ("a gpu"), `rule` and
    `message` what is wrong with it under the dictionary that refuses it.
    """

    resource: str
    tags: tuple[tuple[str, str], ...]
    rule: str
    message: str

    def __str__(self) -> str:
        tags = ", ".join(f'{key} = "{value}"' for key, value in self.tags) or "no tags"
        return f"{self.resource} with {tags}: {self.message}"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `path` is dotted as in `loosens:` (`keys.team.values.vision`); `touches` the keys it is about.

    `effects` are proven by `tightens` and `loosens`, tags on which the dictionaries differ; where the search for them
    was given up an effect stands without its witness, because what is not shown to be harmless counts as harm.
    """

    kind: Kind
    path: str
    message: str
    bump: Bump
    before: str = ""
    after: str = ""
    touches: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    tightens: Witness | None = None
    loosens: Witness | None = None

    @property
    def breaks(self) -> bool:
        return Effect.TIGHTENED in self.effects


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything that differs between `old` and `new`, in the order of the dictionary."""

    old: Dictionary
    new: Dictionary
    changes: tuple[Change, ...]

    @property
    def bump(self) -> Bump:
        return max((change.bump for change in self.changes), default=Bump.NONE)

    @property
    def demands(self) -> str:
        """The lowest version that `new` may have."""
        return demanded(self.old.version, self.bump)

    @property
    def version_matches(self) -> bool:
        return keeps(self.old.version, self.new.version, self.bump)

    @property
    def tightened(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if Effect.TIGHTENED in change.effects)

    @property
    def loosened(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if Effect.LOOSENED in change.effects)
