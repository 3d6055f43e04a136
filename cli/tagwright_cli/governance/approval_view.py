"""Sign-offs of a dictionary's change as text, JSON and Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tagwright_cli.formats.markdown import code, prose
from tagwright_cli.governance.diff_view import change_object
from tagwright_cli.sanitise import clean, short
from tagwright_cli.terminal import PLAIN, Style
from tagwright_cli.version import __version__
from tagwright_cli.wording import count, listed
from tagwright_cli.wrapping import PROSE, wrap
from tagwright_dictionary.lifecycle.approval import Approval, SignOff
from tagwright_dictionary.lifecycle.changes import Change

_SHOWN = 12


def render_text(found: Approval, base: str, style: Style = PLAIN) -> str:
    """For a person: a line a key, what is refused, the verdict last."""
    width = min(style.width, PROSE)
    lines = [style.paint(_title(found, base), "bold"), ""]
    for each in found.sign_offs:
        lines += wrap(f"{_name(each.key)}: {clean(_state(each), 600)}", width, first="  ", rest="      ")
        for change in each.changes[:_SHOWN]:
            told = f"{clean(change.message, 300)}{_by(found, change)}"
            lines += wrap(f"- {told}", width, first="      ", rest="        ")
        if len(each.changes) > _SHOWN:
            lines.append(f"      and {len(each.changes) - _SHOWN:,} more")
    for problem in _refused(found):
        lines += wrap(clean(f"refused: {problem}", 600), width, first="  ", rest="      ")
    for note in found.notes:
        lines += wrap(clean(f"note: {note}", 600), width, first="  ", rest="      ")
    lines += ["", *wrap(verdict(found), width)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def render_json(found: Approval, base: str, style: Style = PLAIN) -> str:  # noqa: ARG001 - one signature for all views
    """For programs: everything."""
    return json.dumps(document(found, base), ensure_ascii=False, indent=2) + "\n"


def render_markdown(found: Approval, base: str, style: Style = PLAIN) -> str:  # noqa: ARG001 - one signature for all
    """For a pull request: a table of keys, then what is refused."""
    lines = [f"### {prose(_title(found, base))}", "", f"**{prose(verdict(found))}**", ""]
    if found.sign_offs:
        lines += ["| key | sign-off | changes |", "| --- | --- | --- |"]
    for each in found.sign_offs:
        told = (f"{clean(change.message, 300)}{_by(found, change)}" for change in each.changes[:_SHOWN])
        changes = "<br>".join(map(prose, told))
        more = f"<br>and {len(each.changes) - _SHOWN:,} more" if len(each.changes) > _SHOWN else ""
        lines.append(f"| {code(_name(each.key))} | {prose(clean(_state(each), 600))} | {changes}{more} |")
    problems = [f"- refused: {prose(clean(problem, 600))}" for problem in _refused(found)]
    notes = [f"- {prose(clean(note, 600))}" for note in found.notes]
    lines += ["", *problems, *notes] if problems or notes else []
    return "\n".join(lines).rstrip("\n") + "\n"


VIEWS: dict[str, Callable[[Approval, str, Style], str]] = {
    "text": render_text,
    "json": render_json,
    "markdown": render_markdown,
}


def verdict(found: Approval) -> str:
    """`approved: team, owner signed off.`, or what is missing."""
    if not found.sign_offs:
        return "approved: the dictionary did not change."
    if found.approved:
        given = [_name(each.key) for each in found.sign_offs if each.approvers]
        return clean(f"approved: {listed(given, 8)} signed off.") if given else "approved: nobody has to sign off."
    parts = []
    if found.missing:
        parts.append(f"{listed((_name(each.key) for each in found.missing), 8)} not signed off")
    if found.near:
        parts.append(count(len(found.near), "near duplicate"))
    if found.in_use:
        parts.append(f"{count(len(found.in_use), 'value')} removed without a successor")
    return clean(f"blocked: {', '.join(parts)}.")


def document(found: Approval, base: str) -> dict[str, Any]:
    """The answer as plain values."""
    return {
        "schema": 1,
        "tool": {"name": "tagwright", "version": __version__},
        "base": base,
        "old": {"version": found.diff.old.version, "digest": found.diff.old.digest},
        "new": {"version": found.diff.new.version, "digest": found.diff.new.digest},
        "approved": found.approved,
        "sign_offs": [
            {
                "key": each.key or None,
                "given": each.given,
                "approvers": list(each.approvers),
                "approved_by": list(each.by),
                "changes_requested_by": list(each.against),
                "stale_approvals": list(each.stale),
                "approvals_of_own_changes": list(each.own),
                "approvers_without_members": list(each.nobody),
                "changes": [_change_object(found, change) for change in each.changes],
            }
            for each in found.sign_offs
        ],
        "near_duplicates": [
            {"key": each.key, "value": each.value, "like": each.other, "why": each.why} for each in found.near
        ],
        "removed_without_successor": [
            {
                "key": each.key,
                "value": each.value or None,
                "ended": each.ended,
                "looked": each.looked,
                "places": list(each.places),
            }
            for each in found.in_use
        ],
        "notes": list(found.notes),
    }


def _change_object(found: Approval, change: Change) -> dict[str, Any]:
    authors = [{"name": each.name, "email": each.email} for each in found.authors.of(change)]
    return {**change_object(change), "changed_by": authors}


def _by(found: Approval, change: Change) -> str:
    """`, by Ada and Grace`; "" where no commit tells. Without addresses: a report may be public."""
    names = [short(each.name) for each in found.authors.of(change)]
    return f", by {listed(names, 4)}" if names else ""


def _title(found: Approval, base: str) -> str:
    old, new = found.diff.old, found.diff.new
    return short(f"{new.name} {old.version} -> {new.version}, since {base[:12]}")


def _name(key: str) -> str:
    return short(key) if key else "the whole dictionary"


def _state(each: SignOff) -> str:
    if not each.approvers:
        return "needs no sign-off, it names no approvers"
    names = " or ".join(each.approvers)
    if each.given:
        return f"approved by {_logins(each.by)} for {names}"
    words = f"waits for {names}"
    if each.against:
        words += f"; {_logins(each.against)} asks for changes"
    if each.stale:
        words += f"; {_logins(each.stale)} approved an earlier commit, which does not count"
    if each.own:
        words += f"; {_logins(each.own)} wrote some of it, and nobody approves his own change"
    if each.nobody:
        words += f"; nobody is known to speak for {', '.join(each.nobody)} (--teams FILE)"
    return words


def _logins(names: tuple[str, ...]) -> str:
    return ", ".join(f"@{name}" for name in names)


def _refused(found: Approval) -> Iterator[str]:
    yield from map(str, found.near)
    yield from map(str, found.in_use)
