"""What a file given as a plan turns out to be, and where its sections start."""

from __future__ import annotations

import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO

from tagwright_iac.plan.cursor import Cursor, MalformedError

SHOW = "save the plan with `terraform plan -out=tfplan`, then `terraform show -json tfplan > plan.json`"
SUPPORTED_MAJOR = "1"

_ZIP = b"PK\x03\x04"
_HEAD = 65536
_PLAN_KEY = re.compile(rb'"(?:plan_)?format_version"\s*:|"resource_changes"\s*:|"planned_values"\s*:|"@level"\s*:')
_STATE_KEY = re.compile(rb'"lineage"\s*:|"terraform_version"\s*:.*"serial"\s*:', re.DOTALL)
_FOR_PEOPLE = re.compile(
    rb"Terraform will perform the following actions|OpenTofu will perform the following actions"
    rb"|used the selected providers to generate|No changes\. Your infrastructure"
)
_SMALL = ("format_version", "plan_format_version", "terraform_version", "complete", "errored", "@level", "version")


class NotAPlanError(ValueError):
    """The document cannot be judged as a plan; `hint` says what to do."""

    def __init__(self, reason: str, hint: str = SHOW) -> None:
        super().__init__(reason)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Sections:
    """Where each top-level value starts (byte offset), and the small ones themselves."""

    offsets: dict[str, int] = field(default_factory=dict)
    small: dict[str, Any] = field(default_factory=dict)


def looks_like_plan(path: Path) -> bool:
    """Whether a file is a Terraform or OpenTofu plan, or something its user took for one (a saved binary plan, the
    event stream of `plan -json`, a state): then `read_plan` says what it is. Reads 64 kB; never raises.
    """
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    if head.startswith(_ZIP):
        return b"tfplan" in head[:_HEAD]
    head = _as_ascii(head).lstrip()
    return head.startswith(b"{") and bool(_PLAN_KEY.search(head) or _STATE_KEY.search(head))


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file, seekable: a pipe (`<(terraform show -json tfplan)`) is copied to a temporary file first."""
    with path.open("rb") as file:
        if stat.S_ISREG(path.stat().st_mode):
            yield file
            return
        with tempfile.TemporaryFile() as copy:
            copyfileobj(file, copy)
            copy.seek(0)
            yield copy


def sections(file: BinaryIO) -> tuple[Cursor, Sections]:
    """Pass over the document once. Raises `NotAPlanError` for everything that is no plan in JSON."""
    head = file.read(_HEAD)
    file.seek(0)
    _refuse_by_its_start(head)
    cursor = Cursor(file)
    found = Sections()
    try:
        if cursor.peek() != "{":
            raise NotAPlanError("a plan in JSON is an object")
        for key in cursor.entries():
            found.offsets[key] = cursor.offset
            if key in _SMALL and cursor.peek() not in "{[":
                found.small[key] = cursor.value()
            else:
                cursor.skip()
        rest = cursor.peek()
    except MalformedError as error:
        raise NotAPlanError(f"{error}{_also(head)}") from None
    _refuse_by_its_keys(found, more=bool(rest))
    return cursor, found


def _refuse_by_its_start(head: bytes) -> None:
    if not head.strip():
        raise NotAPlanError("the file is empty")
    if head.startswith(_ZIP):
        raise NotAPlanError("this is a saved plan in Terraform's binary format", "run `terraform show -json` on it")
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotAPlanError("this is a binary file")
    if _FOR_PEOPLE.search(_as_ascii(head)) and not head.lstrip().startswith(b"{"):
        raise NotAPlanError("this is the plan as Terraform prints it for people")


def _refuse_by_its_keys(found: Sections, *, more: bool) -> None:
    keys = found.offsets
    if "@level" in keys:
        raise NotAPlanError("this is the event stream of `terraform plan -json`, which holds no plan")
    if more:
        raise NotAPlanError("there is more text after the plan's closing brace")
    if "lineage" in keys or "serial" in keys:
        raise NotAPlanError("this is a Terraform state file, not a plan")
    if "values" in keys and "resource_changes" not in keys and "planned_values" not in keys:
        raise NotAPlanError("this is a state as `terraform show -json` prints it, not a plan")
    if not keys.keys() & {"resource_changes", "planned_values", "format_version", "plan_format_version"}:
        raise NotAPlanError("this JSON document is not a Terraform plan")
    version = found.small.get("format_version", found.small.get("plan_format_version"))
    if not isinstance(version, str):
        raise NotAPlanError("the plan does not say its format_version")
    major = version.split(".", 1)[0]
    # 0.x is what Terraform 0.12 to 1.0 wrote; its fields are those of 1.x.
    if major not in {SUPPORTED_MAJOR, "0"}:
        raise NotAPlanError(
            f"the plan's format_version is {version[:20]!r}; versions 0.x and 1.x are understood",
            "update tagwright, or make the plan with a Terraform that writes format version 1",
        )


def _also(head: bytes) -> str:
    return "; it looks like the event stream of `terraform plan -json`" if b'"@level"' in head else ""


def _as_ascii(head: bytes) -> bytes:
    """PowerShell's `>` writes UTF-16: without the zero bytes its ASCII can be searched."""
    return head.replace(b"\x00", b"").lstrip(b"\xff\xfe\xef\xbb\xbf")
