"""A dictionary made ready for judging: everything that does not depend on the resource is worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tagwright_dictionary.dictionary import Dictionary, Key, Match, Requirement, Selector
from tagwright_dictionary.judging.kleene import Truth
from tagwright_dictionary.judging.limits import CLOUDS, Limits, limits_for, longest_key
from tagwright_dictionary.judging.placeholders import Placeholders, compact
from tagwright_dictionary.judging.values import KeyCheck
from tagwright_dictionary.model import Classes, Resource

_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class ReadyMatch:
    """A cross-tag rule with its rows: the values of `key` that each value of `of` allows (rows that allow none in
    particular are left out). `always` are the values of `key` that every row allows.
    """

    match: Match
    key: KeyCheck
    of: KeyCheck
    rows: dict[str, tuple[str, ...]]
    always: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReadyRequirement:
    """A requirement with its keys looked up and its condition in canonical values. `order` is its place."""

    requirement: Requirement
    order: int
    require: tuple[KeyCheck, ...]
    when: tuple[tuple[KeyCheck, frozenset[str]], ...]
    matches: tuple[ReadyMatch, ...]
    exclusive: tuple[tuple[KeyCheck, ...], ...]


Selected = tuple[tuple[ReadyRequirement, Truth], ...]


class Cloud:
    """How the dictionary's keys are spelled on one cloud."""

    def __init__(self, name: str, dictionary: Dictionary, checks: dict[str, KeyCheck]) -> None:
        encoding = dictionary.encoding(name)
        written = dict(encoding.keys) if encoding else {}
        self.name = name
        self.annotations = frozenset(encoding.annotations) if encoding else frozenset()
        self.labels = encoding is not None and encoding.values == "label"
        self.spelled = {key: written.get(key, key) for key in checks}
        self.exact = {self.spelled[key]: check for key, check in checks.items()}
        self._folded = {self.spelled[key].casefold(): check for key, check in reversed(checks.items())}
        self._similar = {compact(key): check for key, check in reversed(checks.items())}
        self._similar |= {compact(self.spelled[key]): check for key, check in reversed(checks.items())}
        self._foreign: dict[str, KeyCheck | None] = {}

    def wrong_case(self, key: str) -> KeyCheck | None:
        """The dictionary key that `key` (no exact spelling of one) is, but for the case of its letters."""
        try:
            return self._foreign[key]
        except KeyError:
            found = self._folded.get(key.casefold())
        if len(key) <= 512:
            if len(self._foreign) >= _REMEMBERED:
                self._foreign.clear()
            self._foreign[key] = found
        return found

    def similar(self, key: str) -> KeyCheck | None:
        """The dictionary key that `key` resembles: other separators, look-alike letters."""
        return self._similar.get(compact(key)) if len(key) <= 256 else None


class Index:
    """Everything about one dictionary that judging needs. Its caches are bounded and hold nothing of a resource but
    its type, classes, tag keys and short tag values.
    """

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        placeholders = Placeholders(dictionary.placeholders)
        self.checks = {key.name: KeyCheck(key, placeholders) for key in dictionary.keys}
        for name in _named(dictionary.requirements):
            if name not in self.checks:
                self.checks[name] = KeyCheck(Key(name), placeholders)
        self.requirements = tuple(self._ready(order, each) for order, each in enumerate(dictionary.requirements))
        self._clouds: dict[str, Cloud] = {}
        self._selected: dict[tuple[str, Classes], Selected] = {}
        self._limits: dict[tuple[str, str], Limits | None] = {}
        self._shared: dict[tuple[str, int], Limits] = {}

    def cloud(self, provider: str) -> Cloud:
        """The spelling of keys for a resource's provider."""
        name = CLOUDS.get(provider, "")
        cloud = self._clouds.get(name)
        if cloud is None:
            cloud = self._clouds[name] = Cloud(name, self.dictionary, self.checks)
        return cloud

    def limits(self, resource: Resource, cloud: str) -> Limits | None:
        """The provider's limits for the resource; None for live ones, which the provider has already accepted."""
        if not cloud or resource.framework == "live":
            return None
        memo = (cloud, resource.type)
        if memo not in self._limits:
            if len(self._limits) >= _REMEMBERED:
                self._limits.clear()
            self._limits[memo] = self._shared_limits(cloud, longest_key(cloud, resource.type))
        return self._limits[memo]

    def _shared_limits(self, cloud: str, longest: int | None) -> Limits | None:
        if longest is None:
            return None
        if (cloud, longest) not in self._shared:
            self._shared[cloud, longest] = limits_for(cloud, longest)
        return self._shared[cloud, longest]

    def selected(self, resource: Resource) -> Selected:
        """The requirements that select the resource, or may."""
        memo = (resource.type, resource.classes)
        found = self._selected.get(memo)
        if found is None:
            chosen = ((ready, selects(ready.requirement.selector, resource)) for ready in self.requirements)
            found = tuple((ready, truth) for ready, truth in chosen if truth is not False)
            if len(self._selected) >= _REMEMBERED:
                self._selected.clear()
            self._selected[memo] = found
        return found

    def _ready(self, order: int, requirement: Requirement) -> ReadyRequirement:
        checks = self.checks
        return ReadyRequirement(
            requirement,
            order,
            tuple(checks[name] for name in dict.fromkeys(requirement.require)),
            tuple(
                (checks[name], frozenset(checks[name].canonical(value) for value in values))
                for name, values in requirement.when.terms
            ),
            tuple(self._match(match) for match in requirement.match),
            tuple(tuple(checks[name] for name in dict.fromkeys(group)) for group in requirement.exclusive),
        )

    def _match(self, match: Match) -> ReadyMatch:
        key, of = self.checks[match.key], self.checks[match.of]
        rows = {}
        for value in of.values:
            allowed = tuple(dict.fromkeys(key.canonical(each) for each in value.relation(match.relation)))
            if allowed:
                rows[value.value] = allowed
        always = frozenset.intersection(*map(frozenset, rows.values())) if rows else frozenset()
        return ReadyMatch(match, key, of, rows, always)


def selects(selector: Selector, resource: Resource) -> Truth:
    """Whether a selector (of a requirement or a service level) picks the resource: any class or any type glob."""
    if selector.everything:
        return True
    if any(name in resource.classes.certain for name in selector.classes):
        return True
    if any(fnmatchcase(name, glob) for glob in selector.types for name in _names(resource.type)):
        return True
    return next((cause for name, cause in resource.classes.possible if name in selector.classes), False)


def _names(type_: str) -> tuple[str, ...]:
    """A Pulumi token is selected by what names the same type for Terraform or CloudFormation as well."""
    if ":" not in type_ or "::" in type_:
        return (type_,)
    from tagwright_dictionary.catalogue.tokens import also_known  # noqa: PLC0415 - only Pulumi's types need it

    return (type_, *also_known(type_))


def _named(requirements: tuple[Requirement, ...]) -> list[str]:
    names: list[str] = []
    for requirement in requirements:
        names += requirement.require
        names += (name for name, _ in requirement.when.terms)
        for match in requirement.match:
            names += (match.key, match.of)
        for group in requirement.exclusive:
            names += group
    return names
