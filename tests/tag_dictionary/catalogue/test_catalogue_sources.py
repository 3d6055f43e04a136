"""The generated tables against the packages they come from (fetched by pip when not in the cache)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UNAVAILABLE = 3


def run_tool(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script of `tools/`; without network the test is skipped with the reason, or fails when CI=true."""
    path = os.pathsep.join(filter(None, (str(ROOT / "tag_dictionary"), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=ROOT / "tools", env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode == UNAVAILABLE:
        reason = f"the catalogue's source packages are needed: {done.stderr.strip()}"
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail(reason)
        pytest.skip(reason)
    return done


def test_aws_tables_are_what_the_packages_say() -> None:
    """Regenerating the AWS, awscc, CloudFormation and Pulumi tables changes nothing."""
    tables = ["aws", "awscc", "cloudformation", "pulumi"]
    done = run_tool("make_taggable.py", "--check", *tables)
    assert (done.returncode, done.stdout, done.stderr) == (0, "".join(f"{name}: as kept\n" for name in tables), "")


def test_rules_read_attributes_that_exist() -> None:
    """Every attribute path of an AWS rule exists in the provider's or CloudFormation's schema."""
    done = run_tool("check_catalogue.py", "aws", "cloudformation")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_instance_families_are_botocores() -> None:
    """The list of families that the accelerator tests run over is EC2's own."""
    done = run_tool("check_catalogue.py", "families")
    kept = Path(__file__).with_name("ec2_families.txt").read_text("utf-8").splitlines()[1:]
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, kept, "")


def test_a_missing_package_is_no_verdict(tmp_path: Path) -> None:
    """A package that cannot be had is exit 3 with its name, not a difference and not a pass."""
    done = subprocess.run(
        [sys.executable, "make_taggable.py", "--check", "azapi"],
        cwd=ROOT / "tools",
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "tag_dictionary"),
            "CATALOGUE_SOURCES": str(tmp_path),
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (UNAVAILABLE, "")
    assert done.stderr.startswith("cdktn-provider-azapi 1.0.0: ")
