"""The files for programs and spreadsheets: CSV, JSON and the Atom feed."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.publishing import addresses, words
from tagwright_dictionary.publishing.ahead import Ahead
from tagwright_dictionary.publishing.history import Chapter, dated
from tagwright_dictionary.publishing.html import attribute, escaped, visible

COLUMNS = (
    "key", "key_title", "value", "title", "description", "status", "until", "replaced_by", "owner", "billing_code",
    "approvers", "aliases", "related", "page",
)  # fmt: skip
FEED_LINES = 100

# What makes a spreadsheet run a cell (OWASP, "CSV Injection"), also in full width.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def values_csv(dictionary: Dictionary) -> bytes:
    """Every approved value in a row: UTF-8 with a byte order mark, as Excel needs, CRLF as RFC 4180 has it. What does
    not print is written as its code point: a direction override would reorder what a reader approves.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for key in dictionary.keys:
        title, approvers = words.heading(key), "; ".join(key.approvers)
        for value in key.values or ():
            related = "; ".join(
                f"{name}={target}" for name, targets in value.relations if name != "owner" for target in targets
            )
            row = (
                key.name,
                title,
                value.value,
                value.title,
                value.description,
                value.status,
                value.until.isoformat() if value.until else "",
                value.replaced_by,
                value.owner,
                value.billing_code,
                approvers,
                "; ".join(value.aliases),
                related,
                addresses.value_page(key.name, value.value),
            )
            writer.writerow([inert(visible(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig", "backslashreplace")


def inert(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{cell}" if cell.startswith(_RUNS) or cell.lstrip().startswith(_RUNS) else cell


def changes_json(dictionary: Dictionary, told: Sequence[Chapter], ahead: Ahead) -> bytes:
    """The changelog and what is ahead, for programs."""
    document = {
        "name": dictionary.name,
        "ahead": [
            {
                "date": turn.day.isoformat(),
                "keys": list(turn.keys),
                "value": turn.value,
                "requirement": turn.requirement,
                "exemption": turn.exemption,
                "now": turn.now,
                "then": turn.then,
            }
            for turn in ahead.turns
        ],
        "next": _chapter(ahead.coming) if ahead.coming else None,
        "versions": [_chapter(chapter) for chapter in told],
    }
    return (json.dumps(document, ensure_ascii=True, indent=1) + "\n").encode("ascii")


def _chapter(chapter: Chapter) -> dict[str, Any]:
    dictionary, day, comparison = chapter.release.dictionary, chapter.release.day, chapter.comparison
    return {
        "version": dictionary.version,
        "digest": dictionary.digest,
        "date": day.isoformat() if day else None,
        "since": chapter.before.version if chapter.before else None,
        "level": comparison.level if comparison else None,
        "changes": [
            {
                "kind": line.kind,
                "key": line.key,
                "value": line.value,
                "requirement": line.requirement,
                "text": line.sentence,
                "before": line.before,
                "after": line.after,
                "effects": list(line.effects),
            }
            for line in (comparison.lines if comparison else ())
        ],
    }


def feed(dictionary: Dictionary, told: Sequence[Chapter], today: date, home: str) -> bytes:
    """The changelog as an Atom feed (RFC 4287). `home` is the site's address, "" where it is not known: links are then
    relative to the feed, which the RFC allows.
    """
    days = dated(told, today)
    entries = "".join(_entry(dictionary, chapter, day, home) for chapter, day in zip(told, days, strict=True))
    author = dictionary.contacts[0] if dictionary.contacts else dictionary.name
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        f"<title>{escaped(dictionary.name)}: changes of the tag dictionary</title>\n"
        f"<id>{_identity(dictionary.name)}</id>\n<updated>{max(days).isoformat()}T00:00:00Z</updated>\n"
        f"<author><name>{escaped(author)}</name></author>\n"
        f'<link rel="self" type="application/atom+xml" href="{attribute(home)}feed.xml"/>\n'
        f'<link rel="alternate" type="text/html" href="{attribute(home)}{addresses.CHANGES}"/>\n{entries}</feed>\n'
    )
    return text.encode("utf-8")


def _entry(dictionary: Dictionary, chapter: Chapter, day: date, home: str) -> str:
    version = chapter.release.dictionary.version
    comparison = chapter.comparison
    lines = comparison.lines if comparison else ()
    summary = f"{words.counted(len(lines), 'change')}, {comparison.level}" if comparison else "The first version known."
    page = f"{addresses.CHANGES}#{attribute(chapter.anchor)}"
    items = "".join(f"<li>{escaped(f'{line.kind}: {line.sentence}')}</li>" for line in lines[:FEED_LINES])
    more = f"<p>and {len(lines) - FEED_LINES:,} more</p>" if len(lines) > FEED_LINES else ""
    content = f'<content type="html">{escaped(f"<ul>{items}</ul>{more}")}</content>\n' if items else ""
    return (
        f"<entry>\n<title>{escaped(dictionary.name)} {escaped(version)}</title>\n"
        f"<id>{_identity(f'{dictionary.name} {version}')}</id>\n<updated>{day.isoformat()}T00:00:00Z</updated>\n"
        f'<link rel="alternate" type="text/html" href="{attribute(home)}{page}"/>\n'
        f"<summary>{escaped(summary)}</summary>\n{content}</entry>\n"
    )


def _identity(text: str) -> str:
    """An id that stays the same wherever the site lives."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"https://tagwright.example/{text}").urn
