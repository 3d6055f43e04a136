"""What a run leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

STACK_TYPE = "pulumi:pulumi:Stack"
NOTHING: Mapping[str, Any] = MappingProxyType({})


class LoopbackError(Exception):
    """The run could not be carried out: a program that is not there, a plugin that does not start, a timeout."""


@dataclass(frozen=True, slots=True)
class Registration:
    """One RegisterResource request, after transforms and remediations.

    inputs        as sent (camelCase), see `wire.decode`
    outputs       what RegisterResourceOutputs sent for a component
    parent        URN, "" for the stack itself
    aliases       as the protocol has them: a URN, or the fields of an alias specification
    dependencies  URNs; `property_dependencies` the same by property
    """

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    custom: bool = True
    remote: bool = False
    parent: str = ""
    protect: bool | None = None
    provider: str = ""
    providers: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[Any, ...] = ()
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignore_changes: tuple[str, ...] = ()
    retain_on_delete: bool | None = None
    delete_before_replace: bool | None = None
    import_id: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """One message for the user. `severity`: debug | info | warning | error."""

    severity: str
    message: str
    urn: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One violation that a policy pack reported. `level`: advisory | mandatory | remediate."""

    policy: str
    pack: str
    level: str
    message: str
    urn: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Remediated:
    """One resource that a policy rewrote, or (`problem`) could not."""

    policy: str
    pack: str
    urn: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A component provider refused to construct. `properties` are (path, reason) pairs of InputPropertiesError."""

    type: str
    name: str
    code: str
    message: str
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """The whole run.

    `registrations` stand in the order in which they arrived, the stack first; `diagnostics` are policy violations;
    `logs` what `pulumi.log` and the language host said; `outputs` the stack's. `exit_code` is 0 when the program
    ended well and no mandatory policy was violated, else 1.
    """

    registrations: tuple[Registration, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    logs: tuple[Log, ...] = ()
    exit_code: int = 0
    outputs: Mapping[str, Any] = field(default_factory=dict)
    remediations: tuple[Remediated, ...] = ()
    failures: tuple[Failure, ...] = ()
    reads: tuple[tuple[str, str], ...] = ()
    invokes: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    stdout: str = ""
    stderr: str = ""

    @property
    def resources(self) -> tuple[Registration, ...]:
        """Every registration but the stack's."""
        return tuple(each for each in self.registrations if each.type != STACK_TYPE)

    @property
    def errors(self) -> tuple[str, ...]:
        """The messages logged as errors."""
        return tuple(each.message for each in self.logs if each.severity == "error")

    @property
    def warnings(self) -> tuple[str, ...]:
        """The messages logged as warnings."""
        return tuple(each.message for each in self.logs if each.severity == "warning")

    def of(self, type_: str) -> tuple[Registration, ...]:
        """The registrations of a type token."""
        return tuple(each for each in self.registrations if each.type == type_)

    def one(self, type_: str, name: str | None = None) -> Registration:
        """The only registration of that type (and name). Raises LookupError when there are none or several."""
        found = [each for each in self.of(type_) if name is None or each.name == name]
        if len(found) != 1:
            seen = ", ".join(f"{each.type} {each.name!r}" for each in self.resources) or "nothing"
            raise LookupError(f"{len(found)} registrations of {type_} {name or ''}; registered were: {seen}")
        return found[0]
