"""The hand-written configurations in `tests/cases/terraform/`, one folder each.

A folder is the root module unless its `case.json` says otherwise:

    root         the root module inside the folder ("live/prod"); the rest are modules it calls
    assignments  what stands on the command line: [["var", "a=b"], ["file", "x.tfvars"]]
    environ      environment variables
    worlds       values for the variables that have none: what the reader claims without them must hold in each
    error        Terraform refuses the configuration with a text that contains this
    read_in_spite  it is refused for something that has no part in what the tags would be
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.oracle import harness
from tests.oracle.planned import Plan

from tagwright_dictionary.model import Reading

FOLDER = Path(__file__).parents[1] / "cases" / "terraform"


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    folder: Path
    root: Path
    assignments: tuple[tuple[str, str], ...]
    environ: tuple[tuple[str, str], ...]
    worlds: tuple[tuple[tuple[str, str], ...], ...]
    error: str | None
    read_in_spite: bool


def load(name: str) -> Case:
    """The case in the folder of that name."""
    folder = FOLDER / name
    described = folder / "case.json"
    content = json.loads(described.read_text(encoding="utf-8")) if described.exists() else {}
    return Case(
        name,
        folder,
        folder / content.get("root", "."),
        tuple((kind, text) for kind, text in content.get("assignments", ())),
        _pairs(content.get("environ", {})),
        tuple(_pairs(world) for world in content.get("worlds", ())),
        content.get("error"),
        content.get("read_in_spite", False),
    )


def names(*, refused: bool = False) -> list[str]:
    """The cases that Terraform accepts, or those it refuses."""
    folders = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
    return [name for name in folders if (load(name).error is not None) is refused]


def plan(case: Case, world: Mapping[str, str] | None = None, *, resolve: bool = False, salt: int = 0) -> Plan:
    """The plan of a case, with values for its missing variables (a world), or as if all had been applied."""
    given = [*case.assignments, *(("var", f"{name}={value}") for name, value in (world or {}).items())]
    return harness.plan(
        case.root, tree=case.folder, assignments=given, env=dict(case.environ), resolve=resolve, salt=salt
    )


def read(case: Case) -> Reading:
    """What our reader makes of a case."""
    from tagwright_iac.reading import ReadOptions
    from tagwright_iac.terraform.reader import read_root

    options = ReadOptions(assignments=case.assignments, environ=case.environ, cwd=case.root, cache=False)
    return read_root(case.root, options, boundary=case.folder)


def _pairs(items: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(items.items()))
