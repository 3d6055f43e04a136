"""SARIF 2.1.0, as GitHub code scanning, Azure DevOps and editors read it.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; the clause stands beside what is not plain.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from tagwright_cli.links import HOME, rule_page
from tagwright_cli.report import Rendering, Report
from tagwright_cli.sanitise import clean
from tagwright_cli.version import __version__
from tagwright_cli.wording import accepted_words
from tagwright_dictionary.model import Certainty, Finding, Location, Problem, Severity
from tagwright_dictionary.rules import RULES, explain
from tagwright_policies.result import Accepted

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_NOT_READ = "not-read"
_LONGEST = 2_000


def render(report: Report, how: Rendering, /) -> str:  # noqa: ARG001 - the Format protocol
    """One run; findings that an exemption, a comment or the baseline accepts are there with their suppression."""
    rules = _rules()
    index = {rule["id"]: position for position, rule in enumerate(rules)}
    results = [_result(finding, index, blocking=report.blocks(finding)) for finding in report.result.findings]
    results += [_suppressed(item, index) for item in report.result.accepted]
    run = {
        "tool": {
            "driver": {
                "name": "tagwright",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": HOME,
                "rules": rules,
                "notifications": [
                    {"id": _NOT_READ, "shortDescription": {"text": "A file could not be read."}},
                ],
            },
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.result.problems,
                "exitCode": report.result.exit_code,
                "toolExecutionNotifications": [_notification(problem) for problem in report.result.problems],
            },
        ],
        "results": results,
        "properties": {
            "dictionary": {
                "name": report.dictionary.name,
                "version": report.dictionary.version,
                "digest": report.dictionary.digest,
            },
            "date": report.today.isoformat(),
        },
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rules() -> list[dict[str, Any]]:
    return [
        {
            "id": rule.id,
            "shortDescription": {"text": f"{rule.title}."},
            "fullDescription": {"text": rule.summary},
            "helpUri": rule_page(rule),
            "help": {"text": rule.fix, "markdown": explain(rule.id)},
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        }
        for rule in RULES.values()
    ]


def _result(finding: Finding, index: dict[str, int], *, blocking: bool) -> dict[str, Any]:
    undecided = finding.certainty is Certainty.UNDECIDED and not blocking
    text = f"{finding.address}: {finding.message}" if finding.address else finding.message
    if finding.cause is not None:
        text += f", because {finding.cause.cause}"
    more = finding.help or (finding.cause.hint if finding.cause else "")
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        # 3.27.9: "kind" other than "fail" requires level "none"; GitHub hides those, so undecided ones are notes.
        "level": "note" if undecided else _LEVELS[finding.severity],
        "message": {"text": "\n".join(clean(part, _LONGEST) for part in (text, more) if part)},
        "locations": [_location(finding.location, finding.address)],
        "partialFingerprints": {
            "tagwright/v1": finding.fingerprint or f"{finding.rule}|{finding.address}|{finding.key}"
        },
        "properties": {
            "certainty": finding.certainty.value,
            "address": finding.address,
            "type": finding.type,
            "key": finding.key,
            "suggestions": list(finding.suggestions),
        },
    }
    if finding.rule in index:
        result["ruleIndex"] = index[finding.rule]
    return result


def _suppressed(item: Accepted, index: dict[str, int]) -> dict[str, Any]:
    result = _result(item.finding, index, blocking=False)
    # 3.35.2: inSource for a comment in the code, external for anything kept elsewhere.
    result["suppressions"] = [
        {
            "kind": "inSource" if item.kind == "inline" else "external",
            "justification": clean(accepted_words(item), _LONGEST),
        },
    ]
    return result


def _location(where: Location | None, address: str) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": _physical(where or Location(""))}
    if address:
        location["logicalLocations"] = [{"fullyQualifiedName": address, "kind": "resource"}]
    return location


def _physical(where: Location) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(where.path)}}
    if where.line:
        region: dict[str, Any] = {"startLine": where.line}
        if where.column:
            region["startColumn"] = where.column
        if where.end_line > where.line:
            region["endLine"] = where.end_line
        physical["region"] = region
    return physical


def _uri(path: str) -> str:
    # 3.4.3: a valid URI reference; a colon in the first segment of a relative one would read as a scheme.
    relative = quote(path.removeprefix("./").encode("utf-8", "surrogateescape"), safe="/")
    return relative or "."


def _notification(problem: Problem) -> dict[str, Any]:
    text = "\n".join(clean(part, _LONGEST) for part in (problem.reason, problem.hint) if part)
    where = Location(problem.path, problem.line, problem.column)
    return {
        "descriptor": {"id": _NOT_READ},
        "level": "error",
        "message": {"text": text},
        "locations": [{"physicalLocation": _physical(where)}],
    }
