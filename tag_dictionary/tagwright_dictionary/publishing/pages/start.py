"""The start page: search, the way to "which tags do I need?", and every key."""

from __future__ import annotations

from tagwright_dictionary.dictionary import Key
from tagwright_dictionary.publishing import addresses, words
from tagwright_dictionary.publishing.facts import Facts
from tagwright_dictionary.publishing.html import EMPTY, Html, el, escaped, together
from tagwright_dictionary.publishing.pages import parts
from tagwright_dictionary.publishing.shell import Page, search_field

_SAYS = (
    "The gate blocks where these are missing.",
    "The gate asks for these, and lets pass.",
    "For those who plan and report by them.",
)


def start_page(facts: Facts, soon: Html, news: Html) -> Page:
    """`soon` is what is coming up, `news` what changed last, or nothing."""
    dictionary = facts.dictionary
    values = sum(len(key.values or ()) for key in dictionary.keys)
    counts = (
        f"{words.counted(len(dictionary.keys), 'tag key')}, {words.counted(values, 'approved value')} and "
        f"{words.counted(len(dictionary.requirements), 'rule')}: what every cost must say about itself, and why."
    )
    hero = el(
        "section",
        el("p", f"Tag dictionary, version {dictionary.version}", class_="over"),
        el("h1", dictionary.name),
        el("p", counts, class_="lead"),
        search_field(
            "Search keys, values, billing codes and owners", hint="Try a cost center, a team, a word", big=True
        ),
        el("noscript", el("p", "Search needs JavaScript. Every key and value can be read below without.")),
        el(
            "p",
            el("a", "Which tags do I need?", href=addresses.NEEDS, class_="action"),
            el("a", "The list for finance (CSV)", href="values.csv", class_="action quiet"),
            class_="actions",
        ),
        class_="hero",
    )
    groups = []
    for standing, name in enumerate(parts.STANDINGS):
        keys = [key for key in facts.ordered_keys() if facts.standing(key.name) == standing]
        if keys:
            heading = el("h2", name, el("small", _SAYS[standing]))
            groups.append(el("section", heading, el("ul", together(_card(facts, key) for key in keys), class_="cards")))
    return Page(
        addresses.START,
        "Tag dictionary",
        together((hero, *groups, soon, news)),
        description=f"The approved tag keys and values of {dictionary.name}.",
        hero=True,
    )


def _card(facts: Facts, key: Key) -> Html:
    return el(
        "li",
        el("h3", parts.key_link("", key)),
        el("p", parts.code(key.name), parts.required_from(facts, key), class_="name"),
        el("p", key.description) if key.description else None,
        el("p", _allowed(key), class_="allowed"),
        class_="card",
    )


def _allowed(key: Key) -> Html:
    values = key.values
    current = [value for value in values or () if value.status != "deprecated"]
    if values is not None and len(current) <= 8:
        return together(
            (
                el(
                    "a",
                    value.value,
                    href=addresses.value_page(key.name, value.value),
                    class_="chip",
                    title=value.title or None,
                )
                for value in current
            ),
            " ",
        )
    if values is not None:
        return el("a", words.counted(len(values), "approved value"), href=f"{addresses.key_page(key.name)}#values")
    if key.examples:
        return together(("such as ", together((parts.code(each) for each in key.examples[:2]), ", ")))
    return escaped(words.form(key)) if words.form(key) else EMPTY
