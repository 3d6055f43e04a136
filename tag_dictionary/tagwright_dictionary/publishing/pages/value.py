"""A page a value. There may be 50,000 of them, so what they share with the other values of their key is made once."""

from __future__ import annotations

from dataclasses import dataclass

from tagwright_dictionary.dictionary import Key, Value
from tagwright_dictionary.judging.label_form import to_label
from tagwright_dictionary.publishing import addresses, words
from tagwright_dictionary.publishing.facts import Facts
from tagwright_dictionary.publishing.html import EMPTY, Html, el, escaped, together
from tagwright_dictionary.publishing.pages import parts
from tagwright_dictionary.publishing.shell import Page

ROOT = "../../"
NAMED = 40
"""Values that point to this one and are listed; of more than these the number is given."""


@dataclass(frozen=True, slots=True)
class _Shared:
    trail: Html
    approvers: Html
    required: Html
    labelled: tuple[str, ...]


class ValuePages:
    """The pages of the values of one key."""

    def __init__(self, facts: Facts, key: Key) -> None:
        self._facts = facts
        self._key = key
        self._titles = {each.name: words.heading(each) for each in facts.dictionary.keys}
        self._shared = _Shared(
            together((el("a", "Keys", href=ROOT + addresses.START), parts.key_link(ROOT, key)), " / "),
            parts.people(key.approvers),
            self._required(),
            tuple(
                parts.CLOUDS.get(encoding.provider, encoding.provider)
                for encoding in facts.dictionary.providers
                if encoding.values == "label" and key.name not in encoding.annotations
            ),
        )

    def page(self, value: Value) -> Page:
        """The page of one value."""
        key, shared = self._key, self._shared
        heading = el("h1", el("code", value.value), " ", el("span", value.title) if value.title else None)
        body = together(
            (
                el("nav", shared.trail, class_="trail", aria_label="You are here"),
                el("div", heading, parts.status_badge(value), class_="title"),
                el("p", value.description, class_="lead") if value.description else None,
                self._notice(value),
                parts.copyable(f'{key.name} = "{value.value}"', "the tag"),
                self._details(value),
                self._decides(value),
                shared.required,
            )
        )
        title = f"{value.value} {value.title}".strip()
        return Page(
            addresses.value_page(key.name, value.value),
            f"{title} ({words.heading(key)})",
            body,
            description=value.description,
        )

    def _notice(self, value: Value) -> Html:
        if value.status != "deprecated":
            return EMPTY
        until = f"Accepted through {value.until.isoformat()}, refused from the next day." if value.until else ""
        heir = together(("Use ", parts.value_link(ROOT, self._facts, self._key.name, value.replaced_by), " instead. "))
        return el(
            "p",
            el("strong", "On its way out. "),
            heir if value.replaced_by else None,
            until,
            class_="notice",
        )

    def _details(self, value: Value) -> Html:
        facts, key = self._facts, self._key
        rows = [
            ("Status", _status(value)),
            ("Owner", escaped(value.owner)),
            ("Billing code", parts.code(value.billing_code) if value.billing_code else EMPTY),
            ("Approvers", self._shared.approvers),
        ]
        for name, targets in value.relations:
            if name != "owner" and targets:
                shown = together((parts.value_link(ROOT, facts, name, target) for target in targets), " ")
                rows.append((self._titles.get(name, name), shown))
        rows.append(("Named by", self._named_by(value)))
        if value.aliases:
            others = together((parts.code(alias) for alias in value.aliases), " ")
            rows.append(("Aliases", together((others, el("small", " refused, with this value suggested")))))
        label = to_label(value.value)
        if self._shared.labelled and label != value.value:
            rows.append((f"On {words.series(self._shared.labelled)}", parts.code(label)))
        rows.append(("Key", together((parts.key_link(ROOT, key), " ", parts.code(key.name)))))
        return parts.definitions(rows)

    def _named_by(self, value: Value) -> Html:
        found = self._facts.named_by.get((self._key.name, value.value), ())
        shown = [
            together(
                (self._titles.get(name, name), " ", parts.value_link(ROOT, self._facts, name, each)),
            )
            for name, each in found[:NAMED]
        ]
        if len(found) > NAMED:
            shown.append(escaped(f"and {len(found) - NAMED:,} more: search for {value.value}"))
        return together(shown, "<br>")

    def _decides(self, value: Value) -> Html:
        found = self._facts.decides.get((self._key.name, value.value), ())
        if not found:
            return EMPTY
        items = together(
            el(
                "li",
                parts.requirement_link(ROOT, each),
                " ",
                parts.strength_badge(each),
                el("br"),
                _asks(each.require),
                f" {parts.places(each)}",
            )
            for each in found
        )
        return el("section", el("h2", "What follows from this value"), el("ul", items, class_="rules"))

    def _required(self) -> Html:
        found = self._facts.required_by.get(self._key.name, ())
        name = words.heading(self._key)
        if not found:
            return el("section", el("h2", "Where it is required"), el("p", f"{name} is optional everywhere."))
        items = together(
            el("li", parts.requirement_link(ROOT, each), " ", parts.strength_badge(each), el("br"), parts.places(each))
            for each in found
        )
        return el(
            "section", el("h2", f"Where {name[:1].lower()}{name[1:]} is required"), el("ul", items, class_="rules")
        )


def _asks(keys: tuple[str, ...]) -> Html:
    return together(("requires ", together((parts.code(key) for key in keys), ", "))) if keys else EMPTY


def _status(value: Value) -> Html:
    if value.status != "deprecated":
        return escaped("approved")
    return escaped(f"deprecated, accepted until {value.until.isoformat()}" if value.until else "deprecated")
