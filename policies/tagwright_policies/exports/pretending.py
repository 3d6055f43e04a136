"""Placeholder values for engines that have no `judge`: exact for ASCII values, silent on all others.

`judge` reduces a value to its letters and digits and looks them up (`judging.placeholders`). Here are its word lists
reduced the same way, and its templates as portable patterns over the value in lower case.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tagwright_dictionary.judging.data import PLACEHOLDERS
from tagwright_dictionary.judging.placeholders import compact
from tagwright_policies.exports import patterns

_ALNUM = frozenset(map(ord, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
_BLANK = "[\t-\r\x1c-\x20]"
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_ANY = "(?:[^\n]|\n)"


def _separators() -> str:
    ranges: patterns.Ranges = []
    for point in range(0x80):
        if point not in _ALNUM:
            if ranges and ranges[-1][1] == point - 1:
                ranges[-1] = (ranges[-1][0], point)
            else:
                ranges.append((point, point))
    return patterns.char_class(ranges)


SEPARATORS = _separators()
"""ASCII characters that are neither letter nor digit: what `compact` leaves out."""


@dataclass(frozen=True, slots=True)
class Pretending:
    """How to tell a placeholder.

    words       letters and digits of the value, in lower case, that are a placeholder
    letters     a pattern for such letters: none at all, or one character repeated
    raw         a pattern for the whole value in lower case: openings, templates, control characters
    mailboxes   letters and digits of an e-mail's local part that are nobody's
    """

    words: tuple[str, ...]
    letters: str
    raw: str
    mailboxes: tuple[str, ...]


@lru_cache(maxsize=16)
def pretending(further: tuple[str, ...]) -> Pretending:
    """The shipped lists with the words a dictionary adds."""
    words = {compact(word) for word in (*PLACEHOLDERS["words"], *further)}
    mailboxes = {compact(word) for word in PLACEHOLDERS["email_locals"]}
    same = "|".join(f"{char}{{3,}}" for char in "0123456789abcdefghijklmnopqrstuvwxyz")
    return Pretending(
        tuple(sorted(word for word in words if word and word.isascii())),
        f"(?:{same})?",
        _raw(),
        tuple(sorted(mailboxes - {""})),
    )


def _raw() -> str:
    # Python's text of a pattern is read by Python's parser here; values come in lower case, so classes may stay wide.
    inside = [patterns.portable(text).text for text in PLACEHOLDERS["templates"]]
    whole = [patterns.portable(text).text for text in PLACEHOLDERS["whole_templates"]]
    opening = "|".join(patterns.literal(text) for text in PLACEHOLDERS["openings"])
    choices = (
        f"{_BLANK}*(?:{opening}){_ANY}*",
        f"{_ANY}*(?:{'|'.join(inside)}|{_CONTROL}){_ANY}*",
        f"{_BLANK}*(?:{'|'.join(whole)}){_BLANK}*",
    )
    return f"(?:{'|'.join(choices)})"


@lru_cache(maxsize=16)
def one_pattern(further: tuple[str, ...], *, email: bool) -> str:
    """All of it as a single pattern over the value itself, for engines that can only match. What is nothing but
    digits is no placeholder where the key's format is `integer`: that exception is the caller's.
    """
    lists = pretending(further)
    between = f"{SEPARATORS}*"
    any_case = _any_case(patterns.words(list(lists.words), between))
    same = _any_case("|".join(f"{char}{between}(?:{char}{between}){{2,}}" for char in "abcdefghijklmnopqrstuvwxyz"))
    digits = "|".join(f"{digit}{between}(?:{digit}{between}){{2,}}" for digit in "0123456789")
    choices = [between, f"{between}(?:{any_case}|{same}|{digits})", _any_case(_raw())]
    if email:
        mailboxes = _any_case(patterns.words(list(lists.mailboxes), between))
        choices.append(f"{between}{mailboxes}@{_ANY}*")
    return f"(?:{'|'.join(choices)})"


def nobodys(domains: tuple[str, ...]) -> str:
    """A pattern for e-mail addresses at domains that are nobody's, for a key that names its own `domains`; "" where
    none is left. `judge` reads the domain without the blanks around the value.
    """
    left = [patterns.folded(domain) for domain in PLACEHOLDERS["email_domains"] if domain not in domains]
    return f"[^@]*@{patterns.alternatives(left)}{_BLANK}*" if left else ""


def _any_case(pattern: str) -> str:
    """The pattern with each lower-case letter standing for both cases; classes are left as they are."""
    written, index = [], 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            written.append(pattern[index : index + 2])
            index += 2
        elif char == "[":
            end = _class_end(pattern, index)
            written.append(pattern[index:end])
            index = end
        else:
            written.append(f"[{char.upper()}{char}]" if "a" <= char <= "z" else char)
            index += 1
    return "".join(written)


def _class_end(pattern: str, start: int) -> int:
    index = start + 1
    while pattern[index] != "]":
        index += 2 if pattern[index] == "\\" else 1
    return index + 1
