"""The live scan against Cloud Custodian, on the same moto estate in the same run; and what a scan holds in memory.

    python benchmarks/drift.py                   # 10,000 objects, then 25% of the bucket tag reads denied, then memory
    python benchmarks/drift.py --objects 1000    # a smaller estate
    python benchmarks/drift.py --part memory     # one part

Both programs look at the same seven types in the same region and have to find every object without an `owner` tag.
moto serves both from this process; most of the wall time is moto's, on both sides. Every program is timed from
outside as a whole process. The report goes to stdout and benchmarks/results/drift.md.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import threading
import venv
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import boto3
from benchmarks.gate import CACHE, RESULTS, Sample, tagwright
from botocore.config import Config
from tests.drift_scanner.faults import Cloud, Fault, faulty_moto

CUSTODIAN = "c7n==0.9.53"
REGION = "eu-west-1"
TYPES = {
    "aws_instance": ("ec2", 0.2),
    "aws_ebs_volume": ("ebs", 0.3),  # the root volume of each instance, and half as many more
    "aws_s3_bucket": ("s3", 0.2),
    "aws_dynamodb_table": ("dynamodb-table", 0.15),
    "aws_cloudwatch_log_group": ("log-group", 0.1),
    "aws_lambda_function": ("lambda", 0.05),
}
"""Type, its name in Custodian, and its share of the estate."""
DICTIONARY = """
schema: 1
name: bench
version: 1.0.0
keys:
  owner: {description: Who answers for it.}
requirements:
  - {id: owner, for: all, require: [owner]}
"""
KEYS = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": REGION}


@dataclass(frozen=True, slots=True)
class Scanned:
    """One program's scan: seconds, MB, requests, untagged objects by type, exit code, and what it said of the rest."""

    name: str
    seconds: float
    peak: float
    calls: int
    untagged: dict[str, int]
    code: int
    said: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=10_000)
    parser.add_argument("--part", choices=("all", "estate", "memory"), default="all")
    parser.add_argument("--check", action="store_true", help="exit 1 when a target is missed")
    given = parser.parse_args()
    lines = [
        "# The live scan",
        "",
        (
            f"Measured on {date.today().isoformat()} with `python benchmarks/drift.py --objects {given.objects}` on "  # noqa: DTZ011
            f"{os.cpu_count()} cores, Python {platform.python_version()}."
        ),
        "",
    ]
    missed: list[str] = []
    if given.part != "memory":
        lines += estate(given.objects, missed)
    if given.part != "estate":
        lines += memory(missed)
    lines += ["", *(f"Missed: {each}" for each in missed)] if missed else []
    text = "\n".join(lines).rstrip() + "\n"
    print(text)
    if given.part == "all":
        (RESULTS / "drift.md").write_text(text, "utf-8")
    return 1 if given.check and missed else 0


def estate(objects: int, missed: list[str]) -> list[str]:
    """Both programs on one estate, seen whole and with a quarter of the bucket tag reads denied."""
    counts = {type_: int(objects * share) for type_, (_, share) in TYPES.items()}
    with faulty_moto() as cloud, tempfile.TemporaryDirectory() as name:
        cloud.moto = NamingRegions(cloud.moto)
        print(f"seeding {sum(counts.values()):,} objects ...", file=sys.stderr)
        truth = seed(cloud, counts)
        work = Path(name)
        cloud.plan()
        ours = scan_ours(cloud, work / "whole", "--max-tps", "0")
        cloud.plan()
        polite = scan_ours(cloud, work / "polite")
        cloud.plan()
        theirs = scan_custodian(cloud, work / "custodian")
        denied = Fault("denied", service="s3", operation="GetBucketTagging", every=4)
        cloud.plan(denied)
        ours_denied = scan_ours(cloud, work / "denied", "--max-tps", "0")
        cloud.plan(denied)
        theirs_denied = scan_custodian(cloud, work / "custodian-denied")
    wrong = [type_ for type_ in truth if ours.untagged.get(type_, 0) != truth[type_]]
    missed += [f"tagwright's counts of {', '.join(wrong)} are wrong"] if wrong else []
    fewer, faster = theirs.calls / ours.calls, theirs.seconds / ours.seconds
    missed += [f"{fewer:.1f} times fewer calls than Custodian, target 5"] if fewer < 5 else []
    missed += [f"{faster:.1f} times faster than Custodian, target 3"] if faster < 3 else []
    return [
        (
            f"{sum(counts.values()):,} objects of {len(TYPES)} types in one account and region, "
            f"{sum(truth.values()):,} without an owner; the server is moto, in one process, on both sides. It was "
            "taught to name each bucket's region in ListBuckets, as S3 does."
        ),
        "",
        "| | seconds | peak MB | requests | untagged found | exit code |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {each.name} | {each.seconds:.1f} | {each.peak:.0f} | {each.calls:,} | "
            f"{sum(each.untagged.values()):,} of {sum(truth.values()):,} | {each.code} |"
            for each in (ours, replace(polite, name="tagwright, as slow as AWS's own limits"), theirs)
        ),
        "",
        (
            "Custodian has no limiter, and moto no limits: so the comparison is with `--max-tps 0`. By default "
            "tagwright keeps to what AWS allows an account (8 reads of table tags a second)."
        ),
        "",
        f"Custodian takes {faster:.1f} times as long and makes {fewer:.1f} times as many requests.",
        "",
        (
            f"With every fourth read of a bucket's tags denied ({truth['aws_s3_bucket']:,} of "
            f"{counts['aws_s3_bucket']:,} buckets have no owner):"
        ),
        "",
        "| | untagged buckets claimed | exit code | what it said |",
        "|---|---:|---:|---|",
        *(
            f"| {each.name} | {each.untagged.get('aws_s3_bucket', 0):,} | {each.code} | {each.said} |"
            for each in (ours_denied, theirs_denied)
        ),
    ]


def scan_ours(cloud: Cloud, state: Path, *more: str) -> Scanned:
    """`tagwright drift scan`, with its run, its history and its report."""
    state.mkdir()
    dictionary = state / "dictionary.yaml"
    dictionary.write_text(DICTIONARY)
    types = [part for type_ in TYPES for part in ("--type", type_)]
    command = [
        tagwright(),
        "drift",
        "scan",
        "--region",
        REGION,
        *types,
        "--state",
        str(state),
        "--format",
        "json",
        "-q",
    ]
    environment = {**KEYS, "AWS_ENDPOINT_URL": cloud.url, "AWS_EC2_METADATA_DISABLED": "true"}
    sample = apart([*command, "--dictionary", str(dictionary), *more], environment)
    document = json.loads(sample.output)
    untagged: dict[str, int] = {}
    for finding in document["findings"]:
        if finding["rule"] == "missing-tag" and finding["certainty"] == "definite":
            untagged[finding["resource"]["type"]] = untagged.get(finding["resource"]["type"], 0) + 1
    said = document["headline"]["coverage"]
    return Scanned("tagwright", sample.seconds, sample.peak, len(cloud.calls), untagged, sample.code, said)


def scan_custodian(cloud: Cloud, out: Path) -> Scanned:
    """`custodian run`, one policy a type."""
    out.mkdir()
    policies = [
        {"name": type_.replace("_", "-"), "resource": f"aws.{theirs}", "filters": [{"tag:owner": "absent"}]}
        for type_, (theirs, _) in TYPES.items()
    ]
    file = out / "policies.json"
    file.write_text(json.dumps({"policies": policies}))
    environment = {**KEYS, "AWS_ENDPOINT_URL": cloud.url, "AWS_EC2_METADATA_DISABLED": "true"}
    sample = apart(
        [str(custodian()), "run", "--region", REGION, "--output-dir", str(out), "--cache-period", "0", str(file)],
        environment,
    )
    untagged = {}
    for type_ in TYPES:
        found = out / type_.replace("_", "-") / "resources.json"
        untagged[type_] = len(json.loads(found.read_text())) if found.exists() else 0
    said = "nothing" if sample.code == 0 else "failed"
    name = f"Cloud Custodian {CUSTODIAN.partition('==')[2]}"
    return Scanned(name, sample.seconds, sample.peak, len(cloud.calls), untagged, sample.code, said)


class NamingRegions:
    """moto's ListBuckets lacks the BucketRegion of each bucket, which S3 answers with."""

    def __init__(self, moto: Any) -> None:
        self._moto = moto

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        if environ["PATH_INFO"] != "/" or "/s3/aws4_request" not in environ.get("HTTP_AUTHORIZATION", ""):
            return self._moto(environ, start)
        held: list[Any] = []
        body = b"".join(self._moto(environ, lambda status, headers, _=None: held.extend((status, headers))))
        status, headers = held
        body = body.replace(b"</CreationDate>", f"</CreationDate><BucketRegion>{REGION}</BucketRegion>".encode())
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start(status, [*kept, ("Content-Length", str(len(body)))])
        return [body]


APART = """
import json, sys
sys.path.insert(0, sys.argv[1])
from benchmarks.gate import measure
sample = measure(json.loads(sys.argv[2]), json.loads(sys.argv[3]))
print(json.dumps([sample.seconds, sample.peak, sample.code, sample.output]))
"""


def apart(command: list[str], environment: dict[str, str]) -> Sample:
    """`measure` from a small process: Linux counts the memory of who starts a program as the program's own peak, and
    this process holds moto's estate.
    """
    root = str(Path(__file__).parent.parent)
    line = [sys.executable, "-c", APART, root, json.dumps(command), json.dumps(environment)]
    told = subprocess.run(line, check=True, capture_output=True, text=True).stdout
    return Sample(*json.loads(told))


def custodian() -> Path:
    """Custodian in an environment of its own, made when first asked for."""
    folder = CACHE / "custodian"
    program = folder / "bin" / "custodian"
    if not program.exists():
        print(f"installing {CUSTODIAN} ...", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", CUSTODIAN], check=True)
    return program


def seed(cloud: Cloud, counts: dict[str, int]) -> dict[str, int]:
    """The objects, half of them with an owner; how many have none, by type."""
    made = {}
    clients = _Clients(cloud.url)
    made["aws_instance"], roots = _instances(clients("ec2"), counts["aws_instance"])
    made["aws_ebs_volume"] = _volumes(clients("ec2"), counts["aws_ebs_volume"] - roots) + roots
    one_by_one = {
        "aws_s3_bucket": _bucket,
        "aws_dynamodb_table": _table,
        "aws_cloudwatch_log_group": _log_group,
    }
    for type_, make in one_by_one.items():
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda number, make=make: make(clients, number, number % 2 == 0), range(counts[type_])))
        made[type_] = counts[type_] // 2
    made["aws_lambda_function"] = _functions(clients, counts["aws_lambda_function"])
    return made


class _Clients:
    def __init__(self, url: str) -> None:
        self._session = boto3.session.Session("bench", "bench", region_name=REGION)
        self._url = url
        self._made: dict[str, Any] = {}
        self._lock = threading.Lock()

    def __call__(self, service: str) -> Any:
        with self._lock:
            if service not in self._made:
                config = Config(retries={"total_max_attempts": 1}, max_pool_connections=20)
                self._made[service] = self._session.client(service, endpoint_url=self._url, config=config)
            return self._made[service]


_OWNER = [{"Key": "owner", "Value": "ml@acme.example"}]


def _batches(total: int, size: int = 250) -> Iterator[tuple[int, bool]]:
    """Sizes of batches, every second one tagged; the untagged halves come first."""
    half = total - total // 2
    for tagged, many in ((True, half), (False, total - half)):
        yield from ((min(size, many - start), tagged) for start in range(0, many, size))


def _instances(ec2: Any, count: int) -> tuple[int, int]:
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    untagged = 0
    for size, tagged in _batches(count):
        tags = {"TagSpecifications": [{"ResourceType": "instance", "Tags": _OWNER}]} if tagged else {}
        ec2.run_instances(ImageId=image, InstanceType="p5.48xlarge", MinCount=size, MaxCount=size, **tags)
        untagged += 0 if tagged else size
    return untagged, count


def _volumes(ec2: Any, count: int) -> int:
    zone = ec2.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
    for number in range(count):
        tags = {"TagSpecifications": [{"ResourceType": "volume", "Tags": _OWNER}]} if number % 2 == 0 else {}
        ec2.create_volume(AvailabilityZone=zone, Size=8, **tags)
    return count // 2


def _bucket(clients: _Clients, number: int, tagged: bool) -> None:
    s3 = clients("s3")
    where = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket=f"bench-{number:05d}", CreateBucketConfiguration=where)
    if tagged:
        s3.put_bucket_tagging(Bucket=f"bench-{number:05d}", Tagging={"TagSet": _OWNER})


def _table(clients: _Clients, number: int, tagged: bool) -> None:
    clients("dynamodb").create_table(
        TableName=f"bench-{number:05d}",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        **({"Tags": _OWNER} if tagged else {}),
    )


def _log_group(clients: _Clients, number: int, tagged: bool) -> None:
    tags = {"tags": {"owner": "ml@acme.example"}} if tagged else {}
    clients("logs").create_log_group(logGroupName=f"/bench/{number:05d}", **tags)


def _functions(clients: _Clients, count: int) -> int:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): pass\n")
    trust = {"Version": "2012-10-17", "Statement": []}
    role = clients("iam").create_role(RoleName="bench", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    for number in range(count):
        clients("lambda").create_function(
            FunctionName=f"bench-{number:05d}",
            Runtime="python3.11",
            Role=role,
            Handler="main.handler",
            Code={"ZipFile": packed.getvalue()},
            **({"Tags": {"owner": "ml@acme.example"}} if number % 2 == 0 else {}),
        )
    return count // 2


MEMORY = """
import resource, sys, tempfile, threading
from datetime import date
from pathlib import Path
from tagwright_dictionary.loading import load
from tagwright_drift.cells import Cell
from tagwright_drift.history.applying import apply
from tagwright_drift.history.store import open_history
from tagwright_drift.inventories.contract import Page, Planned
from tagwright_drift.judging import plain_judging
from tagwright_drift.runs.model import RunHeader
from tagwright_drift.runs.reading import open_run
from tagwright_drift.runs.writing import RunWriter
from tagwright_drift.scanning.engine import Scan
from tagwright_drift.scanning.executors import Threads
from tests.drift_scanner.fake import NOW, live

class Fake:
    "Resources made when they are asked for: the estate itself is not held in memory."
    name = "fake"
    def __init__(self, total):
        self.cells = [Cell(f"{n // 20:012d}", f"region-{n % 20}", "aws_lambda_function") for n in range(total // 250)]
    def plan(self):
        return (Planned(cell) for cell in self.cells)
    def read(self, cell, now):
        for start in range(0, 250, 50):
            yield Page(tuple(live(cell, f"r{n}", {} if n % 2 else None) for n in range(start, start + 50)), 1)

total = int(sys.argv[1])
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    dictionary = load(sys.argv[2], cache=False)
    header = RunHeader("20261126T120000Z-bench", NOW, "full", "fake", "0", "bench", "1", "0" * 64, (1, 1), "2026-11-26")
    inventory = Fake(total)
    with RunWriter(folder / "runs", header, inventory.plan()) as writer:
        Scan(inventory, plain_judging(dictionary, date(2026, 11, 26)), Threads(8)).run(writer, threading.Event())
    history = open_history(folder / "history.db", create=True)
    applied = apply(history, [open_run(writer.path)])
    print(applied.coverage.resources, sum(applied.counts.values()))
"""


def memory(missed: list[str]) -> list[str]:
    """A scan and its merge over an inventory that holds nothing: ten times the resources, how much more memory?"""
    rows: list[tuple[int, Sample]] = []
    with tempfile.TemporaryDirectory() as name:
        dictionary = Path(name) / "dictionary.yaml"
        dictionary.write_text(DICTIONARY)
        root = str(Path(__file__).parent.parent)
        for total in (10_000, 100_000):
            command = [sys.executable, "-c", MEMORY, str(total), str(dictionary)]
            sample = apart(command, {"PYTHONPATH": root})
            found = re.fullmatch(r"(\d+) (\d+)\n", sample.output)
            if found is None or (int(found[1]), int(found[2])) != (total, total // 2):
                raise SystemExit(f"the scan of {total} did not find what is there: {sample.output!r}")
            rows.append((total, sample))
    growth = rows[1][1].peak / rows[0][1].peak
    missed += [f"memory grows {growth:.2f} times from 10,000 to 100,000 resources, target flat"] if growth > 1.3 else []
    return [
        "",
        "## Memory of a scan and its merge (in-process inventory, 8 threads, half of the resources untagged)",
        "",
        "| resources | seconds | peak MB |",
        "|---:|---:|---:|",
        *(f"| {total:,} | {sample.seconds:.1f} | {sample.peak:.0f} |" for total, sample in rows),
        "",
        f"Ten times the resources take {growth:.2f} times the memory.",
    ]


if __name__ == "__main__":
    print(datetime.now(UTC).isoformat(timespec="seconds"), file=sys.stderr)
    sys.exit(main())
