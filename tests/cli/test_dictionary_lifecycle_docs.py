"""docs/lifecycle.md: its commands exist with those options, its job is valid, and its start works as it says."""

from __future__ import annotations

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

TEXT = (Path(__file__).parents[2] / "docs" / "lifecycle.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
HOOK = next(body for kind, body in BLOCKS if kind == "yaml" and body.startswith("repos:"))
JOB = next(yaml.safe_load(body) for kind, body in BLOCKS if kind == "yaml" and "jobs:" in body)


def _commands():
    shell = [line for kind, body in BLOCKS if kind == "sh" for line in body.replace("\\\n", " ").splitlines()]
    shell += [step["run"] for step in JOB["jobs"]["approval"]["steps"] if "run" in step]
    return [line for line in shell if line.startswith("tagwright ")]


@pytest.mark.parametrize("line", _commands())
def test_commands_exist(line):
    """Every option and argument is one of the command's."""
    _, *arguments = shlex.split(line)
    command: click.Command = cli
    context = click.Context(cli, info_name="tagwright")
    while isinstance(command, click.Group):
        name = arguments.pop(0)
        found = command.get_command(context, name)
        assert found is not None, name
        command = found
    made = command.make_context(command.name, arguments, parent=context)
    assert made.params


def test_the_table_names_every_command():
    """All that this page is about."""
    for name in ("diff", "impact", "check-approval", "codeowners", "propose", "release", "verify"):
        assert f"| `tagwright dictionary {name}" in TEXT


def test_the_job():
    """It fetches the history, asks for no right that it does not need, and names the branch itself."""
    assert JOB["permissions"] == {"contents": "read", "pull-requests": "read"}
    steps = JOB["jobs"]["approval"]["steps"]
    assert steps[0]["with"] == {"fetch-depth": 0}
    runs = " ".join(step.get("run", "") for step in steps)
    assert "base_ref" not in runs
    assert "${{" not in runs  # an expression in a script is an injection


def test_the_hook(tmp_path):
    """pre-commit itself runs it: clean after `init`, and it stops a commit that adds a bucket without tags."""
    scripts = Path(sys.executable).parent
    if not (scripts / "pre-commit").exists():
        pytest.skip("pre-commit is not installed")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PRE_COMMIT_HOME": str(tmp_path / "p")}
    environment |= {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    work = tmp_path / "work"
    work.mkdir()

    def run(*command):
        return subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)

    bucket = 'resource "aws_s3_bucket" "NAME" {\n  tags = { env = "prd" }\n}\n'
    (work / "main.tf").write_text(bucket.replace("NAME", "a"))
    (work / ".pre-commit-config.yaml").write_text(HOOK)
    assert run("git", "init", "-q").returncode == 0
    assert run("tagwright", "init").returncode == 0
    run("git", "add", ".")
    assert run("pre-commit", "run").returncode == 0
    (work / "main.tf").write_text(bucket.replace("NAME", "a") + bucket.replace("NAME", "b"))
    run("git", "add", ".")
    done = run("pre-commit", "run")
    assert done.returncode == 1
    assert "aws_s3_bucket.b" in done.stdout
    assert "aws_s3_bucket.a" not in done.stdout
