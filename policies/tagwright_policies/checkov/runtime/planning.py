"""Which checks a dictionary becomes: their ids, names, severities.

Most of Checkov's outputs show nothing of a finding but the name of its check. So there is one check a requirement and
key, named with the key, what is approved and what to do, one for the values of each key, and one for all together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement
from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.model import Severity

PREFIX = "CKV_TAG_"
AGGREGATE = f"{PREFIX}DICTIONARY"
LIMITS = f"{PREFIX}LIMITS"
PAGES = "https://github.com/tagwright/tagwright/blob/main/docs/rules"
_STRANGE = re.compile(r"[^A-Z0-9]+")
_COMMAND = re.compile(r"(?<!\S):(?=:)|#(?=#\w*\[)")
_SHOWN = 6
_LONGEST = 240
_TITLES = {"api": "APIs", "cdn": "CDNs", "dns": "DNS zones", "gpu": "GPUs", "ai-service": "AI services"}


@dataclass(frozen=True, slots=True)
class Planned:
    """One check. `requirement` and `key` say whose findings it shows; both "" for the aggregate and the limits."""

    id: str
    name: str
    severity: Severity
    guideline: str
    requirement: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All checks of a dictionary, in a stable order: the aggregate first."""

    checks: tuple[Planned, ...]

    def of(self, requirement: str, key: str) -> Planned | None:
        """The check for the findings of a requirement about a key; requirement "": about its value."""
        for check in self.checks:
            if check.requirement == requirement and check.key == key:
                return check
        return None


def plan(dictionary: Dictionary) -> Plan:
    """The same checks for the same dictionary."""
    taken: set[str] = {AGGREGATE, LIMITS}
    label = safe(f"{dictionary.name} {dictionary.version}")
    checks = [
        Planned(
            AGGREGATE,
            _cut(f"Tags follow the tag dictionary {label}; the details say which do not, and what to write"),
            Severity.ERROR,
            f"{PAGES}/missing-tag.md",
        )
    ]
    for requirement in dictionary.requirements:
        for name, page in _keys(requirement):
            key = dictionary.key(name) or Key(name)
            checks.append(
                Planned(
                    _id(taken, requirement.id, name),
                    _requirement_name(dictionary, requirement, key, page),
                    requirement.severity,
                    f"{PAGES}/{page}.md",
                    requirement.id,
                    name,
                )
            )
    checks += [
        Planned(
            _id(taken, "VALUE", key.name),
            _cut(f"{safe(key.name)} has an approved value: {_approved(key)}. Fix: write one of these"),
            Severity.ERROR,
            f"{PAGES}/value-not-allowed.md",
            "",
            key.name,
        )
        for key in dictionary.keys
    ]
    checks.append(Planned(LIMITS, "Tags keep to the limits of their cloud", Severity.ERROR, f"{PAGES}/invalid-tag.md"))
    return Plan(tuple(checks))


def safe(text: str, limit: int = 80) -> str:
    """Text of a dictionary or of code on one line, with nothing that a terminal or a CI runner would obey."""
    return _COMMAND.sub(lambda found: f"\\x{ord(found.group()):02x}", plain(text, limit))


def _keys(requirement: Requirement) -> list[tuple[str, str]]:
    """The keys a requirement speaks of, each with the page that explains its findings."""
    found = [(name, "missing-tag") for name in requirement.require]
    found += [(match.key, "mismatched-tags") for match in requirement.match]
    found += [(name, "mismatched-tags") for group in requirement.exclusive for name in group]
    return [(name, page) for index, (name, page) in enumerate(found) if name not in [each for each, _ in found[:index]]]


def _id(taken: set[str], *parts: str) -> str:
    """An id that Checkov's comments can skip: letters, digits and underscores."""
    base = PREFIX + "_".join(_STRANGE.sub("_", part.upper()).strip("_") or "X" for part in parts)
    made, count = base, 2
    while made in taken:
        made, count = f"{base}_{count}", count + 1
    taken.add(made)
    return made


def _requirement_name(dictionary: Dictionary, requirement: Requirement, key: Key, page: str) -> str:
    name = safe(key.name)
    target = _target(requirement)
    if page == "mismatched-tags":
        return _cut(f"{name} agrees with the other tags on {target}. Fix: write a value that goes with them")
    other = {dict(encoding.keys).get(key.name, key.name) for encoding in dictionary.providers} - {key.name}
    spelled = f" ({', '.join(safe(each) for each in sorted(other))} elsewhere)" if other else ""
    verb = "required" if requirement.severity is Severity.ERROR else "recommended"
    return _cut(f"{name} is {verb} on {target}. Approved: {_approved(key)}. Fix: add the tag {name}{spelled}")


def _target(requirement: Requirement) -> str:
    selector = requirement.selector
    if selector.everything:
        target = "every resource"
    else:
        named = [*(_TITLES.get(each, _plural(safe(each))) for each in selector.classes), *map(safe, selector.types)]
        target = _some(named)
    terms = [
        f"{safe(name)} is {' or '.join(safe(value) for value in values)}" for name, values in requirement.when.terms
    ]
    return f"{target} when {' and '.join(terms)}" if terms else target


def _plural(word: str) -> str:
    words = word.replace("-", " ")
    if words.endswith("y") and not words.endswith(("ay", "ey", "oy")):
        return f"{words[:-1]}ies"
    return words + ("es" if words.endswith(("s", "x", "ch")) else "s")


def _approved(key: Key) -> str:
    if key.values is not None:
        current = [safe(value.value) for value in key.values if value.status == "active"]
        return _some(current) or "none yet"
    if key.pattern:
        example = f", such as {safe(key.examples[0])}" if key.examples else ""
        return f"values like {safe(key.pattern)}{example}"
    if key.format:
        domains = f" of {_some([safe(domain) for domain in key.domains])}" if key.domains else ""
        article = "an" if key.format[0] in "aeiou" and key.format != "url" else "a"
        return f"{article} {safe(key.format)}{domains}"
    return "any value that is not a placeholder"


def _some(words: list[str]) -> str:
    shown = ", ".join(words[:_SHOWN])
    return f"{shown} and {len(words) - _SHOWN} more" if len(words) > _SHOWN else shown


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
