"""JUnit XML: one test case a resource, as Jenkins, GitLab, CircleCI and Azure read it."""

from __future__ import annotations

import re

from tagwright_cli.report import Rendering, Report
from tagwright_cli.sanitise import clean, printable
from tagwright_cli.wording import dictionary_words
from tagwright_dictionary.model import Finding, Judgement, Problem, Verdict

# XML 1.0 has no way to write these, not even as a character reference (https://www.w3.org/TR/xml/#charsets).
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"})


def render(report: Report, how: Rendering, /) -> str:  # noqa: ARG001 - the Format protocol
    """A resource with blocking findings is a failure, what could not be read an error; undecided and exempt resources
    are skipped with the reason; resources that no rule concerns are left out.
    """
    cases = [_problem(problem) for problem in report.result.problems]
    inside: set[Finding] = set()
    failures = skipped = 0
    for judgement in report.result.judgements:
        inside.update(judgement.findings)
        if judgement.verdict is Verdict.NOT_APPLICABLE and not judgement.findings:
            continue
        blocking = tuple(finding for finding in judgement.findings if report.blocks(finding))
        failures += bool(blocking)
        skipped += not blocking and judgement.verdict in (Verdict.UNDECIDED, Verdict.EXEMPT)
        cases.append(_case(judgement, blocking))
    for finding in report.result.findings:
        if finding not in inside and report.blocks(finding):
            failures += 1
            cases.append(_loose(finding))
    counts = f'tests="{len(cases)}" failures="{failures}" errors="{len(report.result.problems)}" skipped="{skipped}"'
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="tagwright" {counts}>\n'
    suite = f'  <testsuite name="{_xml(f"tags: dictionary {dictionary_words(report)}")}" {counts}>\n'
    return head + suite + "".join(cases) + "  </testsuite>\n</testsuites>\n"


def _case(judgement: Judgement, blocking: tuple[Finding, ...]) -> str:
    resource = judgement.resource
    where = resource.location
    place = f' file="{_xml(where.path)}" line="{max(where.line, 1)}"' if where else ""
    open_tag = f'    <testcase classname="{_xml(resource.type)}" name="{_xml(resource.address)}"{place}'
    if blocking:
        body = _failure(blocking)
    elif judgement.verdict in (Verdict.UNDECIDED, Verdict.EXEMPT):
        body = f'      <skipped message="{_xml(_reason(judgement))}"/>\n'
    elif judgement.findings:
        body = f"      <system-out>{_xml(_lines(judgement.findings))}</system-out>\n"
    else:
        return f"{open_tag}/>\n"
    return f"{open_tag}>\n{body}    </testcase>\n"


def _reason(judgement: Judgement) -> str:
    causes = dict.fromkeys(finding.cause.cause for finding in judgement.findings if finding.cause)
    return ": ".join(part for part in (judgement.verdict.value, judgement.note or "; ".join(causes)) if part)


def _failure(findings: tuple[Finding, ...]) -> str:
    kinds = " ".join(dict.fromkeys(finding.rule for finding in findings))
    message = "; ".join(finding.message for finding in findings)
    return f'      <failure type="{_xml(kinds)}" message="{_xml(message)}">{_xml(_lines(findings))}</failure>\n'


def _lines(findings: tuple[Finding, ...]) -> str:
    lines = []
    for finding in findings:
        where = f"{finding.location}: " if finding.location else ""
        lines.append(clean(f"{where}{finding.severity.value} {finding.rule}: {finding.message}"))
        if finding.help:
            lines.append(clean(f"  help: {finding.help}"))
    return "\n".join(lines)


def _loose(finding: Finding) -> str:
    name = f"{finding.location}" if finding.location else finding.address or finding.rule
    return (
        f'    <testcase classname="{_xml(finding.rule)}" name="{_xml(name)}">\n{_failure((finding,))}    </testcase>\n'
    )


def _problem(problem: Problem) -> str:
    return (
        f'    <testcase classname="reading" name="{_xml(problem.path)}" file="{_xml(problem.path)}" '
        f'line="{max(problem.line, 1)}">\n'
        f'      <error type="not-read" message="{_xml(problem.reason)}">{_xml(clean(problem.hint))}</error>\n'
        "    </testcase>\n"
    )


def _xml(text: str) -> str:
    safe = "\n".join(printable(line) for line in text.split("\n"))
    return _IMPOSSIBLE.sub("\ufffd", safe).translate(_ENTITIES).replace("\n", "&#10;")
