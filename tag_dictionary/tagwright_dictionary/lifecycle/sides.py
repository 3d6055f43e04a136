"""One dictionary as the search for witnesses sees it: which values are fine alone, and what depends on a value."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement
from tagwright_dictionary.judging.engine import Judge
from tagwright_dictionary.judging.index import Cloud, Index, ReadyRequirement
from tagwright_dictionary.judging.values import KeyCheck
from tagwright_dictionary.model import Certainty, Finding, Resource, Severity

Role = tuple[tuple[bool, ...], tuple[object, ...], tuple[object, ...]]

_PRETENDING = "todo"
"""A placeholder in every dictionary: what an open key refuses although it has the form."""

_NONE: Role = ((), (), ())

PROVIDERS = {"aws": "aws", "gcp": "google", "azure": "azurerm", "kubernetes": "kubernetes"}
"""A provider of each cloud; "" is a provider without limits or spellings of its own."""


class Side:
    """A dictionary ready to judge with, on one day."""

    def __init__(self, dictionary: Dictionary, today: date) -> None:
        self.dictionary = dictionary
        self.today = today
        self.index = Index(dictionary)
        self._judge = Judge(dictionary)

    def errors(self, resource: Resource) -> tuple[Finding, ...]:
        """The definite errors of the resource."""
        return tuple(
            finding
            for finding in self._judge.judge(resource, self.today).findings
            if finding.severity is Severity.ERROR and finding.certainty is Certainty.DEFINITE
        )

    def cloud(self, name: str) -> Cloud:
        return self.index.cloud(PROVIDERS.get(name, ""))

    def ready(self, requirement: str) -> ReadyRequirement | None:
        return next((each for each in self.index.requirements if each.requirement.id == requirement), None)

    def fine(self, check: KeyCheck | None, value: str) -> bool:
        """Whether the value alone raises no error today. A closed list is asked without looking for near misses."""
        if check is None:
            return True
        if not check.closed:
            return check.fault(value) is None
        row = check.approved.get(value)
        if row is None or not check.accepts(value):
            return False
        return row.status != "deprecated" or row.until is None or self.today <= row.until

    def taken(self, cloud: str, value: str) -> bool:
        """Whether the cloud's own limits allow the value, as a tag or label."""
        limits = self.index.limits(Resource("example", "some_type", PROVIDERS.get(cloud, "")), cloud)
        return limits is None or not limits.value.broken(value)

    def role(self, check: KeyCheck | None, value: str) -> Role:
        """What conditions and matches make of the value: values with equal roles can stand for each other."""
        if check is None:
            return _NONE
        canonical = check.canonical(value)
        when = tuple(canonical in values for values in self._conditions.get(check.name, ()))
        inside = tuple(rows.get(canonical, frozenset()) for rows in self._inverse.get(check.name, ()))
        own = tuple(rows.get(canonical, ()) for rows in self._rows.get(check.name, ()))
        return (when, inside, own)

    def coarse(self, check: KeyCheck | None, value: str) -> Role:
        """Like `role`, without telling the rows of a table apart."""
        return coarsened(self.role(check, value))

    def named(self, name: str) -> tuple[str, ...]:
        """Values that conditions, matches, examples and placeholders name: a walk of the form would miss them."""
        found: list[str] = []
        for values in self._conditions.get(name, ()):
            found += sorted(values)
        for inverse in self._inverse.get(name, ()):
            found += sorted(inverse)
        key = self.dictionary.key(name)
        if key is not None:
            found += (*key.examples, *([key.default] if key.default else []))
        return (*dict.fromkeys(found), *self.dictionary.placeholders, _PRETENDING)

    @cached_property
    def _conditions(self) -> dict[str, list[frozenset[str]]]:
        found: dict[str, list[frozenset[str]]] = {}
        for ready in self.index.requirements:
            for check, values in ready.when:
                found.setdefault(check.name, []).append(values)
        return found

    @cached_property
    def _inverse(self) -> dict[str, list[dict[str, frozenset[str]]]]:
        """For the key of each match: its values, each with the values of the other key that allow it."""
        found: dict[str, list[dict[str, frozenset[str]]]] = {}
        for ready in self.index.requirements:
            for match in ready.matches:
                inverse: dict[str, set[str]] = {}
                for of, allowed in match.rows.items():
                    for value in allowed:
                        inverse.setdefault(value, set()).add(of)
                rows = {value: frozenset(of) for value, of in inverse.items()}
                found.setdefault(match.key.name, []).append(rows)
        return found

    @cached_property
    def _rows(self) -> dict[str, list[dict[str, tuple[str, ...]]]]:
        found: dict[str, list[dict[str, tuple[str, ...]]]] = {}
        for ready in self.index.requirements:
            for match in ready.matches:
                found.setdefault(match.of.name, []).append(match.rows)
        return found


def coarsened(role: Role) -> Role:
    """The role without the rows: only whether there are any."""
    when, inside, own = role
    return (when, tuple(map(bool, inside)), tuple(map(bool, own)))


def meaning(key: Key | None, placeholders: tuple[str, ...]) -> tuple[object, ...]:
    """Everything of a key that a verdict can depend on; equal for keys that judge alike."""
    if key is None:
        return ()
    values = None
    if key.values is not None:
        values = frozenset(
            (value.value, frozenset(value.aliases), value.status, value.until, _relations(value.relations))
            for value in key.values
        )
    return (values, key.pattern, key.format, frozenset(key.domains), frozenset(placeholders))


def demand(requirement: Requirement | None) -> tuple[object, ...]:
    """Everything of a requirement that a verdict can depend on."""
    if requirement is None:
        return ()
    each = requirement
    selector = (each.selector.everything, frozenset(each.selector.classes), frozenset(each.selector.types))
    when = frozenset((name, frozenset(values)) for name, values in each.when.terms)
    exclusive = frozenset(map(frozenset, each.exclusive))
    dates = (each.severity, each.becomes_error, each.reach)
    return (selector, when, frozenset(each.require), frozenset(each.match), exclusive, dates)


def _relations(relations: tuple[tuple[str, tuple[str, ...]], ...]) -> frozenset[tuple[str, frozenset[str]]]:
    return frozenset((name, frozenset(values)) for name, values in relations)
