"""Resources out of the document that `tagwright inspect --format json` writes: an inventory that can be mailed.

What the document leaves out stays unknown: sensitive values, and comments that suppress findings.
"""

from __future__ import annotations

import json
from typing import Any

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import (
    Bill,
    Classes,
    Location,
    Problem,
    Reading,
    Resource,
    Tag,
    Tags,
    TagValue,
    Unknown,
)

SCHEMA = 1
_HIDDEN = Unknown("its value is sensitive and not in the document", "judge the code or the plan itself")
_UNTOLD = Unknown("the document does not say why")


def is_inspection(document: Any) -> bool:
    """Whether a JSON value looks like such a document."""
    tool = document.get("tool") if isinstance(document, dict) else None
    return isinstance(tool, dict) and tool.get("name") == "tagwright" and "resources" in document


def parse_inspection(text: str, path: str) -> Reading:
    """The resources of the document, and what its reader could not read. Raises InputError with the place in it."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        where = Location(path, error.lineno, error.colno)
        raise InputError(f"this is not JSON: {error.msg}", hint=_HINT, location=where) from None
    except (RecursionError, ValueError):
        raise InputError("this is not JSON that can be read", hint=_HINT, location=Location(path)) from None
    if not is_inspection(document):
        raise InputError("this is not an inspect document of tagwright", hint=_HINT, location=Location(path))
    if document.get("schema") != SCHEMA:
        raise InputError(
            f"this document has the schema {document.get('schema')!r}, expected {SCHEMA}",
            hint="write it with this version of tagwright",
            location=Location(path),
        )
    return _Reader(path).reading(document)


_HINT = "write it with: tagwright inspect --format json PATH"


class _Reader:
    def __init__(self, path: str) -> None:
        self.path = path

    def reading(self, document: dict[str, Any]) -> Reading:
        coverage = self.mapping(document.get("coverage", {}), "coverage")
        problems = tuple(
            self.problem(item, f"coverage.problems[{place}]")
            for place, item in enumerate(self.sequence(coverage.get("problems", []), "coverage.problems"))
        )
        resources = tuple(
            self.resource(self.mapping(item, f"resources[{place}]"), f"resources[{place}]")
            for place, item in enumerate(self.sequence(document.get("resources"), "resources"))
        )
        return Reading(resources, (self.path,), problems)

    def problem(self, item: Any, what: str) -> Problem:
        found = self.mapping(item, what)
        path, reason = self.text(found, "path", what), self.text(found, "reason", what)
        return Problem(path, reason, self.number(found, "line", what), self.number(found, "column", what))

    def resource(self, item: dict[str, Any], what: str) -> Resource:
        possible = []
        for each in self.sequence(item.get("possible_classes", []), f"{what}.possible_classes"):
            found = self.mapping(each, f"{what}.possible_classes")
            possible.append((self.text(found, "class", what), self.unknown(found.get("cause"), what)))
        taggable = item.get("taggable")
        if not (taggable is None or isinstance(taggable, bool)):
            raise self.wrong(f"{what}.taggable", "true, false or null", taggable)
        exists = item.get("exists")
        bills = self.sequence(item.get("bills", []), f"{what}.bills")
        return Resource(
            self.text(item, "address", what),
            self.text(item, "type", what),
            self.text(item, "provider", what, optional=True),
            self.text(item, "framework", what, optional=True) or "terraform",
            taggable,
            Classes(frozenset(self.texts(item.get("classes", []), f"{what}.classes")), tuple(possible)),
            self.tags(item, what),
            tuple(self.bill(each, f"{what}.bills[{place}]") for place, each in enumerate(bills)),
            self.location(item.get("location"), f"{what}.location"),
            scope=self.text(item, "scope", what, optional=True),
            exists=None if exists is None else self.unknown(exists, f"{what}.exists"),
        )

    def bill(self, item: Any, what: str) -> Bill:
        found = self.mapping(item, what)
        own = found.get("own", False)
        if not isinstance(own, bool):
            raise self.wrong(f"{what}.own", "true or false", own)
        hop, fix = (self.text(found, name, what, optional=True) for name in ("broken_hop", "fix"))
        return Bill(self.text(found, "what", what), self.tags(found, what), own, hop, fix)

    def tags(self, item: dict[str, Any], what: str) -> Tags:
        given = self.mapping(item.get("tags", {}), f"{what}.tags")
        items = tuple(self.tag(name, given[name], f"{what}.tags.{name}") for name in sorted(given))
        complete = item.get("complete", True)
        if not isinstance(complete, bool):
            raise self.wrong(f"{what}.complete", "true or false", complete)
        return Tags(items, complete, None if complete else self.unknown(item.get("incomplete_cause"), what))

    def tag(self, name: str, item: Any, what: str) -> Tag:
        found = self.mapping(item, what)
        value, known = found.get("value"), found.get("known")
        if not isinstance(known, bool):
            raise self.wrong(f"{what}.known", "true or false", known)
        kept: TagValue
        if found.get("sensitive"):
            return Tag(name, _HIDDEN, sensitive=True)
        if not known:
            kept = self.unknown(found.get("cause"), what)
        elif isinstance(value, str):
            kept = value
        else:
            raise self.wrong(f"{what}.value", "text", value)
        return Tag(name, kept)

    def unknown(self, cause: Any, what: str) -> Unknown:
        if cause is None:
            return _UNTOLD
        if not isinstance(cause, str):
            raise self.wrong(f"{what}, its cause", "text", cause)
        return Unknown(cause)

    def location(self, item: Any, what: str) -> Location | None:
        if item is None:
            return None
        found = self.mapping(item, what)
        numbers = (self.number(found, name, what) for name in ("line", "column", "end_line"))
        return Location(self.text(found, "path", what), *numbers)

    def mapping(self, item: Any, what: str) -> dict[str, Any]:
        if not isinstance(item, dict):
            raise self.wrong(what, "an object", item)
        return item

    def sequence(self, item: Any, what: str) -> list[Any]:
        if not isinstance(item, list):
            raise self.wrong(what, "a list", item)
        return item

    def texts(self, item: Any, what: str) -> list[str]:
        found = self.sequence(item, what)
        if not all(isinstance(each, str) for each in found):
            raise self.wrong(what, "a list of texts", item)
        return found

    def text(self, item: dict[str, Any], name: str, what: str, *, optional: bool = False) -> str:
        found = item.get(name)
        if isinstance(found, str) and (found or optional):
            return found
        if found is None and optional:
            return ""
        raise self.wrong(f"{what}.{name}", "text", found)

    def number(self, item: dict[str, Any], name: str, what: str) -> int:
        found = item.get(name) or 0
        if isinstance(found, int) and not isinstance(found, bool) and found >= 0:
            return found
        raise self.wrong(f"{what}.{name}", "a number", found)

    def wrong(self, what: str, expected: str, found: Any) -> InputError:
        kind = "nothing" if found is None else type(found).__name__
        return InputError(f"{what}: expected {expected}, found {kind}", hint=_HINT, location=Location(self.path))
