"""One resource in, one result a check out. Never raises: a failure of ours is a FAILED result that says so."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tagwright_dictionary.dictionary import Dictionary, UnknownPolicy
from tagwright_dictionary.judging.case import Case
from tagwright_dictionary.judging.index import Index
from tagwright_dictionary.model import Certainty, Finding, Judgement, Reading, Resource, Severity, Verdict
from tagwright_policies.checkov.adapters.entity import Adapted, Entity
from tagwright_policies.checkov.adapters.files import find
from tagwright_policies.checkov.adapters.frameworks import ADAPTERS
from tagwright_policies.checkov.runtime.planning import AGGREGATE, LIMITS, Plan, plan, safe
from tagwright_policies.checkov.runtime.tally import Tally
from tagwright_policies.gate import gate
from tagwright_policies.result import GateResult

FAILED, PASSED, NOTHING = "FAILED", "PASSED", "UNKNOWN"
"""Checkov's own words. UNKNOWN leaves no trace in its reports: the check says nothing about the resource."""

_KEPT = 16
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checks say about one resource: a result by check id (NOTHING where there is none), and the lines that
    go with it.
    """

    results: Mapping[str, tuple[str, tuple[str, ...]]]
    broken: str = ""

    def of(self, check: str) -> tuple[str, tuple[str, ...]]:
        if self.broken:
            return FAILED, (self.broken,)
        return self.results.get(check, (NOTHING, ()))


@dataclass(slots=True)
class Desk:
    """`block_warnings`: findings that are no errors fail as well. `on_unknown` None: as the dictionary says."""

    dictionary: Dictionary
    block_warnings: bool = False
    on_unknown: UnknownPolicy | None = None
    plan: Plan = field(init=False)
    tally: Tally = field(init=False)
    _index: Index = field(init=False)
    _recent: list[tuple[tuple[str, str, str, str], Any, Any, Outcome]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plan = plan(self.dictionary)
        self.tally = Tally(self.dictionary.digest)
        self._index = Index(self.dictionary)

    def outcome(self, framework: str, entity: Entity) -> Outcome:
        """The checks of one resource ask one after the other: it is judged once."""
        name = (framework, entity.path, entity.type, entity.name)
        for known, conf, graph, outcome in self._recent:
            if known == name and conf is entity.conf and graph is entity.graph:
                return outcome
        made = self._judged(framework, entity)
        del self._recent[_KEPT - 1 :]
        self._recent.insert(0, (name, entity.conf, entity.graph, made))
        return made

    def _judged(self, framework: str, entity: Entity) -> Outcome:
        try:
            today = _today()
            adapted = ADAPTERS[framework](replace(entity, file=find(entity.path, entity.file)))
            if adapted is None:
                return Outcome({})
            resource, judgement, result = self._settled(adapted, today)
            outcome = Outcome(self._results(resource, judgement, result, today))
            self.tally.judged(framework, entity.path, judgement, result.findings, outcome.of(AGGREGATE)[0])
        except Exception as error:  # noqa: BLE001 - whatever escapes a check makes the resource vanish from the report
            shown = safe(f"{type(error).__name__}: {error}", _LONGEST)
            broken = f"tagwright could not judge this resource, so it does not pass: {shown}"
            self.tally.broke(framework, entity.path, entity.name, broken)
            return Outcome({}, broken)
        return outcome

    def _settled(self, adapted: Adapted, today: date) -> tuple[Resource, Judgement, GateResult]:
        """The judgement, or that of every alternative where these all agree and it could not decide."""
        first = self._gate(adapted.resource, today)
        judgement = first.judgements[0]
        if judgement.verdict is Verdict.UNDECIDED and adapted.alternatives:
            others = [self._gate(each, today) for each in adapted.alternatives]
            if len({each.judgements[0].verdict for each in others}) == 1:
                return adapted.alternatives[0], others[0].judgements[0], others[0]
        return adapted.resource, judgement, first

    def _gate(self, resource: Resource, today: date) -> GateResult:
        reading = Reading((resource,), suppressions=resource.suppressions)
        return gate(self.dictionary, reading, today=today, on_unknown=self.on_unknown, partial=True)

    def _results(
        self, resource: Resource, judgement: Judgement, result: GateResult, today: date
    ) -> dict[str, tuple[str, tuple[str, ...]]]:
        if judgement.verdict is Verdict.NOT_APPLICABLE and not result.findings:
            return {}
        case = Case(self._index, resource, today)
        lines: dict[str, list[str]] = {AGGREGATE: []}
        failed: set[str] = set()
        for requirement, key in self._asked(case):
            check = self.plan.of(requirement, key)
            if check is not None:
                lines.setdefault(check.id, [])
        blocking = set(result.blocking)
        for finding in result.findings:
            if finding.requirement == "" and finding.address == "" and finding not in judgement.findings:
                continue  # about an exemption that has nothing to do with this resource
            line = self._line(finding)
            check_id = self._check_of(finding, case)
            lines.setdefault(check_id, []).append(line)
            lines[AGGREGATE].append(line)
            warns = self.block_warnings and finding.severity is Severity.WARNING
            if finding in blocking or (warns and finding.certainty is Certainty.DEFINITE):
                failed |= {check_id, AGGREGATE}
        if judgement.verdict is Verdict.EXEMPT:
            lines[AGGREGATE].append(f"exempt: {safe(judgement.note, _LONGEST)}")
        return {name: (FAILED if name in failed else PASSED, tuple(found)) for name, found in lines.items()}

    def _asked(self, case: Case) -> list[tuple[str, str]]:
        """(requirement, key) for what is asked of this resource, and ("", key) for the keys that it carries."""
        asked = [(ready.requirement.id, check.name) for _, ready, _ in case.applied for check in ready.require]
        for _, ready, _ in case.applied:
            asked += [(ready.requirement.id, match.match.key) for match in ready.matches]
            asked += [(ready.requirement.id, check.name) for group in ready.exclusive for check in group]
        asked += [("", name) for place in case.places for name in place.tags]
        return list(dict.fromkeys(asked))

    def _check_of(self, finding: Finding, case: Case) -> str:
        """The one check that shows a finding beside the aggregate: that of its requirement, else of the first that
        demands its key, else of the key's values.
        """
        demanding = [ready.requirement.id for ready, _ in case.demands.get(finding.key, ())]
        for requirement in (finding.requirement, *demanding, ""):
            check = self.plan.of(requirement, finding.key) if finding.key else None
            if check is not None:
                return check.id
        return LIMITS

    def _line(self, finding: Finding) -> str:
        """`error missing-tag: cost-center is required on GPU nodes. help: ...`."""
        undecided = finding.certainty is Certainty.UNDECIDED
        cause = f" because {finding.cause.cause}" if undecided and finding.cause is not None else ""
        word = "undecided" if undecided else finding.severity.value
        approved = ""
        if finding.suggestions and not any(each in finding.help for each in finding.suggestions):
            approved = f" approved: {', '.join(finding.suggestions)}."
        text = f"{word} {finding.rule}: {finding.message}{cause}.{approved} help: {finding.help}"
        return safe(" ".join(text.split()), _LONGEST)


def _today() -> date:
    given = os.environ.get("TAGWRIGHT_TODAY", "")
    return date.fromisoformat(given) if given else date.today()  # noqa: DTZ011 - an expiry day ends at local midnight
