"""What the Pulumi room costs: importing it, its type table, and the gate for each resource.

    python benchmarks/pulumi.py [--check]

Prints the best of several runs beside the budget; with --check it exits 1 when one is over it. The import is measured
in processes of their own and includes Pulumi's SDK, most of it (the line above says how much).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = [str(ROOT / room) for room in ("tag_dictionary", "pulumi_components")]
RUNS = 5
RESOURCES = 500

BUDGETS = {"import tagwright_pulumi": 0.6, "type table": 0.050, "gate, each resource": 0.001}
"""Seconds."""

IMPORT = "import time; begin = time.perf_counter(); import {}; print(time.perf_counter() - begin)"


def alone(code: str) -> float:
    """The best of several processes; each prints its seconds last."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(ROOMS)}
    command = [sys.executable, "-c", code]
    times = []
    for _ in range(RUNS):
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
        times.append(float(done.stdout.split()[-1]))
    return min(times)


def gate_seconds() -> float:
    """Seconds a resource, over many with every tag right, and over many with one tag that is an output."""
    # In place of this file's own folder, in which it would be taken for the SDK.
    sys.path[:1] = ROOMS
    import pulumi  # noqa: PLC0415 - the other measurements are of a process without it

    from tagwright_pulumi import TagGate  # noqa: PLC0415
    from tagwright_pulumi.testing import run  # noqa: PLC0415

    tags = {"owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "training"}
    times: list[float] = []

    async def program() -> None:
        gate = TagGate(ROOT / "tag_dictionary" / "dictionary.yaml")
        gate.apply("aws:s3/bucket:Bucket", "first", tags)
        for values in (tags, {**tags, "owner": pulumi.Output.from_input("ml@acme.example")}):
            begin = time.perf_counter()
            gated = [gate.apply("aws:s3/bucket:Bucket", f"bucket-{number}", values) for number in range(RESOURCES)]
            for each in gated:
                for value in dict(each.map).values():
                    if isinstance(value, pulumi.Output):
                        await value.future()
            times.append((time.perf_counter() - begin) / RESOURCES)

    for _ in range(RUNS):
        result = run(program, preview=True)
        if result.exit_code:
            raise SystemExit("\n".join(result.errors))
    return max(min(times[::2]), min(times[1::2]))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="exit 1 when a budget is exceeded")
    options = parser.parse_args(argv)
    table = "import time, tagwright_pulumi.types as types; begin = time.perf_counter(); types.type_table(); "
    measured = {
        "import pulumi": alone(IMPORT.format("pulumi")),
        "import tagwright_pulumi": alone(IMPORT.format("tagwright_pulumi")),
        "type table": alone(table + "print(time.perf_counter() - begin)"),
        "gate, each resource": gate_seconds(),
    }
    over = 0
    for name, seconds in measured.items():
        budget = BUDGETS.get(name)
        over += budget is not None and seconds > budget
        limit = "" if budget is None else f"   budget {budget * 1000:7.1f} ms"
        print(f"{name:24} {seconds * 1000:9.3f} ms{limit}")
    return int(bool(over) and options.check)


if __name__ == "__main__":
    sys.exit(main())
