"""What is known about every rule: one place for ids, titles, severities and pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Severity

_SITE: Final[str] = ""
"""Where the repository's files can be read on the web, ending in a slash."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `severity` is what it has unless a requirement or the thing found says otherwise; `fix` is the next
    step in a sentence. The page's text comes from `explain`.
    """

    id: str
    title: str
    summary: str
    severity: Severity
    fix: str

    @property
    def page(self) -> str:
        """The page in the repository, from its root."""
        return f"docs/rules/{self.id}.md"

    @property
    def url(self) -> str:
        """The page's web address; "" as long as the documentation is published nowhere (`_SITE`)."""
        return f"{_SITE}{self.page}" if _SITE else ""


_ALL = (
    Rule(
        "missing-tag",
        "Required tag is missing",
        "A required key is absent, null or empty.",
        Severity.ERROR,
        "Add the key with an approved value to the resource, or once in the provider's default tags.",
    ),
    Rule(
        "value-not-allowed",
        "Tag value is not allowed",
        "A value is not approved, is an alias, or does not match its pattern or format.",
        Severity.ERROR,
        "Write one of the approved values; the dictionary owner can add a new one.",
    ),
    Rule(
        "deprecated-value",
        "Tag value is deprecated",
        "An approved value is on its way out: a warning until its end date, then an error.",
        Severity.WARNING,
        "Write the value that replaces it.",
    ),
    Rule(
        "placeholder-value",
        "Tag value only pretends",
        "A value is a placeholder, blank, or uses look-alike or invisible characters.",
        Severity.ERROR,
        "Write the real value in plain letters.",
    ),
    Rule(
        "key-case",
        "Tag key in another case",
        "A key of the dictionary is written in another case, or twice in different cases.",
        Severity.WARNING,
        "Rename the key to the dictionary's spelling and remove the other one.",
    ),
    Rule(
        "mismatched-tags",
        "Tags contradict each other",
        "A value does not belong to the value of another tag, or exclusive keys stand together.",
        Severity.ERROR,
        "Write a value that belongs to the other tag, or keep only one of the exclusive keys.",
    ),
    Rule(
        "invalid-tag",
        "Provider refuses the tag",
        "A provider's own limits are broken: length, characters, number of tags, reserved prefix.",
        Severity.ERROR,
        "Shorten or respell the tag so that the provider takes it.",
    ),
    Rule(
        "unreached",
        "Tag does not reach what is billed",
        "The tag is on the resource but does not reach the instances, volumes or tasks that cost money.",
        Severity.ERROR,
        "Let the tag propagate, or tag what is billed as well.",
    ),
    Rule(
        "expired-exemption",
        "Exemption has expired",
        "A suppression or exemption covers a finding but its last day has passed.",
        Severity.ERROR,
        "Fix the finding, or have the exemption renewed.",
    ),
    Rule(
        "invalid-suppression",
        "Suppression is not valid",
        "A suppression or exemption lacks a reason, an end or a name, or is malformed; it is not honoured.",
        Severity.ERROR,
        'Write it as tagwright:ignore[rule, key] until=YYYY-MM-DD reason="...".',
    ),
    Rule(
        "unused-suppression",
        "Suppression is not needed",
        "A suppression or exemption covers no finding.",
        Severity.WARNING,
        "Remove it.",
    ),
)

RULES: Final[dict[str, Rule]] = {rule.id: rule for rule in _ALL}
"""Every rule by its id, in the order in which the pages list them."""


def explain(rule_id: str) -> str:
    """The rule's page as Markdown. Raises `InputError` for an id that is none, with the nearest one."""
    if rule_id not in RULES:
        from difflib import get_close_matches  # noqa: PLC0415 - only for the mistyped

        near = get_close_matches(rule_id[:80], RULES, 1)
        hint = f"did you mean {near[0]}?" if near else f"the rules are {', '.join(RULES)}"
        raise InputError(f"there is no rule {rule_id[:80]!r}", hint=hint)
    from importlib.resources import files  # noqa: PLC0415 - costs 15 ms, only for this command

    page = files("tagwright_dictionary") / "data" / "rules" / f"{rule_id}.md"
    return page.read_text(encoding="utf-8")
