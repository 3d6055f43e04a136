"""Code against live, as text, JSON and Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tagwright_cli.formats.markdown import code, prose
from tagwright_cli.sanitise import clean, short
from tagwright_cli.terminal import Style
from tagwright_cli.version import __version__
from tagwright_cli.wording import count, listed
from tagwright_cli.wrapping import PROSE, wrap
from tagwright_drift.declared.model import HIDDEN, Comparison, Difference, Kind
from tagwright_drift.runs.model import RunHeader

SHOWN = 200
"""Differences of each kind that text lists; JSON has all of them."""
IN_A_COMMENT = 40
"""The same for Markdown: GitHub refuses a comment of more than 65,536 characters."""

_TITLES = {
    Kind.REMOVED: "tags removed outside code",
    Kind.CHANGED: "tags changed outside code",
    Kind.ADDED: "tags added outside code",
    Kind.DELETED: "in code, and not live any more",
    Kind.UNMANAGED: "live, and in none of these states",
}
_NEXT = {
    Kind.REMOVED: "apply the code again, or take the tag out of it",
    Kind.CHANGED: "apply the code again, or write the live value into it",
    Kind.ADDED: "write the tag into the code, or remove it from the resource",
    Kind.DELETED: "apply the code again, or remove the resource from it",
    Kind.UNMANAGED: "import it into code, or name the state that it is in",
}


def render_text(found: Comparison, run: RunHeader, style: Style) -> str:
    """For a person: the sentence, what was not seen, then every difference with what to do."""
    width = min(style.width, PROSE)
    lines = [style.paint(line, "bold") for line in wrap(clean(headline(found, run)), width)]
    lines += [line for note in _notes(found) for line in wrap(clean(note, 600), width)]
    for kind, title in _TITLES.items():
        differences = found.of(kind)
        if not differences:
            continue
        lines += ["", style.paint(f"{title}: {len(differences):,}", "bold"), f"  help  {_NEXT[kind]}"]
        for each in differences[:SHOWN]:
            lines += wrap(clean(_line(each), 800), width, first="  ", rest="      ")
        if len(differences) > SHOWN:
            lines.append(f"  and {len(differences) - SHOWN:,} more (--format json lists all)")
    if found.undecided:
        lines += ["", style.paint(f"not compared: {len(found.undecided):,}", "bold")]
        for one in found.undecided[:SHOWN]:
            key = f" {short(one.key)}" if one.key else ""
            text = f"{short(one.declared)}{key}: {clean(one.why, 300)}"
            lines += wrap(text, width, first="  ", rest="      ")
        if len(found.undecided) > SHOWN:
            lines.append(f"  and {len(found.undecided) - SHOWN:,} more (--format json lists all)")
    return "".join(f"{line.rstrip()}\n" for line in lines)


def render_json(found: Comparison, run: RunHeader, style: Style) -> str:  # noqa: ARG001 - one signature for all views
    """For programs: everything."""
    return json.dumps(document(found, run), ensure_ascii=False, indent=2) + "\n"


def render_markdown(found: Comparison, run: RunHeader, style: Style) -> str:  # noqa: ARG001 - one signature
    """For an issue or a job's summary: the sentence, a table a kind."""
    lines = [f"**{prose(headline(found, run))}**", "", *(f"- {prose(clean(note, 600))}" for note in _notes(found)), ""]
    for kind, title in _TITLES.items():
        differences = found.of(kind)
        if not differences:
            continue
        lines += [f"#### {title}: {len(differences):,}", "", f"{prose(_NEXT[kind])}.", ""]
        lines += ["| resource | key | code | live | state |", "| --- | --- | --- | --- | --- |"]
        for each in differences[:IN_A_COMMENT]:
            name = code(each.declared or each.name or each.arn)
            if not each.declared:
                name += f" {code(each.arn)}"
            cells = (name, code(each.key), code(each.code or ""), code(each.live or ""), code(each.source))
            lines.append(f"| {' | '.join(cells)} |")
        lines += (
            [f"| and {len(differences) - IN_A_COMMENT:,} more | | | | |"] if len(differences) > IN_A_COMMENT else []
        )
        lines.append("")
    if found.undecided:
        lines += [f"#### not compared: {len(found.undecided):,}", ""]
        lines += [
            f"- {code(one.declared)} {code(one.key)} {prose(clean(one.why, 300))}"
            for one in found.undecided[:IN_A_COMMENT]
        ]
        lines += [f"- and {len(found.undecided) - IN_A_COMMENT:,} more"] if len(found.undecided) > IN_A_COMMENT else []
    return "\n".join(lines).rstrip("\n") + "\n"


VIEWS: dict[str, Callable[[Comparison, RunHeader, Style], str]] = {
    "text": render_text,
    "json": render_json,
    "markdown": render_markdown,
}


def headline(found: Comparison, run: RunHeader) -> str:
    """`3 differences between code and scan 2026...: 1 tag removed, ...`"""
    kinds = {Kind.REMOVED: "removed", Kind.CHANGED: "changed", Kind.ADDED: "added", Kind.DELETED: "deleted"}
    counted = [(len(found.of(kind)), words) for kind, words in (kinds | {Kind.UNMANAGED: "unmanaged"}).items()]
    parts = listed((f"{number:,} {words}" for number, words in counted if number), 5)
    compared = f"{found.matched:,} of {count(found.declared, 'managed resource')} found live in scan {short(run.id)}"
    if not found.differences:
        return f"No difference between code and live; {compared}."
    return f"{count(len(found.differences), 'difference')} between code and live ({parts}); {compared}."


def document(found: Comparison, run: RunHeader) -> dict[str, Any]:
    """The comparison as plain values."""
    return {
        "schema": 1,
        "tool": {"name": "tagwright", "version": __version__},
        "run": {"id": run.id, "scope": run.scope},
        "summary": {
            "managed": found.declared,
            "found_live": found.matched,
            "live": found.live,
            "made_by_groups": found.grouped,
            "whole": found.whole,
            **{kind.value: len(found.of(kind)) for kind in Kind},
            "not_compared": len(found.undecided),
        },
        "differences": [
            {
                "kind": each.kind.value,
                "type": each.type,
                "arn": each.arn,
                "name": each.name,
                "account": each.account,
                "region": each.region,
                "state": each.source or None,
                "address": each.declared or None,
                "key": each.key or None,
                "code": each.code,
                "live": each.live,
            }
            for each in found.differences
        ],
        "not_compared": [
            {
                "state": each.source,
                "address": each.declared,
                "type": each.type,
                "arn": each.arn,
                "key": each.key or None,
                "why": each.why,
            }
            for each in found.undecided
        ],
        "cells_not_seen": [
            {
                "account": each.cell.account,
                "region": each.cell.region,
                "type": each.cell.type,
                "state": each.state.value,
                "reason": each.reason,
            }
            for each in found.cells
        ],
        "types_not_scanned": dict(found.unlisted),
    }


def _line(each: Difference) -> str:
    where = f"{short(each.declared)} ({short(each.source)})" if each.declared else short(each.name)
    place = "" if each.declared and each.kind is not Kind.DELETED else f"  {short(each.arn)}"
    if each.kind is Kind.REMOVED:
        return f"{where}: {short(each.key)} = {_value(each.code)}"
    if each.kind is Kind.CHANGED:
        return f"{where}: {short(each.key)} = {_value(each.code)} in code, {_value(each.live)} live"
    if each.kind is Kind.ADDED:
        return f"{where}: {short(each.key)} = {_value(each.live)}"
    return f"{where}{place} ({short(each.type)}, {short(each.account)} {short(each.region)})"


def _value(value: str | None) -> str:
    return HIDDEN if value == HIDDEN else f'"{short(value or "")}"'


def _notes(found: Comparison) -> Iterator[str]:
    if found.cells:
        shown = listed((f"{each.cell} ({each.state})" for each in found.cells), 5)
        yield f"not seen whole: {count(len(found.cells), 'cell')}: {shown}"
    if found.grouped:
        yield f"{count(found.grouped, 'live resource')} of groups and clusters are nobody's code and are left out"
    if found.unlisted:
        shown = listed((f"{name} ({number:,})" for name, number in found.unlisted), 8)
        yield f"of types that this scan did not look for, and not compared: {shown}"
