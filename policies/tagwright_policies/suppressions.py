"""Inline suppressions: which are honoured, what they cover, and what is wrong with the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging import fingerprint
from tagwright_dictionary.judging.text import quoted
from tagwright_dictionary.model import Finding, Resource, Severity, Suppression
from tagwright_dictionary.rules import RULES
from tagwright_dictionary.suppression_syntax import expiry

EXPIRED = "expired-exemption"
INVALID = "invalid-suppression"
UNUSED = "unused-suppression"
ABOUT_THEMSELVES = frozenset((EXPIRED, INVALID, UNUSED))


@dataclass(frozen=True, slots=True)
class Examined:
    """A suppression with its words understood. It is honoured when `problem` is empty and the day has not passed."""

    suppression: Suppression
    rules: frozenset[str]
    keys: frozenset[str]
    until: date | None
    problem: str

    def covers(self, finding: Finding) -> bool:
        """Named rules and named keys must both fit; naming none of a sort means any."""
        return (
            not self.problem
            and (not self.rules or finding.rule in self.rules)
            and (not self.keys or finding.key in self.keys)
        )

    def expired(self, today: date) -> bool:
        """The last day is included."""
        return self.until is not None and today > self.until


def examine(suppression: Suppression, dictionary: Dictionary) -> Examined:
    """Understand a suppression. The first thing wrong with it, the reader's finding included, is its `problem`."""
    rules = frozenset(item for item in suppression.items if item in RULES)
    keys = frozenset(item for item in suppression.items if dictionary.key(item) is not None and item not in RULES)
    until = expiry(suppression.until)
    return Examined(suppression, rules, keys, until, suppression.problem or _problem(suppression, rules | keys, until))


def _problem(suppression: Suppression, known: frozenset[str], until: date | None) -> str:
    if not suppression.items:
        return "it names no rule and no key"
    strange = [item for item in suppression.items if item not in known]
    if strange:
        return f"{quoted(strange[0], 60)} is neither a rule nor a key of the dictionary"
    if not (suppression.reason or "").strip():
        return "it gives no reason"
    if suppression.until is None:
        return "it has no end: add until=YYYY-MM-DD"
    return "" if until is not None else f"until={quoted(suppression.until, 40)} is not a day written YYYY-MM-DD"


def invalid(examined: Examined, resource: Resource | None) -> Finding:
    """The finding for one that is not honoured."""
    return _finding(INVALID, Severity.ERROR, f"the suppression is not honoured: {examined.problem}", examined, resource)


def expired(examined: Examined, resource: Resource | None, severity: Severity) -> Finding:
    """The finding for one whose last day has passed while what it covers is still there."""
    day = examined.until.isoformat() if examined.until else ""
    return _finding(EXPIRED, severity, f"the suppression expired on {day}", examined, resource)


def unused(examined: Examined, resource: Resource | None) -> Finding:
    """The finding for one that covers nothing."""
    named = ", ".join(examined.suppression.items)
    return _finding(
        UNUSED, Severity.WARNING, f"the suppression of {quoted(named)} covers no finding", examined, resource
    )


def _finding(rule: str, severity: Severity, message: str, examined: Examined, resource: Resource | None) -> Finding:
    address = (resource.block or resource.address) if resource is not None else ""
    scope = resource.scope if resource is not None else examined.suppression.location.path
    return Finding(
        rule,
        severity,
        address,
        resource.type if resource is not None else "",
        message,
        help=RULES[rule].fix,
        location=examined.suppression.location,
        fingerprint=fingerprint(rule, scope, address, "", examined.suppression.raw),
    )
