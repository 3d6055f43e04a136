"""A Pulumi project on disk: its name, its program, and the configuration of a stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tagwright_pulumi.testing.model import LoopbackError


@dataclass(frozen=True, slots=True)
class Project:
    """`root` is the folder of `Pulumi.yaml` (or of the program), `program` what Python runs."""

    root: Path
    program: Path
    name: str
    config: Mapping[str, Any]


def find_project(path: Path, stack: str) -> Project:
    """The project at a folder or a `.py` file. The configuration is that of `Pulumi.<stack>.yaml`, where there is
    one. Raises LoopbackError when there is no program, or a value is encrypted.
    """
    path = path.absolute()
    folder = path if path.is_dir() else path.parent
    described = _yaml(folder / "Pulumi.yaml")
    program = path
    if path.is_dir():
        program = folder / (described.get("main") or ".")
        entry = program / "__main__.py" if program.is_dir() else program
        if not entry.is_file():
            raise LoopbackError(f"there is no Pulumi program at {path}: {entry} is missing")
    elif not path.is_file():
        raise LoopbackError(f"there is no Pulumi program at {path}")
    written = _yaml(folder / f"Pulumi.{stack}.yaml").get("config") or {}
    for key, value in written.items():
        if isinstance(value, dict) and set(value) == {"secure"}:
            raise LoopbackError(
                f"{key} in Pulumi.{stack}.yaml is encrypted: pass it in config= and name it in secrets="
            )
    return Project(folder, program, str(described.get("name") or "project"), written)


def _yaml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise LoopbackError(f"{path} is not YAML: {error}") from error
    return document if isinstance(document, dict) else {}
