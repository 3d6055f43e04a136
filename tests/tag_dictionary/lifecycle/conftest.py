"""A folder of one's own, real git repositories in it, and ways to write dictionaries."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.loading import load

ACME = """\
    schema: 1
    name: acme
    version: 1.2.0
    keys:
      owner: {format: email, domains: [acme.example], approvers: [finops]}
      team:
        approvers: [finops, "@lead"]
        values:
          vision: {title: Computer vision, aliases: [cv], cost-center: [cc-4100, cc-4110]}
          search: {cost-center: cc-4200}
          batch: {status: deprecated, until: 2027-01-31, replaced_by: search}
      cost-center: {pattern: "cc-[0-9]{4}", approvers: [finance]}
      model: {}
    requirements:
      - {id: accountable, for: [gpu, bucket], require: [owner, team]}
      - {id: belongs, for: all, match: {cost-center: team.cost-center}}
    """


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory; the cache is beside it and empty."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TAGWRIGHT_CACHE_DIR", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def write(here: Path) -> Callable[[str, str], Path]:
    """write("d.yaml", text): dedents and writes."""

    def writer(name: str, text: str) -> Path:
        path = here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(dedent(text).lstrip("\n").encode())
        return path

    return writer


@pytest.fixture
def acme(write: Callable[[str, str], Path]) -> Callable[..., Dictionary]:
    """acme(("old", "new"), ...): a dictionary with these texts replaced in it."""

    def maker(*edits: tuple[str, str]) -> Dictionary:
        text = dedent(ACME)
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new)
        return load(write("acme.yaml", text), cache=False)

    return maker


@pytest.fixture
def git(here: Path) -> Callable[..., str]:
    """git("commit", ...): in the working directory, with nobody's configuration."""

    def runner(*arguments: str) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "a",
            "GIT_AUTHOR_EMAIL": "a@acme.example",
            "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@acme.example",
        }
        done = subprocess.run(
            ["git", *arguments], cwd=here, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    runner("init", "--quiet", "--initial-branch=main")
    return runner
