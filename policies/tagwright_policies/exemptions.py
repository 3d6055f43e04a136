"""Central exemptions: by address, type, path and account, with a reason, an approver and a last day."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from tagwright_dictionary.dictionary import Exemption
from tagwright_dictionary.judging import fingerprint
from tagwright_dictionary.judging.text import plain, quoted
from tagwright_dictionary.model import Finding, Resource, Severity
from tagwright_dictionary.rules import RULES
from tagwright_policies.suppressions import EXPIRED, INVALID, UNUSED


def problem(exemption: Exemption) -> str:
    """Why the exemption is not honoured; "" when it is."""
    if exemption.problem:
        return exemption.problem
    if not exemption.reason.strip():
        return "it gives no reason"
    if not exemption.approver.strip():
        return "it names no approver"
    if exemption.until is None:
        return "it has no last day"
    if not (exemption.addresses or exemption.types or exemption.paths or exemption.accounts):
        return "it names no address, type, path or account"
    strange = [rule for rule in exemption.rules if rule not in RULES]
    return f"{quoted(strange[0], 60)} is no rule" if strange else ""


def applies(exemption: Exemption, resource: Resource, account: str = "") -> bool:
    """Whether every kind of glob that the exemption has matches. An address matches with and without its instance
    keys. `account` stands in where the resource names none.
    """
    path = resource.location.path if resource.location is not None else ""
    return (
        _any(exemption.addresses, (resource.address, resource.block or _without_keys(resource.address)))
        and _any(exemption.types, (resource.type,))
        and _any(exemption.paths, (path, path.removeprefix("./")))
        and _any(exemption.accounts, (resource.account or account,))
    )


def covers(exemption: Exemption, finding: Finding) -> bool:
    """Whether the finding's rule and key are among those exempted (none named: all)."""
    return (not exemption.rules or finding.rule in exemption.rules) and (
        not exemption.keys or finding.key in exemption.keys
    )


def expired(exemption: Exemption, today: date) -> bool:
    """The last day is included."""
    return exemption.until is not None and today > exemption.until


def invalid_finding(exemption: Exemption) -> Finding:
    """For one that is not honoured."""
    message = f"exemption {quoted(exemption.id)} is not honoured: {plain(problem(exemption), 200)}"
    return _finding(INVALID, Severity.ERROR, message, "give it a scope, a reason, an approver and a day.", exemption)


def expired_finding(exemption: Exemption, severity: Severity) -> Finding:
    """For one whose last day has passed while what it covers is still there."""
    day = exemption.until.isoformat() if exemption.until else ""
    message = f"exemption {quoted(exemption.id)} expired on {day}"
    return _finding(EXPIRED, severity, message, RULES[EXPIRED].fix, exemption)


def unused_finding(exemption: Exemption) -> Finding:
    """For one that covers nothing here; an info, because its resources may be in another repository."""
    message = f"exemption {quoted(exemption.id)} covers no finding here"
    return _finding(UNUSED, Severity.INFO, message, RULES[UNUSED].fix, exemption)


def _finding(rule: str, severity: Severity, message: str, help_text: str, exemption: Exemption) -> Finding:
    return Finding(
        rule,
        severity,
        "",
        "",
        message,
        help=help_text,
        location=exemption.location,
        fingerprint=fingerprint(rule, "", "", "", exemption.id),
    )


def _any(globs: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return not globs or any(_glob(glob).fullmatch(name) for glob in globs for name in names)


@lru_cache(maxsize=1024)
def _glob(glob: str) -> re.Pattern[str]:
    """`*` is any text and `?` any character; brackets stand for themselves, because addresses are full of them
    (`module.m["a"].aws_instance.x[0]`). A path that ends in a slash is all below it.
    """
    text = re.sub(r"\*+", "*", glob + "*" if glob.endswith("/") else glob)
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(char) or re.escape(char) for char in text), re.DOTALL)


def _without_keys(address: str) -> str:
    return re.sub(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]', "", address)
