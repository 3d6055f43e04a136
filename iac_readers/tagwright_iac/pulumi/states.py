"""One resource of a preview or an export, as far as tags go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from tagwright_iac.plan.node import clean
from tagwright_iac.pulumi.values import read_value, revealed

SKIPPED: Final = frozenset(
    {
        *("delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace"),
        *("read", "read-replacement", "read-discard"),
    }
)
"""Steps after which the resource is gone, or that only read what somebody else owns."""

_PARTS = 4


class EntryError(ValueError):
    """An entry has not the form that Pulumi writes; the text says what is amiss."""


@dataclass(frozen=True, slots=True)
class State:
    """`op` is the step of a preview, "" in an export. `address` is the URN without its stack and project. `identity`
    are the names by which others may refer to it: its id, name and ARN.
    """

    urn: str
    type: str
    name: str
    address: str
    op: str = ""
    custom: bool = True
    provider: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    dependencies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    identity: tuple[str, ...] = ()

    @property
    def is_provider(self) -> bool:
        return self.type.startswith("pulumi:providers:")

    @property
    def judged(self) -> bool:
        """Components own nothing that is billed; providers and the stack are no resources."""
        return self.custom and not self.type.startswith("pulumi:")


def state_of_step(raw: Any) -> State | None:
    """The state after a step of a preview; None for what is gone or only read. Raises `EntryError`."""
    if not isinstance(raw, dict) or not isinstance(raw.get("op"), str):
        raise EntryError("a step of the preview has no op")
    op = raw["op"]
    if op in SKIPPED:
        return None
    after = raw.get("newState")
    if after is None and op == "same":
        after = raw.get("oldState")
    if not isinstance(after, dict):
        named = clean(str(raw.get("urn", "")))[:200]
        raise EntryError(f"the step {clean(op)[:40]} of {named or 'a resource'} has no newState")
    return state_of(after, op)


def state_of(raw: Any, op: str = "") -> State | None:
    """A resource's state; None for one that is being deleted or that the stack does not own. Raises `EntryError`."""
    if not isinstance(raw, dict) or not isinstance(raw.get("urn"), str) or not isinstance(raw.get("type"), str):
        raise EntryError("a resource has no urn and type")
    if raw.get("external") is True or raw.get("delete") is True:
        return None
    urn = clean(raw["urn"])
    parts = urn.split("::", _PARTS - 1)
    if len(parts) != _PARTS or not parts[0].startswith("urn:pulumi:"):
        raise EntryError(f"{urn[:200]} is no URN of Pulumi")
    inputs, outputs = (_properties(raw.get(name)) for name in ("inputs", "outputs"))
    return State(
        urn=urn,
        type=clean(raw["type"]),
        name=parts[3],
        address=f"{parts[2]}::{parts[3]}",
        op=op,
        custom=raw.get("custom") is True,
        provider=_provider(raw.get("provider")),
        inputs=inputs,
        outputs={name: outputs[name] for name in _KEPT if name in outputs},
        dependencies=_dependencies(raw.get("propertyDependencies")),
        identity=_identity(raw.get("id"), outputs, inputs),
    )


_NAMES = ("name", "arn", "bucket", "selfLink", "family")
_KEPT = ("tagsAll", "effectiveLabels")


def _identity(given: Any, *sources: dict[str, Any]) -> tuple[str, ...]:
    found = [given, *(revealed(source.get(name)) for source in sources for name in _NAMES)]
    return tuple(dict.fromkeys(value for value in found if isinstance(value, str) and value))


def _properties(raw: Any) -> dict[str, Any]:
    found = read_value(raw) if isinstance(raw, dict) else {}
    return found if isinstance(found, dict) else {}


def _provider(raw: Any) -> str:
    """The provider's URN; a reference has its id behind it."""
    return clean(raw).rpartition("::")[0] if isinstance(raw, str) else ""


def _dependencies(raw: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(raw, dict):
        return {}
    return {
        str(name): tuple(clean(urn) for urn in urns if isinstance(urn, str))
        for name, urns in raw.items()
        if isinstance(urns, list)
    }
