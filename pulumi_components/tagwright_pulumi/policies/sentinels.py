"""The arguments of a remediation in the form of a validation's.

A remediation is shown an unknown as a marker string, which is no value of any tag.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pulumi.output import UNKNOWN
from pulumi_policy import ResourceValidationArgs, proxy

from tagwright_pulumi.policies.plain_values import opened

_SENTINELS: Final = frozenset(
    {
        proxy.UNKNOWN_ARCHIVE_VALUE,
        proxy.UNKNOWN_ARRAY_VALUE,
        proxy.UNKNOWN_ASSET_VALUE,
        proxy.UNKNOWN_BOOLEAN_VALUE,
        proxy.UNKNOWN_NUMBER_VALUE,
        proxy.UNKNOWN_OBJECT_VALUE,
        proxy.UNKNOWN_STRING_VALUE,
    }
)


@dataclass(frozen=True, slots=True)
class Arguments:
    """What `Desk.judged` reads of a policy's arguments."""

    resource_type: str
    name: str
    urn: str
    props: Mapping[str, Any]
    provider: Any
    config: Mapping[str, Any]

    def get_config(self) -> Mapping[str, Any]:
        return self.config


def without_sentinels(args: ResourceValidationArgs) -> Arguments:
    return Arguments(args.resource_type, args.name, args.urn, _read(args.props), args.provider, args.get_config() or {})


def _read(value: Any) -> Any:
    found = opened(value)
    if isinstance(found, dict):
        return {key: _read(inner) for key, inner in found.items()}
    if isinstance(found, list):
        return [_read(each) for each in found]
    return UNKNOWN if isinstance(found, str) and found in _SENTINELS else found
