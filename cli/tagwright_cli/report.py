"""What a command found, ready for any output format."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tagwright_cli.sources import Sources
from tagwright_cli.terminal import PLAIN, Style
from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.model import Certainty, Finding
from tagwright_policies.result import GateResult


@dataclass(frozen=True, slots=True)
class Report:
    """The gate's answer with what surrounds it: the dictionary, the files that were read, the day."""

    dictionary: Dictionary
    result: GateResult
    files: tuple[str, ...]
    notes: tuple[str, ...]
    today: date
    sources: Sources
    _blocking: frozenset[Finding] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_blocking", frozenset(self.result.blocking))  # asked once for every finding

    def blocks(self, finding: Finding) -> bool:
        """Whether this finding is one of those that make the gate say no."""
        return finding in self._blocking

    def shown(self) -> tuple[Finding, ...]:
        """Findings that are worth a person's eye one by one; of the undecided ones those that block. The others are
        told by their cause.
        """
        return tuple(each for each in self.result.findings if each.certainty is Certainty.DEFINITE or self.blocks(each))


@dataclass(frozen=True, slots=True)
class Rendering:
    """How the user asked to see the report."""

    style: Style = PLAIN
    explain_unknown: bool = False
    quiet: bool = False
