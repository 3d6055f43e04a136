"""Any file that says what code manages: Terraform states in both forms, Pulumi exports."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Location
from tagwright_drift.declared import pulumi_export, terraform_state
from tagwright_drift.declared.model import State
from tagwright_iac.pulumi import looks_like_pulumi

LARGEST: Final = 512 << 20
_NEXT: Final = "name a terraform.tfstate, the output of `terraform show -json`, or a `pulumi stack export`"


def read_states(paths: Iterable[str]) -> tuple[State, ...]:
    """One state a path, in the order given; a path given twice is read once. Raises InputError with the path."""
    return tuple(_read(path) for path in dict.fromkeys(paths))


def _read(source: str) -> State:
    path, where = Path(source), Location(source)
    try:
        if path.is_dir():
            inside = path / "terraform.tfstate"
            hint = f"name {inside}" if inside.is_file() else _NEXT
            raise InputError("a folder is no state", hint=hint, location=where)
        if path.stat().st_size > LARGEST:
            raise InputError(f"a state of more than {LARGEST >> 20} MB", hint="split it", location=where)
        if looks_like_pulumi(path):
            return pulumi_export.state_of(path, source)
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"the state cannot be read: {said}", hint=_NEXT, location=where) from None
    return terraform_state.state_of(_parsed(content, where), source)


def _parsed(content: bytes, where: Location) -> dict[str, Any]:
    if not content.strip():
        raise InputError("the state is empty", hint=_NEXT, location=where)
    try:
        # PowerShell's `>` writes UTF-16.
        utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        document = json.loads(content.decode("utf-16" if utf16 else "utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError("the state is not text (a saved plan is binary)", hint=_NEXT, location=where) from None
    except json.JSONDecodeError as error:
        place = Location(where.path, error.lineno, error.colno)
        raise InputError(f"not valid JSON: {error.msg}", hint=_NEXT, location=place) from None
    except (RecursionError, ValueError):
        raise InputError("not JSON that can be read: nested too deeply", hint=_NEXT, location=where) from None
    if not isinstance(document, dict):
        raise InputError("this JSON document is no state", hint=_NEXT, location=where)
    return document
