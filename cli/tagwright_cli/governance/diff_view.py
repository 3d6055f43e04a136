"""A comparison of dictionaries as text, JSON and Markdown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from tagwright_cli.formats.markdown import code, prose
from tagwright_cli.sanitise import clean, short
from tagwright_cli.terminal import PLAIN, Style
from tagwright_cli.version import __version__
from tagwright_cli.wording import count
from tagwright_cli.wrapping import PROSE, wrap
from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.lifecycle.changes import Change, Diff, Effect, Kind, Witness
from tagwright_dictionary.lifecycle.versions import Bump

SHOWN = 200
"""Changes of one sort that text and Markdown list; JSON has all of them."""

_TITLES = {
    "tightened": "tightened: tags that pass now will fail",
    "removed": "removed",
    "renamed": "renamed",
    "added": "added",
    "loosened": "loosened: tags that fail now will pass",
    "changed": "changed",
    "reworded": "reworded",
}


def render_text(found: Diff, today: date, style: Style = PLAIN) -> str:  # noqa: ARG001 - one signature for all views
    """For a person: what changed by sort, what breaks first, then the version."""
    lines = [style.paint(_versions(found), "bold"), f"{headline(found)}.", ""]
    width = min(style.width, PROSE)
    for name, changes in _groups(found).items():
        lines.append(style.paint(_TITLES[name], "bold red" if name == "tightened" else "bold"))
        for change in changes[:SHOWN]:
            lines += _change(change, width, style)
        if len(changes) > SHOWN:
            lines.append(f"  and {len(changes) - SHOWN:,} more (--format json lists all)")
        lines.append("")
    lines += wrap(verdict(found), width)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def render_json(found: Diff, today: date, style: Style = PLAIN) -> str:  # noqa: ARG001 - one signature for all views
    """For programs: everything."""
    return json.dumps(document(found, today), ensure_ascii=False, indent=2) + "\n"


def render_markdown(found: Diff, today: date, style: Style = PLAIN) -> str:  # noqa: ARG001 - one signature for all views
    """For a pull request: a table a sort."""
    lines = [f"### {prose(_versions(found))}", "", f"**{prose(headline(found))}.** {prose(verdict(found))}", ""]
    for name, changes in _groups(found).items():
        lines += [f"#### {prose(_TITLES[name])}", "", "| what | change |", "| --- | --- |"]
        lines += [f"| {code(change.path)} | {_cell(change)} |" for change in changes[:SHOWN]]
        if len(changes) > SHOWN:
            lines.append(f"| | and {len(changes) - SHOWN:,} more |")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


VIEWS: dict[str, Callable[[Diff, date, Style], str]] = {
    "text": render_text,
    "json": render_json,
    "markdown": render_markdown,
}


def headline(found: Diff) -> str:
    """`major: 1 value removed, 2 keys added; 1 change breaks those who comply today`."""
    if not found.changes:
        return "no change"
    counted = Counter((_noun(change.path), change.kind) for change in found.changes)
    parts = [count(number, noun) + f" {kind}" for (noun, kind), number in counted.items()]
    breaking = len(found.tightened)
    tail = f"; {count(breaking, 'change')} {'breaks' if breaking == 1 else 'break'} those who comply today"
    return f"{found.bump.word}: {', '.join(parts)}{tail if breaking else ''}"


def verdict(found: Diff) -> str:
    """Whether the version is high enough, in a sentence."""
    old, new = found.old.version, found.new.version
    if not found.changes and found.version_matches:
        return f"Nothing demands another version than {new}." if old == new else f"{old} became {new} for nothing."
    if found.version_matches:
        return f"The version {new} is fine: after {old} these changes demand at least {found.demands}."
    if found.bump is Bump.NONE:
        return f"The version went back from {old} to {new}."
    return f"The version {new} is too low: after {old} these changes demand {found.demands} ({found.bump.word})."


def document(found: Diff, today: date) -> dict[str, Any]:
    """The comparison as plain values."""
    return {
        "schema": 1,
        "tool": {"name": "tagwright", "version": __version__},
        "date": today.isoformat(),
        "old": _dictionary(found.old),
        "new": _dictionary(found.new),
        "bump": found.bump.word,
        "demands": found.demands,
        "version_matches": found.version_matches,
        "summary": {
            **{kind.value: sum(change.kind is kind for change in found.changes) for kind in Kind},
            **{effect.value: sum(effect in change.effects for change in found.changes) for effect in Effect},
        },
        "changes": [change_object(change) for change in found.changes],
    }


def change_object(change: Change) -> dict[str, Any]:
    """One change."""
    return {
        "path": change.path,
        "kind": change.kind.value,
        "effects": [effect.value for effect in change.effects],
        "bump": change.bump.word,
        "message": change.message,
        "before": change.before,
        "after": change.after,
        "keys": list(change.touches),
        "tightened_by": _witness(change.tightens),
        "loosened_by": _witness(change.loosens),
    }


def _witness(witness: Witness | None) -> dict[str, Any] | None:
    if witness is None:
        return None
    return {
        "resource": witness.resource,
        "tags": dict(witness.tags),
        "rule": witness.rule,
        "message": witness.message,
    }


def _dictionary(dictionary: Dictionary) -> dict[str, str]:
    return {
        "name": dictionary.name,
        "version": dictionary.version,
        "digest": dictionary.digest,
        "source": dictionary.source,
    }


def _versions(found: Diff) -> str:
    old, new = found.old, found.new
    name = "" if old.name == new.name else f"{new.name} "
    return short(f"{old.name} {old.version} -> {name}{new.version}")


def _groups(found: Diff) -> dict[str, list[Change]]:
    groups: dict[str, list[Change]] = {name: [] for name in _TITLES}
    for change in found.changes:
        if change.breaks:
            name = "tightened"
        elif change.kind is Kind.CHANGED and Effect.LOOSENED in change.effects:
            name = "loosened"
        else:
            name = change.kind.value
        groups[name].append(change)
    return {name: changes for name, changes in groups.items() if changes}


def _change(change: Change, width: int, style: Style) -> Iterator[str]:
    yield from wrap(clean(change.message, 400), width, first="  ", rest="    ")
    yield "    " + style.paint(short(change.path), "dim")
    if change.tightens is not None:
        yield from wrap(clean(f"passes now, will fail: {change.tightens}", 600), width, first="    ", rest="      ")
    elif change.breaks:
        yield "    not shown to be harmless, so it counts as breaking"


def _cell(change: Change) -> str:
    text = prose(clean(change.message, 400))
    if change.tightens is not None:
        text += f"<br>passes now, will fail: {prose(clean(str(change.tightens), 600))}"
    return text


def _noun(path: str) -> str:
    head, _, rest = path.partition(".")
    match head:
        case "keys":
            return "value" if ".values." in f".{rest}" else "key"
        case "requirements":
            return "requirement"
        case "service_levels":
            return "service level"
        case "targets":
            return "target"
        case "exemptions":
            return "exemption"
        case "providers":
            return "spelling"
        case _:
            return "setting"
