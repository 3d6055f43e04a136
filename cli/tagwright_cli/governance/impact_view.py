"""The impact of a dictionary's change as text, JSON and Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tagwright_cli.formats.json_document import finding_object, location_object
from tagwright_cli.formats.markdown import code, prose
from tagwright_cli.governance.diff_view import headline as diff_headline
from tagwright_cli.sanitise import clean, columns, short
from tagwright_cli.terminal import PLAIN, Style
from tagwright_cli.version import __version__
from tagwright_cli.wording import count
from tagwright_cli.wrapping import PROSE, wrap
from tagwright_dictionary.lifecycle.impact import NOBODY, UNTOLD, Group, Hit, Impact, Turn
from tagwright_dictionary.lifecycle.usage import place

SHOWN = 50
"""Resources and groups of each sort that text and Markdown list; JSON has all of them."""

_TITLES = {
    Turn.FAILS: "will fail",
    Turn.WORSE: "fail already, and for more reasons",
    Turn.UNDECIDED: "become undecided",
    Turn.PASSES: "will pass",
}

_ONE = {Turn.WORSE: "fails already, and for more reasons", Turn.UNDECIDED: "becomes undecided"}
"""The titles where there is one resource and the words differ."""


def render_text(found: Impact, style: Style = PLAIN) -> str:
    """For a person: the sentence first, then whom it hits, then every resource with its reason."""
    width = min(style.width, PROSE)
    lines = [style.paint(_versions(found), "bold"), *wrap(clean(headline(found)), width), ""]
    for title, groups in (("by repository", found.by_repository()), ("by owner", found.by_owner())):
        if groups:
            lines += [*_table(title, groups, style), ""]
    reasons = found.reasons()
    if reasons:
        lines.append(style.paint("because of", "bold"))
        lines += [f"  {many:>6,}  {short(rule)} {short(key)}" for rule, key, many in reasons[:SHOWN]]
        lines.append("")
    for turn, title in _TITLES.items():
        hits = found.of(turn)
        if not hits:
            continue
        lines.append(style.paint(title, "bold red" if turn is Turn.FAILS else "bold"))
        for hit in hits[:SHOWN]:
            lines += wrap(clean(_line(hit), 400), width, first="  ", rest="      ")
            for finding in hit.findings[:4]:
                lines += wrap(clean(finding.message, 300), width, first="      ", rest="        ")
        if len(hits) > SHOWN:
            lines.append(f"  and {len(hits) - SHOWN:,} more (--format json lists all)")
        lines.append("")
    lines += [line for note in _notes(found) for line in wrap(clean(note, 600), width)]
    return "".join(f"{line.rstrip()}\n" for line in lines).rstrip("\n") + "\n"


def render_json(found: Impact, style: Style = PLAIN) -> str:  # noqa: ARG001 - one signature for all views
    """For programs: everything."""
    return json.dumps(document(found), ensure_ascii=False, indent=2) + "\n"


def render_markdown(found: Impact, style: Style = PLAIN) -> str:  # noqa: ARG001 - one signature for all views
    """For a pull request: the sentence, tables, the resources folded."""
    lines = [f"### {prose(_versions(found))}", "", f"**{prose(headline(found))}**", ""]
    for title, groups in (("repository", found.by_repository()), ("owner", found.by_owner())):
        if groups:
            lines += [f"| {title} | fail | pass | undecided | $ a day |", "| --- | ---: | ---: | ---: | ---: |"]
            lines += [
                f"| {code(each.name)} | {each.fails:,} | {each.passes:,} | {each.undecided:,} | {_dollars(each)} |"
                for each in groups[:SHOWN]
            ]
            lines += [f"| and {len(groups) - SHOWN:,} more | | | | |"] if len(groups) > SHOWN else []
            lines.append("")
    for turn, title in _TITLES.items():
        hits = found.of(turn)
        if not hits:
            continue
        what = _ONE.get(turn, title) if len(hits) == 1 else title
        lines += [f"<details><summary>{count(len(hits), 'resource')} {what}</summary>", ""]
        for hit in hits[:SHOWN]:
            why = "; ".join(prose(clean(finding.message, 300)) for finding in hit.findings[:4])
            lines.append(f"- {code(place(hit.resource))} {prose(_whose(hit))}{': ' + why if why else ''}")
        lines += [f"- and {len(hits) - SHOWN:,} more"] if len(hits) > SHOWN else []
        lines += ["", "</details>", ""]
    lines += [f"- {prose(clean(note, 600))}" for note in _notes(found)]
    return "\n".join(lines).rstrip("\n") + "\n"


VIEWS: dict[str, Callable[[Impact, Style], str]] = {
    "text": render_text,
    "json": render_json,
    "markdown": render_markdown,
}


def headline(found: Impact) -> str:
    """`37 resources in 4 repositories will fail, 12 of them owned by search; $214.00 a day.`"""
    fails = found.of(Turn.FAILS)
    if fails:
        where = len({hit.repository for hit in fails})
        owners = [group for group in found.by_owner() if group.fails and group.name not in (NOBODY, UNTOLD)]
        text = f"{count(len(fails), 'resource')} in {count(where, 'repository', 'repositories')} will fail"
        if owners:
            share = "all" if owners[0].fails == len(fails) else f"{owners[0].fails:,} of them"
            text += f", {share} owned by {owners[0].name}"
        priced = sum(hit.usd_per_day is not None for hit in fails)
        if priced:
            part = "" if priced == len(fails) else f" ({priced:,} of {len(fails):,} priced)"
            text += f"; {_money(found.usd_per_day)} a day{part}"
    else:
        text = "No resource will fail that passes now"
    same = found.resources - len(found.hits)
    others = [
        (len(found.of(Turn.WORSE)), "fails already and for more reasons", "fail already and for more reasons"),
        (len(found.of(Turn.PASSES)), "will pass", "will pass"),
        (len(found.of(Turn.UNDECIDED)), "becomes undecided", "become undecided"),
        (same, "stays as it is", "stay as they are"),
    ]
    rest = ", ".join(f"{many:,} {one if many == 1 else more}" for many, one, more in others if many)
    return f"{text}." + (f" {rest}." if rest else "")


def document(found: Impact) -> dict[str, Any]:
    """The impact as plain values. Amounts are dollars a day, as text, so that nothing is rounded."""
    return {
        "schema": 1,
        "tool": {"name": "tagwright", "version": __version__},
        "old": {"name": found.diff.old.name, "version": found.diff.old.version, "digest": found.diff.old.digest},
        "new": {"name": found.diff.new.name, "version": found.diff.new.version, "digest": found.diff.new.digest},
        "bump": found.diff.bump.word,
        "summary": {
            "resources": found.resources,
            **{turn.value: len(found.of(turn)) for turn in _TITLES},
            "same": found.resources - len(found.hits),
            "usd_per_day": str(found.usd_per_day),
        },
        "by_repository": [_group_object(group) for group in found.by_repository()],
        "by_owner": [_group_object(group) for group in found.by_owner()],
        "reasons": [{"rule": rule, "key": key, "resources": many} for rule, key, many in found.reasons()],
        "resources": [
            {
                "turn": hit.turn.value,
                "address": hit.resource.address,
                "type": hit.resource.type,
                "scope": hit.resource.scope,
                "repository": hit.repository,
                "owner": None if hit.owner in (NOBODY, UNTOLD) else hit.owner,
                "usd_per_day": None if hit.usd_per_day is None else str(hit.usd_per_day),
                "before": hit.before.verdict.value,
                "after": hit.after.verdict.value,
                "location": location_object(hit.resource.location),
                "findings": [finding_object(finding, blocking=hit.turn is Turn.FAILS) for finding in hit.findings],
            }
            for hit in found.hits
        ],
        "problems": [
            {"path": each.path, "line": each.line, "column": each.column, "reason": each.reason}
            for each in found.problems
        ],
        "notes": list(found.notes),
    }


def _group_object(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "fails": group.fails,
        "worse": group.worse,
        "undecided": group.undecided,
        "passes": group.passes,
        "usd_per_day": str(group.usd_per_day),
        "priced": group.priced,
    }


def _versions(found: Impact) -> str:
    old, new = found.diff.old, found.diff.new
    return short(f"{old.name} {old.version} -> {new.version}: {diff_headline(found.diff)}")


def _table(title: str, groups: tuple[Group, ...], style: Style) -> list[str]:
    names = [short(group.name) for group in groups[:SHOWN]]
    width = min(max((columns(name) for name in (title, *names)), default=0), max(style.width - 44, 20))
    lines = [style.paint(f"{title:<{width}}    fail    pass  undecided       $ a day", "bold")]
    for name, group in zip(names, groups, strict=False):
        numbers = f"{group.fails:>8,}{group.passes:>8,}{group.undecided:>11,}{_dollars(group):>14}"
        if columns(name) > width:
            lines += [f"  {name}", f"  {'':<{width}}{numbers[2:]}"]
        else:
            lines.append(f"{name}{' ' * (width - columns(name))}{numbers}")
    if len(groups) > SHOWN:
        lines.append(f"and {len(groups) - SHOWN:,} more (--format json lists all)")
    return lines


def _dollars(group: Group) -> str:
    return f"{group.usd_per_day:,.2f}" if group.priced else "-"


def _money(amount: Decimal) -> str:
    return f"${amount:,.2f}"


def _line(hit: Hit) -> str:
    return f"{place(hit.resource)}  {_whose(hit)}"


def _whose(hit: Hit) -> str:
    price = f", {_money(hit.usd_per_day)} a day" if hit.usd_per_day is not None else ""
    return f"{hit.repository}, {hit.owner}{price}"


def _notes(found: Impact) -> list[str]:
    notes = [f"not read: {each.path}: {each.reason}" for each in found.problems[:20]]
    if len(found.problems) > 20:
        notes.append(f"and {len(found.problems) - 20:,} more files that could not be read")
    return [*notes, *(f"note: {note}" for note in found.notes)]
