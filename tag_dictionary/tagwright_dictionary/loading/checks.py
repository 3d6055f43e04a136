"""What must hold in a dictionary as a whole: every name that is used exists, every value keeps its own key's rules."""

from __future__ import annotations

import re
from collections.abc import Callable

from tagwright_dictionary.dictionary import Condition, Dictionary, Key, Requirement, Value
from tagwright_dictionary.judging.formats import FORMATS, describe
from tagwright_dictionary.loading import pattern_safety
from tagwright_dictionary.loading.context import Place
from tagwright_dictionary.loading.keys import MAX_VALUE
from tagwright_dictionary.loading.problems import Problems, listing, quoted
from tagwright_dictionary.model import Location, Severity

MAX_PATTERN_WORK = 4_000_000
"""Steps for proving all patterns of a dictionary safe: a few seconds at worst."""


class Checker:
    """Checks one dictionary; mistakes go to `problems` at the place they were written."""

    def __init__(self, dictionary: Dictionary, problems: Problems, places: dict[Place, Location]) -> None:
        self.dictionary = dictionary
        self.problems = problems
        self.places = places
        self.names = tuple(key.name for key in dictionary.keys)
        self._approved: dict[str, dict[str, Value]] = {}
        self._aliases: dict[str, dict[str, str]] = {}
        self._patterns: dict[str, Callable[[str], object]] = {}
        self._pattern_work = 0

    def check(self) -> None:
        folded: dict[str, str] = {}
        for key in self.dictionary.keys:
            self._index(key)
            twin = folded.setdefault(key.name.casefold(), key.name)
            if twin != key.name:
                self.problems.add(
                    f"the keys {quoted(twin)} and {quoted(key.name)} differ only in case",
                    "keep one: a tag in the wrong case could mean either",
                    key.location,
                )
        for key in self.dictionary.keys:
            self._check_key(key)
        for requirement in self.dictionary.requirements:
            self._check_requirement(requirement)
        for number, level in enumerate(self.dictionary.service_levels, 1):
            self._check_condition(level.when, f"service level {number}", ("service_level", str(number)), None)
        for encoding in self.dictionary.providers:
            place = ("provider", encoding.provider)
            for name, _ in encoding.keys:
                self._check_name(name, f"provider {encoding.provider}, keys", (*place, "keys", name), None)
            for name in encoding.annotations:
                self._check_name(
                    name, f"provider {encoding.provider}, annotations", (*place, "annotations", name), None
                )
        self._check_placeholders()

    def reason(self, key: Key, value: str) -> tuple[str, str]:
        """Why `value` is no value of `key`, and the fix; ("", "") when it is one."""
        if key.values is not None and value not in self._approved[key.name]:
            meant = self._aliases[key.name].get(value)
            if meant is not None:
                return f"is an alias of {quoted(meant)} in {quoted(key.name)}", f"write {meant}"
            guess = self.problems.did_you_mean(value, self._approved[key.name])
            approved = f"approved: {listing(self._approved[key.name])}"
            return f"is not an approved value of {quoted(key.name)}", f"{guess} {approved}".strip()
        return self._form(key, value)

    def _form(self, key: Key, value: str) -> tuple[str, str]:
        pattern = self._patterns.get(key.name)
        if pattern is not None and not pattern(value):
            return f"does not match the pattern {key.pattern} of {quoted(key.name)}", "change the value or the pattern"
        if key.format and not FORMATS[key.format](value, key):
            return f"is not {describe(key)}, the format of {quoted(key.name)}", "change the value or the format"
        return "", ""

    def _index(self, key: Key) -> None:
        self._approved[key.name] = {value.value: value for value in key.values or ()}
        self._aliases[key.name] = {alias: value.value for value in key.values or () for alias in value.aliases}
        if not key.pattern:
            return
        where = self.places.get(("key", key.name, "pattern"), key.location)
        if self._pattern_work > MAX_PATTERN_WORK:
            self.problems.add(
                "the patterns of this dictionary are too many or too complicated", "use fewer or simpler ones", where
            )
            return
        verdict = pattern_safety.examine(key.pattern)
        self._pattern_work += verdict.work
        if verdict.problem:
            self.problems.add(
                f"key {quoted(key.name)}: the pattern {quoted(key.pattern)} is refused: {verdict.problem}",
                "use classes, groups and quantifiers that cannot match the same text in two ways, "
                "for example [a-z0-9]+(-[a-z0-9]+)*, or bound them: .{0,60}",
                where,
            )
        else:
            self._patterns[key.name] = re.compile(key.pattern, re.ASCII).fullmatch

    def _check_key(self, key: Key) -> None:
        what = f"key {quoted(key.name)}"
        if key.domains and key.format != "email":
            where = self.places.get(("key", key.name, "domains"), key.location)
            self.problems.add(f"{what}: domains without the format email", "add format: email", where)
        for field, texts in (("default", (key.default,) if key.default else ()), ("examples", key.examples)):
            for text in texts:
                why, fix = self.reason(key, text)
                if why:
                    where = self.places.get(("key", key.name, field), key.location)
                    where = self.places.get(("key", key.name, field, text), where)
                    self.problems.add(f"{what}, {field}: {quoted(text)} {why}", fix, where)
        owners: dict[str, str] = {}
        first: dict[str, Value] = {}
        for value in key.values or ():
            twin = first.setdefault(value.value, value)
            if twin is not value:
                line = f" (first on line {twin.location.line})" if twin.location else ""
                self.problems.add(
                    f"{what}: the value {quoted(value.value)} is there twice{line}", "remove one", value.location
                )
            else:
                self._check_value(key, value, owners)

    def _check_value(self, key: Key, value: Value, owners: dict[str, str]) -> None:
        what = f"value {quoted(value.value)} of {quoted(key.name)}"
        if problem := value_problem(value.value):
            self.problems.add(f"{what}: {problem}", "a value is what is typed in the tag", value.location)
        else:
            why, fix = self._form(key, value.value)
            if why:
                self.problems.add(f"{what} {why}", fix, value.location)
        for alias in value.aliases:
            self._check_alias(key, value, alias, owners)
        if value.until is not None and value.status != "deprecated":
            where = self.places.get(("value", key.name, value.value, "until"), value.location)
            self.problems.add(
                f"{what}: until without status: deprecated", "add status: deprecated, or remove until", where
            )
        if value.replaced_by:
            self._check_successor(key, value, what)
        for relation, targets in value.relations:
            related = self.dictionary.key(relation)
            for target in targets:
                where = self.places.get(("relation", key.name, value.value, relation, target), value.location)
                if related is None:
                    self._check_name(relation, what, (), where)
                    continue
                why, fix = self.reason(related, target)
                if why:
                    self.problems.add(f"{what}, {relation}: {quoted(target)} {why}", fix, where)

    def _check_alias(self, key: Key, value: Value, alias: str, owners: dict[str, str]) -> None:
        where = self.places.get(("alias", key.name, value.value, alias), value.location)
        what = f"value {quoted(value.value)} of {quoted(key.name)}"
        if problem := value_problem(alias):
            self.problems.add(f"{what}, aliases: {quoted(alias)} {problem}", "correct it", where)
        elif alias == value.value:
            self.problems.add(f"{what}: the alias {quoted(alias)} is the value itself", "remove the alias", where)
        elif alias in self._approved[key.name]:
            self.problems.add(
                f"{what}: the alias {quoted(alias)} is itself an approved value",
                "keep it as a value or as an alias",
                where,
            )
        else:
            owner = owners.setdefault(alias, value.value)
            if owner != value.value:
                self.problems.add(
                    f"{what}: the alias {quoted(alias)} already stands for {quoted(owner)}",
                    "an alias has one meaning",
                    where,
                )

    def _check_successor(self, key: Key, value: Value, what: str) -> None:
        where = self.places.get(("value", key.name, value.value, "replaced_by"), value.location)
        if value.status != "deprecated":
            self.problems.add(
                f"{what}: replaced_by without status: deprecated",
                "add status: deprecated, or remove replaced_by",
                where,
            )
        approved = self._approved[key.name]
        if value.replaced_by not in approved:
            guess = self.problems.did_you_mean(value.replaced_by, approved)
            self.problems.add(
                f"{what}: replaced_by {quoted(value.replaced_by)} is not an approved value",
                guess or "name an approved value",
                where,
            )
        elif approved[value.replaced_by].status == "deprecated":
            self.problems.add(
                f"{what}: replaced_by {quoted(value.replaced_by)} is deprecated itself",
                "name a value that stays",
                where,
            )

    def _check_requirement(self, requirement: Requirement) -> None:
        what = f"requirement {quoted(requirement.id)}"
        place = ("requirement", requirement.id)
        for name in requirement.require:
            self._check_name(name, f"{what}, require", (*place, "require", name), requirement.location)
        self._check_condition(requirement.when, what, place, requirement.location)
        for group in requirement.exclusive:
            for name in group:
                self._check_name(name, f"{what}, exclusive", (*place, "exclusive", name), requirement.location)
            both = [name for name in group if name in requirement.require]
            if len(both) > 1:
                self.problems.add(
                    f"{what}: {listing(both)} are required together and exclude each other",
                    "keep one of the two rules",
                    requirement.location,
                )
        for match in requirement.match:
            where = (*place, "match", match.key)
            if self._check_name(match.key, f"{what}, match", where, requirement.location) is not None:
                self._check_relation(
                    match.of, match.relation, f"{what}, match {match.key}", (*where, "of"), requirement.location
                )
        if requirement.becomes_error is not None and requirement.severity is Severity.ERROR:
            self.problems.add(
                f"{what}: `from` has no effect, the severity is error already",
                "write severity: warning (or info) for the time before",
                self.places.get((*place, "from"), requirement.location),
            )

    def _check_relation(self, of: str, relation: str, what: str, place: Place, fallback: Location | None) -> None:
        where = self.places.get(place, fallback)
        key = self._check_name(of, what, place, fallback)
        if key is None or key.values is None:
            if key is not None:
                self.problems.add(
                    f"{what}: {quoted(of)} has no list of values", f"give {of} values that name their {relation}", where
                )
            return
        if not any(value.relation(relation) for value in key.values):
            related = sorted({name for value in key.values for name, _ in value.relations})
            guess = self.problems.did_you_mean(relation, related)
            self.problems.add(
                f"{what}: no value of {quoted(of)} names its {quoted(relation)}",
                f"{guess} relations of {of}: {listing(related) or 'none'}".strip(),
                where,
            )

    def _check_condition(self, when: Condition, what: str, place: Place, fallback: Location | None) -> None:
        for name, values in when.terms:
            key = self._check_name(name, f"{what}, when", (*place, "when", name), fallback)
            if key is None:
                continue
            for value in values:
                why, fix = self.reason(key, value)
                if why:
                    where = self.places.get((*place, "when", name, value), fallback)
                    self.problems.add(f"{what}, when {name}: {quoted(value)} {why}", fix, where)

    def _check_name(self, name: str, what: str, place: Place, fallback: Location | None) -> Key | None:
        key = self.dictionary.key(name)
        if key is None:
            guess = self.problems.did_you_mean(name, self.names)
            known = f"keys: {listing(self.names)}"
            self.problems.add(
                f"{what}: the dictionary has no key {quoted(name)}",
                f"{guess} {known}".strip(),
                self.places.get(place, fallback),
            )
        return key

    def _check_placeholders(self) -> None:
        words = {word.casefold() for word in self.dictionary.placeholders}
        for key in self.dictionary.keys if words else ():
            for value in key.values or ():
                if value.value.casefold() in words:
                    self.problems.add(
                        f"value {quoted(value.value)} of {quoted(key.name)} is listed as a placeholder too",
                        "remove it from `placeholders` or from the values",
                        value.location,
                    )


def value_problem(value: str) -> str:
    """Why `value` cannot be a tag's value on any provider; "" when it can."""
    if not value or value != value.strip():
        return "is empty or has spaces around it"
    if len(value) > MAX_VALUE:
        return f"has {len(value)} characters, at most {MAX_VALUE} are possible"
    return ""
