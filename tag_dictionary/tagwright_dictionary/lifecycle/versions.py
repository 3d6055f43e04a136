"""Semantic versions of dictionaries: what a change demands, and whether a version keeps to it (https://semver.org)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Bump(IntEnum):
    """How much the version has to grow; they compare by weight."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Version:
    """A semantic version. `pre` is what follows the hyphen; build metadata says nothing about order."""

    major: int
    minor: int
    patch: int
    pre: str = ""

    @property
    def core(self) -> tuple[int, int, int]:
        return (self.major, self.minor, self.patch)

    @property
    def order(self) -> tuple[tuple[int, int, int], bool, tuple[tuple[bool, int, str], ...]]:
        """Sorts as semver.org, clause 11, says: a pre-release comes before its release, numbers before words."""
        parts = self.pre.split(".") if self.pre else []
        ranks = tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts)
        return (self.core, not self.pre, ranks)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}" + (f"-{self.pre}" if self.pre else "")


def parse_version(text: str) -> Version:
    """The version of a loaded dictionary: the loader has made sure that it is one. Raises ValueError otherwise."""
    body = text.partition("+")[0]
    core, _, pre = body.partition("-")
    major, minor, patch = core.split(".")
    return Version(int(major), int(minor), int(patch), pre)


def demanded(old: str, bump: Bump) -> str:
    """The lowest version that may follow `old` after a change of that weight.

    Before 1.0.0 a minor version stands for what is a major one later (semver.org, clause 4). A pre-release is followed
    by its own release where that is new enough.
    """
    before = parse_version(old)
    if bump is Bump.NONE:
        return old
    level = Bump.MINOR if bump is Bump.MAJOR and before.major == 0 else bump
    if before.pre and _starts(before, level):
        return str(Version(*before.core))
    match level:
        case Bump.MAJOR:
            return str(Version(before.major + 1, 0, 0))
        case Bump.MINOR:
            return str(Version(before.major, before.minor + 1, 0))
        case _:
            return str(Version(before.major, before.minor, before.patch + 1))


def keeps(old: str, new: str, bump: Bump) -> bool:
    """Whether `new` is high enough after `old` for a change of that weight. More than is demanded is fine, less or
    backwards never.
    """
    before, after = parse_version(old), parse_version(new)
    if bump is Bump.NONE:
        return after.order >= before.order
    return after.order > before.order and after.core >= parse_version(demanded(old, bump)).core


def _starts(version: Version, level: Bump) -> bool:
    """Whether the core of `version` is a first one of that level: 2.0.0 of a major, 1.3.0 of a minor."""
    if level is Bump.PATCH:
        return True
    return version.patch == 0 and (level is Bump.MINOR or version.minor == 0)
