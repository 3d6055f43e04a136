"""What the gate says, ready for every report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from tagwright_dictionary.dictionary import UnknownPolicy
from tagwright_dictionary.errors import EXIT_BAD_INPUT, EXIT_BLOCKED, EXIT_OK
from tagwright_dictionary.model import Certainty, Finding, Judgement, Location, Problem, Severity, Unknown, Verdict
from tagwright_policies.baseline import Entry

UNNAMED = Unknown("something is not known here")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that does not count, and by whose word. `kind`: inline | exemption | baseline; `id` the exemption's
    own, `until` the last day (None: the baseline, which has none).
    """

    finding: Finding
    kind: str
    reason: str
    until: date | None = None
    id: str = ""
    approver: str = ""
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One unknown and what waits for it."""

    cause: Unknown
    addresses: tuple[str, ...]
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        count = len(self.addresses)
        who = "1 resource waits" if count == 1 else f"{count} resources wait"
        return f"{who}: {self.cause.cause}"


@dataclass(frozen=True, slots=True)
class GateResult:
    """The gate's answer.

    judgements  one for every resource read; their findings are those that count
    findings    all that count, sorted; those about suppressions and exemptions themselves included
    accepted    the findings that a suppression, an exemption or the baseline takes out, sorted
    blocking    the findings that make the gate say no
    problems    what could not be read
    stale       baseline entries whose finding is gone: the baseline can shrink by them
    scanned     whether anything was read at all
    """

    judgements: tuple[Judgement, ...]
    findings: tuple[Finding, ...]
    accepted: tuple[Accepted, ...]
    blocking: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    stale: tuple[Entry, ...]
    scanned: bool
    on_unknown: UnknownPolicy

    @property
    def blocked(self) -> bool:
        return bool(self.blocking)

    @property
    def exit_code(self) -> int:
        """2 where something could not be read or nothing was: that outweighs 1, findings that block; else 0."""
        if self.problems or not self.scanned:
            return EXIT_BAD_INPUT
        return EXIT_BLOCKED if self.blocking else EXIT_OK

    @property
    def verdicts(self) -> dict[Verdict, int]:
        """How many resources have each verdict; every verdict is there."""
        counted = Counter(judgement.verdict for judgement in self.judgements)
        return {verdict: counted[verdict] for verdict in Verdict}

    @property
    def severities(self) -> dict[Severity, int]:
        """How many findings that count and are definite have each severity; every severity is there."""
        counted = Counter(each.severity for each in self.findings if each.certainty is Certainty.DEFINITE)
        return {severity: counted[severity] for severity in Severity}

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """The undecided findings by what would decide them; the cause that most resources wait for first."""
        groups: dict[Unknown, list[Finding]] = {}
        for finding in self.findings:
            if finding.certainty is Certainty.UNDECIDED:
                groups.setdefault(finding.cause or UNNAMED, []).append(finding)
        found = [
            Waiting(cause, tuple(sorted({each.address for each in group})), tuple(group))
            for cause, group in groups.items()
        ]
        return tuple(sorted(found, key=lambda each: (-len(each.addresses), each.cause.cause, each.cause.hint)))
