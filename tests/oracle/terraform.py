"""Running the real `terraform`, offline and bounded: the judge of our Terraform reader.

Nothing here asks a registry: providers come over loopback (see `stub`), the upgrade check is off, and every variable
of the caller's environment that could steer Terraform (`TF_*`) is left out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT_SECONDS = 60.0


class TerraformMissingError(Exception):
    """No `terraform` on PATH."""


class PlanError(Exception):
    """Terraform refused the configuration (or took too long); `str()` is its own text."""


class UnknownMark:
    """The mark of a value known only after apply; there is one, `UNKNOWN`, compared by identity."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = UnknownMark()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error of Terraform, with the file and line it blames ("" and 0 when it blames none)."""

    summary: str
    detail: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.file else ""
        return f"{where}{self.summary}: {self.detail}" if self.detail else f"{where}{self.summary}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one process of Terraform left behind."""

    code: int
    stdout: str
    stderr: str

    def errors(self) -> tuple[Diagnostic, ...]:
        """The error diagnostics of a `-json` stream; a line that is not JSON (a crash) is passed over."""
        found = []
        for line in self.stdout.splitlines():
            if '"diagnostic"' not in line:
                continue
            try:
                message = json.loads(line)
            except ValueError:
                continue
            diagnostic = message.get("diagnostic")
            if message.get("type") != "diagnostic" or not diagnostic or diagnostic.get("severity") != "error":
                continue
            where = diagnostic.get("range") or {}
            found.append(
                Diagnostic(
                    diagnostic.get("summary", ""),
                    diagnostic.get("detail", ""),
                    where.get("filename", ""),
                    (where.get("start") or {}).get("line", 0),
                )
            )
        return tuple(found)

    def text(self) -> str:
        """The errors in words, or whatever was printed when there are none."""
        return "\n".join(str(error) for error in self.errors()) or (self.stderr + self.stdout).strip()


def binary() -> str | None:
    """Where `terraform` is, or None."""
    return shutil.which("terraform")


def run(
    arguments: Sequence[str],
    directory: Path,
    *,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    timeout: float = TIMEOUT_SECONDS,
) -> Outcome:
    """Run `terraform ARGUMENTS` in `directory`. Raises `TerraformMissingError`, or `PlanError` on a timeout."""
    program = binary()
    if program is None:
        raise TerraformMissingError("terraform is not on PATH")
    clean = {key: value for key, value in os.environ.items() if not key.startswith("TF_")}
    clean |= {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    clean |= dict(env or {})
    try:
        done = subprocess.run(
            [program, *arguments],
            cwd=directory,
            env=clean,
            input=stdin.encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PlanError(f"terraform {arguments[0]} took more than {timeout:g} s") from error
    return Outcome(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def show(plan_file: str, directory: Path, *, env: Mapping[str, str] | None = None) -> str:
    """The JSON text of a saved plan. Raises `PlanError`."""
    shown = run(["show", "-json", "-no-color", plan_file], directory, env=env)
    if shown.code != 0:
        raise PlanError(shown.text())
    return shown.stdout


def overlay(value: Any, unknown: Any) -> Any:
    """`value` of a plan with `UNKNOWN` at every place that the plan's `after_unknown` calls unknown."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, Mapping) and isinstance(value, Mapping | None):
        known = value or {}
        keys = [*known, *(key for key in unknown if key not in known)]
        merged = {key: overlay(known.get(key), unknown.get(key, False)) for key in keys}
        return value if value is None and all(item is None for item in merged.values()) else merged
    if isinstance(unknown, list) and unknown:
        items = list(value or [])
        items += [None] * (len(unknown) - len(items))
        flags = [*unknown, *([False] * (len(items) - len(unknown)))]
        return [overlay(item, flag) for item, flag in zip(items, flags, strict=True)]
    return value
