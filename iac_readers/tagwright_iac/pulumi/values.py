"""Property values as Pulumi writes them into its JSON.

The signatures and the marker of unknowns are Pulumi's (pulumi/pulumi, sdk/go/common/resource/properties.go and
pkg/resource/stack/deployment.go). A preview masks a secret as the text `[secret]`; an export has it encrypted, or as
JSON text with --show-secrets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any, Final

from tagwright_dictionary.model import Origin, Tag, Tags, Unknown
from tagwright_iac.plan.node import clean
from tagwright_iac.reach.tagsets import tags_of, text, unseen

LATER: Final = Unknown("known only after the update", "check the export after the update, or set the value in code")
SECRET: Final = Unknown("its value is a secret, which the document hides", "export with --show-secrets")
_NO_MAP: Final = Unknown("the tags are not a map")

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a signature of the format, not a password
_RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_MASK = "[secret]"
UNKNOWNS: Final = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # string, and what previews write for every type
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A secret: judged where it is known, and never shown."""

    value: Any


def read_value(raw: Any) -> Any:
    """The value with `Unknown` for what is not known and `Hidden` around secrets."""
    if isinstance(raw, str):
        if raw in UNKNOWNS:
            return LATER
        return Hidden(SECRET) if raw == _MASK else clean(raw)
    if isinstance(raw, float):
        return Fraction(str(raw)) if isfinite(raw) else Unknown("the number is out of range")
    if isinstance(raw, list):
        return [read_value(each) for each in raw]
    if not isinstance(raw, dict):
        return raw
    signature = raw.get(_SIGNATURE)
    if signature is None:
        # The bridge of Terraform's providers notes under this name which values it filled in.
        return {clean(str(key)): read_value(inner) for key, inner in raw.items() if key != "__defaults"}
    if signature == _SECRET_SIGNATURE:
        return Hidden(_opened(raw))
    if signature == _OUTPUT_SIGNATURE:
        value = read_value(raw["value"]) if "value" in raw else LATER
        return Hidden(value) if raw.get("secret") is True else value
    if signature == _RESOURCE_SIGNATURE:
        return read_value(raw.get("id") or raw.get("urn"))
    return Unknown("an asset or archive")


def _opened(raw: Mapping[str, Any]) -> Any:
    written = raw.get("plaintext")
    if isinstance(written, str):
        try:
            return read_value(json.loads(written))
        except (ValueError, RecursionError):
            return SECRET
    return read_value(raw["value"]) if "value" in raw else SECRET


def revealed(value: Any) -> Any:
    """Without the marks of secrets, to decide by and not to show."""
    if isinstance(value, Hidden):
        return revealed(value.value)
    if isinstance(value, dict):
        return {key: revealed(inner) for key, inner in value.items()}
    return [revealed(each) for each in value] if isinstance(value, list) else value


def is_secret(value: Any) -> bool:
    """Whether the value, or anything in it, must not be shown."""
    if isinstance(value, dict):
        return any(is_secret(inner) for inner in value.values())
    if isinstance(value, list):
        return any(is_secret(each) for each in value)
    return isinstance(value, Hidden)


def outer(value: Any) -> tuple[Any, bool]:
    """What is behind the outermost marks, and whether there was one."""
    secret = False
    while isinstance(value, Hidden):
        value, secret = value.value, True
    return value, secret


def map_tags(value: Any, origin: Origin) -> Tags:
    """A map as tags; entries without a value are none."""
    given, secret = outer(value)
    if given is None:
        return Tags()
    if isinstance(given, Unknown):
        return unseen(given)
    if not isinstance(given, dict):
        return unseen(_NO_MAP)
    return tags_of(
        Tag(key, text(revealed(inner)), origin, sensitive=secret or is_secret(inner))
        for key, inner in given.items()
        if revealed(inner) is not None
    )


def listed_tags(value: Any, origin: Origin) -> Tags:
    """A list of {key, value} as tags."""
    given, secret = outer(value)
    if given is None:
        return Tags()
    if isinstance(given, Unknown):
        return unseen(given)
    found, hidden = [], None
    for each in given if isinstance(given, list) else (given,):
        entry, covered = outer(each)
        key = revealed(entry.get("key")) if isinstance(entry, dict) else entry
        if not isinstance(key, str):
            hidden = key if isinstance(key, Unknown) else Unknown("an entry of the tags has no key")
        elif revealed(entry.get("value")) is not None:
            written = entry["value"]
            found.append(Tag(key, text(revealed(written)), origin, sensitive=secret or covered or is_secret(written)))
    tags = tags_of(found)
    return tags if hidden is None else Tags(tags.items, complete=False, cause=hidden)
