"""What a finding can hang on: where a search for witnesses looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tagwright_dictionary.dictionary import Requirement
from tagwright_dictionary.model import Finding, Severity

_OF_VALUES = ("value-not-allowed", "placeholder-value", "deprecated-value", "invalid-tag", "key-case")


@dataclass(frozen=True, slots=True)
class Focus:
    """What a finding may hang on: keys that are present, keys that are absent, and the requirement behind it.

    `given` bounds the values of some keys; `unreached` is the key that does not reach what is billed.
    """

    keys: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    requirement: str = ""
    given: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unreached: str = ""

    @property
    def touches(self) -> tuple[str, ...]:
        return (*self.keys, *self.absent)

    def shows(self, finding: Finding) -> bool:
        """Whether a finding is of the kind that this focus is about."""
        if self.unreached:
            return finding.rule == "unreached" and finding.key == self.unreached
        if self.absent:
            return finding.rule in ("missing-tag", "key-case") and finding.key in self.absent
        if self.requirement:
            return finding.rule == "mismatched-tags" and finding.key in self.keys
        return finding.rule in _OF_VALUES and finding.key in self.keys


def focuses(requirement: Requirement, today: date) -> tuple[Focus, ...]:
    """Everything that is an error under a requirement on that day."""
    when = tuple(name for name, _ in requirement.when.terms)
    severity = requirement.severity_on(today)
    found: list[Focus] = []
    if (requirement.reach or severity) is Severity.ERROR:
        keys = (tuple(dict.fromkeys((key, *when))) for key in requirement.require)
        found += [Focus(names, (), requirement.id, unreached=names[0]) for names in keys]
    if severity is not Severity.ERROR:
        return tuple(found)
    found = [*(Focus(when, (key,), requirement.id) for key in requirement.require), *found]
    for match in requirement.match:
        found.append(Focus(tuple(dict.fromkeys((match.of, match.key, *when))), (), requirement.id))
    for group in requirement.exclusive:
        for index, one in enumerate(group):
            for other in group[index + 1 :]:
                found.append(Focus(tuple(dict.fromkeys((one, other, *when))), (), requirement.id))
    return tuple(found)
