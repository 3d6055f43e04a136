"""One observation as one Parquet row, and back: what goes in comes out.

Columns that a query may want are plain; what has an inner shape is JSON in ASCII, because Parquet's text is UTF-8 and
a hostile value may hold what UTF-8 cannot (a lone surrogate).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from tagwright_dictionary.model import (
    Bill,
    Certainty,
    Classes,
    Finding,
    Judgement,
    Resource,
    Severity,
    Tag,
    Tags,
    TagValue,
    Unknown,
    Verdict,
)
from tagwright_drift.cells import Cell
from tagwright_drift.identity import subject
from tagwright_drift.live import Hop, LiveResource, Observation

TEXT = (
    "cell_account",
    "cell_region",
    "type",
    "region",
    "address",
    "name",
    "provider",
    "incarnation",
    "group",
    "source",
    "verdict",
    "note",
    "resource_note",
    "subject",
    "classes",
    "possible",
    "attributes",
    "tags",
    "tags_unknown",
    "tags_cause",
    "bills",
    "chain",
    "probable",
    "findings",
)
"""Columns of text; from `classes` on they are JSON."""
TIMES = ("created", "as_of")
"""Columns of UTC times in microseconds; null when not told."""
FLAGS = ("tags_complete", "taggable")
"""Columns of booleans; `taggable` is null when the type is in no table."""


def to_row(seen: Observation) -> dict[str, Any]:
    """The row, by column name."""
    live = seen.live
    resource = live.resource
    known, unknown = _tag_columns(resource.tags)
    return {
        "cell_account": _utf8(live.cell.account),
        "cell_region": _utf8(live.cell.region),
        "type": _utf8(live.cell.type),
        "region": _utf8(live.region),
        "address": _utf8(resource.address),
        "name": _utf8(live.name),
        "provider": resource.provider,
        "incarnation": _utf8(live.incarnation),
        "group": _utf8(live.group),
        "source": live.source,
        "verdict": str(seen.judgement.verdict),
        "note": _utf8(seen.judgement.note),
        "resource_note": _utf8(resource.note),
        "subject": _utf8(subject(live)),
        "classes": _dump(sorted(resource.classes.certain)),
        "possible": _dump([[name, _cause(why)] for name, why in resource.classes.possible]),
        "attributes": _dump([[path, [_value(each) for each in values]] for path, values in resource.attributes]),
        "tags": _dump(known),
        "tags_unknown": _dump(unknown),
        "tags_cause": _dump(_cause(resource.tags.cause)),
        "bills": _dump([_bill(each) for each in resource.bills]),
        "chain": _dump([_hop(each) for each in live.chain]),
        "probable": _dump([[key, _value(value), where] for key, value, where in live.probable]),
        "findings": _dump([_finding(each) for each in seen.judgement.findings]),
        "created": live.created,
        "as_of": live.as_of,
        "tags_complete": resource.tags.complete,
        "taggable": resource.taggable,
    }


def from_row(row: Mapping[str, Any]) -> Observation:
    """The observation of a row. Raises KeyError, TypeError or ValueError on a row that is not one."""
    tags = _tags(
        json.loads(row["tags"]), json.loads(row["tags_unknown"]), row["tags_complete"], json.loads(row["tags_cause"])
    )
    resource = Resource(
        row["address"],
        row["type"],
        row["provider"],
        "live",
        row["taggable"],
        Classes(
            frozenset(json.loads(row["classes"])),
            tuple((name, _known_cause(why)) for name, why in json.loads(row["possible"])),
        ),
        tags,
        tuple(_bill_back(each) for each in json.loads(row["bills"])),
        attributes=tuple(
            (path, tuple(_value_back(each) for each in values)) for path, values in json.loads(row["attributes"])
        ),
        account=row["cell_account"],
        note=row["resource_note"],
    )
    live = LiveResource(
        resource,
        Cell(row["cell_account"], row["cell_region"], row["type"]),
        row["name"],
        row["region"],
        _utc(row["created"]),
        row["incarnation"],
        row["group"],
        row["source"],
        _utc(row["as_of"]),
        tuple(_hop_back(each) for each in json.loads(row["chain"])),
        tuple((key, _value_back(value), where) for key, value, where in json.loads(row["probable"])),
    )
    findings = tuple(_finding_back(each, resource) for each in json.loads(row["findings"]))
    return Observation(live, Judgement(resource, Verdict(row["verdict"]), findings, row["note"]))


def _dump(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _utf8(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    return text


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _cause(why: Unknown | None) -> list[str] | None:
    return None if why is None else [why.cause, why.hint]


def _known_cause(why: list[str]) -> Unknown:
    return Unknown(*why)


def _value(value: TagValue) -> str | list[str]:
    return value if isinstance(value, str) else [value.cause, value.hint]


def _value_back(value: str | list[str]) -> TagValue:
    return value if isinstance(value, str) else Unknown(*value)


def _tag_columns(tags: Tags) -> tuple[dict[str, str | None], dict[str, list[str]]]:
    known = {tag.key: tag.value if isinstance(tag.value, str) else None for tag in tags.items}
    unknown = {tag.key: [tag.value.cause, tag.value.hint] for tag in tags.items if isinstance(tag.value, Unknown)}
    return known, unknown


def _tags(known: Mapping[str, str | None], unknown: Mapping[str, list[str]], complete: bool, why: Any) -> Tags:
    items: Iterable[tuple[str, TagValue]] = (
        (key, Unknown(*unknown[key]) if value is None else value) for key, value in known.items()
    )
    return Tags(tuple(Tag(key, value) for key, value in items), complete, None if why is None else Unknown(*why))


def _bill(bill: Bill) -> dict[str, Any]:
    known, unknown = _tag_columns(bill.tags)
    return {
        "what": bill.what,
        "tags": known,
        "unknown": unknown,
        "complete": bill.tags.complete,
        "cause": _cause(bill.tags.cause),
        "own": bill.own,
        "broken_hop": bill.broken_hop,
        "fix": bill.fix,
    }


def _bill_back(row: Mapping[str, Any]) -> Bill:
    tags = _tags(row["tags"], row["unknown"], row["complete"], row["cause"])
    return Bill(row["what"], tags, row["own"], row["broken_hop"], row["fix"])


def _hop(hop: Hop) -> list[Any]:
    return [hop.what, hop.id, list(hop.carries), hop.passes, hop.why, hop.fix]


def _hop_back(row: list[Any]) -> Hop:
    what, id_, carries, passes, why, fix = row
    return Hop(what, id_, tuple(carries), passes, why, fix)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": finding.message,
        "key": finding.key,
        "value": finding.value,
        "certainty": str(finding.certainty),
        "cause": _cause(finding.cause),
        "requirement": finding.requirement,
        "help": finding.help,
        "suggestions": list(finding.suggestions),
        "fingerprint": finding.fingerprint,
    }


def _finding_back(row: Mapping[str, Any], resource: Resource) -> Finding:
    return Finding(
        row["rule"],
        Severity(row["severity"]),
        resource.address,
        resource.type,
        row["message"],
        row["key"],
        row["value"],
        Certainty(row["certainty"]),
        None if row["cause"] is None else Unknown(*row["cause"]),
        row["requirement"],
        row["help"],
        tuple(row["suggestions"]),
        None,
        row["fingerprint"],
    )
