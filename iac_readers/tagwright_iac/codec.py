"""Readings as JSON, for the result cache and between worker processes. Equal parts are written once."""

from __future__ import annotations

import json
from typing import Any

from tagwright_dictionary.model import (
    Bill,
    Classes,
    Location,
    Origin,
    Problem,
    Reading,
    Resource,
    Suppression,
    Tag,
    Tags,
    Unknown,
)


class _Writer:
    """Tables of the parts already written."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Any]] = {name: [] for name in ("locations", "origins", "unknowns", "tags", "sets")}
        self._seen: dict[str, dict[Any, int]] = {name: {} for name in self.tables}

    def _put(self, table: str, item: Any, encoded: Any) -> int:
        index = len(self.tables[table])
        self.tables[table].append(encoded)
        self._seen[table][item] = index
        return index

    def location(self, item: Location | None) -> int | None:
        if item is None:
            return None
        found = self._seen["locations"].get(item)
        if found is None:
            found = self._put("locations", item, [item.path, item.line, item.column, item.end_line])
        return found

    def origin(self, item: Origin | None) -> int | None:
        if item is None:
            return None
        found = self._seen["origins"].get(item)
        if found is None:
            found = self._put("origins", item, [item.kind, item.name, self.location(item.location)])
        return found

    def unknown(self, item: Unknown | None) -> int | None:
        if item is None:
            return None
        found = self._seen["unknowns"].get(item)
        if found is None:
            found = self._put("unknowns", item, [item.cause, item.hint])
        return found

    def value(self, item: str | Unknown) -> str | int | None:
        return item if isinstance(item, str) else self.unknown(item)

    def tag(self, item: Tag) -> int:
        found = self._seen["tags"].get(item)
        if found is None:
            encoded = [item.key, self.value(item.value), self.origin(item.origin), int(item.sensitive)]
            found = self._put("tags", item, encoded)
        return found

    def tags(self, item: Tags) -> int:
        found = self._seen["sets"].get(item)
        if found is None:
            encoded = [[self.tag(tag) for tag in item.items], int(item.complete), self.unknown(item.cause)]
            found = self._put("sets", item, encoded)
        return found

    def suppression(self, item: Suppression) -> list[Any]:
        return [list(item.items), item.until, item.reason, self.location(item.location), item.raw, item.problem]

    def resource(self, item: Resource) -> list[Any]:
        return [
            item.address,
            item.type,
            item.provider,
            item.framework,
            item.taggable,
            [sorted(item.classes.certain), [[name, self.unknown(cause)] for name, cause in item.classes.possible]],
            self.tags(item.tags),
            [[bill.what, self.tags(bill.tags), int(bill.own), bill.broken_hop, bill.fix] for bill in item.bills],
            self.location(item.location),
            self.location(item.tag_location),
            [[path, [self.value(value) for value in values]] for path, values in item.attributes],
            item.instance_key,
            item.block,
            item.scope,
            list(item.sources),
            [self.suppression(suppression) for suppression in item.suppressions],
            item.account,
            self.unknown(item.exists),
            item.note,
        ]


def encode(reading: Reading) -> str:
    """The reading as one JSON document."""
    writer = _Writer()
    resources = [writer.resource(resource) for resource in reading.resources]
    suppressions = [writer.suppression(suppression) for suppression in reading.suppressions]
    problems = [[item.path, item.reason, item.line, item.column, item.hint] for item in reading.problems]
    return json.dumps(
        {
            **writer.tables,
            "resources": resources,
            "files": list(reading.files),
            "problems": problems,
            "suppressions": suppressions,
            "notes": list(reading.notes),
        },
        separators=(",", ":"),
    )


def decode(text: str | bytes) -> Reading:
    """The reading `encode` wrote. ValueError, KeyError, TypeError or IndexError for anything else."""
    data = json.loads(text)
    locations = [Location(*item) for item in data["locations"]]

    def at(index: int | None) -> Location | None:
        return None if index is None else locations[index]

    origins = [Origin(kind, name, at(where)) for kind, name, where in data["origins"]]
    unknowns = [Unknown(cause, hint) for cause, hint in data["unknowns"]]
    tags = [
        Tag(
            key,
            value if isinstance(value, str) else unknowns[value],
            None if origin is None else origins[origin],
            bool(sensitive),
        )
        for key, value, origin, sensitive in data["tags"]
    ]
    sets = [
        Tags(tuple([tags[index] for index in items]), bool(complete), None if cause is None else unknowns[cause])
        for items, complete, cause in data["sets"]
    ]

    def suppression(item: list[Any]) -> Suppression:
        items, until, reason, where, raw, problem = item
        location = at(where)
        if location is None:
            raise ValueError("a suppression has a location")
        return Suppression(tuple(items), until, reason, location, raw, problem)

    resources = []
    for item in data["resources"]:
        (
            address,
            type_,
            provider,
            framework,
            taggable,
            classes,
            tag_set,
            bills,
            location,
            tag_location,
            attributes,
            key,
            block,
            scope,
            sources,
            suppressions,
            account,
            exists,
            note,
        ) = item
        resources.append(
            Resource(
                address,
                type_,
                provider,
                framework,
                taggable,
                Classes(frozenset(classes[0]), tuple((name, unknowns[cause]) for name, cause in classes[1])),
                sets[tag_set],
                tuple(Bill(what, sets[index], bool(own), hop, fix) for what, index, own, hop, fix in bills),
                at(location),
                at(tag_location),
                tuple(
                    (path, tuple(value if isinstance(value, str) else unknowns[value] for value in values))
                    for path, values in attributes
                ),
                key,
                block,
                scope,
                tuple(sources),
                tuple(suppression(one) for one in suppressions),
                account,
                None if exists is None else unknowns[exists],
                note,
            )
        )
    return Reading(
        resources=tuple(resources),
        files=tuple(data["files"]),
        problems=tuple(Problem(*item) for item in data["problems"]),
        suppressions=tuple(suppression(item) for item in data["suppressions"]),
        notes=tuple(data["notes"]),
    )
