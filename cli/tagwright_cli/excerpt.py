"""Source excerpts: the line a finding is about, underlined."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tagwright_cli.sanitise import clean, columns
from tagwright_cli.sources import Sources
from tagwright_dictionary.model import Finding, Location, Resource

_TAB = 2
_HEAD = re.compile(r'(?:#|//).*|(?:resource|module|provider|data)(?:\s+"[^"]*"){1,2}|"[^"]*"|[\w.-]+')


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an excerpt. `marks` is the underline: blanks and carets, "" for none."""

    number: int
    text: str
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one file."""

    path: str
    lines: tuple[Line, ...]


def excerpt(sources: Sources, resource: Resource | None, findings: tuple[Finding, ...], width: int) -> tuple[Part, ...]:
    """The lines to show for findings of one resource: the head of its block, then each line a finding points to; first
    the resource's own file, then the files its tags come from.

    Nothing where the source is a plan, where a sensitive tag stands on the line, or where the file cannot be read.
    `width` bounds the text of a line.
    """
    if resource is not None and resource.framework != "terraform":
        return ()
    secret = _secret_lines(resource)
    pointing: dict[tuple[str, int], list[Finding]] = {}
    for finding in findings:
        where = finding.location
        if where is not None and where.line and (where.path, where.line) not in secret:
            pointing.setdefault((where.path, where.line), []).append(finding)
    own = resource.location.path if resource is not None and resource.location is not None else ""
    parts = []
    for path in sorted({path for path, _ in pointing}, key=lambda path: (path != own, path)):
        lines: dict[int, Line] = {}
        head = resource.location if resource is not None else None
        if head is not None and path == own and head.line and (path, head.line) not in secret:
            text = sources.line(path, head.line)
            if text is not None:
                lines[head.line] = Line(head.line, _fit(clean(text.expandtabs(_TAB)), width))
        for (file, number), those in pointing.items():
            text = sources.line(file, number) if file == path else None
            if text is not None:
                lines[number] = _marked(number, text, [_span(text, finding) for finding in those], width)
        if lines:
            parts.append(Part(path, tuple(lines[number] for number in sorted(lines))))
    return tuple(parts)


def _secret_lines(resource: Resource | None) -> frozenset[tuple[str, int]]:
    if resource is None:
        return frozenset()
    lines: set[tuple[str, int]] = set()
    for tag in resource.tags.items:
        where = tag.origin.location if tag.sensitive and tag.origin else None
        if where is not None:
            lines.update((where.path, line) for line in range(where.line, max(where.line, where.end_line) + 1))
    return frozenset(lines)


def _marked(number: int, text: str, spans: list[tuple[int, int]], width: int) -> Line:
    line, marks, at = "", "", 0
    for begin, end in sorted(set(spans)):
        if begin < at:
            continue
        for piece, mark in ((text[at:begin], " "), (text[begin:end], "^")):
            shown = clean(piece.expandtabs(_TAB))
            line += shown
            marks += mark * columns(shown)
        at = end
    line += clean(text[at:].expandtabs(_TAB))
    if columns(line) > width:  # keep the first mark in sight
        skip = max(0, min(marks.find("^") - 8, len(line) - width + 1))
        if skip:
            line, marks = "…" + line[skip + 1 :], " " + marks[skip + 1 :]
        line, marks = _fit(line, width), marks[:width]
    return Line(number, line, marks.rstrip())


def _span(text: str, finding: Finding) -> tuple[int, int]:
    """What to underline: the value where it stands on the line, else the word or the block's head at the column."""
    where = finding.location or Location("")
    begin = min(where.column - 1, len(text)) if where.column else len(text) - len(text.lstrip())
    if finding.value:
        literal = f'"{finding.value}"'
        at = text.find(literal, begin)
        if at >= 0:
            return at, at + len(literal)
    found = _HEAD.match(text, begin)
    return begin, found.end() if found and found.group() else min(begin + 1, len(text))


def _fit(text: str, width: int) -> str:
    return text if columns(text) <= width else text[: width - 1] + "…"
