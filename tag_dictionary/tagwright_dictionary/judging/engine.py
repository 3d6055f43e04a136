"""From rules to a verdict: run them in their order, merge, fingerprint, decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging import (
    deprecated_value,
    invalid_tag,
    key_case,
    mismatched_tags,
    missing_tag,
    placeholder_value,
    unreached,
    value_not_allowed,
)
from tagwright_dictionary.judging.case import RANK, Case, Draft
from tagwright_dictionary.judging.index import Index
from tagwright_dictionary.judging.label_form import to_label
from tagwright_dictionary.model import Certainty, Finding, Judgement, Resource, Severity, Unknown, Verdict

CHECKS: Final[dict[str, Callable[[Case], Iterable[Draft]]]] = {
    value_not_allowed.RULE: value_not_allowed.check,
    missing_tag.RULE: missing_tag.check,
    key_case.RULE: key_case.check,
    placeholder_value.RULE: placeholder_value.check,
    deprecated_value.RULE: deprecated_value.check,
    mismatched_tags.RULE: mismatched_tags.check,
    unreached.RULE: unreached.check,
    invalid_tag.RULE: invalid_tag.check,
}
"""Every rule that judges a resource. Their order says which undecided finding of a key is shown when several wait."""

_ORDER = {rule: place for place, rule in enumerate(CHECKS)}
_CHECKS = tuple(CHECKS.values())

NOT_TAGGABLE = "this type cannot carry tags"
NOT_KNOWN = "the type is in no table: whether it can carry tags is not known"
NOT_CONCERNED = "no requirement applies to it and it carries no key of the dictionary"


class Judge:
    """One dictionary, ready to judge any number of resources. Safe to share between threads; its caches are bounded.

    The dictionary must not change while it is judged by.
    """

    __slots__ = ("_index",)

    def __init__(self, dictionary: Dictionary) -> None:
        self._index = Index(dictionary)

    @property
    def dictionary(self) -> Dictionary:
        return self._index.dictionary

    def judge(self, resource: Resource, today: date) -> Judgement:
        """The verdict on one resource on one day, with its findings in a stable order. Never raises."""
        if not resource.taggable:
            note = NOT_TAGGABLE if resource.taggable is False else NOT_KNOWN
            return Judgement(resource, Verdict.NOT_APPLICABLE, (), resource.note or note)
        case = Case(self._index, resource, today)
        drafts = [draft for check in _CHECKS for draft in check(case)]
        if not drafts:
            if case.concerns():
                return Judgement(resource, Verdict.COMPLIANT)
            return Judgement(resource, Verdict.NOT_APPLICABLE, (), NOT_CONCERNED)
        chosen = _one_undecided_a_key(_one_a_rule_and_key(drafts))
        findings = tuple(
            sorted(
                (_finding(resource, draft, labels=case.cloud.labels) for draft in chosen),
                key=lambda each: each.sort_key,
            )
        )
        return Judgement(resource, verdict(findings), findings)


def verdict(findings: Iterable[Finding]) -> Verdict:
    """Non-compliant with a definite error; else undecided with an undecided error or warning; else compliant."""
    result = Verdict.COMPLIANT
    for finding in findings:
        if finding.certainty is Certainty.UNDECIDED:
            if finding.severity is not Severity.INFO:
                result = Verdict.UNDECIDED
        elif finding.severity is Severity.ERROR:
            return Verdict.NON_COMPLIANT
    return result


def fingerprint(rule: str, scope: str, address: str, key: str, discriminator: str = "") -> str:
    """32 hex digits that stay the same when lines move: of the rule, the resource, the key and what was found."""
    from hashlib import sha256  # noqa: PLC0415 - OpenSSL costs 5 ms at start-up, and a clean run needs none of it

    text = f"{rule}\x1f{scope}\x1f{address}\x1f{key}\x1f{discriminator}"
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _one_a_rule_and_key(drafts: list[Draft]) -> list[Draft]:
    """The highest severity wins, then what is definite, then the first requirement. (A possible error thus stands
    before a certain warning: the verdict must not look better than it may turn out.)
    """
    best: dict[tuple[str, str], Draft] = {}
    reached: dict[tuple[str, str], set[str]] = {}
    for draft in drafts:
        name = (draft.rule, draft.key)
        known = best.get(name)
        if draft.rule == unreached.RULE:
            reached.setdefault(name, set()).add(draft.discriminator)
        if known is None or _weight(draft) < _weight(known):
            best[name] = draft
    for name, whats in reached.items():
        best[name].discriminator = "|".join(sorted(whats))
    return list(best.values())


def _one_undecided_a_key(drafts: list[Draft]) -> list[Draft]:
    """One thing unknown about a key is said once, by the gravest rule that waits for it."""
    waiting: dict[str, Draft] = {}
    for draft in drafts:
        if draft.cause is not None:
            known = waiting.get(draft.key)
            if known is None or _urgency(draft) < _urgency(known):
                waiting[draft.key] = draft
    return [draft for draft in drafts if draft.cause is None or waiting[draft.key] is draft]


def _weight(draft: Draft) -> tuple[int, bool, int]:
    return (RANK[draft.severity], draft.cause is not None, draft.order)


def _urgency(draft: Draft) -> tuple[int, int]:
    return (RANK[draft.severity], _ORDER[draft.rule])


def _finding(resource: Resource, draft: Draft, *, labels: bool) -> Finding:
    cause: Unknown | None = draft.cause or resource.exists
    message = draft.message
    if draft.cause is None and cause is not None:
        message = f"{message}, if the resource exists at all"
    undecided = "" if cause is None else "?"
    suggestions, advice = draft.suggestions, draft.help
    if labels and suggestions:
        suggestions = tuple(dict.fromkeys(map(to_label, suggestions)))
        if suggestions != draft.suggestions:
            advice = f"{advice} Written as a label: {', '.join(suggestions[:3])}.".strip()
    return Finding(
        draft.rule,
        draft.severity,
        resource.address,
        resource.type,
        message,
        key=draft.key,
        value=draft.value,
        certainty=Certainty.DEFINITE if cause is None else Certainty.UNDECIDED,
        cause=cause,
        requirement=draft.requirement,
        help=advice,
        suggestions=suggestions,
        location=draft.location,
        fingerprint=fingerprint(
            draft.rule, resource.scope, resource.address, draft.key, undecided + draft.discriminator
        ),
    )
