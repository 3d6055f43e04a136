"""The dictionary in memory: keys, approved values, requirements. Built by `tagwright_dictionary.loading`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tagwright_dictionary.model import Location, Severity


class UnknownPolicy(StrEnum):
    """What an undecided requirement does to the exit code (it is always counted and shown)."""

    IGNORE = "ignore"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Value:
    """One approved value. `status` active | deprecated; `until` is the last day a deprecated value is accepted.
    `relations` are the columns named like other keys: ("cost-center", ("cc-4100", "cc-4110")).
    """

    value: str
    title: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    status: str = "active"
    until: date | None = None
    replaced_by: str = ""
    owner: str = ""
    billing_code: str = ""
    relations: tuple[tuple[str, tuple[str, ...]], ...] = ()
    location: Location | None = None

    def relation(self, key: str) -> tuple[str, ...]:
        for name, values in self.relations:
            if name == key:
                return values
        return ()


@dataclass(frozen=True, slots=True)
class Key:
    """One tag key. `values` None: open (bounded by `pattern`/`format` when given); else the closed list.
    When both a list and a pattern are given a value must satisfy both. `pattern` must match the whole value.
    `format`: email | slug | date | url | arn | integer; `domains` bound an e-mail's domain (exact, lower case).
    """

    name: str
    title: str = ""
    description: str = ""
    values: tuple[Value, ...] | None = None
    pattern: str = ""
    format: str = ""
    domains: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    default: str = ""
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Selector:
    """`for:`/`types:` of a requirement or service level: everything taggable, or classes, or type globs
    (a resource is selected when any class or any glob matches).
    """

    everything: bool = False
    classes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """`when:`: every key must have one of its values (an alias counts as the value it stands for)."""

    terms: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """`match: {cost-center: team.cost-center}`: the value of `key` must be among `relation` of `of`'s value."""

    key: str
    of: str
    relation: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement. `severity` is that on a given day before `becomes_error`; from that day on it is error.
    `reach` is the severity of `unreached` for its keys (None: the requirement's own; INFO switches blocking off).
    """

    id: str
    selector: Selector
    require: tuple[str, ...] = ()
    when: Condition = Condition()
    match: tuple[Match, ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()
    severity: Severity = Severity.ERROR
    becomes_error: date | None = None
    reach: Severity | None = None
    description: str = ""
    location: Location | None = None

    def severity_on(self, today: date) -> Severity:
        if self.becomes_error is not None and today >= self.becomes_error:
            return Severity.ERROR
        return self.severity


@dataclass(frozen=True, slots=True)
class ProviderEncoding:
    """How the dictionary's keys are written on one provider (`aws`, `gcp`, `azure`, `kubernetes`).
    `keys`: (dictionary key, provider key) pairs; `annotations`: dictionary keys that are annotations there;
    `values` "label": values are written in their label form there (`judging.label_form`).
    """

    provider: str
    keys: tuple[tuple[str, str], ...] = ()
    annotations: tuple[str, ...] = ()
    values: str = ""


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """How long a live finding may stay open."""

    selector: Selector
    remediate_within_hours: float
    when: Condition = Condition()
    severity: str = ""


MEASURES = ("count_compliance", "spend_compliance")
"""What a target can be set for: the share of compliant resources, and of the spend that they stand for."""


@dataclass(frozen=True, slots=True)
class Target:
    """When a report is green or yellow. `green` and `yellow` are percentages, 0 to 100: a share of at least `green`
    is green, one of at least `yellow` yellow, anything below red. `measure` is one of `MEASURES`.
    """

    measure: str
    green: float
    yellow: float


@dataclass(frozen=True, slots=True)
class Exemption:
    """A central exemption: globs that must all match (empty: any); `keys`/`rules` empty: all of them."""

    id: str
    reason: str
    approver: str
    until: date | None
    addresses: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    location: Location | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A loaded, validated dictionary. `digest` is the SHA-256 (hex) of its canonical JSON, everything it pulled in
    included; `source` where it came from, in words; `layers` the names of what it extends, outermost last; `targets`
    are sorted by their measure, at most one for each.
    """

    name: str
    version: str
    keys: tuple[Key, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    unknown: UnknownPolicy = UnknownPolicy.WARN
    providers: tuple[ProviderEncoding, ...] = ()
    service_levels: tuple[ServiceLevel, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    contacts: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    digest: str = ""
    source: str = ""
    layers: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    _index: dict[str, Key] = field(default_factory=dict, repr=False, compare=False, hash=False)

    def key(self, name: str) -> Key | None:
        """The key of that exact name, or None."""
        if not self._index and self.keys:
            self._index.update((key.name, key) for key in self.keys)
        return self._index.get(name)

    def encoding(self, provider: str) -> ProviderEncoding | None:
        for encoding in self.providers:
            if encoding.provider == provider:
                return encoding
        return None
