"""The GitHub action: its steps are run with bash as the runner would run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "name" in step}
BLOCKED = ROOT / "examples" / "blocked-terraform"
CLEAN = ROOT / "examples" / "clean-terraform"


@pytest.fixture
def runner(tmp_path):
    """Runs one step with the files and variables of the runner; `tagwright` is this checkout's."""
    command = tmp_path / "tagwright"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tagwright_cli "$@"\n')
    command.chmod(0o755)
    temp = tmp_path / "runner temp"
    temp.mkdir()
    output, summary = tmp_path / "output", tmp_path / "summary"

    def run(name, cwd, **inputs):
        output.write_text("")
        summary.write_text("")
        step = STEPS[name]
        environ = dict.fromkeys(step["env"], "")
        environ |= {"TAGWRIGHT": str(command), "INPUT_PATHS": ".", **inputs}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=cwd,
            env={
                **os.environ,
                **environ,
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
                "RUNNER_TEMP": str(temp),
                "TAGWRIGHT_TODAY": "2026-11-23",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return done, outputs, summary.read_text()

    return run


def test_blocked(runner):
    """A blocked project gives annotations, SARIF, a summary and exit code 1, which the last step turns into failure."""
    done, outputs, summary = runner("Check tags", BLOCKED)
    assert done.returncode == 0, done.stderr
    assert outputs["exit-code"] == "1"
    assert done.stdout.startswith("::error file=")
    assert Path(outputs["sarif"]).read_text().startswith("{")
    assert summary.startswith("<!-- tagwright")
    assert summary == Path(outputs["comment"]).read_text()
    verdict, _, _ = runner("Verdict", BLOCKED, EXIT_CODE=outputs["exit-code"])
    assert verdict.returncode == 1


def test_clean(runner):
    """A clean project passes."""
    done, outputs, _ = runner("Check tags", CLEAN)
    assert outputs["exit-code"] == "0", done.stdout + done.stderr
    verdict, _, _ = runner("Verdict", CLEAN, EXIT_CODE="0")
    assert verdict.returncode == 0


@pytest.mark.parametrize(
    "inputs",
    [
        {"INPUT_PATHS": "missing"},
        {"INPUT_DICTIONARY": "missing.yaml"},
        {"INPUT_ON_UNKNOWN": "maybe"},
        {"INPUT_VAR_FILES": "missing.tfvars"},
        {"INPUT_BASELINE": "missing.json"},
    ],
    ids=lambda inputs: next(iter(inputs)),
)
def test_wrong_inputs_never_pass(runner, inputs):
    """A wrong path, dictionary or option is exit code 2, whatever a run before left behind."""
    runner("Check tags", CLEAN)
    done, outputs, _ = runner("Check tags", CLEAN, **inputs)
    assert done.returncode == 0
    assert outputs["exit-code"] == "2", done.stderr


def test_no_exit_code_is_no_pass(runner):
    """When the check never ran, the verdict fails."""
    verdict, _, _ = runner("Verdict", CLEAN, EXIT_CODE="")
    assert verdict.returncode == 3


def test_inputs_are_not_code(runner, tmp_path):
    """Inputs are passed as arguments: one that looks like shell, an option or a workflow command stays a name."""
    hostile = "$(touch owned)\n`touch owned`\n--exit-zero\n; touch owned\n::error::x"
    done, outputs, _ = runner("Check tags", tmp_path, INPUT_PATHS=hostile, INPUT_DICTIONARY="$(touch owned)")
    assert outputs["exit-code"] == "2"
    assert not (tmp_path / "owned").exists()
    assert [line for line in done.stdout.splitlines() if line.lstrip().startswith("::")] == []


def test_several_paths_and_files(runner, tmp_path):
    """Paths and variable files are given one a line, blanks inside allowed."""
    for name in ("one two", "three"):
        shutil.copytree(CLEAN, tmp_path / name)
    (tmp_path / "my vars.tfvars").write_text('environment = "dev"\n')
    done, outputs, _ = runner(
        "Check tags", tmp_path, INPUT_PATHS="one two\nthree\n", INPUT_VAR_FILES="my vars.tfvars\n"
    )
    assert outputs["exit-code"] == "0", done.stdout + done.stderr
    assert "30 resources" in done.stdout


def test_shell_steps_take_inputs_from_the_environment():
    """No `${{ }}` stands in a script: an input could not become shell code."""
    assert [step["name"] for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")] == []


def test_other_actions_are_pinned():
    """Every action that is used names a major version."""
    used = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert used == ["actions/setup-python@v5", "github/codeql-action/upload-sarif@v3"]


def test_install_step_puts_out_a_command(tmp_path):
    """The install step makes an environment of its own and names the command in it."""
    fake = tmp_path / "bin" / "python"
    fake.parent.mkdir()
    fake.write_text(
        "#!/bin/bash\n"
        'if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; else printf "%s\\n" "$*" >> "$LOG"; fi\n',
    )
    fake.chmod(0o755)
    output, log = tmp_path / "output", tmp_path / "log"
    environ = {
        **os.environ,
        "PATH": f"{fake.parent}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_OUTPUT": str(output),
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "LOG": str(log),
        "TAGWRIGHT_SOURCE": "/action",
    }
    for version, expected in (("", "/action"), ("0.1.0", "tagwright==0.1.0")):
        subprocess.run(
            ["bash", "-e", "-c", STEPS["Install tagwright"]["run"]],
            env={**environ, "TAGWRIGHT_VERSION": version},
            check=True,
            timeout=60,
        )
        assert log.read_text().splitlines()[-1] == f"-m pip install --quiet --disable-pip-version-check {expected}"
    assert output.read_text().splitlines()[-1] == f"command={tmp_path}/temp/tagwright-venv/bin/tagwright"


@pytest.mark.skipif(shutil.which("shellcheck", path=str(Path(sys.executable).parent)) is None, reason="no shellcheck")
def test_scripts_pass_shellcheck(tmp_path):
    """The steps of the action and our shell scripts pass shellcheck."""
    scripts = [ROOT / ".ci" / "run", ROOT / "examples" / "demo.sh"]
    for name, step in STEPS.items():
        if "run" in step:
            file = tmp_path / f"{re.sub(r'[^a-z]', '-', name.lower())}.sh"
            file.write_text("#!/usr/bin/env bash\n" + step["run"])
            scripts.append(file)
    done = subprocess.run(
        [Path(sys.executable).parent / "shellcheck", *scripts], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout
