"""`tagwright checkov run` and `verify`: closed where Checkov is open."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tagwright_dictionary.errors import InputError
from tagwright_policies.checkov.arguments import understood
from tagwright_policies.checkov.locating import locate
from tagwright_policies.checkov.outputs import outputs
from tagwright_policies.checkov.verifying import verify

GOOD = '{ owner = "a@acme.example", cost-center = "cc-4100", workload = "training" }'


def _tagwright(home: Path, program: Any, *words: object) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "HOME": str(home), "TAGWRIGHT_TODAY": "2026-11-23", "XDG_CACHE_HOME": str(home / ".c")}
    command = [sys.executable, "-m", "tagwright_cli", "checkov", "run", "--checkov", str(program), *map(str, words)]
    return subprocess.run(command, cwd=home, env=variables, capture_output=True, text=True, check=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name, tags in (("good", GOOD), ("bad", "{}")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(f'resource "aws_s3_bucket" "b" {{\n  tags = {tags}\n}}\n')
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "ok.tf").write_text(f'resource "aws_s3_bucket" "b" {{\n  tags = {GOOD}\n}}\n')
    (tmp_path / "broken" / "main.tf").write_text('resource "aws_s3_bucket" "a" {\n  tags = {\n')
    (tmp_path / "nothing").mkdir()
    (tmp_path / "nothing" / "README.md").write_text("nothing\n")
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "mine.py").write_text("x = (\n")
    (tmp_path / "checks" / "__init__.py").write_text("")
    return tmp_path


FAST = ("--framework", "terraform", "-c", "CKV_TAG_DICTIONARY", "--skip-download")


def test_run(newest: Any, home: Path) -> None:
    """0 for clean, 1 for blocked, 2 where Checkov itself would have said 0."""
    expected = {
        ("-d", "good"): (0, "1 resource judged: 1 compliant"),
        ("-d", "bad"): (1, "1 resource judged: 1 non-compliant"),
        ("-d", "broken"): (2, "main.tf could not be parsed"),
        ("-d", "nothing"): (2, "no resource was judged"),
        ("-d", "good", "--external-checks-dir", "checks"): (2, "Cannot load external check"),
    }
    found = {}
    for words in expected:
        done = _tagwright(home, newest.program, *words, *FAST)
        found[words] = (done.returncode, expected[words][1] if expected[words][1] in done.stderr else done.stderr)
    assert found == expected


def test_run_leaves_the_users_outputs_as_they_are(newest: Any, home: Path) -> None:
    """The report that we read is no file that the user finds, and their own outputs are written."""
    done = _tagwright(home, newest.program, "-d", "bad", *FAST, "-o", "junitxml", "--output-file-path", "out")
    assert done.returncode == 1, done.stderr
    assert [path.name for path in (home / "out").iterdir()] == ["results_junitxml.xml"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("-d", "nowhere"), "nowhere does not exist"),
        (("-f", "good/main.tf", "gone.tf"), "gone.tf does not exist"),
        ((), "nothing to scan is named"),
        (("-d", "good", "--external-checks-git", "https://acme.example/x"), "ignores every other folder"),
        (("-d", "good", "--external-checks-dir", "nowhere"), "the folder of checks nowhere does not exist"),
        (("-d", "good", "--external-checks-dir=nothing"), "holds no check"),
        (("-d", "good", "--config-file", "gone.yaml"), "gone.yaml does not exist"),
    ],
)
def test_arguments_that_would_look_at_nothing(
    words: tuple[str, ...], says: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    with pytest.raises(InputError, match=says):
        understood(words)


def test_a_folder_without_init_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkov would skip it without a word."""
    monkeypatch.chdir(home)
    (home / "checks" / "__init__.py").unlink()
    with pytest.raises(InputError, match=r"no __init__\.py"):
        understood(("-d", "good", "--external-checks-dir", "checks"))


def test_no_checkov_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(InputError, match="Checkov is not installed") as error:
        locate()
    assert error.value.hint == "pip install 'tagwright[checkov]'"


@pytest.mark.parametrize(
    ("prints", "says"),
    [("2.5.20", "2.5.20 is too old"), ("hello", "does not print the version"), ("", "does not print")],
)
def test_a_checkov_that_will_not_do(tmp_path: Path, prints: str, says: str) -> None:
    program = tmp_path / "checkov"
    program.write_text(f"#!/bin/sh\necho '{prints}'\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(InputError, match=says):
        locate(str(program))


@pytest.mark.parametrize(
    ("given", "extra"),
    [
        ((), ("-o", "cli", "-o", "json", "--output-file-path", "console,S")),
        (("-o", "sarif"), ("-o", "json", "--output-file-path", "console,S")),
        (("-o", "cli", "-o", "junitxml", "--output-file-path", "console,j.xml"),
         ("-o", "json", "--output-file-path", "console,j.xml,S")),
        (("-o", "json"), ()),
        (("--output=junitxml", "--output-file-path", "out"), ("-o", "json")),
        (("-o", "json", "--output-file-path", "r.json"), ()),
    ],
)  # fmt: skip
def test_how_the_report_is_got(given: tuple[str, ...], extra: tuple[str, ...]) -> None:
    """One more output beside those the user wants, or the one they have already."""
    assert outputs(list(given), {}, Path("S")).extra == extra


def test_every_framework_bites(checkov: Any, shipped: Any) -> None:
    """verify: in each framework a resource without tags is FAILED and one with all of them PASSED."""
    proof = verify(locate(str(checkov.program)), shipped, None)
    assert [(row.framework, row.bites) for row in proof.rows] == [
        ("terraform", True),
        ("terraform .tf.json", True),
        ("terraform plan", True),
        ("cloudformation", True),
        ("sam", True),
        ("kubernetes", True),
        ("serverless", True),
        ("arm", True),
        ("bicep", True),
    ]
    assert proof.exit_code == 0


def test_a_gate_that_does_not_bite_is_told(newest: Any, shipped: Any, tmp_path: Path) -> None:
    """A bundle whose check file was emptied lets everything through: verify says no."""
    from tagwright_policies.checkov.bundle import build
    from tagwright_policies.checkov.writing import write

    write(build(shipped).files, tmp_path / "checks")
    [check] = (tmp_path / "checks").glob("tagwright_checks_*.py")
    check.write_text("# nothing\n")
    proof = verify(locate(str(newest.program)), None, tmp_path / "checks")
    assert proof.exit_code == 1
    assert not any(row.bites for row in proof.rows)


def test_verify_refuses_a_folder_without_a_bundle(tmp_path: Path) -> None:
    from tagwright_policies.checkov.verifying import dictionary_of

    with pytest.raises(InputError, match="holds no bundle"):
        dictionary_of(tmp_path)
