"""The command to copy, run by a real shell, and by the real AWS command line against moto."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.drift_scanner.report.estate import HOSTILE, finding

from tagwright_drift.report.fixing import fix_for

STORE = Path(os.environ.get("REPORT_TOOLS") or Path.home() / ".cache" / "tagwright-tests" / "report")
AWSCLI = "awscli==1.46.3"
ARN = "arn:aws:s3:::acme-models"


def arguments(command: str, folder: Path, **environment: str) -> list[str]:
    """What a real shell makes of the line, as the arguments of `aws`."""
    program = folder / "aws"
    if not program.exists():
        program.write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n")
        program.chmod(0o755)
    given = {"PATH": f"{folder}:/usr/bin:/bin", **environment}
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=given, capture_output=True, check=False, timeout=20)
    if done.returncode:
        raise AssertionError(done.stderr.decode())
    return done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]


def test_a_missing_tag(tmp_path):
    """The one value that is suggested, or that the surroundings have, is in the command and in the line of code."""
    record = finding(1, suggestions=("cc-4100",))
    fix = fix_for(record)
    assert (fix.value, fix.basis, fix.code) == ("cc-4100", "the dictionary", 'cost-center = "cc-4100"')
    assert arguments(fix.command, tmp_path) == [
        "resourcegroupstaggingapi", "tag-resources", "--region", "eu-west-1", "--resource-arn-list", record.address,
        "--tags", "cost-center=cc-4100",
    ]  # fmt: skip
    around = fix_for(replace(record, probable=(("cost-center", "cc-4110", "node group ng-1"),)))
    assert (around.value, around.basis) == ("cc-4110", "node group ng-1")


def test_a_value_to_choose_cannot_be_forgotten(tmp_path):
    """Of several values nobody chooses for the user: the command does not run before its variable is set."""
    fix = fix_for(finding(1, suggestions=("cc-4100", "cc-4110")))
    assert (fix.value, fix.code) == ("", "")
    with pytest.raises(AssertionError, match="choose an approved value of cost-center"):
        arguments(fix.command, tmp_path)
    assert arguments(fix.command, tmp_path, TAG_COST_CENTER="cc-4110")[-1] == "cost-center=cc-4110"


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        (
            {"rule": "value-not-allowed", "value": "trainng", "key": "workload", "suggestions": ("training", "x")},
            "training",
        ),
        ({"rule": "deprecated-value", "value": "cc-4000", "suggestions": ("cc-4100",)}, "cc-4100"),
        ({"rule": "key-case", "key": "Owner", "value": "a@acme.example", "suggestions": ("owner",)}, "a@acme.example"),
        ({"rule": "placeholder-value", "value": "todo", "suggestions": ()}, ""),
    ],
)
def test_rules_that_one_value_mends(changes, value):
    fix = fix_for(finding(1, **changes))
    assert fix.value == value
    assert fix.command


@pytest.mark.parametrize(
    "changes",
    [
        {"rule": "unreached"},
        {"rule": "invalid-tag", "value": "x" * 300},
        {"rule": "expired-exemption", "key": ""},
        {"address": "i-0123", "suggestions": ("cc-4100",)},
        {"group": "eks-nodegroup:ml/gpu", "suggestions": ("cc-4100",)},
        {"group": "karpenter:gpu", "suggestions": ("cc-4100",)},
    ],
)
def test_what_no_command_mends(changes):
    """Where tags stop on the way, where nothing tells the value's place, and for members that come and go."""
    assert fix_for(finding(1, **changes)).command == ""


def test_an_auto_scaling_group_is_mended_itself(tmp_path):
    """Not one of its instances, and so that the next instance has the tag too."""
    fix = fix_for(finding(1, group="asg:gpu-workers", suggestions=("cc-4100",)))
    assert arguments(fix.command, tmp_path)[:2] == ["autoscaling", "create-or-update-tags"]
    wanted = (
        "ResourceId=gpu-workers,ResourceType=auto-scaling-group,PropagateAtLaunch=true,Key=cost-center,Value=cc-4100"
    )
    assert arguments(fix.command, tmp_path)[-1] == wanted


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", ["value", "address", "region", "key", "group"])
def test_nothing_hostile_runs(text, place, tmp_path):
    """Whatever stands in a tag, an ARN or a name: one command, whole arguments, nothing else executed."""
    changes: dict[str, Any] = {
        "value": {"suggestions": (text,)},
        "address": {"address": f"arn:aws:s3:::{text}", "suggestions": ("cc-1",)},
        "region": {"region": text, "suggestions": ("cc-1",)},
        "key": {"key": text, "suggestions": ("cc-1",)},
        "group": {"group": f"asg:{text}", "suggestions": ("cc-1",)},
    }[place]
    fix = fix_for(finding(1, **changes))
    assert fix.command.isprintable()
    if not fix.command:
        return
    found = arguments(fix.command, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["aws"]
    assert not Path("/tmp/owned").exists()
    if place == "address":
        assert found[found.index("--resource-arn-list") + 1] == changes["address"]
    if place == "region" and text:
        assert found[found.index("--region") + 1] == text


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_a_command_is_one_line_or_none(value, name):
    """No line end, escape or invisible character gets into what people paste."""
    fix = fix_for(finding(1, suggestions=(value,), address=f"arn:aws:s3:::{name}"))
    assert fix.command.isprintable()
    assert fix.code.isprintable()


def test_code_is_terraform():
    """The line of code is what our own reader reads back as that tag, templates and quotes included."""
    for value in ("cc-4100", 'a"b', "${var.x}", "%{if x}", "back\\slash", "東京"):
        fix = fix_for(finding(1, suggestions=(value,)))
        assert fix.code.startswith("cost-center = ")
        assert _terraform(fix.code) == {"cost-center": value}


def _terraform(line: str) -> dict[str, str]:
    hcl2 = pytest.importorskip("hcl2", reason="the extra 'dev' has python-hcl2")
    read = hcl2.loads(f"locals {{\n  tags = {{\n    {line}\n  }}\n}}\n")
    return _plain(read["locals"][0]["tags"])


def _plain(tags: dict[str, str]) -> dict[str, str]:
    def text(written: str) -> str:
        inner = written[1:-1] if written.startswith('"') else written
        return (
            json.loads(f'"{inner}"').replace("$${", "${").replace("%%{", "%{") if written.startswith('"') else written
        )

    return {key.strip('"'): text(value) for key, value in tags.items()}


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def aws() -> Path:
    """The AWS command line, in an environment of its own: it pins another botocore."""
    folder = STORE / AWSCLI
    with _alone(STORE / "lock"):
        if not (folder / "bin" / "aws").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            venv.create(folder, with_pip=True)
            pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", AWSCLI]
            if subprocess.run(pip, capture_output=True, check=False, timeout=600).returncode:
                shutil.rmtree(folder, ignore_errors=True)
                pytest.skip(f"{AWSCLI} could not be installed here: commands are not run for real")
    return folder / "bin"


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = pytest.importorskip("moto.server", reason="the extra 'dev' has moto").ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.mark.parametrize(
    "value", ["cc-4100", "a@acme.example", "two words", "a,b", "it's", 'say "x"', "a=b", "x{1}[2]", "$HOME"]
)
def test_the_real_command_line_sets_the_tag(aws, moto, tmp_path, value):
    """The line as it stands, in a real shell, with the real `aws`: the tag is on the bucket afterwards."""
    import boto3

    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "eu-west-1"}
    client = boto3.client("s3", endpoint_url=moto, **keys)
    name = f"acme-{crc32(value.encode())}"
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    record = finding(1, address=f"arn:aws:s3:::{name}", suggestions=(value,))
    environment = {
        "PATH": f"{aws}:/usr/bin:/bin", "HOME": str(tmp_path), "AWS_ENDPOINT_URL": moto,
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1", "LANG": "C.UTF-8",
    }  # fmt: skip
    done = subprocess.run(
        ["sh", "-c", fix_for(record).command], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert client.get_bucket_tagging(Bucket=name)["TagSet"] == [{"Key": "cost-center", "Value": value}]
