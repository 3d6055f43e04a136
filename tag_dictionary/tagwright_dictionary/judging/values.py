"""One key of the dictionary made ready to check values, and the one fault a value can have.

Exactly one of placeholder, deprecated and not allowed; approved values are never placeholders. The outcome does not
depend on the day: what a deprecated value is worth today is for its rule to say.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from tagwright_dictionary.dictionary import Key, Value
from tagwright_dictionary.judging import lookalikes
from tagwright_dictionary.judging.formats import FORMATS, describe
from tagwright_dictionary.judging.nearby import Nearby
from tagwright_dictionary.judging.placeholders import Placeholders, compact
from tagwright_dictionary.judging.text import code_point, listed, plain, plural, quoted

PLACEHOLDER: Final = "placeholder-value"
DEPRECATED: Final = "deprecated-value"
NOT_ALLOWED: Final = "value-not-allowed"

_LONGEST = 512
"""Characters of a value that a pattern or format is run on; a longer one matches none."""

_REMEMBERED = 4096
"""Outcomes kept per key (and the longest value kept is `_LONGEST`): bounded memory on hostile input."""

_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value. `why` continues "key = value ..."; `discreet` says the same without giving a
    sensitive value away.
    """

    rule: str
    why: str
    discreet: str
    help: str = ""
    suggestions: tuple[str, ...] = ()
    deprecated: Value | None = None


class KeyCheck:
    """A key with what checking its values needs. The costly indexes are built when a value is refused."""

    def __init__(self, key: Key, placeholders: Placeholders) -> None:
        self.key = key
        self.name = key.name
        self.closed = key.values is not None
        self.values: tuple[Value, ...] = key.values or ()
        self.approved = {value.value: value for value in self.values}
        self.aliases = {
            alias: value for value in reversed(self.values) for alias in value.aliases if alias not in self.approved
        }
        self.constrained = self.closed or bool(key.pattern) or bool(key.format)
        self._placeholders = placeholders
        self._pattern = _compiled(key.pattern) if key.pattern else None
        self._format = FORMATS.get(key.format)
        self._outcomes: dict[str, Fault | None] = {}

    def fault(self, value: str) -> Fault | None:
        """What is wrong with `value` (not empty), or None."""
        try:
            return self._outcomes[value]
        except KeyError:
            outcome = self._examine(value)
        if len(value) <= _LONGEST:
            if len(self._outcomes) >= _REMEMBERED:
                self._outcomes.clear()
            self._outcomes[value] = outcome
        return outcome

    def canonical(self, value: str) -> str:
        """The approved value that `value` stands for when it is an alias, else `value`."""
        target = self.aliases.get(value)
        return value if target is None else target.value

    def row(self, value: str) -> Value | None:
        """The approved value behind `value` or an alias of it."""
        return self.approved.get(value) or self.aliases.get(value)

    def accepts(self, value: str) -> bool:
        """Whether list, pattern and format all allow `value`."""
        return (not self.closed or value in self.approved) and self._has_form(value)

    @cached_property
    def current(self) -> tuple[Value, ...]:
        """The approved values that are not on their way out."""
        return tuple(value for value in self.values if value.status != "deprecated")

    def offer(self) -> str:
        """What may be written, in words: the list's beginning, or the form."""
        if self.closed and not self.current:
            return f"no value of {plain(self.name)} is approved."
        if self.closed:
            return f"approved {plural(self.name)}: {listed([value.value for value in self.current])}."
        if self.key.format:
            return f"{plain(self.name)} is {describe(self.key)}{self._example()}."
        if self.key.pattern:
            return f"{plain(self.name)} must match {plain(self.key.pattern)}{self._example()}."
        return f"{plain(self.key.description, 160)}" if self.key.description else ""

    def _example(self) -> str:
        return f", for example {listed(self.key.examples, 2)}" if self.key.examples else ""

    def _has_form(self, value: str) -> bool:
        if self._pattern is None and self._format is None:
            return True
        if len(value) > _LONGEST:
            return False
        if self._pattern is not None and self._pattern.fullmatch(value) is None:
            return False
        return self._format is None or self._format(value, self.key)

    def _examine(self, value: str) -> Fault | None:
        known = self.approved.get(value)
        if known is not None and self._has_form(value):
            return self._deprecated(known) if known.status == "deprecated" else None
        if value in self.aliases:
            return self._alias(self.aliases[value])
        return self._pretending(value) or self._disguised(value) or self._refused(value)

    def _deprecated(self, known: Value) -> Fault:
        heir = known.replaced_by
        return Fault(
            DEPRECATED,
            "is deprecated",
            "is deprecated",
            help=f"use {quoted(heir)} instead." if heir else self.offer(),
            suggestions=(heir,) if heir else (),
            deprecated=known,
        )

    def _alias(self, target: Value) -> Fault:
        heir = target.replaced_by if target.status == "deprecated" and target.replaced_by else target.value
        return Fault(
            NOT_ALLOWED,
            f"is not approved: the dictionary writes it {quoted(heir)}",
            "is another word for an approved value",
            help=f"write {quoted(heir)}.",
            suggestions=(heir,),
        )

    def _pretending(self, value: str) -> Fault | None:
        why = self._placeholders.why(value, self.key)
        if not why or (self.closed and compact(value) in self._spellings):  # "Test" where "test" is approved
            return None
        return Fault(PLACEHOLDER, f"{why}, not a value", f"{why}, not a value", self._what_to_write(), self._some())

    def _disguised(self, value: str) -> Fault | None:
        char = lookalikes.hidden(value)
        if char is not None:
            seen = lookalikes.skeleton(value).strip()
            return self._spoof(f"hides {code_point(char)}", seen)
        found = lookalikes.mixed(value)
        if found is not None:
            seen = lookalikes.skeleton(value)
            return self._spoof(f"is spelled with {code_point(found[0])} and imitates {quoted(seen)}", seen, found[0])
        if value.isascii() or len(value) > _LONGEST or not self.constrained or self.accepts(value):
            return None
        seen = lookalikes.skeleton(value)
        strange = lookalikes.first_strange(value)
        if strange is None or seen == value or not (self.accepts(seen) or seen in self.aliases):
            return None
        return self._spoof(f"is spelled with {code_point(strange)} and imitates {quoted(seen)}", seen, strange)

    def _spoof(self, why: str, seen: str, char: str = "") -> Fault:
        target = self.canonical(seen)
        ready = (target,) if target and self.accepts(target) else ()
        discreet = f"is spelled with {code_point(char)}, a look-alike" if char else why
        return Fault(PLACEHOLDER, why, discreet, "type the value again in plain letters.", ready)

    def _refused(self, value: str) -> Fault | None:
        if self.accepts(value):
            return None
        if value in self.approved or not self.closed:
            return self._malformed(value)
        exact = self._variant(value)
        if exact:
            return Fault(
                NOT_ALLOWED,
                f"is not approved: did you mean {quoted(exact)}?",
                "is not approved",
                help=self.offer(),
                suggestions=(exact,),
            )
        near = self._nearby.find(value)
        if near:
            question = f"is not approved: did you mean {' or '.join(quoted(name) for name in near)}?"
            return Fault(NOT_ALLOWED, question, "is not approved", self.offer(), near)
        return Fault(NOT_ALLOWED, "is not approved", "is not approved", self._what_to_write(), self._some())

    def _malformed(self, value: str) -> Fault:
        if len(value) > _LONGEST:
            why = f"is too long ({len(value)} characters)"
        elif self._pattern is not None and self._pattern.fullmatch(value) is None:
            why = f"does not match {plain(self.key.pattern)}"
        else:
            why = f"is not {describe(self.key)}"
        tries = (value.strip(), value.lower(), value.strip().lower(), _lower_domain(value))
        ready = next((attempt for attempt in tries if attempt != value and self.accepts(attempt)), "")
        hint = f"write {quoted(ready)}." if ready else self._what_to_write()
        return Fault(NOT_ALLOWED, why, why, hint, (ready,) if ready else self._some())

    def _variant(self, value: str) -> str:
        """The approved value that differs only in case, separators or blanks, or whose title was written."""
        stripped = value.strip()
        if stripped in self.approved:
            return stripped
        return self._spellings.get(compact(value), "") if len(value) <= _LONGEST else ""

    @cached_property
    def _spellings(self) -> dict[str, str]:
        found: dict[str, str] = {}
        groups = (
            ((value.value, value.value) for value in self.current),
            ((alias, value.value) for value in self.current for alias in value.aliases),
            ((value.title, value.value) for value in self.current),
        )
        for group in groups:
            for spelling, value in group:
                if spelling:
                    found.setdefault(compact(spelling), value)
        found.pop("", None)
        return found

    @cached_property
    def _nearby(self) -> Nearby:
        names = [(value.value, value.value) for value in self.current]
        return Nearby(names + [(alias, value.value) for value in self.current for alias in value.aliases])

    def _some(self) -> tuple[str, ...]:
        """A few values to choose from, best first."""
        first = (self.key.default,) if self.key.default else ()
        rest = tuple(value.value for value in self.current[:5]) or self.key.examples[:3]
        return first + tuple(value for value in rest if value not in first)

    def _what_to_write(self) -> str:
        return self.offer() or f"write the real {plain(self.name)}."


def _compiled(pattern: str) -> re.Pattern[str]:
    r"""ASCII classes, as RE2 has them: `\d` is 0 to 9. A pattern that is none matches nothing (the loader refuses
    it; a dictionary built by hand fails closed).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # `[[` may come to mean something else: here it does not
            return re.compile(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        return _NEVER


def _lower_domain(value: str) -> str:
    local, at, domain = value.partition("@")
    return f"{local}@{domain.lower()}" if at else value
