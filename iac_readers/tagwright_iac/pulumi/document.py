"""What a file of Pulumi's turns out to be, and the states in it, read entry by entry."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from tagwright_iac.plan.cursor import Cursor
from tagwright_iac.plan.node import clean
from tagwright_iac.pulumi.states import EntryError, State, state_of, state_of_step

PREVIEW: Final = "run `pulumi preview --json > preview.json` (without PULUMI_ENABLE_STREAMING_JSON_PREVIEW)"
_EXPORT: Final = "run `pulumi stack export --file stack.json`"
_HEAD = 65536
_URN = re.compile(rb'"urn:pulumi:')
_OURS = re.compile(
    rb'"(?:steps|changeSummary|oldState|newState)"\s*:'
    rb'|"deployment"\s*:|"checkpoint"\s*:'
    rb'|"(?:preludeEvent|resourcePreEvent|diagnosticEvent|stdoutEvent|policyEvent|summaryEvent)"\s*:'
)
_TERRAFORM = re.compile(
    rb'^\{\s*"(?:format_version|plan_format_version|terraform_version|resource_changes|@level)"\s*:'
)
_EVENTS = re.compile(
    rb'^\{\s*"(?:sequence|timestamp)"\s*:\s*\d+\s*,[^\n]*"\w+Event"\s*:|^\{[^\n]*"resourcePreEvent"\s*:', re.DOTALL
)


class NotReadableError(ValueError):
    """The document cannot be judged; `hint` says what to do."""

    def __init__(self, reason: str, hint: str = PREVIEW) -> None:
        super().__init__(reason)
        self.hint = hint


@dataclass(slots=True)
class Document:
    """`kind`: preview | export. `problems`: what keeps it from being the whole truth, each with its hint."""

    kind: str = "preview"
    states: dict[str, State] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, state: State | None) -> None:
        """Of the steps of one replacement the last that leaves the resource there counts."""
        if state is not None:
            self.states[state.urn] = state


def looks_like_pulumi(path: Path) -> bool:
    """Whether a file is something that Pulumi wrote: a preview, an export, its event stream. Reads 64 kB; never
    raises.
    """
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = _as_ascii(file.read(_HEAD)).lstrip()
    except OSError:
        return False
    if not head.startswith(b"{") or _TERRAFORM.search(head):
        return False
    return bool(_OURS.search(head) and (_URN.search(head) or b'"changeSummary"' in head or _EVENTS.search(head)))


def read_document(file: BinaryIO) -> Document:
    """Raises `NotReadableError`, and `MalformedError` for what is no JSON."""
    head = _as_ascii(file.read(_HEAD)).lstrip()
    file.seek(0)
    if _EVENTS.search(head):
        raise NotReadableError("this is a stream of engine events, not one document")
    cursor, found = Cursor(file), Document()
    if cursor.peek() != "{":
        raise NotReadableError("a preview in JSON is an object")
    keys: set[str] = set()
    summary: Any = None
    for key in cursor.entries():
        keys.add(key)
        if key == "steps" and cursor.peek() == "[":
            _steps(cursor, found)
        elif key == "deployment" and cursor.peek() == "{":
            _resources(cursor, found)
        elif key == "checkpoint" and cursor.peek() == "{":
            _checkpoint(cursor, found)
        elif key == "diagnostics" and cursor.peek() == "[":
            _diagnostics(cursor, found)
        elif key == "changeSummary":
            summary = cursor.value()
        elif key == "config" and cursor.peek() == "{":
            found.config = cursor.value()
        else:
            cursor.skip()
    if cursor.peek():
        raise NotReadableError("there is more text after the document's closing brace")
    _finish(found, keys, summary)
    return found


def _steps(cursor: Cursor, found: Document) -> None:
    for _ in cursor.items():
        try:
            found.add(state_of_step(cursor.value()))
        except EntryError as error:
            found.problems.append((str(error), PREVIEW))


def _resources(cursor: Cursor, found: Document) -> None:
    found.kind = "export"
    for key in cursor.entries():
        if key != "resources" or cursor.peek() != "[":
            cursor.skip()
            continue
        for _ in cursor.items():
            try:
                found.add(state_of(cursor.value()))
            except EntryError as error:
                found.problems.append((str(error), _EXPORT))


def _checkpoint(cursor: Cursor, found: Document) -> None:
    """The file that a backend on disk keeps of a stack."""
    found.kind = "export"
    for key in cursor.entries():
        if key == "latest" and cursor.peek() == "{":
            _resources(cursor, found)
        else:
            cursor.skip()


def _diagnostics(cursor: Cursor, found: Document) -> None:
    for _ in cursor.items():
        each = cursor.value()
        if isinstance(each, dict) and each.get("severity") == "error":
            said = " ".join(clean(str(each.get("message", ""))).split())[:200]
            found.problems.append((f"the preview ended with an error, so it is not complete: {said}", PREVIEW))


def _finish(found: Document, keys: set[str], summary: Any) -> None:
    if keys & {"deployment", "checkpoint"}:
        return
    if "steps" not in keys and "changeSummary" not in keys:
        raise NotReadableError("this JSON document is neither a preview nor an export of Pulumi")
    if "isPreview" in keys:
        raise NotReadableError("this is a summary of engine events, which leaves the resources out")
    if not isinstance(summary, dict):
        if not found.problems:
            found.problems.append(("the preview has no changeSummary: it did not come to its end", PREVIEW))
        return
    unchanged = summary.get("same")
    shown = sum(state.op == "same" for state in found.states.values())
    if isinstance(unchanged, int) and unchanged > shown:
        found.notes.append(
            f"{unchanged - shown} unchanged resources are not in the preview; "
            "`pulumi preview --json --show-sames` writes them as well"
        )


def _as_ascii(head: bytes) -> bytes:
    """PowerShell's `>` writes UTF-16: without the zero bytes its ASCII can be searched."""
    return head.replace(b"\x00", b"").lstrip(b"\xff\xfe\xef\xbb\xbf")
