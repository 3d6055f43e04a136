"""The gate: judge what was read, take out what somebody answers for, say whether it blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from tagwright_dictionary.dictionary import Dictionary, Exemption, UnknownPolicy
from tagwright_dictionary.judging import judge_for, verdict
from tagwright_dictionary.model import (
    Certainty,
    Finding,
    Judgement,
    Location,
    Reading,
    Resource,
    Severity,
    Suppression,
    Verdict,
)
from tagwright_policies import exemptions, suppressions
from tagwright_policies.baseline import Baseline, load
from tagwright_policies.result import Accepted, GateResult

__all__ = ["Accepted", "GateResult", "gate"]

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def gate(
    dictionary: Dictionary,
    reading: Reading,
    *,
    today: date,
    on_unknown: UnknownPolicy | None = None,
    baseline: Baseline | str | Path | None = None,
    account: str = "",
    partial: bool = False,
) -> GateResult:
    """Judge every resource of a reading and decide.

    `on_unknown` None: as the dictionary says; with FAIL an undecided error blocks. `baseline` is one, or its file.
    `account` is the account of resources that name none, for exemptions by account. `partial` says that the reading
    is only a part of what there is (changed files), so that nothing is called unused or stale for not being in it.
    Raises `InputError` for a baseline that cannot be read.
    """
    policy = dictionary.unknown if on_unknown is None else on_unknown
    accepted_before = load(baseline) if isinstance(baseline, (str, Path)) else baseline or Baseline()
    desk = _Desk(dictionary, today, account, accepted_before.fingerprints)
    judge = judge_for(dictionary)
    originals = [judge.judge(resource, today) for resource in reading.resources]
    judgements = tuple(desk.settle(original) for original in originals)
    about = desk.about_themselves(reading.suppressions, partial=partial)
    findings = sorted([*(each for one in judgements for each in one.findings), *about], key=lambda each: each.sort_key)
    raw = (each for one in originals for each in one.findings)
    return GateResult(
        judgements,
        tuple(findings),
        tuple(sorted(desk.accepted, key=lambda each: each.finding.sort_key)),
        tuple(each for each in findings if _blocks(each, policy)),
        reading.problems,
        () if partial else accepted_before.stale(raw),
        bool(reading.files or reading.resources),
        policy,
    )


def _blocks(finding: Finding, policy: UnknownPolicy) -> bool:
    if finding.severity is not Severity.ERROR:
        return False
    return finding.certainty is Certainty.DEFINITE or policy is UnknownPolicy.FAIL


@dataclass(slots=True)
class _Used:
    """What became of one suppression or exemption: whether it covered anything, and what it would have covered had
    its day not passed.
    """

    covered: bool = False
    missed: Severity | None = None
    resource: Resource | None = None

    def miss(self, finding: Finding) -> None:
        if self.missed is None or _RANK[finding.severity] < _RANK[self.missed]:
            self.missed = finding.severity


@dataclass(slots=True)
class _Desk:
    """Where findings are settled: each is taken out by the first who answers for it, or stays."""

    dictionary: Dictionary
    today: date
    account: str
    fingerprints: frozenset[str]
    accepted: list[Accepted] = field(default_factory=list)
    _inline: dict[tuple[Location, str], tuple[suppressions.Examined, _Used]] = field(default_factory=dict)
    _central: list[tuple[Exemption, _Used]] = field(default_factory=list)

    def __post_init__(self) -> None:
        honoured = (each for each in self.dictionary.exemptions if not exemptions.problem(each))
        self._central = [(each, _Used()) for each in honoured]

    def settle(self, original: Judgement) -> Judgement:
        """The judgement without what is answered for; exempt when nothing else stood against the resource."""
        resource = original.resource
        inline = [self._examined(each, resource) for each in resource.suppressions]
        if not original.findings:
            return original
        central = [
            (exemption, used)
            for exemption, used in self._central
            if exemptions.applies(exemption, resource, self.account)
        ]
        left, taken = [], []
        for finding in original.findings:
            answers = [*self._by_comment(finding, inline), *self._by_exemption(finding, central)]
            if finding.fingerprint in self.fingerprints:
                answers.append(Accepted(finding, "baseline", "accepted by the baseline"))
            if answers:
                taken.append(answers[0])
            else:
                left.append(finding)
                self._missed(finding, inline, central)
        if not taken:
            return original
        self.accepted += taken
        outcome = verdict(left)
        if outcome is Verdict.COMPLIANT and original.verdict is not Verdict.COMPLIANT:
            return Judgement(resource, Verdict.EXEMPT, tuple(left), _note(taken))
        return replace(original, verdict=outcome, findings=tuple(left))

    def about_themselves(self, read: Iterable[Suppression], *, partial: bool) -> list[Finding]:
        """The findings about suppressions and exemptions; `read` are all the suppressions that a reader saw."""
        for each in () if partial else read:
            self._examined(each, None)
        findings = []
        for examined, used in self._inline.values():
            if examined.problem:
                findings.append(suppressions.invalid(examined, used.resource))
            elif used.missed is not None:
                findings.append(suppressions.expired(examined, used.resource, used.missed))
            elif not used.covered:
                findings.append(suppressions.unused(examined, used.resource))
        findings += (
            exemptions.invalid_finding(each) for each in self.dictionary.exemptions if exemptions.problem(each)
        )
        for exemption, used in self._central:
            if used.missed is not None:
                findings.append(exemptions.expired_finding(exemption, used.missed))
            elif not used.covered and not partial:
                findings.append(exemptions.unused_finding(exemption))
        return findings

    def _examined(self, each: Suppression, resource: Resource | None) -> tuple[suppressions.Examined, _Used]:
        """Instances of one block share the comment above it: it is examined once, and used by any of them."""
        name = (each.location, each.raw)
        if name not in self._inline:
            self._inline[name] = (suppressions.examine(each, self.dictionary), _Used())
        known = self._inline[name]
        if known[1].resource is None:
            known[1].resource = resource
        return known

    def _by_comment(self, finding: Finding, inline: list[tuple[suppressions.Examined, _Used]]) -> Iterable[Accepted]:
        for examined, used in inline:
            if not examined.covers(finding) or examined.expired(self.today):
                continue
            used.covered = True
            said = examined.suppression
            yield Accepted(finding, "inline", said.reason or "", examined.until, location=said.location)

    def _by_exemption(self, finding: Finding, central: list[tuple[Exemption, _Used]]) -> Iterable[Accepted]:
        for exemption, used in central:
            if not exemptions.covers(exemption, finding) or exemptions.expired(exemption, self.today):
                continue
            used.covered = True
            yield Accepted(
                finding,
                "exemption",
                exemption.reason,
                exemption.until,
                exemption.id,
                exemption.approver,
                exemption.location,
            )

    def _missed(
        self,
        finding: Finding,
        inline: list[tuple[suppressions.Examined, _Used]],
        central: list[tuple[Exemption, _Used]],
    ) -> None:
        """Nobody answers for the finding any more: those that did until their last day say so."""
        for examined, used in inline:
            if examined.covers(finding):
                used.miss(finding)
        for exemption, used in central:
            if exemptions.covers(exemption, finding):
                used.miss(finding)


def _note(taken: list[Accepted]) -> str:
    """`exempt until 2027-03-01: moved next sprint`: the first day that ends it, and why."""
    dated = [each for each in taken if each.until is not None]
    if not dated:
        return "accepted by the baseline"
    first = min(dated, key=lambda each: (each.until or date.max, each.reason))
    return f"exempt until {first.until}: {first.reason}"
