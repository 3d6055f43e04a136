"""The changelog, the short news on the start page, and what is left at the address of a value that is gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.publishing import addresses, words
from tagwright_dictionary.publishing.facts import Facts
from tagwright_dictionary.publishing.history import Chapter, Line
from tagwright_dictionary.publishing.html import EMPTY, Html, el, together
from tagwright_dictionary.publishing.pages import parts
from tagwright_dictionary.publishing.shell import Page

LINES = 500
"""Changes of one kind that are listed; of more than these the number is given (the JSON has them all)."""

NEWS = 6


def changes_page(facts: Facts, told: Sequence[Chapter]) -> Page:
    """Every release with what it changed."""
    sections = together(_chapter(facts, chapter) for chapter in told)
    body = together(
        (
            el("h1", "Changes"),
            el(
                "p",
                "What each version of the dictionary changed, newest first. ",
                el("a", "Follow it as a feed", href="feed.xml"),
                ".",
                class_="lead",
            ),
            sections,
        )
    )
    return Page(addresses.CHANGES, "Changes", body, section=addresses.CHANGES)


def news(facts: Facts, told: Sequence[Chapter]) -> Html:
    """What the newest version changed, for the start page; nothing where that is not known."""
    newest = told[0]
    if newest.comparison is None or not newest.comparison.lines:
        return EMPTY
    lines = newest.comparison.lines
    more = f"All {words.counted(len(lines), 'change')}" if len(lines) > NEWS else "All versions"
    return el(
        "section",
        el("h2", f"New in version {newest.release.dictionary.version}", _day(newest)),
        el("ul", together(_line(facts, line) for line in lines[:NEWS]), class_="changes"),
        el("p", el("a", more, href=f"{addresses.CHANGES}#{newest.anchor}")),
    )


def gone_pages(facts: Facts, told: Sequence[Chapter]) -> Iterable[Page]:
    """A page at each address that an earlier version had and this one has not: links in tickets and contracts must
    not end in nothing.
    """
    seen: set[str] = set()
    for newer, chapter in pairwise(told):
        old, new = chapter.release.dictionary, newer.release.dictionary
        for key in old.keys:
            known = facts.dictionary.key(key.name)
            if known is None and addresses.key_page(key.name) not in seen:
                seen.add(addresses.key_page(key.name))
                yield _gone(addresses.key_page(key.name), words.heading(key), key.name, new, "")
            for value in key.values or ():
                path = addresses.value_page(key.name, value.value)
                if not facts.has_page(key.name, value.value) and path not in seen:
                    seen.add(path)
                    heir = value.replaced_by if facts.has_page(key.name, value.replaced_by) else ""
                    yield _gone(path, value.title or words.heading(key), value.value, new, heir, key.name, facts)


def _gone(
    path: str, title: str, name: str, new: Dictionary, heir: str, key: str = "", facts: Facts | None = None
) -> Page:
    root = addresses.root_of(path)
    use = (
        together((" Use ", parts.value_link(root, facts, key, heir), " instead.")) if heir and facts is not None else ""
    )
    body = together(
        (
            el("h1", el("code", name), " ", el("span", title) if title != name else None),
            el(
                "p",
                el("strong", "Not in the dictionary any more. "),
                f"It was removed by version {new.version}.",
                use,
                class_="notice",
            ),
            el(
                "p",
                el("a", f"What {new.version} changed", href=f"{root}{addresses.CHANGES}#v{new.version}"),
                " · ",
                el("a", "Search the approved values", href=root + addresses.START),
            ),
        )
    )
    return Page(path, f"{name} (removed)", body, gone=True)


def _chapter(facts: Facts, chapter: Chapter) -> Html:
    release, comparison = chapter.release, chapter.comparison
    heading = el("h2", f"Version {release.dictionary.version}", _day(chapter))
    if comparison is None or chapter.before is None:
        return el("section", heading, el("p", "The first version known here."), id=chapter.anchor)
    if not comparison.lines:
        says = el("p", f"Nothing that a gate or a reader would notice since {chapter.before.version}.")
        return el("section", heading, says, id=chapter.anchor)
    kinds: dict[str, list[Line]] = {}
    for line in comparison.lines:
        kinds.setdefault(line.kind, []).append(line)
    groups = together(_group(facts, kind, lines) for kind, lines in kinds.items())
    since = el(
        "p",
        parts.level_badge(comparison.level),
        f" {words.counted(len(comparison.lines), 'change')} since {chapter.before.version}: "
        f"{words.level(comparison.level)}.",
    )
    return el("section", heading, since, groups, id=chapter.anchor)


def _group(facts: Facts, kind: str, lines: list[Line]) -> Html:
    items = together(_line(facts, line) for line in lines[:LINES])
    more = el("p", f"and {len(lines) - LINES:,} more, all in changes.json") if len(lines) > LINES else None
    return together((el("h3", f"{kind[:1].upper()}{kind[1:]}"), el("ul", items, class_="changes"), more))


def _line(facts: Facts, line: Line) -> Html:
    return el("li", parts.change(facts, line))


def _day(chapter: Chapter) -> Html | None:
    day = chapter.release.day
    return el("small", el("time", day.isoformat(), datetime=day.isoformat())) if day else None
