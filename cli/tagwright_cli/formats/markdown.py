"""A pull-request comment: a table of what is blocked, details folded, one marker to find it again.

Everything that comes from the code under review stands in `<code>` with its punctuation as entities: it can neither
format, link, mention a person nor refer to another issue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tagwright_cli.excerpt import excerpt
from tagwright_cli.grouping import Group, group
from tagwright_cli.merging import merged
from tagwright_cli.report import Rendering, Report
from tagwright_cli.sanitise import clean, short
from tagwright_cli.wording import breakdown, count, dictionary_words, headline, listed, severity_word
from tagwright_dictionary.model import Finding, Unknown

MARKER = "<!-- tagwright: this comment is updated in place -->"
LONGEST = 65_000
"""GitHub refuses a comment of more than 65,536 characters; GitLab takes a million."""
_ROOM_FOR_TAIL = 2_500
_ENTITY = re.compile(r"[^\w \u0080-\U0010ffff]|_")
_AUTOMATIC = re.compile(r"(?<=@)(?=\w)|(?<=#)(?=\d)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=GH)(?=-\d)")


def render(report: Report, how: Rendering, /) -> str:  # noqa: ARG001 - the Format protocol
    """At most 65,000 characters; rows and details that do not fit are counted."""
    blocks = group(report.result.judgements, report.shown())
    head = [MARKER, "### tagwright", "", f"**{prose(headline(report))}** {prose(breakdown(report))}".rstrip(), ""]
    tail = list(_tail(report))
    room = LONGEST - _ROOM_FOR_TAIL - sum(len(line) + 1 for line in head)
    body: list[str] = []
    if blocks:
        rows, left = _within([_row(report, block) for block in blocks], room // 2)
        body += ["| where | resource | findings | owner |", "| --- | --- | --- | --- |", *rows]
        body += ["", prose(f"… and {count(left, 'more block')}: see the log of the job."), ""] if left else [""]
        room -= sum(len(line) + 1 for line in body)
        details, left = _within(["\n".join(_details(report, block)) for block in blocks], room)
        body += details
        if left:
            body += [prose(f"Details of {count(left, 'more block')} are in the log of the job."), ""]
    return "\n".join([*head, *body, *tail]) + "\n"


def prose(text: str) -> str:
    """Text that may quote the outside: plain when rendered, and no mention, link or issue reference."""
    plain = clean(text)
    return _entities(_AUTOMATIC.sub("\u2060", plain))


def code(text: str) -> str:
    """A name or value from the outside as inline code."""
    return f"<code>{_entities(short(text))}</code>" if text else ""


def _entities(text: str) -> str:
    return _ENTITY.sub(lambda found: found.group() if found.group() in ".,;()/ " else f"&#{ord(found.group())};", text)


def _within(parts: list[str], room: int) -> tuple[list[str], int]:
    kept: list[str] = []
    for part in parts:
        room -= len(part) + 1
        if room < 0:
            return kept, len(parts) - len(kept)
        kept.append(part)
    return kept, 0


def _row(report: Report, block: Group) -> str:
    number = len(block.addresses)
    several = number > 1 and block.resource is None
    name = count(number, "resource") if several else code(block.address) + (f" x {number}" if number > 1 else "")
    mark = "**blocked** " if any(report.blocks(finding) for finding in block.findings) else ""
    rules = ", ".join(
        dict.fromkeys(f"{finding.rule} {code(finding.key)}".strip() for finding in block.findings),
    )
    cells = (code(str(block.location or "")), name, mark + rules, code(_owner(block)))
    return f"| {' | '.join(cells)} |"


def _owner(block: Group) -> str:
    """Who can mend it: the `owner` tag, else `team`, where one is known."""
    if block.resource is None:
        return ""
    for key in ("owner", "team"):
        tag = block.resource.tags.get(key)
        if tag is not None and not tag.sensitive and not isinstance(tag.value, Unknown):
            return tag.value
    return ""


def _details(report: Report, block: Group) -> Iterator[str]:
    yield f"<details><summary>{code(block.address or str(block.location))}</summary>"
    yield ""
    if len(block.addresses) > 1:
        yield f"- {listed(map(code, block.addresses), 10)}"
    for finding in merged(block.findings):
        yield f"- **{severity_word(finding)}** {finding.rule}: {prose(finding.message)}{_because(finding)}"
    advice = dict.fromkeys(finding.help for finding in block.findings if finding.help)
    for text in advice:
        yield f"- help: {prose(text)}"
    rows = []
    for part in excerpt(report.sources, block.resource, block.findings, 110):
        rows.append(f"{clean(part.path)}:")
        for line in part.lines:
            rows.append(f"{line.number:>5} | {line.text}")
            if line.marks:
                rows.append(f"      | {line.marks}")
    if rows:
        yield ""
        yield "<pre>" + "\n".join(_entities(row) for row in rows) + "</pre>"
    yield ""
    yield "</details>"
    yield ""


def _because(finding: Finding) -> str:
    return prose(f", because {finding.cause.cause}") if finding.cause else ""


def _tail(report: Report) -> Iterator[str]:
    for problem in report.result.problems[:5]:
        place = f"{problem.path}:{problem.line}" if problem.line else problem.path
        yield f"- **not read** {code(place)}: {prose(short(problem.reason))}"
    if len(report.result.problems) > 5:
        yield f"- and {count(len(report.result.problems) - 5, 'more problem')}"
    for waiting in report.result.waiting[:3]:
        number = count(len(waiting.addresses), "resource")
        hint = f": {short(waiting.cause.hint)}" if waiting.cause.hint else ""
        yield f"- **undecided** {prose(f'{number}, because {short(waiting.cause.cause)}{hint}')}"
    if report.result.accepted:
        yield f"- accepted: {count(len(report.result.accepted), 'finding')} (suppressions, exemptions, baseline)"
    yield ""
    yield f"<sub>dictionary {code(dictionary_words(report))}</sub>"
