"""The policies of the pack, and at which level each stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationPolicy,
)

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.model import Finding
from tagwright_dictionary.rules import RULES
from tagwright_pulumi.policies import autofix, consistency
from tagwright_pulumi.policies.desk import Desk, Judged, Report, problems
from tagwright_pulumi.stack import find_dictionary

REQUIRED: Final = frozenset({"missing-tag"})
PROPAGATION: Final = frozenset({"unreached"})
VALUES: Final = frozenset(RULES) - REQUIRED - PROPAGATION
"""Everything that is wrong with a tag that is there."""

_EXCLUDE: Final[dict[str, Any]] = {
    "exclude": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Globs of resource types and URNs that the policy leaves alone.",
    }
}
_PAIRS: Final[dict[str, Any]] = {
    "pairs": {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": 'Which key has one value for each value of which other: {"cost-center": "workload"}. '
        "By default those of the dictionary's `match`.",
    }
}


def policies(dictionary: Dictionary | str | Path | None = None, *, today: date | None = None) -> list[Policy]:
    """What enforces a dictionary, to be given to a `PolicyPack`.

    tagwright-required-tags      mandatory  required tags that are missing
    tagwright-values             mandatory  tags that are there and wrong
    tagwright-propagation        mandatory  tags that do not reach the volumes, instances, tasks that are billed
    tagwright-advice             advisory   warnings, and what cannot be decided before the update
    tagwright-autofix            remediate  adds the dictionary's defaults where required tags are missing
    tagwright-stack-consistency  advisory   one cost center for each team of a stack, and the like

    `dictionary` is a loaded one, or where it is; None finds it as `TagGate` does. Levels and `exclude` are set by the
    engine's own policy configuration. Raises SetupError for a dictionary that is missing or broken: a pack that cannot
    judge does not start.
    """
    desk = Desk(find_dictionary(dictionary), today)
    mandatory = EnforcementLevel.MANDATORY
    # The SDK takes properties as well as something to await, though its annotation knows only the latter.
    remediate: Any = partial(autofix.remediate, desk)
    return [
        _resource(
            "tagwright-required-tags",
            "Resources carry the tags that the tag dictionary requires.",
            partial(_blocked, desk, REQUIRED),
            mandatory,
        ),
        _resource(
            "tagwright-values",
            "Tags have the keys and values that the tag dictionary approves.",
            partial(_blocked, desk, VALUES),
            mandatory,
        ),
        _resource(
            "tagwright-propagation",
            "Tags reach everything that is billed in a resource's place.",
            partial(_blocked, desk, PROPAGATION),
            mandatory,
        ),
        _resource(
            "tagwright-advice",
            "Warnings of the tag dictionary, and what only the update can decide.",
            partial(_advised, desk),
            EnforcementLevel.ADVISORY,
        ),
        ResourceValidationPolicy(
            "tagwright-autofix",
            "Adds the tag dictionary's defaults where required tags are missing.",
            remediate=remediate,
            enforcement_level=EnforcementLevel.REMEDIATE,
            config_schema=PolicyConfigSchema(_EXCLUDE),
        ),
        StackValidationPolicy(
            "tagwright-stack-consistency",
            "Tags that belong together have one value in a stack.",
            partial(consistency.validate, desk),
            EnforcementLevel.ADVISORY,
            PolicyConfigSchema({**_EXCLUDE, **_PAIRS}),
        ),
    ]


def _resource(
    name: str, description: str, validate: Callable[[ResourceValidationArgs, Report], None], level: EnforcementLevel
) -> ResourceValidationPolicy:
    return ResourceValidationPolicy(name, description, validate, level, PolicyConfigSchema(_EXCLUDE))


def _blocked(desk: Desk, rules: frozenset[str], args: ResourceValidationArgs, violate: Report) -> None:
    judged = desk.judged(args)
    if judged is None:
        return
    found = problems(each for each in judged.findings if each.rule in rules and desk.blocking(each))
    if rules is VALUES:
        found = [*judged.problems, *found]
    desk.say("tag policy refuses", judged, found, violate)


def _advised(desk: Desk, args: ResourceValidationArgs, violate: Report) -> None:
    judged = desk.judged(args)
    if judged is not None:
        desk.say("tag policy on", judged, problems(_advice(desk, judged)), violate)


def _advice(desk: Desk, judged: Judged) -> list[Finding]:
    return [each for each in judged.findings if desk.advised(each)]
