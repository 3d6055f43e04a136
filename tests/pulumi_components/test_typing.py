"""Two type checkers read a user's program and find what is wrong in it, and nothing else."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests" / "typing" / "pulumi_program.py"
ROOMS = [str(ROOT / room) for room in ("tag_dictionary", "pulumi_components")]


def test_mypy_finds_what_is_wrong(tmp_path):
    """In strict mode, where an unneeded `type: ignore` is an error."""
    settings = """
        [mypy]
        strict = True
        explicit_package_bases = True
        [mypy-pulumi_aws.*]
        follow_imports = skip
    """
    config = tmp_path / "mypy.ini"
    config.write_text("\n".join(line.strip() for line in settings.splitlines()))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", config, "--cache-dir", tmp_path / "cache", PROGRAM],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": os.pathsep.join(ROOMS)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "Success: no issues found in 1 source file")


@pytest.mark.skipif(
    importlib.util.find_spec("pyright") is None, reason="pyright is not installed: install the dev extra"
)
@pytest.mark.skipif(shutil.which("node") is None, reason="pyright needs node")
def test_pyright_finds_what_is_wrong(tmp_path):
    """With pulumi_aws's own types, and unneeded `type: ignore` comments reported."""
    settings = {
        "include": ["program.py"],
        "extraPaths": ROOMS,
        "typeCheckingMode": "standard",
        "pythonVersion": "3.11",
        "reportUnnecessaryTypeIgnoreComment": "error",
    }
    shutil.copy(PROGRAM, tmp_path / "program.py")
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if not done.stdout.startswith("{"):
        pytest.skip(f"pyright cannot be fetched here: {done.stderr[-200:]}")
    report = json.loads(done.stdout)
    found = [f"{each['range']['start']['line'] + 1}: {each['message']}" for each in report["generalDiagnostics"]]
    assert (found, report["summary"]["filesAnalyzed"]) == ([], 1)
