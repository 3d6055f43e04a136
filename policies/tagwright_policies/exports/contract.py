"""What every export target is and gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tagwright_dictionary.dictionary import Dictionary

NON_ASCII = "non-ascii"
"""`Gap.only`: the target decides as `judge` does wherever keys and values are ASCII."""

EMPTY = "empty"
"""`Gap.only`: the target decides as `judge` does wherever no value is empty."""

FURTHER = "further-keys"
"""`Gap.only`: the target decides as `judge` does wherever every key is one of the dictionary's, as it is spelled."""

CARRIED = "carried"
"""`Gap.only`: the target decides as `judge` does wherever a resource carries no tags for others."""

LATE_DEFAULTS = "late-defaults"
"""`Gap.only`: the target decides as `judge` does wherever the provider's default tags are known at plan time."""

OTHER_TYPES = "other-types"
"""`Gap.only`: the target decides as `judge` does wherever it knows the type of the resource."""

DEFERRED = "deferred"
"""`Gap.only`: the target decides as `judge` does wherever a resource's existence is decided in this run."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Where the target and `judge` differ. Every field narrows the findings that are concerned, so that a program can
    tell for a finding whether the target shows it; a test compares the two on a table of cases.

    subject       a rule id, or `severity` (findings that are no errors), `undecided` (findings that are), `dates`,
                  `classes`, `spelling`, `further-keys`, `carried-tags`, `policies`, `exemptions`, `service-levels`
    text          what is not checked, for a person
    key           the dictionary key concerned ("": any)
    requirement   the requirement concerned ("": any)
    rules         the rule ids concerned (none: the subject where it is a rule id, else all)
    only          "" or the tags concerned: `NON_ASCII`, `EMPTY`, `FURTHER`, `CARRIED`, `LATE_DEFAULTS`,
                  `OTHER_TYPES`, `DEFERRED`
    picked_by     the class by which a requirement must pick a resource to be concerned ("": however)
    types         the resource types concerned, as Terraform calls them (none: all)
    clouds        the clouds whose resources are concerned (none: all)
    since         the day from which on the target is at fault: it stands still, `judge` does not (None: at once)
    stricter      True: the target refuses what `judge` lets pass, instead of the reverse
    """

    subject: str
    text: str
    key: str = ""
    requirement: str = ""
    rules: tuple[str, ...] = ()
    only: str = ""
    picked_by: str = ""
    types: tuple[str, ...] = ()
    clouds: tuple[str, ...] = ()
    since: date | None = None
    stricter: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """One file of an export; `path` is POSIX, relative to the folder it is written to."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Export:
    """What a target made of a dictionary: its files (the main one first), the gaps, and further remarks."""

    files: tuple[File, ...]
    gaps: tuple[Gap, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes the export and how, for the header: the tool with its version, and the command that makes it anew."""

    tool: str
    command: str


class Target(Protocol):
    """A language that a dictionary can be exported to. `today` decides which values and severities are in force;
    the bytes depend on nothing else.
    """

    @property
    def name(self) -> str: ...

    @property
    def summary(self) -> str: ...

    def export(self, dictionary: Dictionary, today: date, maker: Maker) -> Export: ...
