"""Pieces that several pages share."""

from __future__ import annotations

from collections.abc import Iterable

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Value
from tagwright_dictionary.publishing import addresses, words
from tagwright_dictionary.publishing.facts import Facts, blocks
from tagwright_dictionary.publishing.html import EMPTY, Html, el, escaped, together

STANDINGS = ("Required", "Recommended", "Optional")
CLOUDS = {"aws": "AWS", "gcp": "Google Cloud", "azure": "Azure", "kubernetes": "Kubernetes"}


def code(text: str) -> Html:
    """A key, value or other text to be typed exactly."""
    return el("code", text)


def link(root: str, path: str, text: str, **attributes: str) -> Html:
    return el("a", text, href=root + path, **attributes)


def anchor(requirement: Requirement) -> str:
    """The id of a requirement on the page of rules."""
    return f"r-{addresses.slug(requirement.id)}"


def requirement_link(root: str, requirement: Requirement) -> Html:
    return el("a", requirement.id, href=f"{root}{addresses.REQUIREMENTS}#{anchor(requirement)}")


def key_link(root: str, key: Key) -> Html:
    return el("a", words.heading(key), href=root + addresses.key_page(key.name))


def value_link(root: str, facts: Facts, key: str, value: str) -> Html:
    """The value, as a link where it has a page."""
    if facts.has_page(key, value):
        return el("a", code(value), href=root + addresses.value_page(key, value))
    return code(value)


def strength_badge(requirement: Requirement) -> Html:
    kind = "must" if blocks(requirement) else "should"
    return el("span", words.strength(requirement), class_=f"badge {kind}")


def standing_badge(facts: Facts, key: Key) -> Html:
    standing = facts.standing(key.name)
    return el("span", STANDINGS[standing], class_=f"badge {('must', 'should', 'may')[standing]}")


def status_badge(value: Value) -> Html:
    """Nothing for an active value. Whether the last day is over depends on the reader's day: a script says so."""
    if value.status != "deprecated":
        return EMPTY
    if value.until is None:
        return el("span", "deprecated", class_="badge out")
    until = value.until.isoformat()
    return el("span", "deprecated, until ", el("time", until, datetime=until), class_="badge out", data_until=until)


def places(requirement: Requirement) -> str:
    """`on GPU nodes and buckets, where environment is prod`."""
    where = words.condition(requirement)
    return f"on {words.selected(requirement.selector)}{', ' if where else ''}{where}"


def definitions(rows: Iterable[tuple[str, Html]]) -> Html:
    """A list of facts; rows with nothing to say are left out."""
    pairs = together(el("div", el("dt", name), el("dd", shown)) for name, shown in rows if shown)
    return el("dl", pairs, class_="facts") if pairs else EMPTY


def people(names: tuple[str, ...]) -> Html:
    return together((escaped(name) for name in names), ", ")


def spellings(dictionary: Dictionary, key: str) -> Html:
    """How the key is written on clouds that spell it otherwise."""
    found = []
    for encoding in dictionary.providers:
        written = dict(encoding.keys).get(key, key)
        kind = "annotation " if key in encoding.annotations else ""
        if written != key or kind:
            cloud = CLOUDS.get(encoding.provider, encoding.provider)
            found.append(together((escaped(f"{cloud}: {kind}"), code(written))))
    return together(found, "<br>")


def copyable(text: str, label: str) -> Html:
    """A line to paste, with a button that copies it."""
    button = el("button", "Copy", type="button", class_="copy js", data_copy=text, aria_label=f"Copy {label}")
    return el("div", el("code", text, class_="line"), button, class_="copyable")
