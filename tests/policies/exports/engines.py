"""The engines that exports are written for, each in an environment of its own in the user's cache. They are installed
when first asked for; without a network that is a visible skip, and a failure in CI.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import venv
from functools import cache
from pathlib import Path

import pytest

STORE = Path(os.environ.get("EXPORT_ENGINES") or Path.home() / ".cache" / "tagwright-tests" / "exports")
SCRIPTS = Path(__file__).parent / "scripts"
CUSTODIAN = ("c7n==0.9.53", "moto[ec2,s3,sqs]==5.2.5")
# OPA itself, the engine inside conftest, as a shared library. The wheel is plain ctypes and asks for a newer Python
# than it needs.
OPA = ("--ignore-requires-python", "--no-deps", "opa-golib-python-bindings==0.4.4")
REGORUS = ("celine-regorus==0.9.1.post20260227075446",)
NODE = ("typescript@5.9.3", "ajv@8.17.1")
_INSTALL_SECONDS = 600


def _give_up(reason):
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
                _give_up(f"{name} cannot be installed: {error} {output[-300:]!r}")
            complete.write_text(repr(wanted))
    return folder


@cache
def python(name, requirements):
    """The interpreter of an environment with the requirements."""

    def make(folder):
        venv.create(folder, with_pip=True)
        subprocess.run(
            [folder / "bin/python", "-m", "pip", "install", "-q", *requirements],
            check=True,
            capture_output=True,
            timeout=_INSTALL_SECONDS,
        )

    return _once(name, requirements, make) / "bin/python"


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

    return _once("node", NODE, make)


def environment():
    """What an engine's process may see: not our packages."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


class Worker:
    """A process that answers one JSON document a line, kept for all tests of a session: starting an engine is slow."""

    def __init__(self, command, *, folder=None, **further):
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment() | further,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        atexit.register(self.close)

    def ask(self, document):
        try:
            self._process.stdin.write(json.dumps(document) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except OSError:
            answer = ""
        if not answer:
            self._errors.seek(0)
            pytest.fail(f"the engine has ended: {self._errors.read()[-3000:].decode(errors='replace')}")
        found = json.loads(answer)
        assert "error" not in found, found["error"]
        return found["answer"]

    def close(self):
        self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._process.stdout.close()
        self._errors.close()


@cache
def opa():
    """OPA: {policies, data, inputs} to the findings for each input."""
    return Worker([python("opa", OPA), SCRIPTS / "opa.py"])


@cache
def regorus():
    """Regorus, Microsoft's Rego in Rust: the same."""
    return Worker([python("regorus", REGORUS), SCRIPTS / "rego_in_rust.py"])


@cache
def custodian():
    """Cloud Custodian: {policies, resources} to the (policy, severity) pairs that match each resource."""
    return Worker([python("custodian", CUSTODIAN), SCRIPTS / "custodian.py"])


@cache
def ajv():
    """ajv: {schema, pointer, documents} to whether each document is accepted."""
    return Worker(["node", SCRIPTS / "ajv.js"], NODE_PATH=str(node_modules() / "node_modules"))


@cache
def tsc():
    """TypeScript's compiler: {files, options} to {line, text} of each error by file name."""
    return Worker(["node", SCRIPTS / "tsc.js"], NODE_PATH=str(node_modules() / "node_modules"))
