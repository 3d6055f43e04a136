"""Pulumi stack exports, read by the reader of the gate: `pulumi stack export`, or the file of a backend on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import NO_TAGS, Location
from tagwright_drift.declared.model import State
from tagwright_drift.declared.naming import declared
from tagwright_iac.plan.cursor import MalformedError
from tagwright_iac.plan.document import opened
from tagwright_iac.pulumi import read_pulumi
from tagwright_iac.pulumi.document import NotReadableError, read_document

EXPORT: Final = "run `pulumi stack export --file stack.json`"


def state_of(path: Path, source: str) -> State:
    """Raises InputError: a preview, or an export that cannot be read whole."""
    where = Location(source)
    try:
        with opened(path) as file:
            document = read_document(file)
    except (NotReadableError, MalformedError, OSError) as error:
        raise InputError(str(error), hint=EXPORT, location=where) from None
    if document.kind != "export":
        raise InputError("this is a preview, not the state of a stack", hint=EXPORT, location=where)
    if document.problems:
        reason, hint = document.problems[0]
        raise InputError(reason, hint=hint, location=where)
    reading = read_pulumi(path, cwd=path.parent)
    if reading.problems:
        problem = reading.problems[0]
        raise InputError(problem.reason, hint=problem.hint or EXPORT, location=where)
    tags = {resource.address: resource.tags for resource in reading.resources}
    return State(
        source,
        tuple(
            declared(state.address, state.type, source, _identity(state.identity), tags.get(state.address, NO_TAGS))
            for state in sorted(document.states.values(), key=lambda each: each.address)
            if state.judged
        ),
    )


def _identity(names: tuple[str, ...]) -> list[str]:
    """The ARN first: a resource's id is one for some types only."""
    return sorted(names, key=lambda name: not name.startswith("arn:"))
