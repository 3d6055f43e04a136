"""What a run is told: the stack, its mode and configuration, and the test's own answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tagwright_pulumi.testing.model import Registration

Outputs = Callable[[Registration], Mapping[str, Any]]
"""Computed outputs of a resource in an update, by wire name; they win over its inputs."""

Invokes = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""The result of an invoke (a data source), from its token and arguments."""

Check = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""Stands for the provider's Check: the inputs it would have made of a custom resource's inputs, by type token."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`config` keys are full (`aws:region`) and values text; `secrets` names the secret ones."""

    project: str = "project"
    stack: str = "dev"
    organization: str = "organization"
    preview: bool = False
    root: Path = field(default_factory=Path.cwd)
    config: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    stack_tags: Mapping[str, str] = field(default_factory=dict)
    outputs: Outputs | None = None
    invokes: Invokes | None = None
    check: Check | None = None

    def environment(self) -> dict[str, str]:
        """The variables that a language host sets for the processes it starts."""
        return {
            "PULUMI_PROJECT": self.project,
            "PULUMI_STACK": self.stack,
            "PULUMI_ORGANIZATION": self.organization,
            "PULUMI_DRY_RUN": "true" if self.preview else "false",
            "PULUMI_CONFIG": json.dumps(dict(self.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(self.secrets)),
        }


def full_config(project: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Configuration as a stack file has it: a key without a namespace is the project's, structures are JSON."""
    return {
        (key if ":" in key else f"{project}:{key}"): value if isinstance(value, str) else json.dumps(value)
        for key, value in given.items()
    }
