"""Peak memory and speed of reading a large plan.

    python benchmarks/plan_memory.py [MEGABYTES] [--keep PATH]

Writes a plan of about that size (default 200 MB: resource changes of instances, groups, templates, buckets and
functions in modules, with planned values, prior state and configuration, laid out as `terraform show -json` does),
reads it in a process of its own, and prints the seconds, MB/s and the peak resident memory of that process.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).parent.parent
AWS = "registry.terraform.io/hashicorp/aws"
TAGS = {"owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "training", "environment": "prod"}
NULLS = dict.fromkeys(f"argument_{number}" for number in range(40))
COMPUTED = dict.fromkeys((f"computed_{number}" for number in range(25)), True)
POLICY = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": f"arn:{n}"} for n in range(20)]})

KINDS: dict[str, dict[str, Any]] = {
    "aws_instance": {"instance_type": "p5.48xlarge", "ami": "ami-1", "user_data": "x" * 500},
    "aws_s3_bucket": {"bucket": "b", "policy": POLICY},
    "aws_lambda_function": {"function_name": "f", "environment": [{"variables": {"A": "1"}}], "memory_size": 128},
    "aws_iam_role": {"assume_role_policy": POLICY},
    "aws_launch_template": {
        "instance_type": "g5.xlarge",
        "tag_specifications": [{"resource_type": kind, "tags": TAGS} for kind in ("instance", "volume")],
    },
    "aws_autoscaling_group": {
        "launch_template": [{}],
        "tag": [{"key": key, "value": value, "propagate_at_launch": True} for key, value in TAGS.items()],
    },
}


def changes(modules: int) -> Iterator[dict[str, Any]]:
    for module in range(modules):
        for type_, values in KINDS.items():
            for index in range(6):
                address = f'module.m["{module}"].{type_}.x[{index}]'
                after = NULLS | {"tags": TAGS, "tags_all": TAGS | {"index": str(index)}} | values
                yield {
                    "address": address,
                    "module_address": f'module.m["{module}"]',
                    "mode": "managed",
                    "type": type_,
                    "name": "x",
                    "index": index,
                    "provider_name": AWS,
                    "change": {
                        "actions": ["update"],
                        "before": after | dict.fromkeys(COMPUTED, "value"),
                        "after": after,
                        "after_unknown": COMPUTED | {"launch_template": [{"id": True}]},
                        "before_sensitive": {"tags": {}},
                        "after_sensitive": {"tags": {}, "tags_all": {}},
                    },
                }


def write(file: TextIO, modules: int) -> None:
    """The sections in the order in which Terraform writes them."""
    file.write(
        '{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"child_modules":['
    )
    for section in ("planned", "changes", "prior"):
        if section == "changes":
            file.write(']}},"resource_changes":[')
        elif section == "prior":
            file.write('],"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[')
        for number, change in enumerate(changes(modules)):
            item = change if section == "changes" else {**change, "values": change["change"]["after"], "change": None}
            whole = {"resources": [item]} if section == "planned" else item
            file.write("," * bool(number) + json.dumps(whole, separators=(",", ":")))
    file.write("]}}},")
    blocks = [
        {"mode": "managed", "type": type_, "name": "x", "provider_config_key": "aws", "expressions": _links(type_)}
        for type_ in KINDS
    ]
    configuration = {
        "provider_config": {"aws": {"name": "aws", "full_name": AWS, "version_constraint": "~> 5.0"}},
        "root_module": {"module_calls": {"m": {"module": {"resources": blocks}}}},
    }
    file.write(f'"configuration":{json.dumps(configuration)},"complete":true,"errored":false}}')


def _links(type_: str) -> dict[str, Any]:
    if type_ != "aws_autoscaling_group":
        return {"tags": {"references": ["local.tags"]}}
    references = ["aws_launch_template.x[0].id", "aws_launch_template.x[0]", "aws_launch_template.x"]
    return {"launch_template": [{"id": {"references": references}}]}


READ = """
import resource, sys, time
from pathlib import Path
from tagwright_iac.plan import read_plan
path = Path(sys.argv[1])
start, cpu = time.perf_counter(), time.process_time()
reading = read_plan(path, cwd=path.parent)
seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
assert not reading.problems, reading.problems
size = path.stat().st_size / 1e6
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{size:.0f} MB, {len(reading.resources)} resources: {seconds:.1f} s ({cpu:.1f} s of one core), "
      f"{size / seconds:.1f} MB/s, peak {peak:.0f} MB")
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("megabytes", nargs="?", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="write the plan here and leave it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder, "plan.json")
        with path.open("w") as file:
            write(file, 1)
        modules = max(1, options.megabytes * 1_000_000 // path.stat().st_size)
        with path.open("w") as file:
            write(file, modules)
        rooms = [str(ROOT / room) for room in ("iac_readers", "tag_dictionary")]
        code = f"import sys; sys.path[:0] = {rooms!r}\n{READ}"
        return subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
