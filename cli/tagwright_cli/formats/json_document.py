"""The stable machine-readable contract; its JSON Schema is `tagwright_cli/data/report.schema.json`."""

from __future__ import annotations

import json
from typing import Any

from tagwright_cli.report import Rendering, Report
from tagwright_cli.version import __version__
from tagwright_dictionary.model import (
    Certainty,
    Finding,
    Judgement,
    Location,
    Origin,
    Severity,
    Tag,
    Tags,
    Unknown,
    Verdict,
)
from tagwright_policies.result import Accepted

SCHEMA_VERSION = 1


def render(report: Report, how: Rendering, /) -> str:  # noqa: ARG001 - the Format protocol
    """The whole document, keys in a fixed order. Values marked sensitive are never in it."""
    pieces = []
    for name, value in document(report, resources=False).items():
        text = _text(value, 1)
        if name == "resources" and report.result.judgements:
            # One at a time: as plain values, ten thousand resources take several times the memory of their text.
            texts = (f"    {_text(_resource(judgement), 2)}" for judgement in report.result.judgements)
            text = "[\n" + ",\n".join(texts) + "\n  ]"
        pieces.append(f"  {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(pieces) + "\n}\n"


def _text(value: Any, depth: int) -> str:
    """`value` as it stands inside a document indented by two, `depth` levels down."""
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n" + "  " * depth)


def document(report: Report, *, resources: bool = True) -> dict[str, Any]:
    """The document as plain values; without `resources` their list is left empty."""
    return {
        "schema": SCHEMA_VERSION,
        "tool": {"name": "tagwright", "version": __version__},
        "dictionary": {
            "name": report.dictionary.name,
            "version": report.dictionary.version,
            "digest": report.dictionary.digest,
            "source": report.dictionary.source,
        },
        "date": report.today.isoformat(),
        "on_unknown": report.result.on_unknown.value,
        "exit_code": report.result.exit_code,
        "summary": _summary(report),
        "coverage": {
            "files": len(report.files),
            "problems": [
                {
                    "path": problem.path,
                    "line": problem.line,
                    "column": problem.column,
                    "reason": problem.reason,
                    "hint": problem.hint,
                }
                for problem in report.result.problems
            ],
            "notes": list(report.notes),
        },
        "resources": [_resource(judgement) for judgement in report.result.judgements] if resources else [],
        "findings": [finding_object(finding, blocking=report.blocks(finding)) for finding in report.result.findings],
        "accepted": [_accepted(item) for item in report.result.accepted],
    }


def _accepted(item: Accepted) -> dict[str, Any]:
    return {
        **finding_object(item.finding, blocking=False),
        "by": item.kind,
        "reason": item.reason,
        "until": item.until.isoformat() if item.until else None,
        "exemption": item.id,
        "approver": item.approver,
    }


def _summary(report: Report) -> dict[str, Any]:
    counts, verdicts = report.result.severities, report.result.verdicts
    return {
        "resources": len(report.result.judgements),
        "compliant": verdicts[Verdict.COMPLIANT],
        "non_compliant": verdicts[Verdict.NON_COMPLIANT],
        "undecided": verdicts[Verdict.UNDECIDED],
        "exempt": verdicts[Verdict.EXEMPT],
        "not_applicable": verdicts[Verdict.NOT_APPLICABLE],
        "findings": {
            **{severity.value: counts[severity] for severity in Severity},
            "undecided": sum(1 for finding in report.result.findings if finding.certainty is Certainty.UNDECIDED),
        },
    }


def _resource(judgement: Judgement) -> dict[str, Any]:
    resource = judgement.resource
    return {
        "address": resource.address,
        "type": resource.type,
        "provider": resource.provider,
        "framework": resource.framework,
        "scope": resource.scope,
        "classes": sorted(resource.classes.certain),
        "possible_classes": [{"class": name, "cause": why.cause} for name, why in resource.classes.possible],
        "taggable": resource.taggable,
        "verdict": judgement.verdict.value,
        "note": judgement.note or resource.note,
        "exists": resource.exists.cause if resource.exists else None,
        "location": location_object(resource.location),
        "attributes": {path: [_value(value) for value in values] for path, values in resource.attributes},
        **_tags(resource.tags),
        "bills": [
            {"what": bill.what, "own": bill.own, **_tags(bill.tags), "broken_hop": bill.broken_hop, "fix": bill.fix}
            for bill in resource.bills
        ],
    }


def _value(value: str | Unknown) -> str | None:
    return None if isinstance(value, Unknown) else value


def _tags(tags: Tags) -> dict[str, Any]:
    return {
        "tags": {tag.key: _tag(tag) for tag in tags.items},
        "complete": tags.complete,
        "incomplete_cause": tags.cause.cause if tags.cause and not tags.complete else None,
    }


def _tag(tag: Tag) -> dict[str, Any]:
    known = not isinstance(tag.value, Unknown)
    return {
        "value": None if tag.sensitive else _value(tag.value),
        "known": known,
        "cause": tag.value.cause if isinstance(tag.value, Unknown) else None,
        "origin": _origin(tag.origin),
        **({"sensitive": True} if tag.sensitive else {}),
    }


def _origin(origin: Origin | None) -> dict[str, Any] | None:
    if origin is None:
        return None
    return {"kind": origin.kind, "name": origin.name, "location": location_object(origin.location)}


def location_object(location: Location | None) -> dict[str, Any] | None:
    """A location; lines and columns count from 1, null where not known."""
    if location is None:
        return None
    return {
        "path": location.path,
        "line": location.line or None,
        "column": location.column or None,
        "end_line": location.end_line or None,
    }


def finding_object(finding: Finding, *, blocking: bool) -> dict[str, Any]:
    """One finding."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "certainty": finding.certainty.value,
        "blocking": blocking,
        "address": finding.address,
        "type": finding.type,
        "key": finding.key,
        "value": finding.value,
        "message": finding.message,
        "cause": finding.cause.cause if finding.cause else None,
        "requirement": finding.requirement,
        "help": finding.help or (finding.cause.hint if finding.cause else ""),
        "suggestions": list(finding.suggestions),
        "location": location_object(finding.location),
        "fingerprint": finding.fingerprint,
    }
