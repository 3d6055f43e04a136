"""The report a person reads in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_cli.excerpt import excerpt
from tagwright_cli.formats.text_footer import footer
from tagwright_cli.grouping import Group, group
from tagwright_cli.merging import merged
from tagwright_cli.report import Rendering, Report
from tagwright_cli.sanitise import clean, columns, short
from tagwright_cli.terminal import Style
from tagwright_cli.wording import count, listed, made_of, origin_words, severity_word, value_words
from tagwright_cli.wrapping import PROSE, two_columns, wrap
from tagwright_dictionary.model import Finding, Problem, Resource

_MOST_TAGS = 10
_ADVICE = 1_000  # characters
_COLOURS = {"error": "bold red", "warning": "yellow", "undecided": "blue", "info": "dim"}
_LABEL = "  {:<10} "  # the words error, warning, undecided, found, help stand in one column
_INDENT = 13


def render(report: Report, how: Rendering, /) -> str:
    """Blocked resources with their source, then one sentence of totals; a clean run is one line."""
    writer = _Writer(report, how.style)
    lines: list[str] = []
    for block in group(report.result.judgements, report.shown()):
        lines += [*writer.block(block), ""]
    for problem in report.result.problems:
        lines += [*writer.problem(problem), ""]
    if how.quiet and not lines:
        return ""
    lines += footer(report, how)
    return "".join(f"{line.rstrip()}\n" for line in lines)


class _Writer:
    """Writes blocks, and a piece of advice only the first time: forty buckets do not need it forty times."""

    def __init__(self, report: Report, style: Style) -> None:
        self._report = report
        self._style = style
        self._prose = min(style.width, PROSE)
        self._given: set[str] = set()
        self._keys = frozenset(key.name for key in report.dictionary.keys)

    def block(self, block: Group) -> Iterator[str]:
        yield from self._head(block)
        findings = merged(block.findings)
        rules = max(len(finding.rule) for finding in findings)
        for finding in findings:
            yield from self._finding(finding, rules)
        policies = sorted({finding.requirement for finding in block.findings if finding.requirement})
        if policies:
            yield from self._labelled("policy", ", ".join(short(policy) for policy in policies), "dim")
        yield from self._excerpt(block)
        if block.resource is not None:
            yield from self._found(block.resource)
        advice = [text for text in dict.fromkeys(map(_advice, block.findings)) if text and text not in self._given]
        if advice:
            self._given.update(advice)
            first, rest = ("- ", "  ") if len(advice) > 1 else ("", "")
            room = self._prose - _INDENT
            lines = [line for text in advice for line in wrap(clean(text, _ADVICE), room, first=first, rest=rest)]
            yield from self._column("help", lines, "green")

    def problem(self, problem: Problem) -> Iterator[str]:
        where = f"{problem.path}:{problem.line}" if problem.line else problem.path
        where += f":{problem.column}" if problem.line and problem.column else ""
        yield self._style.paint(short(where), "bold")
        yield from self._labelled("not read", clean(problem.reason, 600), "bold red")
        if problem.hint:
            yield from self._labelled("help", clean(problem.hint, _ADVICE), "green")

    def _head(self, block: Group) -> Iterator[str]:
        where = short(str(block.location)) if block.location else ""
        number = len(block.addresses)
        several = number > 1 and block.resource is None
        address = f"{number:,} resources" if several else short(block.address)
        times = f"  x {number:,}" if number > 1 and not several else ""
        what = made_of(block.resource) if block.resource else ""
        first = "  ".join(part for part in (where, address) if part) + times
        fits = columns(first) + columns(what) + 3 <= self._style.width
        painted = ((where, "dim"), (address, "bold"))
        yield (
            "  ".join(self._style.paint(part, name) for part, name in painted if part)
            + times
            + (f"   {what}" if what and fits else "")
        )
        if what and not fits:
            yield from self._labelled("what", what, "dim")
        if number > 1:
            names = block.addresses if several else (_key(name, block.address) for name in block.addresses)
            yield from self._labelled("resources" if several else "instances", listed(map(short, names), 6), "dim")

    def _finding(self, finding: Finding, rules: int) -> Iterator[str]:
        word = severity_word(finding)
        lead = _LABEL.format(word) + f"{finding.rule:<{rules}}  "
        message = clean(finding.message, 600)
        if finding.cause is not None:
            message += f", because {clean(finding.cause.cause, 300)}"
        lines = wrap(message, self._prose - len(lead))
        yield "  " + self._style.paint(word, _COLOURS.get(word, "dim")) + lead[len(word) + 2 :] + lines[0]
        for line in lines[1:]:
            yield " " * len(lead) + line

    def _excerpt(self, block: Group) -> Iterator[str]:
        parts = excerpt(self._report.sources, block.resource, block.findings, self._style.width - 10)
        here = block.location.path if block.location else ""
        for part in parts:
            if part.path != here:
                yield self._style.paint(f"      --> {short(part.path)}", "dim")
            last = 0
            for line in part.lines:
                if last and line.number > last + 1:
                    yield self._style.paint("       ...", "dim")
                yield self._style.paint(f"{line.number:>7} | ", "dim") + line.text
                if line.marks:
                    yield self._style.paint("        | ", "dim") + self._style.paint(line.marks, "bold red")
                last = line.number

    def _found(self, resource: Resource) -> Iterator[str]:
        ours = [tag for tag in resource.tags.items if tag.key in self._keys]
        rest = len(resource.tags.items) - len(ours[:_MOST_TAGS])
        rows = [
            (f"{short(tag.key)} = {value_words(tag)}", origin_words(tag.origin, resource.location))
            for tag in ours[:_MOST_TAGS]
        ]
        texts = two_columns(rows, self._style.width - _INDENT)
        if rest:
            none = f"{count(rest, 'tag')}, none of the dictionary's"
            texts.append(f"and {count(rest, 'other tag')}" if texts else none)
        if not resource.tags.complete:
            cause = resource.tags.cause.cause if resource.tags.cause else "some of its tags cannot be seen"
            texts += wrap(f"perhaps more: {clean(cause, 300)}", self._style.width - _INDENT)
        yield from self._column("found", texts or ["no tags"], "dim")

    def _labelled(self, label: str, text: str, colour: str) -> Iterator[str]:
        yield from self._column(label, wrap(text, self._prose - _INDENT), colour)

    def _column(self, label: str, lines: list[str], colour: str) -> Iterator[str]:
        yield "  " + self._style.paint(label, colour) + " " * (_INDENT - 2 - len(label)) + lines[0]
        for line in lines[1:]:
            yield " " * _INDENT + line


def _advice(finding: Finding) -> str:
    if finding.help:
        return finding.help
    hint = finding.cause.hint if finding.cause else ""
    if hint or not finding.suggestions:
        return hint
    return f"write {finding.key} = " + " or ".join(f'"{value}"' for value in finding.suggestions[:3])


def _key(address: str, block: str) -> str:
    """What tells an instance from its siblings: its key where it is the block's own, else the whole address."""
    return address.removeprefix(block) if address.startswith(block) else address
