"""Refusals. All are `pulumi.RunError`: Pulumi prints their message and no traceback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.model import Finding


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for a refusal.

    rule     one of the shared rule ids, or `argument` for an argument of a component that is not a tag
    key      the tag key, "" when it is about something else
    path     the input property, as Pulumi writes paths: `tags["owner"]`, `instanceType`
    message  what is wrong; `help` the next step
    finding  what the shared judge found, when it did
    is_none  the value is None: where the key is required, the judge says so in its own words
    """

    rule: str
    message: str
    key: str = ""
    path: str = ""
    help: str = ""
    finding: Finding | None = None
    is_none: bool = False

    def __str__(self) -> str:
        help_text = f"\n    {self.help}" if self.help else ""
        return f"  {self.rule}: {self.message}{help_text}"


def from_finding(finding: Finding) -> Problem:
    """A finding of the shared judge as a problem: the same rule, words and help as in every other gate."""
    path = f'tags["{plain(finding.key)}"]' if finding.key else "tags"
    return Problem(finding.rule, finding.message, finding.key, path, finding.help, finding)


class TagPolicyError(pulumi.RunError):
    """The tag policy (or a component's own rule) refuses a resource. `problems` holds every reason at once."""

    def __init__(
        self, token: str, name: str, problems: Sequence[Problem], dictionary: Dictionary | None = None
    ) -> None:
        super().__init__(report("tag policy refuses", token, name, problems, dictionary))
        self.token = token
        self.name = name
        self.problems = tuple(problems)


class SetupError(pulumi.RunError):
    """Not the program's resources are at fault but what judges them: no dictionary, a broken one, bad configuration,
    a part that is not installed.
    """


def report(
    opening: str, token: str, name: str, problems: Sequence[Problem], dictionary: Dictionary | None = None
) -> str:
    """The whole message, one problem after the other, in a stable order."""
    count = "" if len(problems) == 1 else f" ({len(problems)} problems)"
    lines = [f"{opening} {plain(token, 200)} '{plain(name, 200)}'{count}:", *map(str, problems)]
    if dictionary is not None:
        digest = f" ({dictionary.digest[:8]})" if dictionary.digest else ""
        lines.append(f"  dictionary {plain(dictionary.name)} {plain(dictionary.version)}{digest}")
    return "\n".join(lines)
