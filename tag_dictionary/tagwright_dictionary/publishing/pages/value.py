"""A page a value. There may be 50,000 of them, so what they share with the other values of their key is made once."""

from __future__ import annotations

from dataclasses import dataclass

from tagwright_dictionary.dictionary import Key, ProviderEncoding, Value
from tagwright_dictionary.judging.label_form import to_label
from tagwright_dictionary.publishing import addresses, words
from tagwright_dictionary.publishing.ahead import Ahead, refused_from
from tagwright_dictionary.publishing.facts import Facts
from tagwright_dictionary.publishing.html import EMPTY, Html, el, escaped, together
from tagwright_dictionary.publishing.pages import parts
from tagwright_dictionary.publishing.pages.ahead import about
from tagwright_dictionary.publishing.shell import Page

ROOT = "../../"
NAMED = 40
"""Values that point to this one and are listed; of more than these the number is given."""


@dataclass(frozen=True, slots=True)
class _Shared:
    trail: Html
    approvers: Html
    required: Html
    encodings: tuple[ProviderEncoding, ...]


class ValuePages:
    """The pages of the values of one key."""

    def __init__(self, facts: Facts, ahead: Ahead, key: Key) -> None:
        self._facts = facts
        self._ahead = ahead
        self._key = key
        self._titles = {each.name: words.heading(each) for each in facts.dictionary.keys}
        self._shared = _Shared(
            together((el("a", "Keys", href=ROOT + addresses.START), parts.key_link(ROOT, key)), " / "),
            parts.people(key.approvers),
            self._required(),
            facts.dictionary.providers,
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
                parts.copyable(words.assigned(key.name, value.value), "the tag"),
                self._details(value),
                self._decides(value),
                shared.required,
                about(ROOT, self._facts, (), self._ahead.lines_of(key.name, value.value), self._ahead),
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
        ended = self._ended(value)
        heir = together((" Use ", parts.value_link(ROOT, self._facts, self._key.name, value.replaced_by), " instead."))
        until = f" Accepted through {value.until.isoformat()}, refused from the next day." if value.until else ""
        return el(
            "p",
            el("strong", "Refused by now." if ended else "On its way out."),
            heir if value.replaced_by else None,
            (f" It was accepted through {value.until.isoformat()}." if ended and value.until else until),
            class_="notice",
        )

    def _ended(self, value: Value) -> bool:
        first = refused_from(value)
        return first is not None and first <= self._facts.day

    def _status(self, value: Value) -> Html:
        if value.status != "deprecated":
            return escaped("approved")
        if value.until is None:
            return escaped("deprecated")
        verb = "refused since its last day," if self._ended(value) else "deprecated, accepted until"
        return escaped(f"{verb} {value.until.isoformat()}")

    def _details(self, value: Value) -> Html:
        facts = self._facts
        rows = [
            ("Status", self._status(value)),
            ("Owner", parts.person(value.owner)),
            ("Billing code", parts.code(value.billing_code) if value.billing_code else EMPTY),
            ("Approvers", self._shared.approvers),
        ]
        for name, targets in value.relations:
            if name != "owner" and targets:
                shown = together((parts.value_link(ROOT, facts, name, target) for target in targets), " ")
                rows.append((self._titles.get(name, name), shown))
        rows.append(("Named by", self._named_by(value)))
        rows += [(f"On {parts.cloud(each.provider)}", self._written(each, value)) for each in self._shared.encodings]
        if value.aliases:
            others = together((parts.code(alias) for alias in value.aliases), " ")
            rows.append(("Aliases", together((others, el("small", " refused, with this value suggested")))))
        return parts.definitions(rows)

    def _named_by(self, value: Value) -> Html:
        # Where the value's own row says the same the other way round, once is enough.
        own = {(name, target) for name, targets in value.relations for target in targets}
        found = [each for each in self._facts.named_by.get((self._key.name, value.value), ()) if each not in own]
        shown = [
            together(
                (self._titles.get(name, name), " ", parts.value_link(ROOT, self._facts, name, each)),
            )
            for name, each in found[:NAMED]
        ]
        if len(found) > NAMED:
            shown.append(escaped(f"and {len(found) - NAMED:,} more: search for {value.value}"))
        return together(shown, "<br>")

    def _written(self, encoding: ProviderEncoding, value: Value) -> Html:
        """How the tag is written on a cloud where that differs; nothing where it does not."""
        key = self._key.name
        note = key in encoding.annotations
        name = dict(encoding.keys).get(key, key)
        text = to_label(value.value) if encoding.values == "label" and not note else value.value
        if (name, text) == (key, value.value) and not note:
            return EMPTY
        write = words.labelled if encoding.provider == "kubernetes" else words.assigned
        return together((parts.code(write(name, text)), el("small", " as an annotation") if note else None))

    def _decides(self, value: Value) -> Html:
        found = self._facts.decides.get((self._key.name, value.value), ())
        if not found:
            return EMPTY
        items = together(
            el(
                "li",
                parts.requirement_link(ROOT, each),
                " ",
                parts.strength_badge(self._facts, each),
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
            el(
                "li",
                parts.requirement_link(ROOT, each),
                " ",
                parts.strength_badge(self._facts, each),
                el("br"),
                parts.places(each),
            )
            for each in found
        )
        return el(
            "section", el("h2", f"Where {name[:1].lower()}{name[1:]} is required"), el("ul", items, class_="rules")
        )


def _asks(keys: tuple[str, ...]) -> Html:
    return together(("requires ", together((parts.code(key) for key in keys), ", "))) if keys else EMPTY
