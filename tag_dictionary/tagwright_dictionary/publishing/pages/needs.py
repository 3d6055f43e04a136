"""The page "which tags do I need?": choose what you build and for what, take the tags away."""

from __future__ import annotations

from tagwright_dictionary.publishing import addresses
from tagwright_dictionary.publishing.facts import Facts
from tagwright_dictionary.publishing.html import Html, el, together
from tagwright_dictionary.publishing.pages import parts
from tagwright_dictionary.publishing.pages.parts import places
from tagwright_dictionary.publishing.shell import Page

SCRIPTS = (
    "needs-rules.js",
    "needs-limits.js",
    "needs-pretending.js",
    "needs-words.js",
    "needs-table.js",
    "snippets.js",
    "needs.js",
)


def needs_page(facts: Facts) -> Page:
    """The form; `assets/needs.js` fills it. Without JavaScript the rules are there to read."""
    form = el(
        "form",
        el(
            "section",
            el("h2", "What do you build?", id="what"),
            el("fieldset", el("legend", "Cloud"), el("div", id="clouds", class_="choices")),
            el(
                "div",
                _field("kind", "Kind of resource", el("select", id="kind")),
                _field("type", "Resource type", el("select", id="type")),
                class_="pair",
            ),
            _field(
                "other",
                "Name of the type",
                el("input", id="other", type="text", autocomplete="off", spellcheck="false", maxlength="200"),
                hidden=True,
            ),
            el(
                "div",
                el("input", id="gpu", type="checkbox"),
                el("label", "It has a GPU or another accelerator", for_="gpu"),
                class_="check",
                id="gpu-field",
                hidden=True,
            ),
            aria_labelledby="what",
            class_="panel",
        ),
        el(
            "section",
            el("h2", "What is it for?", id="purpose"),
            el("div", id="conditions", class_="pair"),
            _field("day", "On which day?", el("input", id="day", type="date", aria_describedby="day-about")),
            el("p", id="day-about", class_="about"),
            aria_labelledby="purpose",
            class_="panel",
        ),
        el(
            "section",
            el("h2", "Your tags", id="tags-heading"),
            el("p", id="summary", class_="lead"),
            el("ul", id="tags", class_="wanted"),
            el(
                "div",
                el("input", id="recommended", type="checkbox", checked=True),
                el("label", "Also write the recommended tags", for_="recommended"),
                class_="check",
                id="recommended-field",
                hidden=True,
            ),
            aria_labelledby="tags-heading",
            class_="panel",
        ),
        id="needs",
        class_="js",
        autocomplete="off",
    )
    result = el(
        "section",
        el("h2", "Ready to paste", id="paste-heading"),
        el("div", id="languages", class_="tabs", role="group", aria_label="Language"),
        el("div", id="snippet", class_="snippet"),
        aria_labelledby="paste-heading",
        class_="panel js",
    )
    rules = together(
        el("li", parts.requirement_link("", each), ": ", together(_keys(each.require)), f" {places(each)}")
        for each in facts.dictionary.requirements
        if each.require
    )
    without = el(
        "noscript",
        el("p", "The form needs JavaScript. These are the rules that it applies:"),
        el("ul", rules) if rules else None,
    )
    body = together(
        (
            el("h1", "Which tags do I need?"),
            el(
                "p",
                "Choose what you build and what it is for: these are exactly the tags that the gate will ask for.",
                class_="lead",
            ),
            without,
            el("div", form, result, class_="needs"),
        )
    )
    return Page(addresses.NEEDS, "Which tags do I need?", body, scripts=SCRIPTS, section=addresses.NEEDS)


def _field(name: str, label: str, control: Html, *, hidden: bool = False) -> Html:
    return el("div", el("label", label, for_=name), control, class_="field", id=f"{name}-field", hidden=hidden)


def _keys(keys: tuple[str, ...]) -> list[Html]:
    return [together((" " if number else "", parts.code(key))) for number, key in enumerate(keys)]
