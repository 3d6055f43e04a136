"""Several keys with the same fault on one resource, told in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tagwright_dictionary.model import Finding

_PLURALS = {"is": "are", "does": "do", "has": "have"}


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings that differ in nothing but their key become one, whose message names all keys.

    For people only: "owner does not reach the volumes" and the same of team become "owner and team do not reach the
    volumes". A finding about a value stays alone.
    """
    groups: dict[Finding, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_pattern(finding), []).append(finding)
    return tuple(_one(group) for group in groups.values())


def _pattern(finding: Finding) -> Finding:
    verb, rest = _sentence(finding)
    if not verb:
        return finding
    return replace(
        finding,
        key="",
        message=f"{verb} {rest}",
        help="",
        suggestions=(),
        fingerprint="",
        requirement="",
        location=None,
    )


def _sentence(finding: Finding) -> tuple[str, str]:
    """Verb and rest of a message that says something of its key; ("", "") for any other."""
    if not finding.key or (finding.value is not None and finding.rule != "unreached"):
        return "", ""
    subject, _, predicate = finding.message.partition(" ")
    verb, _, rest = predicate.partition(" ")
    return (verb, rest) if subject == finding.key and verb in _PLURALS else ("", "")


def _one(findings: list[Finding]) -> Finding:
    first = findings[0]
    if len(findings) == 1:
        return first
    keys = list(dict.fromkeys(finding.key for finding in findings))
    verb, rest = _sentence(first)
    names = f"{', '.join(keys[:-1])} and {keys[-1]}"
    return replace(first, message=f"{names} {_PLURALS[verb]} {rest}")
