"""The remediation: defaults of the dictionary for tags that are required and not there.

It runs after the provider's Check, and no second Check follows: `tagsAll` is mended as well. It changes the properties
in place: a map that is built anew would lose which of its values are secret, and whether they are known.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, MutableSequence
from typing import Any

from pulumi_policy import ResourceValidationArgs

from tagwright_dictionary.model import Certainty, Severity
from tagwright_pulumi.policies.desk import Desk
from tagwright_pulumi.policies.plain_values import opened, secret_names
from tagwright_pulumi.policies.sentinels import without_sentinels
from tagwright_pulumi.spreading import Change, Spreading
from tagwright_pulumi.types import type_info

_MENDED = frozenset({"missing-tag", "unreached"})


class InPlace:
    """Properties of a remediation: secrets are opened and stay secret, what is unknown is left alone."""

    def mapping(self, value: Any) -> MutableMapping[str, Any] | None:
        found = opened(value)
        return found if isinstance(found, dict) else None

    def sequence(self, value: Any) -> MutableSequence[Any] | None:
        found = opened(value)
        return found if isinstance(found, list) else None

    def later(self, value: Any, change: Change) -> Any:  # noqa: ARG002 - nothing can be added to an unknown
        return value


def remediate(desk: Desk, args: ResourceValidationArgs) -> Mapping[str, Any] | None:
    """The same properties with defaults added; None when nothing is to be mended."""
    desk.secrets.note(args.urn, secret_names(args.props))
    info = type_info(args.resource_type)
    if info is None or not info.taggable:
        return None
    defaults = _defaults(desk, args)
    if not defaults or not Spreading(defaults, InPlace()).over(info, opened(args.props)):
        return None
    return args.props


def _defaults(desk: Desk, args: ResourceValidationArgs) -> dict[str, str]:
    """For the keys that certainly lack, and have a default; as AWS spells them."""
    judged = desk.judged(without_sentinels(args))
    if judged is None:
        return {}
    encoding = desk.dictionary.encoding("aws")
    spelled = dict(encoding.keys) if encoding else {}
    lacking = {
        each.key
        for each in judged.findings
        if each.rule in _MENDED and each.certainty is Certainty.DEFINITE and each.severity is not Severity.INFO
    }
    found = {}
    for name in sorted(lacking):
        key = desk.dictionary.key(name)
        if key is not None and key.default:
            found[spelled.get(name, name)] = key.default
    return found
