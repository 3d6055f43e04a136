"""The last lines of the text report: the verdict, what is undecided and why, and the dictionary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tagwright_cli.report import Rendering, Report
from tagwright_cli.sanitise import clean, columns, short
from tagwright_cli.wording import breakdown, count, dictionary_words, headline, listed
from tagwright_cli.wrapping import PROSE, wrap
from tagwright_dictionary.dictionary import UnknownPolicy
from tagwright_dictionary.errors import EXIT_OK
from tagwright_policies.result import Waiting

_MOST_CAUSES = 3
_KINDS = {
    "inline": "by tagwright:ignore comments",
    "exemption": "by exemptions",
    "baseline": "by the baseline",
}


def footer(report: Report, how: Rendering) -> list[str]:
    """Totals; one line when there is nothing else to tell."""
    width = how.style.width
    sentence = f"{headline(report)} {breakdown(report)}".rstrip()
    tail = [*_undecided(report, how), *_accepted(report, width)]
    tail += [line for note in report.notes for line in _paragraph(f"note: {clean(note, 300)}", width)]
    dictionary = f"dictionary {dictionary_words(report)}, {count(len(report.files), 'file')}."
    if not tail and report.result.exit_code == EXIT_OK:
        short_of_it = short(f"{report.dictionary.name} {report.dictionary.version}.")
        wishes = (f"{sentence} {dictionary}", f"{sentence} {short_of_it}")
        lines = [next((line for line in wishes if columns(line) <= width), sentence)]
    else:
        explain = _explain(report)
        apart = explain and columns(f"{dictionary}   {explain}") > width
        closing = [dictionary, explain] if apart else [f"{dictionary}   {explain}".rstrip()]
        lines = [*_paragraph(sentence, width), *tail, *closing]
    word = sentence.partition(":")[0]
    colour = "green" if report.result.exit_code == EXIT_OK else "bold red"
    return [how.style.paint(word, colour) + lines[0].removeprefix(word), *lines[1:]]


def _explain(report: Report) -> str:
    """The command that explains the rule that blocks most."""
    rules = Counter(finding.rule for finding in report.result.blocking)
    first = min(rules, key=lambda rule: (-rules[rule], rule), default="")
    return f"tagwright explain {first}" if first else ""


def _undecided(report: Report, how: Rendering) -> Iterator[str]:
    causes = report.result.waiting
    most = len(causes) if how.explain_unknown else _MOST_CAUSES
    for waiting in causes[:most]:
        hint = f": {clean(waiting.cause.hint, 200)}" if waiting.cause.hint else ""
        number = count(len(waiting.addresses), "resource")
        yield from _paragraph(
            f"undecided: {number}, because {clean(waiting.cause.cause, 300)}{hint}.",
            how.style.width,
        )
        if how.explain_unknown:
            yield from _each(waiting, how.style.width)
    if len(causes) > most:
        yield f"undecided: {count(len(causes) - most, 'more cause')}; --explain-unknown lists them."
    if causes and report.result.on_unknown is UnknownPolicy.IGNORE:
        yield "undecided resources do not count here (--on-unknown ignore)."


def _each(waiting: Waiting, width: int) -> Iterator[str]:
    keys: dict[str, set[str]] = {address: set() for address in waiting.addresses}
    for finding in waiting.findings:
        keys[finding.address].add(short(finding.key or finding.rule))
    for address, names in keys.items():
        yield from wrap(f"{short(address)}: {listed(sorted(names), 8)}", width, first="  - ", rest="    ")


def _accepted(report: Report, width: int) -> Iterator[str]:
    kinds: dict[str, int] = {}
    for accepted in report.result.accepted:
        kinds[accepted.kind] = kinds.get(accepted.kind, 0) + 1
    if kinds:
        parts = [f"{count(number, 'finding')} {_KINDS.get(kind, kind)}" for kind, number in sorted(kinds.items())]
        days = [accepted.until for accepted in report.result.accepted if accepted.until]
        ends = f"; the first ends on {min(days)}" if days else ""
        yield from _paragraph(f"accepted: {', '.join(parts)}{ends}.", width)
    if report.result.stale:
        gone = count(len(report.result.stale), "entry has", "entries have")
        yield from _paragraph(f"baseline: {gone} no finding any more; --write-baseline takes them out.", width)


def _paragraph(text: str, width: int) -> list[str]:
    return wrap(text, min(width, PROSE), rest="  ")
