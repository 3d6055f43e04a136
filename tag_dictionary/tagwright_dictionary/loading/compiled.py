"""A validated dictionary as JSON in the user's cache: read back in milliseconds, without YAML or JSON Schema.

A record names every file that the dictionary was made of with its SHA-256, and is used only while all are unchanged
and the loader is the same. Arrays instead of objects, and only what differs from the default: a dictionary of 50,000
values is a few megabytes.
"""

from __future__ import annotations

import json
import os
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from tagwright_dictionary.dictionary import (
    Condition,
    Dictionary,
    Exemption,
    Key,
    Match,
    ProviderEncoding,
    Requirement,
    Selector,
    ServiceLevel,
    Target,
    UnknownPolicy,
    Value,
)
from tagwright_dictionary.loading import cache
from tagwright_dictionary.loading.documents import Entry, display_path
from tagwright_dictionary.loading.references import Kind, Reference
from tagwright_dictionary.model import Location, Severity

_FOLDER = "dictionaries"


def recall(reference: Reference) -> Dictionary | None:
    """The dictionary compiled earlier from the same bytes; None when there is none to trust."""
    data = cache.get(_FOLDER, _name(reference))
    if data is None:
        return None
    try:
        record = json.loads(data)
        if not all(Entry(*entry).unchanged() for entry in record["entries"]):
            return None
        return _Decoder(record).dictionary()
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def remember(reference: Reference, dictionary: Dictionary, entries: list[Entry]) -> None:
    """Stores the compiled dictionary; silently nothing where the cache cannot be written."""
    record = _Encoder().record(dictionary)
    record["entries"] = [[entry.kind, entry.name, entry.real, entry.sha256] for entry in entries]
    cache.put(_FOLDER, _name(reference), json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode())


def _name(reference: Reference) -> str:
    name = os.path.realpath(reference.base) if reference.kind is Kind.LOCAL else reference.base
    return cache.name_for(_loader(), reference.kind, name, reference.ref, reference.path, reference.sha256)


@lru_cache(maxsize=1)
def _loader() -> str:
    """Changes with every change of the code that reads and checks: a record of another version is never used."""
    stamps = []
    for folder in (Path(__file__).parent, Path(__file__).parents[1], Path(__file__).parents[1] / "judging"):
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.endswith(".py"):
                        status = entry.stat()
                        stamps.append(f"{folder.name}/{entry.name}:{status.st_size}:{status.st_mtime_ns}")
        except OSError:
            stamps.append(folder.name)
    return "\n".join(sorted(stamps))


class _Encoder:
    def __init__(self) -> None:
        self.paths: dict[str, int] = {}

    def record(self, dictionary: Dictionary) -> dict[str, Any]:
        body = {
            "name": dictionary.name,
            "version": dictionary.version,
            "contacts": dictionary.contacts,
            "unknown": dictionary.unknown,
            "placeholders": dictionary.placeholders,
            "digest": dictionary.digest,
            "layers": dictionary.layers,
            "keys": [self.key(key) for key in dictionary.keys],
            "requirements": [self.requirement(requirement) for requirement in dictionary.requirements],
            "providers": [[each.provider, each.keys, each.annotations, each.values] for each in dictionary.providers],
            "service_levels": [
                [self.selector(each.selector), each.remediate_within_hours, each.when.terms, each.severity]
                for each in dictionary.service_levels
            ],
            "targets": [[each.measure, each.green, each.yellow] for each in dictionary.targets],
            "exemptions": [self.exemption(each) for each in dictionary.exemptions],
        }
        return {"dictionary": body, "paths": [_absolute(path) for path in self.paths]}

    def place(self, location: Location | None) -> Any:
        if location is None:
            return None
        return [self.paths.setdefault(location.path, len(self.paths)), location.line, location.column]

    def key(self, key: Key) -> list[Any]:
        values = None if key.values is None else [self.value(value) for value in key.values]
        plain = [key.name, key.title, key.description, values, key.pattern, key.format, key.domains, key.approvers]
        return [*plain, key.examples, key.default, self.place(key.location)]

    def value(self, value: Value) -> list[Any]:
        row = [value.value, self.place(value.location), value.title, value.aliases, value.relations, value.description]
        row += [value.owner, value.billing_code, value.status, _day(value.until), value.replaced_by]
        defaults = [None, None, "", (), (), "", "", "", "active", None, ""]
        while row[-1] == defaults[len(row) - 1]:
            row.pop()
        return row

    @staticmethod
    def selector(selector: Selector) -> list[Any]:
        return [selector.everything, selector.classes, selector.types]

    def requirement(self, each: Requirement) -> list[Any]:
        match = [[match.key, match.of, match.relation] for match in each.match]
        plain = [
            each.id,
            self.selector(each.selector),
            each.require,
            each.when.terms,
            match,
            each.exclusive,
            each.severity,
        ]
        return [*plain, _day(each.becomes_error), each.reach, each.description, self.place(each.location)]

    def exemption(self, each: Exemption) -> list[Any]:
        globs = [each.addresses, each.types, each.paths, each.accounts, each.rules, each.keys]
        return [each.id, each.reason, each.approver, _day(each.until), *globs, self.place(each.location), each.problem]


class _Decoder:
    def __init__(self, record: dict[str, Any]) -> None:
        self.body = record["dictionary"]
        self.paths = [display_path(path) for path in record["paths"]]

    def dictionary(self) -> Dictionary:
        body = self.body
        return Dictionary(
            name=body["name"],
            version=body["version"],
            keys=tuple(self.key(row) for row in body["keys"]),
            requirements=tuple(self.requirement(row) for row in body["requirements"]),
            unknown=UnknownPolicy(body["unknown"]),
            providers=tuple(
                ProviderEncoding(name, _pairs(keys), tuple(annotations), values)
                for name, keys, annotations, values in body["providers"]
            ),
            service_levels=tuple(
                ServiceLevel(_selector(selector), hours, _condition(when), severity)
                for selector, hours, when, severity in body["service_levels"]
            ),
            targets=tuple(Target(measure, green, yellow) for measure, green, yellow in body["targets"]),
            exemptions=tuple(self.exemption(row) for row in body["exemptions"]),
            contacts=tuple(body["contacts"]),
            placeholders=tuple(body["placeholders"]),
            digest=body["digest"],
            layers=tuple(body["layers"]),
        )

    def place(self, row: Any) -> Location | None:
        return None if row is None else Location(self.paths[row[0]], row[1], row[2])

    def key(self, row: list[Any]) -> Key:
        name, title, description, rows, pattern, form, domains, approvers, examples, default, place = row
        values = None if rows is None else tuple([self.value(*each) for each in rows])
        lists = (tuple(domains), tuple(approvers), tuple(examples))
        return Key(name, title, description, values, pattern, form, *lists, default, self.place(place))

    def value(
        self,
        value: str,
        place: Any = None,
        title: str = "",
        aliases: Any = (),
        relations: Any = (),
        description: str = "",
        owner: str = "",
        billing_code: str = "",
        status: str = "active",
        until: str | None = None,
        replaced_by: str = "",
    ) -> Value:
        related = tuple([(name, tuple(targets)) for name, targets in relations]) if relations else ()
        day = None if until is None else date.fromisoformat(until)
        fields = (value, title, description, tuple(aliases), status, day, replaced_by, owner, billing_code, related)
        return Value(*fields, None if place is None else Location(self.paths[place[0]], place[1], place[2]))

    def requirement(self, row: list[Any]) -> Requirement:
        identifier, selector, require, when, match, exclusive, severity, start, reach, description, place = row
        return Requirement(
            identifier,
            _selector(selector),
            tuple(require),
            _condition(when),
            tuple(Match(*each) for each in match),
            tuple(tuple(group) for group in exclusive),
            Severity(severity),
            None if start is None else date.fromisoformat(start),
            None if reach is None else Severity(reach),
            description,
            self.place(place),
        )

    def exemption(self, row: list[Any]) -> Exemption:
        identifier, reason, approver, until, addresses, types, paths, accounts, rules, keys, place, problem = row
        day = None if until is None else date.fromisoformat(until)
        lists = (tuple(addresses), tuple(types), tuple(paths), tuple(accounts), tuple(rules), tuple(keys))
        return Exemption(identifier, reason, approver, day, *lists, self.place(place), problem)


def _absolute(path: str) -> str:
    # A remote file's display name has a scheme; anything else is a path relative to the working directory.
    return path if "://" in path else os.path.abspath(path)  # noqa: PTH100 - keeps symlinks


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _pairs(rows: list[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((key, name) for key, name in rows)


def _selector(row: list[Any]) -> Selector:
    everything, classes, types = row
    return Selector(everything, tuple(classes), tuple(types))


def _condition(terms: list[Any]) -> Condition:
    return Condition(tuple((key, tuple(values)) for key, values in terms))
