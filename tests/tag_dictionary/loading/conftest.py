"""A folder to work in with its own cache, and ways to write dictionaries into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from tagwright_dictionary.loading import validate

HEAD = "schema: 1\nname: acme\nversion: 1.0.0\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory; the cache is beside it and empty."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TAGWRIGHT_CACHE_DIR", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def write(here: Path) -> Callable[..., Path]:
    """write("d.yaml", text): dedents and writes; with head=True it puts the four obligatory lines in front."""

    def writer(name: str, text: str, *, head: bool = False) -> Path:
        path = here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((HEAD if head else "") + dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    return writer


@pytest.fixture
def mistakes(write: Callable[..., Path]) -> Callable[[str], list[str]]:
    """mistakes(body): the errors of a dictionary with that body, as "line:column message" counted from it."""

    def finder(body: str) -> list[str]:
        write("d.yaml", body, head=True)
        return [
            f"{error.location.line - 3}:{error.location.column} {error.message}" if error.location else error.message
            for error in validate("d.yaml")
        ]

    return finder
