"""The page of a key; a long list of values continues on further pages."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.dictionary import Key, Value
from tagwright_dictionary.publishing import addresses, words
from tagwright_dictionary.publishing.ahead import Ahead, refused_from
from tagwright_dictionary.publishing.facts import Facts
from tagwright_dictionary.publishing.html import EMPTY, Html, el, escaped, together
from tagwright_dictionary.publishing.pages import parts
from tagwright_dictionary.publishing.pages.ahead import about
from tagwright_dictionary.publishing.shell import Page

ROWS = 200
"""Values on a page: a table that long still prints and scrolls well."""


_COLUMNS = {"owner": "Owner", "billing_code": "Billing code"}


def key_addresses(key: Key) -> Iterator[tuple[str, int]]:
    """(path, number) of each page of the key."""
    for number in range(1, _pages(key) + 1):
        yield addresses.key_page(key.name, number), number


def key_page(facts: Facts, ahead: Ahead, key: Key, number: int) -> Page:
    """One page of a key, the first with everything about it."""
    values = (key.values or ())[(number - 1) * ROWS : number * ROWS]
    title = words.heading(key)
    path = addresses.key_page(key.name, number)
    root = addresses.root_of(path)
    steps = [el("a", "Keys", href=root + addresses.START)]
    steps += [parts.key_link(root, key), escaped(f"page {number}")] if number > 1 else [el("span", title)]
    body = together(
        (
            el("nav", together(steps, " / "), class_="trail", aria_label="You are here"),
            el(
                "div",
                el("h1", title, " ", el("code", key.name, class_="name")),
                parts.standing_badge(facts, key),
                class_="title",
            ),
            _about(facts, ahead, key, root) if number == 1 else None,
            _values(facts, key, values, root, number, _pages(key)),
        )
    )
    name = title if number == 1 else f"{title}, page {number} of {_pages(key)}"
    return Page(path, name, body, description=key.description)


def _pages(key: Key) -> int:
    return max(1, -(-len(key.values or ()) // ROWS))


def _about(facts: Facts, ahead: Ahead, key: Key, root: str) -> Html:
    lead = el("p", key.description, class_="lead") if key.description else None
    allowed = escaped(words.form(key) or "anything that says who or what it is")
    rows = [
        ("What may be written", allowed),
        ("Form", parts.code(key.pattern) if key.pattern else EMPTY),
        ("For example", together((parts.code(example) for example in key.examples), " ")),
        ("Suggested first", parts.value_link(root, facts, key.name, key.default) if key.default else EMPTY),
        ("Approvers", parts.people(key.approvers)),
        ("Written otherwise on", parts.spellings(facts.dictionary, key.name)),
    ]
    return together(
        (
            lead,
            parts.definitions(rows),
            _required(facts, key, root),
            _compared(facts, key, root),
            about(root, facts, ahead.turns_of(key.name), ahead.lines_of(key.name, ""), ahead),
        )
    )


def _required(facts: Facts, key: Key, root: str) -> Html:
    found = facts.required_by.get(key.name, ())
    if not found:
        return el("section", el("h2", "Where it is required"), el("p", "Nowhere: it is optional."))
    items = together(
        el(
            "li",
            parts.requirement_link(root, each),
            " ",
            parts.strength_badge(facts, each),
            el("br"),
            parts.places(each),
            el("p", each.description) if each.description else None,
        )
        for each in found
    )
    return el("section", el("h2", "Where it is required"), el("ul", items, class_="rules"))


def _compared(facts: Facts, key: Key, root: str) -> Html:
    found = facts.rules_about(key.name)
    if not found:
        return EMPTY
    items = []
    for each in found:
        for match in each.match:
            if key.name in (match.key, match.of):
                says = f"{match.key} must be one that the {match.of} names, {parts.places(each)}"
                items.append(
                    el("li", parts.requirement_link(root, each), " ", parts.strength_badge(facts, each), el("br"), says)
                )
        for group in each.exclusive:
            if key.name in group:
                says = f"only one of {words.series(group)}, {parts.places(each)}"
                items.append(
                    el("li", parts.requirement_link(root, each), " ", parts.strength_badge(facts, each), el("br"), says)
                )
    return el("section", el("h2", "What it has to agree with"), el("ul", together(items), class_="rules"))


def _values(facts: Facts, key: Key, chunk: tuple[Value, ...], root: str, number: int, pages: int) -> Html:
    if key.values is None:
        return EMPTY
    total = len(key.values)
    columns = facts.filled[key.name]
    heads = ("Value", "Meaning", *(_COLUMNS[column] for column in columns))
    shown = _standing(facts, key.values)
    if pages > 1:
        first = (number - 1) * ROWS + 1
        shown = f"Values {first:,} to {first + len(chunk) - 1:,} of {total:,}"
    rows = (_row(key, value, root, columns) for value in chunk)
    return el(
        "section",
        el("h2", "Approved values", el("small", shown), id="values"),
        parts.table("Approved values", heads, rows),
        _turning(key, root, number, pages),
    )


def _standing(facts: Facts, values: tuple[Value, ...]) -> str:
    """`3 approved, 1 on its way out, 1 refused`, as of the day of the site."""
    out = [value for value in values if value.status == "deprecated"]
    ended = sum(first is not None and first <= facts.day for first in map(refused_from, out))
    counts = (
        (len(values) - len(out), "approved"),
        (len(out) - ended, "on the way out"),
        (ended, "refused by now"),
    )
    return ", ".join(f"{number:,} {what}" for number, what in counts if number) or "none yet"


def _row(key: Key, value: Value, root: str, columns: tuple[str, ...]) -> list[Html]:
    name = el("a", parts.code(value.value), href=root + addresses.value_page(key.name, value.value))
    meaning = together(
        (
            el("strong", value.title) if value.title else None,
            " " if value.title and value.description else None,
            value.description,
            " " if value.status != "active" else None,
            parts.status_badge(value),
        )
    )
    return [name, meaning, *(_cell(value, column) for column in columns)]


def _cell(value: Value, column: str) -> Html:
    if column == "owner":
        return parts.person(value.owner)
    return parts.code(value.billing_code) if value.billing_code else EMPTY


def _turning(key: Key, root: str, number: int, pages: int) -> Html:
    """Links to the first, last and neighbouring pages."""
    if pages == 1:
        return EMPTY
    near = sorted({1, pages, *range(max(1, number - 2), min(pages, number + 2) + 1)})
    shown: list[Html] = []
    before = 0
    for each in near:
        if each - before > 1:
            shown.append(el("span", "…"))
        before = each
        shown.append(
            el(
                "a",
                f"{each:,}",
                href=root + addresses.key_page(key.name, each) + "#values",
                aria_label=f"Page {each}",
                aria_current="page" if each == number else None,
            )
        )
    return el("nav", together(shown), class_="pages", aria_label="Pages of values")
