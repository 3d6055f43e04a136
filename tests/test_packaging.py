"""What is built from the repository: the wheel, and the program that it installs."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tagwright_cli.links import HOME
from tagwright_cli.version import __version__

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
ROOMS = {package.partition("/")[2]: package.partition("/")[0] for package in PACKAGES}

needs_hatchling = pytest.mark.skipif(
    importlib.util.find_spec("hatchling") is None,
    reason="hatchling is not installed: install the dev extra",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy so that nothing is left in the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    for room in ROOMS.values():
        shutil.copytree(ROOT / room, source / room, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    command = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation", "-w", str(folder), "."]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=300)
    (built,) = folder.glob("*.whl")
    return built


@needs_hatchling
def test_top_level_names_are_our_packages(wheel):
    """The wheel puts nothing into site-packages but our packages and its own metadata."""
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert names == {*ROOMS, f"tagwright-{__version__}.dist-info"}


@needs_hatchling
def test_every_file_of_the_packages_is_inside(wheel):
    """Modules and data alike: what a checkout has, the wheel has."""
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith("tagwright-")}
    present = {
        file.relative_to(ROOT / room).as_posix()
        for package, room in ROOMS.items()
        for file in (ROOT / room / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert inside == present
    assert {
        "tagwright_cli/data/report.schema.json",
        "tagwright_dictionary/data/dictionary.yaml",
        "tagwright_dictionary/data/dictionary.schema.json",
    } <= inside


@needs_hatchling
def test_the_program_works_from_the_wheel(wheel, tmp_path):
    """Installed into a fresh environment, the console script blocks what the checkout blocks."""
    venv = tmp_path / "venv"
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([sys.executable, "-m", "venv", venv], check=True, timeout=120)
    install = [venv / "bin" / "python", "-m", "pip", "install", "-qq", "--disable-pip-version-check", str(wheel)]
    subprocess.run(install, check=True, timeout=600, env=environ)
    project = tmp_path / "project"
    shutil.copytree(ROOT / "examples" / "blocked-terraform", project)

    def run(*arguments):
        command = [venv / "bin" / "tagwright", *arguments]
        return subprocess.run(
            command, cwd=project, env=environ, capture_output=True, text=True, check=False, timeout=60
        )

    assert run("--version").stdout == f"tagwright {__version__}\n"
    checked = run("check")
    assert checked.returncode == 1, checked.stderr
    assert "aws_s3_bucket.checkpoints" in checked.stdout
    assert run("explain", "missing-tag").stdout.startswith("# missing-tag")
    assert run("dictionary", "validate").returncode == 0


def test_packages_carry_the_prefix_of_the_product():
    """A generic top-level name could overwrite somebody else's."""
    assert [package for package in ROOMS if not package.startswith("tagwright_")] == []


def test_every_extra_is_in_all():
    """`tagwright[all]` is every extra there is, but for Checkov, which pins most of what it needs."""
    extras = PYPROJECT["project"]["optional-dependencies"]
    (everything,) = extras["all"]
    found = re.fullmatch(r"tagwright\[(.*)\]", everything)
    assert found
    assert set(found[1].split(",")) == set(extras) - {"all", "checkov"}


def test_addresses_are_the_same_everywhere():
    """The project's address stands in pyproject.toml as in the program."""
    assert PYPROJECT["project"]["urls"]["Homepage"] == HOME


def test_changelog_names_this_version():
    """The changelog has a section for the version that is built."""
    assert re.search(
        rf"^## \[({re.escape(__version__)}|Unreleased)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )


def test_licence_is_the_whole_text():
    """LICENSE is the Apache License 2.0, from its title to its appendix."""
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
