"""Terraform creates resources in a moto server, the scanner reads them back, people change them by hand, a bill comes.

Real: terraform and its states, boto3, the scan, the comparison, the join. moto stands for AWS; a stub provider stands
for the aws provider and creates what it applies through boto3.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import boto3
import pytest
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.server import ThreadedMotoServer
from tests.drift_scanner.declared import applying
from tests.drift_scanner.dollars import making
from tests.oracle import need

from tagwright_cli.commands import drift
from tagwright_cli.main import main

CODE = """
provider "aws" {
  region = "us-east-1"
  default_tags {
    tags = { owner = "ml@acme.example" }
  }
}
resource "aws_instance" "trainer" {
  count         = 2
  ami           = "ami-12c6146b"
  instance_type = "p3.2xlarge"
  tags          = { workload = "training", cost-center = "cc-4100" }
}
resource "aws_s3_bucket" "models" {
  bucket = "acme-models"
  tags   = { workload = "training" }
}
resource "aws_ebs_volume" "scratch" {
  availability_zone = "us-east-1a"
  size              = 8
}
"""
ENVIRON = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class Creating(applying.Applying):
    """Creates in moto what terraform applies."""

    endpoint: ClassVar[str] = ""

    def create(self, type_: str, state: Mapping[str, Any]) -> tuple[str, str]:
        tags = [{"Key": key, "Value": value} for key, value in sorted(state["tags_all"].items())]
        if type_ == "aws_s3_bucket":
            client("s3").create_bucket(Bucket=state["bucket"])
            client("s3").put_bucket_tagging(Bucket=state["bucket"], Tagging={"TagSet": tags})
            return state["bucket"], f"arn:aws:s3:::{state['bucket']}"
        ec2 = client("ec2")
        if type_ == "aws_instance":
            specification = [{"ResourceType": "instance", "Tags": tags}]
            given = {"ImageId": state["ami"], "InstanceType": state["instance_type"], "MinCount": 1, "MaxCount": 1}
            made = ec2.run_instances(**given, TagSpecifications=specification)["Instances"][0]["InstanceId"]
            return made, f"arn:aws:ec2:us-east-1:123456789012:instance/{made}"
        specification = [{"ResourceType": "volume", "Tags": tags}]
        made = ec2.create_volume(AvailabilityZone="us-east-1a", Size=8, TagSpecifications=specification)["VolumeId"]
        return made, f"arn:aws:ec2:us-east-1:123456789012:volume/{made}"


def client(service: str) -> Any:
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    return session.client(service, endpoint_url=Creating.endpoint)


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[applying.Applied]:
    need.oracle()
    # moto keeps one cloud a process: what other tests left there is no code's.
    BackendDict.reset()
    reset_model_data()
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    Creating.endpoint = f"http://{host}:{port}"
    with applying.servers(Creating) as running:
        yield applying.apply(running, tmp_path_factory.mktemp("code"), {"main.tf": CODE})
    server.stop()


def test_from_apply_to_the_bill(
    applied: applying.Applied, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, value in {**ENVIRON, "AWS_ENDPOINT_URL": Creating.endpoint}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    for name in ("costs", "compare"):
        monkeypatch.setitem(drift.command.lazy, name, (f"tagwright_cli.commands.drift_{name}:command", ""))
    making.dictionary(tmp_path)

    def tagwright(*arguments: str) -> tuple[int, str]:
        code = main(["drift", *arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in err, err
        return code, out

    def scan() -> None:
        types = [part for name in ("aws_instance", "aws_s3_bucket", "aws_ebs_volume") for part in ("--type", name)]
        code, out = tagwright(
            "scan", "--region", "us-east-1", *types, "--dictionary", "dictionary.yaml", "--format", "json"
        )
        assert code in (0, 1), out

    def compared() -> dict[str, Any]:
        code, out = tagwright("compare", str(applied.state), "--format", "json")
        document: dict[str, Any] = json.loads(out)
        assert code == (1 if document["differences"] else 0), out
        return document

    scan()
    found = compared()
    # Every instance has a root volume that moto made and no code names.
    assert {each["kind"] for each in found["differences"]} <= {"unmanaged"}
    assert {each["type"] for each in found["differences"]} <= {"aws_ebs_volume"}
    assert found["summary"]["managed"] == found["summary"]["found_live"] == 4
    assert found["summary"]["whole"]

    one, two = (each["attributes"]["id"] for each in _instances(applied.state))
    ec2 = client("ec2")
    ec2.create_tags(Resources=[one], Tags=[{"Key": "owner", "Value": "me"}, {"Key": "mine", "Value": "1"}])
    ec2.delete_tags(Resources=[one], Tags=[{"Key": "workload"}])
    ec2.terminate_instances(InstanceIds=[two])
    client("s3").put_bucket_tagging(Bucket="acme-models", Tagging={"TagSet": []})
    client("s3").create_bucket(Bucket="by-hand")
    scan()
    told = {
        (each["kind"], each["address"] or each["arn"], each["key"], each["code"], each["live"])
        for each in compared()["differences"]
        if each["type"] != "aws_ebs_volume"
    }
    first, second = _addresses(applied.state, one, two)
    assert told == {
        ("changed", first, "owner", "ml@acme.example", "me"),
        ("added", first, "mine", None, "1"),
        ("removed", first, "workload", "training", None),
        ("deleted", second, None, None, None),
        ("removed", "aws_s3_bucket.models", "owner", "ml@acme.example", None),
        ("removed", "aws_s3_bucket.models", "workload", "training", None),
        ("unmanaged", "arn:aws:s3:::by-hand", None, None, None),
    }

    account = "123456789012"
    making.parquet(
        tmp_path / "bill.parquet",
        [
            making.focus(one, 73.44, account=account),
            making.focus(two, 10.0, account=account),
            making.focus("acme-models", 5.0, account=account, service="AmazonS3"),
            making.focus(None, 1.0, account=account, category="Tax"),
        ],
    )
    code, out = tagwright("costs", "bill.parquet", "--format", "json")
    assert code == 0
    costs = json.loads(out)
    amounts = {name: float(amount) for name, amount in costs["spend"].items() if float(amount)}
    # `owner = me` is no e-mail address, and the workload is gone; the terminated instance is seen by no scan.
    assert amounts == {"untagged": 78.44, "unseen": 10.0, "unattributed": 1.0}
    code, out = tagwright("report", "--format", "json", "--dictionary", "dictionary.yaml")
    assert "73.44" in out


def _instances(state: Path) -> list[dict[str, Any]]:
    resources = json.loads(state.read_text())["resources"]
    return [each for resource in resources if resource["type"] == "aws_instance" for each in resource["instances"]]


def _addresses(state: Path, *ids: str) -> list[str]:
    known = {each["attributes"]["id"]: f"aws_instance.trainer[{each['index_key']}]" for each in _instances(state)}
    return [known[name] for name in ids]
