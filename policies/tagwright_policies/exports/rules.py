"""A dictionary worked out for one day: what every target asks before it writes.

Built on `judging.index`, so that keys, aliases, conditions and rows mean here what they mean to `judge`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector, Value
from tagwright_dictionary.judging.data import LIMITS
from tagwright_dictionary.judging.formats import expression
from tagwright_dictionary.judging.index import Index, ReadyRequirement
from tagwright_dictionary.judging.text import listed, plain
from tagwright_dictionary.judging.values import KeyCheck
from tagwright_dictionary.model import Severity
from tagwright_policies.exports import patterns


@dataclass(frozen=True, slots=True)
class KeyRule:
    """One key. `accepted`: the closed list's values that are accepted on the day (None: open). `shapes`: patterns
    that an open key's value must match whole, each; `problem` says why one of them is missing here. `wide`: a value
    with characters outside ASCII may be accepted, so look-alikes matter.
    """

    name: str
    key: Key
    check: KeyCheck
    accepted: tuple[str, ...] | None
    shapes: tuple[str, ...] = ()
    problem: str = ""
    wide: bool = False

    @property
    def open(self) -> bool:
        return self.accepted is None

    @property
    def late(self) -> tuple[Value, ...]:
        """The accepted values that are on their way out."""
        accepted = frozenset(self.accepted or ())
        return tuple(each for each in self.check.values if each.status == "deprecated" and each.value in accepted)


@dataclass(frozen=True, slots=True)
class MatchRule:
    """`key`'s value must be in `rows[value of of]`; a value of `of` without a row allows any. Aliases of `of` have
    rows of their own.
    """

    key: str
    of: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A change on a day to come: in words, the first day on which it is so, and the key or requirement it is about."""

    text: str
    day: date
    key: str = ""
    requirement: str = ""


@dataclass(frozen=True, slots=True)
class RequirementRule:
    """One requirement with its severity on the day; `when` values include the aliases that stand for them."""

    id: str
    requirement: Requirement
    severity: Severity
    require: tuple[str, ...]
    when: tuple[tuple[str, tuple[str, ...]], ...]
    matches: tuple[MatchRule, ...]
    exclusive: tuple[tuple[str, ...], ...]

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.ERROR

    @property
    def selector(self) -> Selector:
        return self.requirement.selector


class Rules:
    """Everything about one dictionary on one day."""

    def __init__(self, dictionary: Dictionary, today: date) -> None:
        self.dictionary = dictionary
        self.today = today
        self.index = index = Index(dictionary)
        self.keys = {name: _key_rule(check, today) for name, check in index.checks.items()}
        self.requirements = tuple(_requirement(ready, today) for ready in index.requirements)

    @property
    def blocking(self) -> tuple[RequirementRule, ...]:
        """The requirements whose breach is an error on the day."""
        return tuple(rule for rule in self.requirements if rule.blocks)

    def spelled(self, cloud: str) -> dict[str, str]:
        """Each key as the cloud (`aws`, `gcp`, ...) writes it."""
        return self.index.cloud(cloud).spelled

    def classes(self) -> tuple[str, ...]:
        """The classes that requirements name, sorted."""
        return tuple(sorted({name for rule in self.requirements for name in rule.selector.classes}))

    def demanded(self, name: str) -> tuple[RequirementRule, ...]:
        """The requirements that require the key."""
        return tuple(rule for rule in self.requirements if name in rule.require)

    def deadlines(self) -> tuple[Deadline, ...]:
        """What the passing of a day will change: a target that knows no dates must be written anew."""
        found = [
            Deadline(
                f"{plain(value.value)} of {plain(rule.name)} is accepted until {value.until}",
                value.until + timedelta(days=1) if value.until < date.max else value.until,
                key=rule.name,
            )
            for rule in self.keys.values()
            for value in rule.late
            if value.until is not None
        ]
        for each in self.requirements:
            day = each.requirement.becomes_error
            if day is not None and day > self.today and not each.blocks:
                found.append(Deadline(f"{plain(each.id)} becomes an error on {day}", day, requirement=each.id))
        return tuple(found)


def _key_rule(check: KeyCheck, today: date) -> KeyRule:
    key = check.key
    if check.closed:
        accepted = tuple(
            value.value
            for value in check.values
            if check.accepts(value.value)
            and not (value.status == "deprecated" and value.until is not None and today > value.until)
        )
        return KeyRule(check.name, key, check, tuple(dict.fromkeys(accepted)))
    shapes, problems, wide = [], [], True
    for text in (key.pattern, expression(key)):
        if text:
            found = patterns.portable(text)
            if found.problem:
                problems.append(found.problem)
            else:
                shapes.append(found.text)
                wide = wide and not found.ascii_only
    return KeyRule(check.name, key, check, None, tuple(shapes), "; ".join(problems), wide)


def _requirement(ready: ReadyRequirement, today: date) -> RequirementRule:
    requirement = ready.requirement
    matches = []
    for match in ready.matches:
        rows = dict(match.rows)
        for alias, value in match.of.aliases.items():
            if value.value in match.rows:
                rows[alias] = match.rows[value.value]
        if rows:
            matches.append(MatchRule(match.key.name, match.of.name, tuple(sorted(rows.items()))))
    return RequirementRule(
        requirement.id,
        requirement,
        requirement.severity_on(today),
        tuple(check.name for check in ready.require),
        tuple((check.name, _with_aliases(check, values)) for check, values in ready.when),
        tuple(matches),
        tuple(tuple(check.name for check in group) for group in ready.exclusive),
    )


def _with_aliases(check: KeyCheck, values: frozenset[str]) -> tuple[str, ...]:
    also = (alias for alias, value in check.aliases.items() if value.value in values)
    return tuple(sorted({*values, *also}))


def selection(selector: Selector) -> str:
    """Whom a selector picks, in words."""
    return "any resource" if selector.everything else listed([*selector.classes, *selector.types], 8)


def forbidden_ascii(cloud: str, part: str) -> str:
    """The ASCII characters that a cloud refuses in a `key` or `value`, as a portable class; "" when it takes any."""
    import re  # noqa: PLC0415 - asked once an export

    allowed = LIMITS["clouds"][cloud][part].get("characters")
    if not allowed:
        return ""
    one = re.compile(allowed)
    lower = LIMITS["clouds"][cloud][part].get("lower_case", False)
    ranges: patterns.Ranges = []
    for point in range(0x80):
        char = chr(point)
        if one.fullmatch(char) is None or (lower and char.isupper()):
            if ranges and ranges[-1][1] == point - 1:
                ranges[-1] = (ranges[-1][0], point)
            else:
                ranges.append((point, point))
    return patterns.char_class(ranges) if ranges else ""
