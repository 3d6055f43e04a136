"""The history: how long a merge takes.

    python benchmarks/history.py                       # 1,000,000 findings, SQLite and Postgres
    python benchmarks/history.py --findings 20000      # a smaller one

Three runs are written once, as a scan writes them: in the first every finding is new; in the second nearly all stay,
some are gone, some are new; the third is the second again after a tag of all resources changed (every record is
rewritten). Each is merged by `tagwright drift merge` in a process of its own, timed from outside (wall clock, and peak
memory by the operating system's own accounting), into a SQLite file and into a Postgres server with its default
settings. Reading the runs is part of it. The report goes to stdout and benchmarks/results/history.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from gate import RESULTS, measure, tagwright
from tests.drift_scanner.history.postgres import installed, running

from tagwright_dictionary.model import (
    Classes,
    Finding,
    Judgement,
    Resource,
    Severity,
    Tag,
    Tags,
    Verdict,
)
from tagwright_drift.cells import Cell, CellResult, CellState
from tagwright_drift.inventories.contract import Planned
from tagwright_drift.live import LiveResource, Observation
from tagwright_drift.runs.model import RunEnd, RunHeader
from tagwright_drift.runs.writing import RunWriter

TARGET = 30.0
MILLION = 1_000_000
IN_A_CELL = 500
ON_A_PAGE = 100
START = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Merge:
    """One merge: seconds, peak resident set in MB, and what it did to how many findings."""

    what: str
    where: str
    seconds: float
    peak: float
    did: dict[str, int]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; exit code 1 when a merge of a million into SQLite takes longer than the target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--findings", type=int, default=MILLION, metavar="N")
    given = parser.parse_args(argv)
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        started = time.monotonic()
        runs = [_write(work / "runs", number, given.findings) for number in range(3)]
        wrote = time.monotonic() - started
        places = {"SQLite": str(work / "history.db")}
        if installed():
            places["Postgres"] = stack.enter_context(running("fsync=on"))
        merges = [merge for name, url in places.items() for merge in _merges(name, url, runs)]
        size = sum(file.stat().st_size for file in work.glob("history.db*"))
    worst = max(each.seconds for each in merges if each.where == "SQLite")
    missed = given.findings >= MILLION and worst > TARGET
    command = f"`python benchmarks/history.py --findings {given.findings}`"
    cells = (given.findings + IN_A_CELL - 1) // IN_A_CELL
    verdict = f"the target for {MILLION:,} findings is {TARGET:.0f} s{': missed' if missed else ''}"
    lines = [
        f"# Merging runs into the history, {date.today().isoformat()}",  # noqa: DTZ011 - the day of whoever measures
        "",
        f"{command}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "",
        f"{given.findings:,} findings in {cells:,} cells; writing the three runs took {wrote:.0f} s.",
        "",
        "| | history | seconds | findings a second | peak MB | new | persisting | resolved |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
        *(_row(each, given.findings) for each in merges),
        "",
        f"The slowest merge into SQLite took {worst:.1f} s; {verdict}. The SQLite file has {size / 1e6:,.0f} MB.",
    ]
    if not installed():
        lines += ["", "PostgreSQL is not installed here."]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "history.md").write_text(text, "utf-8")
    return 1 if missed else 0


def _merges(where: str, url: str, runs: Sequence[Path]) -> Iterator[Merge]:
    for what, run in zip(("all new", "nearly all stay", "all records change"), runs, strict=True):
        sample = measure([tagwright(), "drift", "merge", str(run), "--history", url, "--format", "json"])
        if sample.code != 0:
            raise SystemExit(f"the merge into {where} failed with {sample.code}: {sample.output}")
        yield Merge(what, where, sample.seconds, sample.peak, json.loads(sample.output)["findings"])


def _row(each: Merge, findings: int) -> str:
    did = each.did
    return (
        f"| {each.what} | {each.where} | {each.seconds:.1f} | {findings / each.seconds:,.0f} | {each.peak:.0f} | "
        f"{did['new']:,} | {did['persisting']:,} | {did['resolved']:,} |"
    )


def _write(folder: Path, number: int, findings: int) -> Path:
    """One run with that many findings; of every forty, the second has one that the first has not, and lacks one."""
    started = START + timedelta(days=7 * number)
    header = RunHeader(
        f"{started:%Y%m%dT%H%M%SZ}-{number:08x}",
        started,
        "full",
        "benchmark",
        "1",
        "acme",
        "1.0.0",
        "0" * 64,
        (1, 1),
        started.date().isoformat(),
    )
    cells = [
        (Cell(f"{index // 40:012d}", f"region-{index % 40}", "aws_sqs_queue"), first)
        for index, first in enumerate(range(0, findings, IN_A_CELL))
    ]
    with RunWriter(folder, header, [Planned(cell) for cell, _ in cells]) as writer:
        for cell, first in cells:
            last = min(first + IN_A_CELL, findings)
            for page in range(first, last, ON_A_PAGE):
                some = range(page, min(page + ON_A_PAGE, last))
                writer.add(cell, [_observation(cell, _name(index, number), number) for index in some])
            writer.finish(CellResult(cell, CellState.COMPLETE, resources=last - first, started=started, ended=started))
        writer.end(RunEnd(started + timedelta(hours=1)))
    return writer.path


def _name(index: int, number: int) -> str:
    return f"queue-{index}-again" if number and index % 40 == 0 else f"queue-{index}"


def _observation(cell: Cell, name: str, number: int) -> Observation:
    address = f"arn:aws:sqs:{cell.region}:{cell.account}:{name}"
    tags = {
        "Name": name,
        "environment": "prod",
        "project": f"project-{len(name)}",
        "team": "vision",
        "terraform": "true",
        "version": str(number // 2),
    }
    resource = Resource(
        address,
        cell.type,
        "aws",
        "live",
        classes=Classes(frozenset({"queue"})),
        tags=Tags(tuple(Tag(key, value) for key, value in tags.items())),
        account=cell.account,
    )
    finding = Finding(
        "missing-tag",
        Severity.ERROR,
        address,
        cell.type,
        "owner is required on queues",
        "owner",
        requirement="accountable-ai-spend",
        help="owner is an e-mail address of acme.example. Add one here, or once in provider default_tags.",
        suggestions=("ml-vision@acme.example",),
        fingerprint="0" * 32,
    )
    live = LiveResource(resource, cell, name, cell.region, START - timedelta(days=30), "1")
    return Observation(live, Judgement(resource, Verdict.NON_COMPLIANT, (finding,)))


if __name__ == "__main__":
    raise SystemExit(main())
