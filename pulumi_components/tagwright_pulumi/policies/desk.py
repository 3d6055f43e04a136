"""Where a policy's arguments become findings of the shared judge, and those a message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from pulumi_policy import ResourceValidationArgs

from tagwright_dictionary.catalogue import provider_of
from tagwright_dictionary.dictionary import Dictionary, UnknownPolicy
from tagwright_dictionary.judging import judge_for
from tagwright_dictionary.model import Certainty, Finding, Resource, Severity
from tagwright_pulumi.errors import Problem, from_finding, report
from tagwright_pulumi.judging import Subject, find_classes
from tagwright_pulumi.policies.effective import Shown, effective_tags, place_of
from tagwright_pulumi.policies.plain_values import plain
from tagwright_pulumi.policies.reaching import bills_of
from tagwright_pulumi.policies.secrets import Secrets

Report = Callable[[str, str | None], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """One resource's findings, and what stands where a tag should and is none."""

    shown: Shown
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Desk:
    """One dictionary for all policies of a pack. `today` None is the day of the run."""

    dictionary: Dictionary
    today: date | None = None
    secrets: Secrets = field(default_factory=Secrets)

    def shown(self, args: Any) -> Shown:
        """`args`: a resource as pulumi_policy hands it to a validation, of a resource or of a stack."""
        provider = args.provider
        return Shown(
            args.resource_type,
            args.name,
            args.urn,
            plain(args.props),
            None if provider is None else plain(provider.props),
            self.secrets,
        )

    def judged(self, args: Any) -> Judged | None:
        """None for what cannot be tagged, or what the pack's configuration excludes."""
        if excluded(args):
            return None
        shown = self.shown(args)
        place = place_of(shown)
        if not place.taggable or not place.attribute:
            return None
        tags = effective_tags(shown, place)
        resource = Resource(
            shown.name,
            shown.token,
            provider=provider_of(shown.token),
            framework="pulumi",
            taggable=True,
            classes=find_classes(Subject(shown.token, shown.name), shown.props),
            tags=tags,
            bills=bills_of(shown, tags, place),
        )
        today = self.today or date.today()  # noqa: DTZ011 - a deadline ends at the user's midnight
        findings = judge_for(self.dictionary).judge(resource, today).findings
        return Judged(shown, findings, tuple(shown.problems))

    def blocking(self, finding: Finding) -> bool:
        """Errors that are certain; those that are not, where the dictionary says so. One certain error blocks
        whatever else of the resource is unknown.
        """
        if finding.severity is not Severity.ERROR:
            return False
        return finding.certainty is Certainty.DEFINITE or self.dictionary.unknown is UnknownPolicy.FAIL

    def advised(self, finding: Finding) -> bool:
        """What is shown and blocks nothing."""
        if finding.severity is Severity.INFO or self.blocking(finding):
            return False
        return finding.certainty is Certainty.DEFINITE or self.dictionary.unknown is not UnknownPolicy.IGNORE

    def say(self, opening: str, judged: Judged, problems: Iterable[Problem], violate: Report) -> None:
        """One violation with everything, in the words of every other gate."""
        found = list(problems)
        if found:
            shown = judged.shown
            violate(report(opening, shown.token, shown.name, found, self.dictionary), shown.urn)


def problems(findings: Iterable[Finding]) -> list[Problem]:
    return [from_finding(each) for each in findings]


def excluded(args: ResourceValidationArgs | Any, config: Mapping[str, Any] | None = None) -> bool:
    """Whether the policy's `exclude` names the resource: globs of its type or its URN."""
    asked = args.get_config() if config is None and hasattr(args, "get_config") else config
    globs = (asked or {}).get("exclude") or ()
    return any(
        fnmatchcase(text, glob)
        for glob in globs
        if isinstance(glob, str)
        for text in (getattr(args, "resource_type", ""), args.urn)
    )
