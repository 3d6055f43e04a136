"""The tools that read what the site offers for pasting, each in a folder of its own in the user's cache. They are
installed when first asked for; without a network that is a visible skip, and a failure in CI.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import venv
from functools import cache
from pathlib import Path

import pytest

STORE = Path.home() / ".cache" / "tagwright-tests" / "publishing"
_CFN_LINT = ("cfn-lint==1.58.0",)
_PULUMI = ("pulumi-gcp==9.37.0", "pulumi-azure==6.40.0", "parver==0.5", "arpeggio==2.0.2")
_NODE = ("typescript@5.9.3", "@pulumi/pulumi@3.235.0", "@pulumi/aws@7.48.0")
_INSTALL_SECONDS = 600


def give_up(reason):
    """Skip with the reason; in CI, where it must run, fail."""
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(reason)
    pytest.skip(reason)


def _once(name, wanted, make):
    """The folder `name`, made anew by one process, while the others wait, when it does not hold what is wanted."""
    folder = STORE / name
    STORE.mkdir(parents=True, exist_ok=True)
    complete = folder / "complete"
    with (STORE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not complete.exists() or complete.read_text() != repr(wanted):
            shutil.rmtree(folder, ignore_errors=True)
            try:
                make(folder)
            except (OSError, subprocess.SubprocessError) as error:
                output = getattr(error, "stderr", b"") or b""
                give_up(f"{name} cannot be installed: {error} {output[-300:]!r}")
            complete.write_text(repr(wanted))
    return folder


def _run(command, folder=None):
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=_INSTALL_SECONDS)


@cache
def cfn_lint():
    """The program cfn-lint."""

    def make(folder):
        venv.create(folder, with_pip=True)
        _run([folder / "bin/python", "-m", "pip", "install", "-q", *_CFN_LINT])

    return _once("cfn-lint", _CFN_LINT, make) / "bin/cfn-lint"


@cache
def pulumi_packages():
    """A folder with Pulumi's Python packages of the clouds that our own extras leave out."""

    def make(folder):
        _run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", folder, *_PULUMI])

    return _once("pulumi", _PULUMI, make)


@cache
def node_modules():
    """A folder whose node_modules has tsc and Pulumi's package for AWS."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        give_up("node and npm are not installed")

    def make(folder):
        folder.mkdir(parents=True)
        (folder / "package.json").write_text('{"private": true}')
        _run(["npm", "install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", *_NODE], folder)

    return _once("node", _NODE, make)
