"""What another dictionary would say of the same resources: who fails, who passes, who becomes undecided.

Pure: it compares two judgements of each resource, which somebody else has made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.index import Index
from tagwright_dictionary.judging.label_form import from_label
from tagwright_dictionary.lifecycle.changes import Diff
from tagwright_dictionary.lifecycle.costs import Costs
from tagwright_dictionary.model import Certainty, Finding, Judgement, Problem, Resource, Severity, Unknown, Verdict

NOBODY = "(no owner)"
UNTOLD = "(owner not known)"


class Turn(StrEnum):
    """What becomes of a resource."""

    FAILS = "fails"
    PASSES = "passes"
    UNDECIDED = "undecided"
    WORSE = "worse"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Hit:
    """One resource whose verdict or errors change. `findings` are the new ones behind it; `usd_per_day` None: no price
    is known.
    """

    turn: Turn
    before: Judgement
    after: Judgement
    repository: str
    owner: str
    findings: tuple[Finding, ...]
    usd_per_day: Decimal | None = None

    @property
    def resource(self) -> Resource:
        return self.after.resource


@dataclass(frozen=True, slots=True)
class Group:
    """The counts of one repository, owner or reason. `priced` of those that fail have a price."""

    name: str
    fails: int
    passes: int
    undecided: int
    worse: int
    usd_per_day: Decimal
    priced: int


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything that changes, sorted; `resources` were judged, `problems` could not be read."""

    diff: Diff
    hits: tuple[Hit, ...]
    resources: int
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    def of(self, turn: Turn) -> tuple[Hit, ...]:
        return tuple(hit for hit in self.hits if hit.turn is turn)

    @property
    def breaks(self) -> bool:
        """Whether any resource fails that did not, or fails for more reasons."""
        return any(hit.turn in (Turn.FAILS, Turn.WORSE) for hit in self.hits)

    @property
    def usd_per_day(self) -> Decimal:
        """What the resources that will fail cost, as far as prices are known."""
        return sum((hit.usd_per_day or Decimal(0) for hit in self.of(Turn.FAILS)), Decimal(0))

    def by_repository(self) -> tuple[Group, ...]:
        return _grouped(self.hits, lambda hit: hit.repository)

    def by_owner(self) -> tuple[Group, ...]:
        return _grouped(self.hits, lambda hit: hit.owner)

    def reasons(self) -> tuple[tuple[str, str, int], ...]:
        """(rule, key, resources) of the new findings of those that fail, the most frequent first."""
        counted: Counter[tuple[str, str]] = Counter()
        for hit in (*self.of(Turn.FAILS), *self.of(Turn.WORSE)):
            counted.update({(finding.rule, finding.key) for finding in hit.findings})
        ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple((rule, key, many) for (rule, key), many in ordered)


def impact(
    change: Diff,
    judged: Iterable[tuple[str, Judgement, Judgement]],
    costs: Costs,
    owner_keys: tuple[str, ...],
    problems: tuple[Problem, ...] = (),
    notes: tuple[str, ...] = (),
) -> Impact:
    """`judged`: the repository, and the judgements under the old and the new dictionary, of each resource. Of
    the `owner_keys` the first that a resource carries says who owns it.
    """
    everything = list(judged)
    unclear = costs.ambiguous((after.resource.address, name, after.resource.scope) for name, _, after in everything)
    owners = _Owners(change.new, change.old, owner_keys)
    hits = []
    for repository, before, after in everything:
        turn, findings = _turn(before, after)
        if turn is Turn.SAME:
            continue
        resource = after.resource
        price = None
        if resource.address not in unclear or costs.rows.get((resource.address, repository, resource.scope)):
            price = costs.price(resource.address, repository, resource.scope)
        hits.append(Hit(turn, before, after, repository, owners.of(resource), findings, price))
    order = list(Turn)
    hits.sort(key=lambda hit: (order.index(hit.turn), hit.repository, hit.resource.scope, hit.resource.address))
    told = list(notes)
    if unclear:
        first = min(unclear)
        told.append(
            f"{len(unclear)} prices are left out, because several resources have that address ({first}): "
            "add the columns repository and scope"
        )
    return Impact(change, tuple(hits), len(everything), problems, tuple(told))


def _turn(before: Judgement, after: Judgement) -> tuple[Turn, tuple[Finding, ...]]:
    known = {finding.fingerprint for finding in _errors(before)}
    new = tuple(finding for finding in _errors(after) if finding.fingerprint not in known)
    failed, fails = (each.verdict is Verdict.NON_COMPLIANT for each in (before, after))
    if fails:
        return (Turn.WORSE if failed else Turn.FAILS, new) if new or not failed else (Turn.SAME, ())
    if after.verdict is Verdict.UNDECIDED:
        same = before.verdict is Verdict.UNDECIDED
        waiting = tuple(each for each in after.findings if each.certainty is Certainty.UNDECIDED)
        return (Turn.SAME, ()) if same else (Turn.UNDECIDED, waiting)
    return (Turn.PASSES, ()) if failed else (Turn.SAME, ())


def _errors(judgement: Judgement) -> tuple[Finding, ...]:
    return tuple(
        finding
        for finding in judgement.findings
        if finding.severity is Severity.ERROR and finding.certainty is Certainty.DEFINITE
    )


class _Owners:
    """Who owns a resource, by either dictionary's spelling of the keys; an earlier key goes before a later one."""

    def __init__(self, new: Dictionary, old: Dictionary, keys: tuple[str, ...]) -> None:
        indexes = [Index(dictionary) for dictionary in (new, old)]
        self._places = [(index, key) for key in keys for index in indexes if index.dictionary.key(key) is not None]

    def of(self, resource: Resource) -> str:
        for index, key in self._places:
            cloud = index.cloud(resource.provider)
            tag = resource.tags.get(cloud.spelled[key])
            if tag is None or not tag.value:
                continue
            if isinstance(tag.value, Unknown) or tag.sensitive:
                return UNTOLD
            return from_label(index.checks[key], tag.value) if cloud.labels else tag.value
        return NOBODY if resource.tags.complete else UNTOLD


def _grouped(hits: tuple[Hit, ...], name_of: Callable[[Hit], str]) -> tuple[Group, ...]:
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(name_of(hit), []).append(hit)
    made = []
    for name, group in groups.items():
        counted = Counter(hit.turn for hit in group)
        prices = [hit.usd_per_day for hit in group if hit.turn is Turn.FAILS and hit.usd_per_day is not None]
        made.append(
            Group(
                name,
                counted[Turn.FAILS],
                counted[Turn.PASSES],
                counted[Turn.UNDECIDED],
                counted[Turn.WORSE],
                sum(prices, Decimal(0)),
                len(prices),
            )
        )
    return tuple(sorted(made, key=lambda group: (-group.fails, -group.worse, -group.undecided, group.name)))
