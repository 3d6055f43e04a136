"""Pieces that several pages share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Value
from tagwright_dictionary.model import Severity
from tagwright_dictionary.publishing import addresses, words
from tagwright_dictionary.publishing.facts import Facts
from tagwright_dictionary.publishing.history import Line
from tagwright_dictionary.publishing.html import EMPTY, Html, el, escaped, is_mail, together

STANDINGS = ("Required", "Recommended", "Optional")
CLOUDS = {"aws": "AWS", "gcp": "Google Cloud", "azure": "Azure", "kubernetes": "Kubernetes"}


def cloud(provider: str) -> str:
    """A cloud as people call it."""
    return CLOUDS.get(provider, provider)


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


def requirement_name(root: str, facts: Facts, name: str) -> Html:
    """The id of a requirement, as a link where the dictionary has it."""
    known = next((each for each in facts.dictionary.requirements if each.id == name), None)
    return code(name) if known is None else requirement_link(root, known)


def key_name(root: str, facts: Facts, name: str) -> Html:
    """The name of a key, as a link where the dictionary has it."""
    known = facts.dictionary.key(name)
    return code(name) if known is None else el("a", code(name), href=root + addresses.key_page(name))


def _cell(name: str, content: Html) -> Html:
    return el("td", el("div", content) if content else None, role="cell", data_label=name)


def value_link(root: str, facts: Facts, key: str, value: str) -> Html:
    """The value, as a link where it has a page."""
    if facts.has_page(key, value):
        return el("a", code(value), href=root + addresses.value_page(key, value))
    return code(value)


def strength_badge(facts: Facts, requirement: Requirement) -> Html:
    """What a breach does on the day of the site, and from which day it blocks where that is still to come."""
    severity = requirement.severity_on(facts.day)
    now = el("span", words.strength(severity), class_=f"badge {'must' if severity is Severity.ERROR else 'should'}")
    first = requirement.becomes_error
    if severity is Severity.ERROR or first is None:
        return now
    return together((now, " ", _from("blocks", first)))


def standing_badge(facts: Facts, key: Key) -> Html:
    """Required, recommended or optional, and from which day it is required where that is still to come."""
    standing = facts.standing(key.name)
    now = el("span", STANDINGS[standing], class_=f"badge {('must', 'should', 'may')[standing]}")
    return together((now, required_from(facts, key)))


def required_from(facts: Facts, key: Key) -> Html:
    """From which day a key is required, where that is still to come."""
    first = facts.mandatory_from(key.name)
    return EMPTY if first is None or first <= facts.day else together((" ", _from("required", first)))


def _from(what: str, first: date) -> Html:
    """A badge that says from when. Whether that day has come depends on the reader's: a script says so."""
    day = first.isoformat()
    return el("span", f"{what} from ", el("time", day, datetime=day), class_="badge soon", data_from=day, data_is=what)


def status_badge(value: Value) -> Html:
    """Nothing for an active value. Whether the last day is over depends on the reader's day: a script says so."""
    if value.status != "deprecated":
        return EMPTY
    if value.until is None:
        return el("span", "deprecated", class_="badge out")
    until = value.until.isoformat()
    return el("span", "deprecated, until ", el("time", until, datetime=until), class_="badge out", data_until=until)


_EFFECTS = {"tightened": "must", "loosened": "should"}
_LEVELS = {"major": "must", "minor": "should", "patch": "may"}


def effects(found: Iterable[str]) -> Html:
    """What a change does to verdicts, as badges after its sentence."""
    return together(together((" ", el("span", each, class_=f"badge {_EFFECTS.get(each, 'may')}"))) for each in found)


def subject(root: str, facts: Facts, line: Line) -> Html:
    """What a change is about, as links where the dictionary has it; nothing where it is about the whole."""
    if line.requirement:
        return requirement_name(root, facts, line.requirement)
    if not line.key:
        return EMPTY
    key = key_name(root, facts, line.key)
    return together((key, " ", value_link(root, facts, line.key, line.value))) if line.value else key


def change(facts: Facts, line: Line, root: str = "") -> Html:
    """A change in a sentence that begins with its subject."""
    about = subject(root, facts, line)
    return together((about, line.between if about else None, escaped(line.text), effects(line.effects)))


def level_badge(level: str) -> Html:
    """The step of the version number that changes demand."""
    return el("span", level, class_=f"badge {_LEVELS.get(level, 'may')}")


def places(requirement: Requirement) -> str:
    """`on GPU nodes and buckets, where environment is prod`."""
    where = words.condition(requirement)
    return f"on {words.selected(requirement.selector)}{', ' if where else ''}{where}"


def definitions(rows: Iterable[tuple[str, Html]]) -> Html:
    """A list of facts; rows with nothing to say are left out."""
    pairs = together(el("div", el("dt", name), el("dd", shown)) for name, shown in rows if shown)
    return el("dl", pairs, class_="facts") if pairs else EMPTY


def people(names: Iterable[str]) -> Html:
    """Names, each that is an e-mail address as a link that writes to it."""
    return together((person(name) for name in names), ", ")


def person(name: str) -> Html:
    """A name, as a link where it is an e-mail address."""
    return el("a", name, href=f"mailto:{name}") if is_mail(name) else escaped(name)


def table(label: str, heads: Sequence[str], rows: Iterable[Sequence[Html]], caption: str = "") -> Html:
    """A table whose first column names the row. On a phone each row is a card, its cells under the column's name:
    roles are spelled out because a browser forgets them with the layout.
    """
    head = el("tr", together(el("th", name, scope="col", role="columnheader") for name in heads), role="row")
    body = together(
        el(
            "tr",
            el("th", row[0], scope="row", role="rowheader"),
            together(
                el("td", el("div", cell) if cell else None, role="cell", data_label=name)
                for name, cell in zip(heads[1:], row[1:], strict=True)
            ),
            role="row",
        )
        for row in rows
    )
    made = el(
        "table",
        el("caption", caption) if caption else None,
        el("thead", head, role="rowgroup"),
        el("tbody", body, role="rowgroup"),
        role="table",
    )
    return el("div", made, class_="scroll", tabindex="0", role="region", aria_label=label)


def spellings(dictionary: Dictionary, key: str) -> Html:
    """How the key is written on clouds that spell it otherwise."""
    found = []
    for encoding in dictionary.providers:
        written = dict(encoding.keys).get(key, key)
        kind = "annotation " if key in encoding.annotations else ""
        if written != key or kind:
            found.append(together((escaped(f"{cloud(encoding.provider)}: {kind}"), code(written))))
    return together(found, "<br>")


def copyable(text: str, label: str) -> Html:
    """A line to paste, with a button that copies it."""
    button = el("button", "Copy", type="button", class_="copy js", data_copy=text, aria_label=f"Copy {label}")
    return el("div", el("code", text, class_="line"), button, class_="copyable")
