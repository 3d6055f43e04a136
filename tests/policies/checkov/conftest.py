"""Real Checkovs, the oldest and the newest that are supported, each in an environment without tagwright."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest

from tagwright_dictionary.dictionary import Dictionary, Requirement, Selector
from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.data import shipped_path
from tagwright_policies.checkov.bundle import build
from tagwright_policies.checkov.tallying import Judged, read
from tagwright_policies.checkov.writing import write

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "cases"
VERSIONS = ("3.2.0", "3.3.30")
TODAY = "2026-11-23"
IN_CI = bool(os.environ.get("CI"))
STORE = Path(os.environ.get("CHECKOV_VENVS") or Path.home() / ".cache" / "tagwright-tests" / "checkov")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One test process at a time installs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        flock(lock, LOCK_EX)
        yield


def environment(version: str) -> Path:
    """The folder of a virtual environment with that Checkov; made when it is not there."""
    folder = STORE / version
    with _alone(STORE / f"{version}.lock"):
        if (folder / "bin" / "checkov").is_file():
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        done = subprocess.run([*pip, f"checkov=={version}"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            shutil.rmtree(folder, ignore_errors=True)
            if IN_CI:
                pytest.fail(f"Checkov {version} could not be installed: {done.stderr[-500:]}")
            pytest.skip(f"Checkov {version} could not be installed here (no network?)")
    return folder


class RealCheckov:
    """One version. It sees neither our packages nor anybody's settings."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.python = environment(version) / "bin" / "python"
        self.program = environment(version) / "bin" / "checkov"

    def variables(self, home: Path, **extra: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "LOG_LEVEL")}
        return {**kept, "HOME": str(home), "TAGWRIGHT_TODAY": TODAY, **extra}

    def run(self, home: Path, *arguments: object, **extra: str) -> subprocess.CompletedProcess[str]:
        """Runs in `home`, without asking the network for anything."""
        words = [str(self.program), *map(str, arguments), "--skip-download"]
        return subprocess.run(
            words, cwd=home, env=self.variables(home, **extra), capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="session", params=VERSIONS)
def checkov(request: pytest.FixtureRequest) -> RealCheckov:
    return RealCheckov(request.param)


@pytest.fixture(scope="session")
def newest() -> RealCheckov:
    return RealCheckov(VERSIONS[-1])


@pytest.fixture(scope="session")
def shipped() -> Dictionary:
    return load(shipped_path(), cache=False)


@pytest.fixture(scope="session")
def demanding(shipped: Dictionary) -> Dictionary:
    """The shipped dictionary, which also wants an owner on the queues that the cases of the readers are made of."""
    queues = Requirement("queues", Selector(types=("aws_sqs_queue",)), require=("owner",))
    return replace(shipped, requirements=(*shipped.requirements, queues), digest="d" * 64, _index={})


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Dictionary], Path]:
    """A folder with the bundle of a dictionary."""

    def make(dictionary: Dictionary) -> Path:
        folder = tmp_path_factory.mktemp("bundle") / "checks"
        write(build(dictionary).files, folder)
        return folder

    return make


@pytest.fixture(scope="session")
def whole_corpus(
    checkov: RealCheckov,
    demanding: Dictionary,
    bundled: Callable[[Dictionary], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Judged:
    """What the checks say of every case, by one run of Checkov over all of them."""
    home = tmp_path_factory.mktemp(f"corpus-{checkov.version}")
    shutil.copytree(CASES / "checkov", home / "checkov")
    shutil.copytree(CASES / "terraform", home / "terraform")
    tally = home / "tally.jsonl"
    done = checkov.run(
        home,
        *("-d", ".", "--external-checks-dir", bundled(demanding), "-c", "CKV_TAG_DICTIONARY", "-o", "json"),
        *("--framework", "terraform", "terraform_json", "cloudformation", "kubernetes", "serverless", "arm", "bicep"),
        TAGWRIGHT_CHECKOV_TALLY=str(tally),
    )
    assert done.returncode == 1, done.stderr[-2000:]
    assert "Cannot load external check" not in done.stderr
    return read(tally, demanding.digest)


def reports(printed: str) -> list[dict[str, Any]]:
    found = json.loads(printed)
    return found if isinstance(found, list) else [found]
