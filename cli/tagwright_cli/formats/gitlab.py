"""GitLab Code Quality report (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tagwright_cli.report import Rendering, Report
from tagwright_cli.sanitise import clean
from tagwright_dictionary.model import Certainty, Finding, Problem, Severity

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, how: Rendering, /) -> str:  # noqa: ARG001 - the Format protocol
    """A JSON array; every fingerprint is unique, as GitLab drops entries that share one."""
    entries = [_problem(problem) for problem in report.result.problems]
    entries += [_finding(finding, blocking=report.blocks(finding)) for finding in report.result.findings]
    seen: dict[str, int] = {}
    for entry in entries:
        fingerprint = entry["fingerprint"]
        times = seen[fingerprint] = seen.get(fingerprint, 0) + 1
        if times > 1:
            entry["fingerprint"] = _digest(fingerprint, str(times))
    return json.dumps(entries, ensure_ascii=False, indent=2) + "\n"


def _finding(finding: Finding, *, blocking: bool) -> dict[str, Any]:
    undecided = finding.certainty is Certainty.UNDECIDED and not blocking
    because = f", because {finding.cause.cause}" if finding.cause else ""
    about = f"{finding.address}: " if finding.address else ""
    where = finding.location
    return {
        "description": clean(f"{about}{finding.message}{because}", 1_000),
        "check_name": finding.rule,
        "fingerprint": _digest(finding.fingerprint or f"{finding.rule}|{finding.address}|{finding.key}"),
        "severity": "info" if undecided else _SEVERITIES[finding.severity],
        "location": {
            "path": _path(where.path if where else ""),
            "lines": {"begin": max(where.line, 1) if where else 1},
        },
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "description": clean(f"not read: {problem.reason}", 1_000),
        "check_name": "not-read",
        "fingerprint": _digest("not-read", problem.path, problem.reason),
        "severity": "blocker",
        "location": {"path": _path(problem.path), "lines": {"begin": max(problem.line, 1)}},
    }


def _path(path: str) -> str:
    return path.removeprefix("./") or "."


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
