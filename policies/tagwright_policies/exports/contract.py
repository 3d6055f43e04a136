"""What every export target is and gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tagwright_dictionary.dictionary import Dictionary

NON_ASCII = "non-ascii"
"""`Gap.only`: the target decides as `judge` does wherever key and value are ASCII."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the dictionary (or `judge`) says and the target cannot say.

    subject       a rule id, or `exemptions`, `service-levels`, `severity`, `dates`, `spelling`, `undecided`, `classes`
    text          what is not checked, for a person
    key           the dictionary key concerned ("": any)
    requirement   the requirement concerned ("": any)
    only          "" or `NON_ASCII`: the target is at fault only where key or value have characters outside ASCII
    """

    subject: str
    text: str
    key: str = ""
    requirement: str = ""
    only: str = ""


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
