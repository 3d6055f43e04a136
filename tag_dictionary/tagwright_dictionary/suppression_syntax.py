"""The inline suppression: `# tagwright:ignore[missing-tag, owner] until=2026-12-31 reason="moved next sprint"`.

The bracket names rules, keys, or both; `until` is the last day it holds; the reason is for the reader. It stands in
a comment of any style (`#`, `//`, `/* */`), spaces are free. Readers find it, the gate decides whether it is honoured.
"""

from __future__ import annotations

import re
from datetime import date

from tagwright_dictionary.judging.text import quoted
from tagwright_dictionary.model import Location, Suppression

_MARK = re.compile(r"tagwright\s{0,9}:\s{0,9}ignore\b[ \t]*", re.IGNORECASE)
_MISSPELT = re.compile(
    r"tagwright\s{0,9}[:-]\s{0,9}(?:ignored?|ignores|ignore-[\w-]+|disable[\w-]*|skip[\w-]*|suppress[\w-]*|exempt[\w-]*)"
    r"(?=[\s\[(=:]|$)",
    re.IGNORECASE,
)
_FIELD = re.compile(r"([A-Za-z_-]+)\s*=\s*(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\s\"',]+))")
_UNCLOSED = re.compile(r"[A-Za-z_-]+\s*=\s*[\"']")
_LONGEST = 2000
_SYNTAX = 'tagwright:ignore[rule, key] until=YYYY-MM-DD reason="..."'


def parse(comment_text: str, location: Location) -> Suppression | None:
    """The suppression in a comment, or None when it holds none.

    A malformed one comes back with `problem` saying what is wrong; it is never honoured. Whether the items are rules
    or keys that exist, and whether the day has passed, is for the gate to say. Reads the first 2,000 characters.
    """
    text = comment_text[:_LONGEST]
    found = _opening(_MARK, text)
    if found is None:
        if _opening(_MISSPELT, text) is None:
            return None
        return Suppression((), None, None, location, comment_text.strip(), f"it is not written {_SYNTAX}")
    rest = text[found.end() :].split("\n", 1)[0]
    comment_end = rest.find("*/")
    rest = (rest if comment_end < 0 else rest[:comment_end]).strip()
    items, rest, problem = _bracket(rest)
    fields, field_problem = _fields(rest)
    reason = fields.get("reason")
    return Suppression(
        items,
        fields.get("until"),
        reason.strip() if reason is not None else None,
        location,
        comment_text.strip(),
        problem or field_problem or _incomplete(fields),
    )


def expiry(text: str | None) -> date | None:
    """The day in `until=`, or None when it is not a real day written YYYY-MM-DD."""
    if text is None or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _opening(mark: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first mark that opens a comment, a line of one, or one put behind another; not one in running text."""
    for found in mark.finditer(text):
        before = text[: found.start()]
        said = before.rstrip(" \t\r\n#/*")
        leader = before[len(said) :]
        if not said or "#" in leader or "\n" in leader or "//" in leader or "/*" in leader:
            return found
    return None


def _bracket(rest: str) -> tuple[tuple[str, ...], str, str]:
    if not rest.startswith("["):
        return (), rest, f"no rule or key is named: write {_SYNTAX}"
    inside, closed, after = rest[1:].partition("]")
    if not closed:
        return (), "", "the bracket is not closed"
    items = tuple(dict.fromkeys(item.strip("\"'`") for item in re.split(r"[\s,;]+", inside) if item.strip("\"'`")))
    return items, after, "" if items else "the bracket is empty: name a rule or a key"


def _fields(rest: str) -> tuple[dict[str, str], str]:
    fields: dict[str, str] = {}
    problem = ""
    for found in _FIELD.finditer(rest):
        name = found.group(1).lower()
        value = next(group for group in found.groups()[1:] if group is not None)
        if name not in ("until", "reason"):
            problem = problem or f"unknown field {quoted(name)}: there are until and reason"
        elif name in fields:
            problem = problem or f"{name} is given twice"
        else:
            fields[name] = value
    left = _FIELD.sub(" ", rest)
    if not problem and _UNCLOSED.search(left):
        problem = "a quote is not closed"
    if not problem and left.strip(" \t,;"):
        problem = f"{quoted(left.strip(), 40)} is not understood: write the reason in quotes"
    return fields, problem


def _incomplete(fields: dict[str, str]) -> str:
    if not fields.get("reason", "").strip():
        return "it gives no reason"
    until = fields.get("until")
    if until is None:
        return "it has no end: add until=YYYY-MM-DD"
    return "" if expiry(until) is not None else f"until={quoted(until, 40)} is not a day written YYYY-MM-DD"
