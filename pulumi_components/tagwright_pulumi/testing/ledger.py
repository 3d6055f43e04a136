"""Everything that happened in a run, collected from many threads."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tagwright_pulumi.testing.model import (
    NOTHING,
    STACK_TYPE,
    Diagnostic,
    Failure,
    Log,
    Registration,
    Remediated,
    Run,
)


class Ledger:
    """Appended to by the services, closed into a `Run`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._registrations: dict[str, Registration] = {}
        self._logs: list[Log] = []
        self._diagnostics: list[Diagnostic] = []
        self._remediations: list[Remediated] = []
        self._failures: list[Failure] = []
        self._reads: list[tuple[str, str]] = []
        self._invokes: list[tuple[str, Mapping[str, Any]]] = []

    def register(self, registration: Registration) -> bool:
        """False when the URN is already taken."""
        with self._lock:
            if registration.urn in self._registrations:
                return False
            self._registrations[registration.urn] = registration
            return True

    def set_outputs(self, urn: str, outputs: Mapping[str, Any]) -> None:
        with self._lock:
            known = self._registrations.get(urn)
            if known is not None:
                self._registrations[urn] = replace(known, outputs=outputs)

    def log(self, severity: str, message: str, urn: str = "") -> None:
        with self._lock:
            self._logs.append(Log(severity, message, urn))

    def violate(self, diagnostic: Diagnostic) -> None:
        with self._lock:
            self._diagnostics.append(diagnostic)

    def remediate(self, remediated: Remediated) -> None:
        with self._lock:
            self._remediations.append(remediated)

    def fail(self, failure: Failure) -> None:
        with self._lock:
            self._failures.append(failure)

    def read(self, type_: str, identity: str) -> None:
        with self._lock:
            self._reads.append((type_, identity))

    def invoke(self, token: str, arguments: Mapping[str, Any]) -> None:
        with self._lock:
            self._invokes.append((token, arguments))

    def close(self, exit_code: int, stdout: str = "", stderr: str = "") -> Run:
        """`exit_code` is the program's; a mandatory violation turns 0 into 1."""
        with self._lock:
            registrations = tuple(self._registrations.values())
            stack = next((each for each in registrations if each.type == STACK_TYPE), None)
            mandatory = any(each.level == "mandatory" for each in self._diagnostics)
            return Run(
                registrations=registrations,
                diagnostics=tuple(self._diagnostics),
                logs=tuple(self._logs),
                exit_code=1 if exit_code or mandatory else 0,
                outputs=NOTHING if stack is None else stack.outputs,
                remediations=tuple(self._remediations),
                failures=tuple(self._failures),
                reads=tuple(self._reads),
                invokes=tuple(self._invokes),
                stdout=stdout,
                stderr=stderr,
            )
