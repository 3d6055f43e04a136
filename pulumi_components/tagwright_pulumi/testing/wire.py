"""Property values as they travel between a program and the engine, and as a test wants to read them.

The signatures are Pulumi's own (pulumi/pulumi, sdk/go/common/resource/properties.go); a value that carries none is
plain JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf import json_format, struct_pb2

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_ASSET = "c44067f5952c0a294b673a41bacd8c17"
_ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a signature of the protocol, not a password
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWN_STRING: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS = frozenset(
    {
        UNKNOWN_STRING,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


class Unknown:
    """The value is not known before the update."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
"""What stands in `Registration.inputs` for a value that a preview cannot know; compare with `is`."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that the program marked as secret. Its text never shows in a representation, so not in a failed
    assertion either.
    """

    value: Any

    def __repr__(self) -> str:
        return "Secret(...)"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, text or archive. `source` holds the protocol's own fields (`path`, `text`, `uri`, `assets`, `hash`)."""

    kind: str
    source: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reference:
    """Another resource, passed as a value."""

    urn: str
    id: Any = None


def decode(message: struct_pb2.Struct) -> dict[str, Any]:
    """A property bag as plain Python: whole numbers as int, unknowns as `UNKNOWN`, secrets as `Secret`."""
    return {key: _read(value) for key, value in json_format.MessageToDict(message).items()}


def encode(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """The reverse of `decode`."""
    message = struct_pb2.Struct()
    message.update({key: _write(value) for key, value in values.items()})
    return message


def for_analyzers(message: struct_pb2.Struct) -> struct_pb2.Struct:
    """As the engine shows properties to policy packs: outputs become their value, their secret or an unknown;
    references become the resource's id, or its URN.
    """
    flat = struct_pb2.Struct()
    flat.update({key: _flatten(value) for key, value in json_format.MessageToDict(message).items()})
    return flat


def _read(value: Any) -> Any:
    if isinstance(value, str):
        return UNKNOWN if value in _UNKNOWNS else value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, list):
        return [_read(each) for each in value]
    if not isinstance(value, dict):
        return value
    signature = value.get(_SIGNATURE)
    rest = {key: _read(inner) for key, inner in value.items() if key != _SIGNATURE}
    if signature is None:
        return rest
    if signature == _SECRET:
        return Secret(rest.get("value"))
    if signature == _OUTPUT:
        known = rest.get("value", UNKNOWN)
        return Secret(known) if rest.get("secret") else known
    if signature == _RESOURCE:
        return Reference(rest.get("urn", ""), rest.get("id"))
    return Asset("archive" if signature == _ARCHIVE else "asset", rest)


def _write(value: Any) -> Any:
    if value is UNKNOWN:
        return UNKNOWN_STRING
    if isinstance(value, Secret):
        return {_SIGNATURE: _SECRET, "value": _write(value.value)}
    if isinstance(value, Reference):
        return {_SIGNATURE: _RESOURCE, "urn": value.urn, "id": _write(value.id)}
    if isinstance(value, Asset):
        signature = _ARCHIVE if value.kind == "archive" else _ASSET
        return {_SIGNATURE: signature, **{key: _write(inner) for key, inner in value.source.items()}}
    if isinstance(value, Mapping):
        return {key: _write(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_write(inner) for inner in value]
    return value


def _flatten(value: Any) -> Any:
    if isinstance(value, list):
        return [_flatten(each) for each in value]
    if not isinstance(value, dict):
        return value
    signature = value.get(_SIGNATURE)
    if signature == _OUTPUT:
        known = _flatten(value.get("value", UNKNOWN_STRING))
        return {_SIGNATURE: _SECRET, "value": known} if value.get("secret") else known
    if signature == _RESOURCE:
        return value.get("id") or value.get("urn", "")
    return {key: _flatten(inner) for key, inner in value.items()}
