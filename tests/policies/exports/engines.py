"""The engines that exports are written for, each in an environment of its own beside the interpreter that runs the
tests. They are installed when first asked for; without a network that is a visible skip, and a failure in CI.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import venv
from functools import cache
from pathlib import Path

import pytest

HOME = Path(sys.prefix) / "engines"
C7N = ("c7n==0.9.53",)
MOTO = ("moto[ec2,s3,sqs]==5.2.5",)
REGO = ("regopy==1.5.2",)
NODE = ("typescript@5.9.3", "ajv@8.17.1")
_INSTALL_SECONDS = 600


def _give_up(reason):
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(reason)
    pytest.skip(reason)


def _once(name, make):
    """The folder `name`, made by one process while the others wait."""
    folder = HOME / name
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            try:
                make(folder)
            except (OSError, subprocess.SubprocessError) as error:
                output = getattr(error, "stderr", b"") or b""
                _give_up(f"{name} cannot be installed: {error} {output[-300:]!r}")
            (folder / "complete").touch()
    return folder


@cache
def python(name, *requirements):
    """The interpreter of an environment with the requirements."""

    def make(folder):
        venv.create(folder, with_pip=True)
        subprocess.run(
            [folder / "bin/python", "-m", "pip", "install", "-q", *requirements],
            check=True,
            capture_output=True,
            timeout=_INSTALL_SECONDS,
        )

    return _once(name, make) / "bin/python"


@cache
def node_modules():
    """A folder whose node_modules has tsc and ajv."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        _give_up("node and npm are not installed")

    def make(folder):
        folder.mkdir(parents=True)
        (folder / "package.json").write_text('{"private": true}')
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", *NODE],
            cwd=folder,
            check=True,
            capture_output=True,
            timeout=_INSTALL_SECONDS,
        )

    return _once("node", make)


def run(program, script, document, *, timeout=300):
    """The JSON that a script prints for a JSON document on stdin."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [program, *script],
        input=json.dumps(document),
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
        env=environ,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)
