"""What `tagwright inspect` shows a person of each resource."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_cli.report import Rendering, Report
from tagwright_cli.sanitise import clean, short
from tagwright_cli.terminal import Style
from tagwright_cli.wording import breakdown, count, made_of, origin_words, value_words
from tagwright_cli.wrapping import PROSE, two_columns, wrap
from tagwright_dictionary.model import Judgement, Location, Tags

_INDENT = 13


def render(report: Report, how: Rendering, /) -> str:
    """Every resource with its verdict, tags and bills, then what could not be read and the totals."""
    lines: list[str] = []
    for judgement in report.result.judgements:
        lines += [*_resource(judgement, how.style), ""]
    for problem in report.result.problems:
        place = f"{problem.path}:{problem.line}" if problem.line else problem.path
        lines += [*wrap(clean(f"{place}: not read: {problem.reason}"), how.style.width, rest="  "), ""]
    files = count(len(report.files), "file")
    verdicts = breakdown(report, all_of_them=True)
    lines += wrap(f"{count(len(report.result.judgements), 'resource')} in {files}: {verdicts}", how.style.width)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _resource(judgement: Judgement, style: Style) -> Iterator[str]:
    resource = judgement.resource
    where = f"{style.paint(short(str(resource.location)), 'dim')}  " if resource.location else ""
    yield f"{where}{style.paint(short(resource.address), 'bold')}"
    what = ", ".join(part for part in (short(resource.type), made_of(resource)) if part)
    yield from _labelled("what", what, style)
    note = judgement.note or resource.note
    yield from _labelled("verdict", f"{judgement.verdict.value}{': ' + note if note else ''}", style)
    if resource.exists is not None:
        yield from _labelled("exists", f"perhaps: {resource.exists.cause}", style)
    if resource.taggable is False:
        yield from _labelled("tags", "cannot be tagged", style)
    else:
        yield from _tags(resource.tags, resource.location, style)
    for bill in resource.bills:
        reach = ", ".join(bill.tags.keys()) or "no tag"
        more = "" if bill.tags.complete else ", perhaps more"
        hop = f"; stopped by {bill.broken_hop}" if bill.broken_hop else ""
        yield from _labelled("bills", f"{bill.what}: {reach}{more}{hop}", style)


def _tags(tags: Tags, near: Location | None, style: Style) -> Iterator[str]:
    rows = [(f"{short(tag.key)} = {value_words(tag)}", origin_words(tag.origin, near)) for tag in tags.items]
    label = "tags"
    for text in two_columns(rows, style.width - _INDENT):
        yield f"  {style.paint(label, 'dim')}{' ' * (_INDENT - 2 - len(label))}{text}"
        label = ""
    if not tags.complete:
        cause = tags.cause.cause if tags.cause else "some tags cannot be seen"
        yield from _labelled(label, f"perhaps more: {cause}", style)
    elif not rows:
        yield from _labelled(label, "none", style)


def _labelled(label: str, text: str, style: Style) -> Iterator[str]:
    lines = wrap(clean(text, 1_000), min(style.width, PROSE) - _INDENT)
    yield f"  {style.paint(label, 'dim')}{' ' * (_INDENT - 2 - len(label))}{lines[0]}"
    for line in lines[1:]:
        yield " " * _INDENT + line
