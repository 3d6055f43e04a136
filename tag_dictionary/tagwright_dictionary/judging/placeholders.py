"""Values that only pretend: `todo`, `n/a`, `-`, `<owner>`, blanks, `${var.owner}` left standing as text."""

from __future__ import annotations

import re

from tagwright_dictionary.dictionary import Key
from tagwright_dictionary.judging.data import PLACEHOLDERS
from tagwright_dictionary.judging.lookalikes import is_invisible, skeleton

_READ = 256
"""Characters looked at: a placeholder is short, and a value can be huge."""

_SEPARATORS = re.compile(r"[\W_]+")
_TEMPLATE = re.compile("|".join(PLACEHOLDERS["templates"]))
_WHOLE_TEMPLATE = re.compile("|".join(PLACEHOLDERS["whole_templates"]))
_OPENINGS: tuple[str, ...] = tuple(PLACEHOLDERS["openings"])
_SAME = re.compile(r"(.)\1{2,}")
_EMAIL_DOMAINS = frozenset(PLACEHOLDERS["email_domains"])


def compact(text: str) -> str:
    """Letters and digits only, in one case, look-alikes folded: `N / A` and `n.a.` are both `na`."""
    return _SEPARATORS.sub("", skeleton(text[:_READ]).casefold())


_WORDS = frozenset(compact(word) for word in PLACEHOLDERS["words"])
_LOCALS = frozenset(compact(word) for word in PLACEHOLDERS["email_locals"])


class Placeholders:
    """The shipped list with what a dictionary adds to it."""

    __slots__ = ("_words",)

    def __init__(self, further: tuple[str, ...] = ()) -> None:
        self._words = _WORDS | {compact(word) for word in further if compact(word)}

    def why(self, value: str, key: Key) -> str:
        """Why `value` is no value for `key`, as the rest of a sentence ("is a placeholder"); "" when it is one.

        The caller has made sure that it is not approved.
        """
        head = value[:_READ]
        if all(char.isspace() or is_invisible(char) for char in head):
            return "is blank"
        letters = compact(head)
        if not letters:
            return "has neither a letter nor a digit"
        if key.format == "integer" and head.isdigit():
            return ""
        if letters in self._words or head.strip().casefold().startswith(_OPENINGS):
            return "is a placeholder"
        if _TEMPLATE.search(head) or _WHOLE_TEMPLATE.fullmatch(head.strip()):
            return "is a template that nobody filled in"
        if _SAME.fullmatch(letters):
            return "is one character repeated"
        if key.format == "email" and self._is_nobody(head, key):
            return "is nobody's address"
        return ""

    def _is_nobody(self, value: str, key: Key) -> bool:
        local, at, domain = value.strip().casefold().partition("@")
        if not at:
            return False
        return compact(local) in _LOCALS or (domain in _EMAIL_DOMAINS and domain not in key.domains)
