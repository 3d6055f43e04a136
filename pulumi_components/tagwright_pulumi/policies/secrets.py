"""Which values of a resource must not be printed.

A policy's validation is shown secrets as plain values; only a remediation sees that they are secret. The engine runs
remediations first, so the pack's own one notes it. What no remediation has seen (it was switched off) is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Secrets:
    """Names of secret values by URN. Grows with the number of resources of a stack."""

    _names: dict[str, frozenset[str]] = field(default_factory=dict)

    def note(self, urn: str, names: Iterable[str]) -> None:
        self._names[urn] = frozenset(names)

    def hides(self, urn: str, name: str) -> bool:
        names = self._names.get(urn)
        return names is None or name in names
