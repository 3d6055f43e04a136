"""The built-in value formats. Each is a function from a value to whether it has the form, with no side effects.

Every pattern is linear in the length of the value; the caller bounds that length as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from tagwright_dictionary.dictionary import Key

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"-?[0-9]+")
# RFC 3986 without user info: `https://acme.example@evil.example` is a spoof, not a link.
_URL = re.compile(rf"https?://(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?(?:[/?#][!-~]*)?")
# arn:partition:service:region:account:resource (AWS General Reference, "Amazon Resource Names").
_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[!-~]+")


def is_email(value: str, key: Key) -> bool:
    """One `@`, no display name, no blanks; the domain is exactly one of the key's domains where it names some."""
    local, at, domain = value.partition("@")
    if not at or not _LOCAL.fullmatch(local):
        return False
    if key.domains:
        return domain in key.domains
    return _DOMAIN.fullmatch(domain) is not None


def is_date(value: str, _key: Key) -> bool:
    """A real day as YYYY-MM-DD."""
    if not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _matches(pattern: re.Pattern[str]) -> Callable[[str, Key], bool]:
    return lambda value, _key: pattern.fullmatch(value) is not None


FORMATS: Final[dict[str, Callable[[str, Key], bool]]] = {
    "email": is_email,
    "slug": _matches(_SLUG),
    "date": is_date,
    "url": _matches(_URL),
    "arn": _matches(_ARN),
    "integer": _matches(_INTEGER),
}

# Every day of the Gregorian calendar from 0001-01-01, leap days included.
_YEAR = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})"
_DAY = "(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"

_EXPRESSIONS: Final[dict[str, str]] = {
    "slug": _SLUG.pattern,
    "date": f"(?:{_YEAR}-{_DAY}|{_LEAP_YEAR}-02-29)",
    "url": _URL.pattern,
    "arn": _ARN.pattern,
    "integer": _INTEGER.pattern,
}

_SAYS: Final[dict[str, str]] = {
    "email": "an e-mail address",
    "slug": "a slug (lower-case letters, digits and single hyphens)",
    "date": "a date as YYYY-MM-DD",
    "url": "an http or https address",
    "arn": "an ARN",
    "integer": "a whole number",
}


def describe(key: Key) -> str:
    """The key's format in words ("an e-mail address at acme.example")."""
    words = _SAYS.get(key.format, key.format)
    return f"{words} at {' or '.join(key.domains)}" if key.format == "email" and key.domains else words


def expression(key: Key) -> str:
    """The key's format as a regular expression for whole values, for engines that know no formats; "" for none."""
    if key.format == "email":
        domain = "|".join(map(re.escape, key.domains)) if key.domains else _DOMAIN.pattern
        return f"{_LOCAL.pattern}@(?:{domain})"
    return _EXPRESSIONS.get(key.format, "")
