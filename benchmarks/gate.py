"""The gate against its peers, on the same tree in the same run.

    python benchmarks/gate.py PATH...            # tagwright, Checkov with one custom check, c7n-left with one policy
    python benchmarks/gate.py --growth           # how tagwright's time grows with generated trees

Every program is timed from outside as a whole process (wall clock and peak memory by the operating system's own
accounting, workers included), after one run that is not counted; figures are medians. Peers are installed into
environments of their own below the user's cache directory. The report goes to stdout and benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tagwright-benchmarks"
PEERS = {"checkov": "checkov>=3.3,<3.4", "c7n-left": "c7n-left"}
CHECK = """
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class OwnerTag(BaseResourceCheck):
    def __init__(self):
        super().__init__(name="owner tag", id="CKV_BENCH_1", categories=[CheckCategories.CONVENTION],
                         supported_resources=["aws_*"])

    def scan_resource_conf(self, conf):
        tags = conf.get("tags")
        if isinstance(tags, list) and tags and isinstance(tags[0], dict) and "owner" in tags[0]:
            return CheckResult.PASSED
        return CheckResult.FAILED


check = OwnerTag()
"""
POLICY = """
policies:
  - name: owner-tag
    resource: terraform.aws_*
    filters:
      - "tag:owner": absent
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One process: seconds, peak resident set in MB (the largest process), exit code and what it printed."""

    seconds: float
    peak: float
    code: int
    output: str


@dataclass(frozen=True, slots=True)
class Figure:
    """The median of several samples and what was judged in the last of them."""

    name: str
    seconds: float
    peak: float
    judged: str


def measure(
    command: Sequence[str], environment: Mapping[str, str] | None = None, directory: Path | None = None
) -> Sample:
    """Run `command` once."""
    with tempfile.TemporaryFile() as output:
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})},
            cwd=directory,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    return Sample(seconds, usage.ru_maxrss / 1024, process.returncode, text)


def repeat(
    name: str, run: Callable[[], Sample], judged: Callable[[Sample], str], times: int, warmup: int = 1
) -> Figure:
    """The median of `times` runs; `judged` says what was looked at, and raises when nothing was."""
    for _ in range(warmup):
        run()
    samples = [run() for _ in range(times)]
    return Figure(
        name,
        statistics.median(sample.seconds for sample in samples),
        max(sample.peak for sample in samples),
        judged(samples[-1]),
    )


def environment_of(peer: str) -> Path:
    """The environment a peer is installed in, made when first asked for."""
    folder = CACHE / peer
    if not (folder / "bin" / peer).exists():
        print(f"installing {PEERS[peer]} ...", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", PEERS[peer]], check=True)
    return folder


def version_of(peer: str) -> str:
    """The installed version of a peer."""
    shown = subprocess.run(
        [environment_of(peer) / "bin" / "pip", "show", peer], check=True, capture_output=True, text=True
    ).stdout
    return next(line.split()[1] for line in shown.splitlines() if line.startswith("Version:"))


def tagwright() -> str:
    """The command beside this interpreter."""
    return str(Path(sys.executable).parent / "tagwright")


def judged_by_us(sample: Sample) -> str:
    """What tagwright judged: the count in the last lines of its report."""
    found = re.search(r"of ([0-9,]+) resources?|clean: ([0-9,]+) resources?", sample.output)
    if sample.code not in (0, 1, 2) or found is None:
        raise SystemExit(f"tagwright judged no resource:\n{sample.output[-500:]}")
    return f"{found[1] or found[2]} resources"


def judged_by_checkov(sample: Sample) -> str:
    """What Checkov judged."""
    report = json.loads(sample.output)
    report = report[0] if isinstance(report, list) else report
    count = report["summary"]["passed"] + report["summary"]["failed"]
    if not count:
        raise SystemExit("Checkov judged no resource")
    return f"{count} resources (aws_*)"


def judged_by_c7n(sample: Sample) -> str:
    """What c7n-left found; it prints matches only."""
    if sample.code not in (0, 1) or "panic" in sample.output:
        return f"failed, exit code {sample.code}"
    found = json.loads(sample.output or "{}").get("results", [])
    return f"{len(found)} findings"


def compare(path: Path, times: int) -> list[Figure]:
    """All programs on one tree."""
    figures = []
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        cache = {"TAGWRIGHT_CACHE_DIR": str(work / "cache")}
        base = [tagwright(), "check", str(path)]

        def cold() -> Sample:
            shutil.rmtree(work / "cache" / "readings", ignore_errors=True)
            return measure(base, cache)

        figures.append(repeat("tagwright, cold cache", cold, judged_by_us, times))
        figures.append(repeat("tagwright, warm cache", lambda: measure(base, cache), judged_by_us, times))
        figures.append(
            repeat(
                "tagwright, one process, no cache",
                lambda: measure([*base, "--no-cache", "--jobs", "1"], cache),
                judged_by_us,
                times,
            )
        )
        checks = work / "checks"
        checks.mkdir()
        (checks / "__init__.py").touch()
        (checks / "bench_owner_tag.py").write_text(CHECK)
        checkov = [
            str(environment_of("checkov") / "bin" / "checkov"),
            "-d",
            str(path),
            "--framework",
            "terraform",
            "--external-checks-dir",
            str(checks),
            "--check",
            "CKV_BENCH_1",
            "-o",
            "json",
            "--quiet",
        ]
        figures.append(
            repeat(
                f"Checkov {version_of('checkov')}, one custom check",
                lambda: measure(checkov),
                judged_by_checkov,
                1,
                warmup=0,
            )
        )
        policies = work / "policies"
        policies.mkdir()
        (policies / "tags.yml").write_text(POLICY)
        left = [
            str(environment_of("c7n-left") / "bin" / "c7n-left"),
            "run",
            "-p",
            str(policies),
            "-d",
            str(path),
            "-o",
            "json",
        ]
        figures.append(
            repeat(
                f"c7n-left {version_of('c7n-left')}, one policy, this directory only",
                lambda: measure(left),
                judged_by_c7n,
                1,
                warmup=0,
            )
        )
    return figures


def start_up(times: int) -> list[Figure]:
    """What starting costs."""
    return [
        repeat("python -c pass", lambda: measure([sys.executable, "-c", "pass"]), lambda _: "", times),
        repeat("tagwright --version", lambda: measure([tagwright(), "--version"]), lambda _: "", times),
    ]


def bare_parse(path: Path) -> Figure:
    """tree-sitter-hcl alone over the same bytes, without starting an interpreter."""
    import tree_sitter  # noqa: PLC0415 - of the dev extra
    import tree_sitter_hcl  # noqa: PLC0415

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))
    texts = [file.read_bytes() for file in sorted(path.rglob("*.tf")) if ".terraform" not in file.parts]
    rounds = []
    for _ in range(5):
        started = time.perf_counter()
        for text in texts:
            parser.parse(text)
        rounds.append(time.perf_counter() - started)
    size = sum(map(len, texts))
    return Figure(
        "tree-sitter-hcl, parsing alone", statistics.median(rounds), 0.0, f"{len(texts)} files, {size:,} bytes"
    )


def generate(folder: Path, count: int) -> None:
    """`count` resources: files of fifty, directories of five hundred that call one module."""
    module = folder / "modules" / "bucket"
    module.mkdir(parents=True)
    (module / "main.tf").write_text(
        'variable "tags" {\n  type = map(string)\n}\n\nresource "aws_s3_bucket" "this" {\n  tags = var.tags\n}\n'
    )
    for root in range((count + 499) // 500):
        directory = folder / f"root{root:04d}"
        directory.mkdir()
        (directory / "common.tf").write_text(
            'locals {\n  common = { owner = "ml@acme.example", workload = "training" }\n}\n\n'
            'provider "aws" {\n  default_tags {\n    tags = { cost-center = "cc-4100" }\n  }\n}\n\n'
            'module "bucket" {\n  source = "../modules/bucket"\n  tags   = local.common\n}\n'
        )
        here = min(500, count - root * 500) - 1
        for start in range(0, here, 50):
            blocks = [
                f'resource "aws_s3_bucket" "b{index}" {{\n  bucket = "data-{index}"\n'
                f'  tags = merge(local.common, {{ Name = "bucket-${{{index}}}", index = {index} }})\n}}\n'
                for index in range(start, min(start + 50, here))
            ]
            (directory / f"buckets{start:04d}.tf").write_text("\n".join(blocks))


def growth(times: int) -> list[tuple[int, Figure, Figure]]:
    """Cold and warm over trees of 100, 1,000 and 10,000 resources."""
    rows = []
    for count in (100, 1_000, 10_000):
        with tempfile.TemporaryDirectory() as name:
            work = Path(name)
            generate(work / "tree", count)
            cache = {"TAGWRIGHT_CACHE_DIR": str(work / "cache")}
            command = [tagwright(), "check", str(work / "tree")]

            def cold(command: Sequence[str] = command, cache: Mapping[str, str] = cache, work: Path = work) -> Sample:
                shutil.rmtree(work / "cache" / "readings", ignore_errors=True)
                return measure(command, cache)

            def warm(command: Sequence[str] = command, cache: Mapping[str, str] = cache) -> Sample:
                return measure(command, cache)

            rows.append((count, repeat("cold", cold, judged_by_us, times), repeat("warm", warm, judged_by_us, times)))
    return rows


def table(figures: Sequence[Figure], unit: Figure) -> list[str]:
    """Markdown; the last column is each time over that of `unit`."""
    lines = [f"| | seconds | peak MB | judged | times {unit.name} |", "|---|---:|---:|---|---:|"]
    for figure in figures:
        peak = f"{figure.peak:.0f}" if figure.peak else ""
        lines.append(
            f"| {figure.name} | {figure.seconds:.3f} | {peak} | {figure.judged} | {figure.seconds / unit.seconds:.1f} |"
        )
    return lines


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; exit code 0 when every program judged something."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument("--times", type=int, default=5, help="counted runs of tagwright (peers run once)")
    parser.add_argument("--growth", action="store_true", help="only the growth over generated trees")
    options = parser.parse_args(argv)
    command = f"python benchmarks/gate.py {' '.join(path.name for path in options.paths) or '--growth'}"
    machine = f"Python {sys.version.split()[0]}, {os.cpu_count()} cores"
    lines = [f"# The gate, {time.strftime('%Y-%m-%d')}", "", f"`{command}`, {machine}", ""]
    for path in options.paths:
        figures = compare(path.resolve(), options.times)
        parse = bare_parse(path)
        ours = figures[0]
        lines += [f"## {path.resolve().name}", "", *table([*figures, parse], ours), ""]
        start = start_up(options.times)
        budget = 5 * parse.seconds + start[0].seconds
        against = f"five times the bare parse plus interpreter start: {budget:.3f} s"
        memory = f"Peak memory against Checkov's: {ours.peak / figures[3].peak:.2f}"
        lines += [f"Cold, one process: {figures[2].seconds:.3f} s; {against}. {memory}.", ""]
        lines += ["Start-up:", "", *table(start, start[0]), ""]
    if options.growth or not options.paths:
        lines += [
            "## Growth",
            "",
            "| resources | cold s | ms a resource | warm s | peak MB |",
            "|---:|---:|---:|---:|---:|",
        ]
        for count, cold, warm in growth(options.times):
            times = f"{cold.seconds:.2f} | {1000 * cold.seconds / count:.2f} | {warm.seconds:.2f}"
            lines.append(f"| {count:,} | {times} | {cold.peak:.0f} |")
        lines.append("")
    text = "\n".join(lines)
    print(text)
    RESULTS.mkdir(exist_ok=True)
    name = "gate-growth.md" if options.growth and not options.paths else "gate.md"
    (RESULTS / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
