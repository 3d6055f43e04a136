"""Workflow commands of GitHub Actions: annotations on the lines of a pull request.

Escaping follows actions/toolkit `command.ts`: `%`, CR and LF in the message; also `:` and `,` in properties.
"""

from __future__ import annotations

from tagwright_cli.report import Rendering, Report
from tagwright_cli.sanitise import clean, printable
from tagwright_cli.wording import breakdown, dictionary_words, headline
from tagwright_dictionary.model import Certainty, Finding, Location, Problem, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_LONGEST = 1_000


def render(report: Report, how: Rendering, /) -> str:  # noqa: ARG001 - the Format protocol
    """One command a finding and a problem, then a plain line of totals."""
    lines = [_problem(problem) for problem in report.result.problems]
    # GitHub shows ten errors and ten warnings of a step: what blocks comes first.
    findings = sorted(report.result.findings, key=lambda finding: not report.blocks(finding))
    lines += [_finding(finding, blocking=report.blocks(finding)) for finding in findings]
    lines.append(clean(f"tagwright {headline(report)} {breakdown(report)} dictionary {dictionary_words(report)}"))
    return "".join(f"{line}\n" for line in lines)


def _finding(finding: Finding, *, blocking: bool) -> str:
    undecided = finding.certainty is Certainty.UNDECIDED and not blocking
    command = "notice" if undecided else _COMMANDS[finding.severity]
    text = f"{finding.address}: {finding.message}" if finding.address else finding.message
    if finding.cause is not None:
        text += f", because {finding.cause.cause}"
    help_line = finding.help or (finding.cause.hint if finding.cause else "")
    return _command(command, finding.location, f"tagwright {finding.rule}", text, help_line)


def _problem(problem: Problem) -> str:
    where = Location(problem.path, problem.line, problem.column)
    return _command("error", where, "tagwright: not read", problem.reason, problem.hint)


def _command(command: str, where: Location | None, title: str, text: str, more: str) -> str:
    properties: list[tuple[str, str]] = []
    if where is not None and where.path:
        properties.append(("file", where.path))
        if where.line:
            properties.append(("line", str(where.line)))
        # GitHub refuses columns on an annotation of several lines.
        if where.end_line > where.line:
            properties.append(("endLine", str(where.end_line)))
        elif where.column:
            properties.append(("col", str(where.column)))
    properties.append(("title", title))
    parts = ",".join(f"{name}={_property(value)}" for name, value in properties)
    message = "\n".join(printable(part)[:_LONGEST] for part in (text, more) if part)
    return f"::{command} {parts}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A").replace("##", "#\\x23")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
