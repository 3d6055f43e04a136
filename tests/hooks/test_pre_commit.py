"""The hooks as pre-commit runs them: built from the repository, installed into pre-commit's own environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
PARTS = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ROOMS = [package.partition("/")[0] for package in PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]]

pytest.importorskip("pre_commit")

CLEAN = """\
resource "aws_s3_bucket" "data" {
  bucket = "data"
  tags   = { owner = "ml@acme.example", cost-center = "cc-4100", workload = "training" }
}
"""
BAD = CLEAN.replace(', cost-center = "cc-4100"', "")


def _git(folder, *arguments):
    who = ["-c", "user.name=t", "-c", "user.email=t@acme.example", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory):
    """A git repository with the hooks, as a user's configuration would name it, and pre-commit's home."""
    folder = tmp_path_factory.mktemp("hooks")
    source = folder / "tagwright"
    source.mkdir()
    for name in PARTS:
        shutil.copy(ROOT / name, source / name)
    for room in ROOMS:
        shutil.copytree(ROOT / room, source / room, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    _git(source, "init")
    _git(source, "add", "-A")
    _git(source, "commit", "-m", "tagwright")
    return source, folder / "home"


@pytest.fixture
def project(tmp_path):
    """A user's repository with two root modules."""
    for name in ("train", "serve"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(CLEAN)
    _git(tmp_path, "init")
    _git(tmp_path, "add", "-A")
    _git(tmp_path, "commit", "-m", "start")
    return tmp_path


def _try(hooks, project, hook):
    source, home = hooks
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "GIT_DIR")}
    _git(project, "add", "-A")
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(source), hook, "--verbose", "--color", "never"],
        cwd=project,
        env={
            **environ,
            "PRE_COMMIT_HOME": str(home),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environ['PATH']}",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return done.returncode, done.stdout + done.stderr


def test_hooks_are_as_documented():
    """Both hooks are there, run serially, and the first gets the names of changed Terraform files."""
    assert [(hook["id"], hook["require_serial"], hook["pass_filenames"]) for hook in HOOKS] == [
        ("tagwright-check", True, True),
        ("tagwright-dictionary-validate", True, False),
    ]


def test_check_blocks_a_commit(hooks, project):
    """A clean change passes, a bucket without cost-center fails with exit code 1, a broken file with 2."""
    (project / "train" / "main.tf").write_text(CLEAN + "# changed\n")
    code, shown = _try(hooks, project, "tagwright-check")
    assert code == 0, shown
    assert "Passed" in shown

    (project / "train" / "main.tf").write_text(BAD)
    (project / "serve" / "extra.tf").write_text(CLEAN.replace('"data" {', '"more" {'))
    code, shown = _try(hooks, project, "tagwright-check")
    assert code == 1, shown
    assert "- exit code: 1" in shown
    assert "train/main.tf:3" in shown
    assert "cost-center is required on buckets" in shown

    (project / "train" / "main.tf").write_text(CLEAN + "resource {\n")
    code, shown = _try(hooks, project, "tagwright-check")
    assert code == 1
    assert "- exit code: 2" in shown
    assert "not read" in shown

    (project / "train" / "main.tf").write_text(CLEAN)
    (project / "serve" / "extra.tf").unlink()
    (project / "notes.md").write_text("no Terraform here")
    code, shown = _try(hooks, project, "tagwright-check")
    assert code == 0
    assert "(no files to check)Skipped" in shown


def test_dictionary_validate_blocks_a_wrong_dictionary(hooks, project):
    """A wrong dictionary fails with its place; a right one passes."""
    (project / ".tagwright.yaml").write_text("dictionary: tags/dictionary.yaml\n")
    shutil.copytree(ROOT / "examples" / "own-dictionary" / "tags", project / "tags")
    code, shown = _try(hooks, project, "tagwright-dictionary-validate")
    assert code == 0, shown
    assert "valid: acme-ml 2.3.0" in shown

    file = project / "tags" / "dictionary.yaml"
    file.write_text(file.read_text().replace("require:", "requires:", 1))
    code, shown = _try(hooks, project, "tagwright-dictionary-validate")
    assert code == 1
    assert "- exit code: 2" in shown
    assert "tags/dictionary.yaml:" in shown
