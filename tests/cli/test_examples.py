"""The examples are run as they stand: what they show is what the program says today.

TAGWRIGHT_GOLDEN=write records the outputs anew (`make golden`).
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from tagwright_cli.root import cli

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"
GOLDEN = Path(__file__).parent / "data" / "examples"
DAY = "2026-11-23"

CASES = [("blocked-terraform", 1), ("clean-terraform", 0), ("own-dictionary", 1)]


def _run(folder, *arguments):
    command = [sys.executable, "-m", "tagwright_cli", *arguments, "--today", DAY]
    return subprocess.run(command, cwd=EXAMPLES / folder, capture_output=True, text=True, check=False, timeout=120)


def _without_digest(text):
    # The digest changes with every word of a dictionary; that is not what an example shows.
    return re.sub(r"\([0-9a-f]{8}\)", "(........)", text)


def _compare(name, text):
    golden = GOLDEN / name
    if os.environ.get("TAGWRIGHT_GOLDEN") == "write":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text)
    assert text == golden.read_text()


def test_every_project_is_run():
    """No example stands here that this test does not run."""
    folders = {path.parent.name for path in EXAMPLES.glob("*/*.tf")}
    assert folders == {name for name, _ in CASES}


@pytest.mark.parametrize(("folder", "code"), CASES)
def test_check_says_what_was_recorded(folder, code):
    """`tagwright check` prints the recorded report and exits with its code; again, the same bytes."""
    first, second = _run(folder, "check", "--no-cache"), _run(folder, "check")
    assert (first.returncode, second.returncode) == (code, code)
    assert first.stdout == second.stdout
    _compare(f"{folder}.txt", _without_digest(first.stdout))


@pytest.mark.parametrize(("folder", "code"), CASES)
def test_inspect_understands_what_was_recorded(folder, code):
    """`inspect --format json` shows every resource with the recorded tags; its verdicts are those of check."""
    inspected = _run(folder, "inspect", "--format", "json")
    assert inspected.returncode == 0
    resources = json.loads(inspected.stdout)["resources"]
    checked = json.loads(_run(folder, "check", "--format", "json").stdout)
    assert checked["resources"] == resources
    assert checked["exit_code"] == code
    understood = [
        {
            "address": resource["address"],
            "classes": resource["classes"],
            "verdict": resource["verdict"],
            "tags": {key: tag["value"] for key, tag in resource["tags"].items()},
            "complete": resource["complete"],
        }
        for resource in resources
    ]
    _compare(f"{folder}.json", json.dumps(understood, indent=1, ensure_ascii=False) + "\n")


def test_demo_shows_one_blocked_and_one_clean(tmp_path):
    """`make demo` succeeds only when the first project is blocked and the second is clean."""
    script = tmp_path / "tagwright"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tagwright_cli "$@"\n')
    script.chmod(0o755)
    done = subprocess.run(
        ["bash", EXAMPLES / "demo.sh", script], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^\(exit code \d\)|^blocked:|^clean:", done.stdout, re.MULTILINE) == [
        "blocked:",
        "(exit code 1)",
        "clean:",
        "(exit code 0)",
    ]
    script.write_text("#!/bin/sh\nexit 0\n")
    done = subprocess.run(
        ["bash", EXAMPLES / "demo.sh", script], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (1, "demo: expected exit code 1\n")


def _commands(file):
    text = file.read_text()
    return [line.strip().removeprefix("- ") for line in text.splitlines() if re.match(r"\s*(- )?tagwright ", line)]


@pytest.mark.parametrize("file", sorted((EXAMPLES / "ci").iterdir()), ids=lambda path: path.name)
def test_snippets_of_ci_name_what_exists(file):
    """The snippets are valid YAML; their commands, action inputs and hook ids exist."""
    document = yaml.safe_load(file.read_text())
    for line in _commands(file):
        words = shlex.split(line)[1:]
        command = cli.get_command(click.Context(cli), words[0])
        command.make_context(words[0], words[1:])
    if "jobs" in document:
        action = yaml.safe_load((ROOT / "action.yml").read_text())
        used = [
            step
            for job in document["jobs"].values()
            for step in job["steps"]
            if step.get("uses", "").startswith("tagwright/")
        ]
        assert used
        assert all(set(step.get("with", {})) <= set(action["inputs"]) for step in used)
    if "repos" in document:
        hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
        assert {hook["id"] for repo in document["repos"] for hook in repo["hooks"]} <= hooks
