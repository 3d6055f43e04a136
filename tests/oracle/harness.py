"""Plan a directory with the real Terraform and the stub providers: about 0.2 s a configuration.

    plan = harness.plan(Path("tests/cases/terraform/aliases"))
    plan.resources['module.m["a"].aws_instance.x[0]'].tags  -> PlannedTags({...}, complete=True)

The directory is copied, never written to. Nothing is downloaded: modules are local ones, or those already in
`.terraform/modules`. The first call starts the stub servers; they live as long as the process.
"""

from __future__ import annotations

import atexit
import json
import re
import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.oracle import planned, terraform, wrapper
from tests.oracle.planned import Plan
from tests.oracle.stub import Servers
from tests.oracle.terraform import PlanError

__all__ = ["Plan", "PlanError", "plan", "plan_json", "servers"]

_MODULE = re.compile(rb'^[ \t]*module[ \t]+"?[\w-]|"module"', re.MULTILINE)
_MISSING = re.compile(r'variable "([^"]+)" is not set')


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked of one plan; paths are absolute."""

    tree: Path
    inside: Path
    arguments: tuple[str, ...]
    env: Mapping[str, str]
    faithful: bool
    resolve: bool


@cache
def servers() -> Servers:
    """The stub servers of this process, started on first use."""
    started = Servers()
    atexit.register(started.close)
    return started


def plan(
    directory: Path,
    *,
    tree: Path | None = None,
    var_files: Sequence[Path | str] = (),
    variables: Mapping[str, str] | None = None,
    assignments: Sequence[tuple[str, str]] = (),
    env: Mapping[str, str] | None = None,
    wrapper_unknowns: Collection[str] | None = None,
    resolve: bool = False,
    salt: int = 0,
) -> Plan:
    """Plan the root module in `directory`.

    tree              the folder that is copied, when modules lie outside `directory` (default: `directory`)
    var_files         -var-file, relative to `directory` or absolute; variables: -var; env: TF_VAR_* and the like
    assignments       the same with their order kept: ("file", path) or ("var", "name=value"), as `ReadOptions` has it
    wrapper_unknowns  variables passed as really unknown values; None: those that are required and have no value
    resolve           plan as if everything were applied: computed attributes of the stub's resources get known values
                      that depend on `salt` (those of terraform_data stay unknown)

    Where data sources are read, two plans are made and what differs between them is unknown (`planned.blend`), unless
    `resolve` is set. Raises `PlanError` with Terraform's text.
    """
    request = _request(directory, tree, _given(var_files, variables, assignments), env, faithful=False, resolve=resolve)
    text, prefix = _planned(request, wrapper_unknowns, salt)
    first = planned.from_json(json.loads(text), prefix)
    if resolve or '"mode":"data"' not in text:
        return first
    text, prefix = _planned(request, wrapper_unknowns, salt + 1)
    return planned.blend(first, planned.from_json(json.loads(text), prefix))


def plan_json(
    directory: Path,
    *,
    tree: Path | None = None,
    var_files: Sequence[Path | str] = (),
    variables: Mapping[str, str] | None = None,
    assignments: Sequence[tuple[str, str]] = (),
    env: Mapping[str, str] | None = None,
    faithful: bool = True,
) -> dict[str, Any]:
    """The document of `terraform show -json` for `directory`. With `faithful` its `tags_all` is as coarse as the real
    aws provider's (see `stub.Provider`). Raises `PlanError`."""
    request = _request(
        directory, tree, _given(var_files, variables, assignments), env, faithful=faithful, resolve=False
    )
    text, _ = _planned(request, (), 0)
    document: dict[str, Any] = json.loads(text)
    return document


def _given(
    var_files: Sequence[Path | str], variables: Mapping[str, str] | None, assignments: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    files = [("file", str(file)) for file in var_files]
    return [*files, *(("var", f"{name}={value}") for name, value in (variables or {}).items()), *assignments]


def _request(
    directory: Path,
    tree: Path | None,
    given: Sequence[tuple[str, str]],
    env: Mapping[str, str] | None,
    *,
    faithful: bool,
    resolve: bool,
) -> _Request:
    root = directory.resolve()
    top = (tree or directory).resolve()
    arguments = tuple(f"-var-file={root / text}" if kind == "file" else f"-var={text}" for kind, text in given)
    return _Request(top, root.relative_to(top), arguments, dict(env or {}), faithful, resolve)


def _planned(request: _Request, unknown: Collection[str] | None, salt: int) -> tuple[str, str]:
    """The plan's JSON text and the prefix of its addresses."""
    with tempfile.TemporaryDirectory(prefix="oracle-") as name:
        work = Path(name) / "root"
        shutil.copytree(request.tree, work, symlinks=True)
        root = work / request.inside
        asked = unknown
        if not asked:
            outcome = _run(root, request, salt)
            if isinstance(outcome, str):
                return outcome, ""
            if asked is not None or not (_missing(outcome) or _needs_backend(outcome)):
                raise PlanError(outcome.text())
            asked = _missing(outcome)
        while True:
            wrapper.wrap(root, Path(name), f"./{root.relative_to(name).as_posix()}", asked)
            outcome = _run(Path(name), request, salt)
            if isinstance(outcome, str):
                return outcome, wrapper.PREFIX
            if unknown is not None or not _missing(outcome):
                raise PlanError(outcome.text())
            asked = {*asked, *_missing(outcome)}


def _missing(outcome: terraform.Outcome) -> set[str]:
    """The required variables that Terraform found no value for."""
    return set(_MISSING.findall(" ".join(error.detail for error in outcome.errors())))


def _needs_backend(outcome: terraform.Outcome) -> bool:
    return any("Backend initialization" in error.summary for error in outcome.errors())


def _run(root: Path, request: _Request, salt: int) -> str | terraform.Outcome:
    """The JSON text of the plan of `root`, or the process that failed."""
    env = {**request.env, **servers().env(salt=salt, faithful=request.faithful, resolve=request.resolve)}
    if any(_MODULE.search(file.read_bytes()) for file in root.iterdir() if file.name.endswith((".tf", ".tf.json"))):
        got = terraform.run(["get", "-no-color"], root, env=env)
        if got.code != 0:
            raise PlanError(got.text())
    arguments = ["plan", "-json", "-input=false", "-lock=false", "-out=oracle.plan", *request.arguments]
    outcome = terraform.run(arguments, root, env=env)
    return outcome if outcome.code != 0 else terraform.show("oracle.plan", root, env=env)
