"""The page of rules: every requirement in a sentence, how fast a finding is mended, and who is exempt."""

from __future__ import annotations

from tagwright_dictionary.dictionary import Exemption, Requirement, ServiceLevel
from tagwright_dictionary.publishing import addresses, words
from tagwright_dictionary.publishing.facts import Facts
from tagwright_dictionary.publishing.html import EMPTY, Html, el, escaped, together
from tagwright_dictionary.publishing.pages import parts
from tagwright_dictionary.publishing.shell import Page


def rules_page(facts: Facts) -> Page:
    """All requirements, service levels and exemptions."""
    dictionary = facts.dictionary
    cards = together(_card(facts, each) for each in dictionary.requirements)
    body = together(
        (
            el("h1", "Rules"),
            el(
                "p",
                "Which resources must carry which tags. The same rules judge a commit, a plan and what runs.",
                class_="lead",
            ),
            el("ul", cards, class_="cards wide-cards") if cards else el("p", "This dictionary requires nothing."),
            _levels(dictionary.service_levels),
            _exemptions(dictionary.exemptions),
        )
    )
    return Page(addresses.REQUIREMENTS, "Rules", body, section=addresses.REQUIREMENTS)


def _card(facts: Facts, each: Requirement) -> Html:
    keys = together((_key(facts, name) for name in each.require), ", ")
    where = words.condition(each)
    says = [
        el("p", f"{_upper(words.selected(each.selector))} must carry ", keys, f" {where}".rstrip(), ".")
        if each.require
        else None
    ]
    says += [
        el(
            "p",
            "The ",
            _key(facts, match.key),
            " must be one that the ",
            _key(facts, match.of),
            f" names, on {words.selected(each.selector)} {where}".rstrip(),
            ".",
        )
        for match in each.match
    ]
    says += [
        el(
            "p",
            f"Only one of {words.series(group)} may be set, on {words.selected(each.selector)} {where}".rstrip(),
            ".",
        )
        for group in each.exclusive
    ]
    return el(
        "li",
        el("h2", each.id, " ", parts.strength_badge(facts, each)),
        together(says),
        el("p", each.description, class_="muted") if each.description else None,
        class_="card",
        id=parts.anchor(each),
    )


def _key(facts: Facts, name: str) -> Html:
    return parts.key_name("", facts, name)


def _levels(levels: tuple[ServiceLevel, ...]) -> Html:
    if not levels:
        return EMPTY
    rows = [
        (
            escaped(_upper(words.selected(each.selector))),
            escaped(
                " and ".join(f"{key} is {words.series(values, 'or')}" for key, values in each.when.terms) or "always"
            ),
            escaped(_duration(each.remediate_within_hours)),
            escaped(each.severity),
        )
        for each in levels
    ]
    title = "How fast a finding on a running resource is mended"
    heads = ("What", "When", "Mended within", "Severity")
    return el("section", el("h2", title), parts.table(title, heads, rows, "The first row that applies counts."))


def _exemptions(exemptions: tuple[Exemption, ...]) -> Html:
    if not exemptions:
        return EMPTY
    rows = [
        (
            parts.code(each.id),
            escaped(each.reason),
            parts.person(each.approver),
            el("time", each.until.isoformat(), datetime=each.until.isoformat()) if each.until else EMPTY,
        )
        for each in exemptions
    ]
    heads = ("Exemption", "Reason", "Approver", "Last day")
    return el("section", el("h2", "Exemptions"), parts.table("Exemptions", heads, rows))


def _duration(hours: float) -> str:
    if hours >= 48 and hours % 24 == 0:
        return words.counted(round(hours / 24), "day")
    if hours >= 1:
        return words.counted(round(hours), "hour") if hours == round(hours) else f"{hours:g} hours"
    return words.counted(round(hours * 60), "minute")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
