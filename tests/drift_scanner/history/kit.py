"""Runs made by hand: observations and run folders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tagwright_dictionary.model import (
    Bill,
    Certainty,
    Classes,
    Finding,
    Judgement,
    Resource,
    Severity,
    Tag,
    Tags,
    Unknown,
    Verdict,
)
from tagwright_drift.cells import Cell, CellResult, CellState
from tagwright_drift.inventories.contract import Planned
from tagwright_drift.live import LiveResource, Observation
from tagwright_drift.runs.model import RunEnd, RunHeader
from tagwright_drift.runs.reading import RunFolder, open_run
from tagwright_drift.runs.writing import RunWriter

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CELL = Cell("111122223333", "eu-west-1", "aws_sqs_queue")
WHOLE = CellState.COMPLETE


def finding(address, *, rule="missing-tag", key="owner", definite=True, message="owner is required", severity="error"):
    return Finding(
        rule,
        Severity(severity),
        address,
        "aws_sqs_queue",
        message,
        key,
        None,
        Certainty.DEFINITE if definite else Certainty.UNDECIDED,
        None if definite else Unknown("its tags could not be read"),
        "accountable",
        "add it",
        ("vision@acme.example",),
        None,
        "f" * 32,
    )


def seen(
    name="q1",
    shows="definite",
    *,
    cell=CELL,
    created=None,
    incarnation="",
    group="",
    classes=("queue",),
    tags=None,
    rule="missing-tag",
    key="owner",
    message="owner is required",
    probable=(),
    blind_bill=False,
):
    """An observation. `shows`: definite | undecided | compliant | exempt | blind (its tags could not be read)."""
    arn = f"arn:aws:sqs:{cell.region}:{cell.account}:{name}"
    held = Tags(tuple(Tag(each, value) for each, value in sorted((tags or {"Name": name}).items())))
    if shows == "blind":
        held = Tags((), complete=False, cause=Unknown("AccessDenied"))
    bills = (Bill("instances", Tags((), complete=not blind_bill), False),) if blind_bill else ()
    resource = Resource(
        arn, cell.type, "aws", "live", True, Classes(frozenset(classes)), held, bills, account=cell.account
    )
    live = LiveResource(resource, cell, name, cell.region, created, incarnation, group, probable=tuple(probable))
    found = ()
    if shows in ("definite", "undecided"):
        found = (finding(arn, rule=rule, key=key, definite=shows == "definite", message=message),)
    verdict = {
        "definite": Verdict.NON_COMPLIANT,
        "undecided": Verdict.UNDECIDED,
        "blind": Verdict.COMPLIANT,
        "exempt": Verdict.EXEMPT,
    }.get(shows, Verdict.COMPLIANT)
    return Observation(live, Judgement(resource, verdict, found))


@dataclass(frozen=True)
class Told:
    """What a run tells of one cell. `finished` False: its scan was killed before the cell was."""

    cell: Cell
    state: CellState
    observations: tuple[Observation, ...] = ()
    started: datetime | None = None
    ended: datetime | None = None
    finished: bool = True

    def result(self, run):
        if not self.finished:
            why = "the scan ended before this cell was finished"
            return CellResult(self.cell, CellState.UNSEEN, why, resources=len(self.observations))
        started = self.started or run.started
        unread = sum(not each.live.resource.tags.complete for each in self.observations)
        return CellResult(
            self.cell,
            self.state,
            "" if self.state is WHOLE else "AccessDenied",
            "iam" if self.state is CellState.DENIED else "",
            len(self.observations),
            unread,
            1,
            2,
            started,
            self.ended or started,
        )


@dataclass(frozen=True)
class Run:
    id: str
    started: datetime
    cells: tuple[Told, ...]
    scope: str = "full"
    killed: bool = False
    ended: datetime | None = None

    def header(self, shard=(1, 1)):
        return RunHeader(
            self.id, self.started, self.scope, "fake", "1.0", "acme", "2.3.0", "d" * 64, shard, "2026-11-26"
        )

    def write(self, folder: Path, shard=(1, 1), cells=None) -> RunFolder:
        told = self.cells if cells is None else cells
        with RunWriter(folder, self.header(shard), [Planned(each.cell) for each in told]) as writer:
            for each in told:
                writer.add(each.cell, each.observations)
                if each.finished:
                    writer.finish(each.result(self))
            if not self.killed:
                writer.end(RunEnd(self.ended or self.started + HOUR))
        return open_run(writer.path)


def run(number, *told, scope="full", killed=False, started=None):
    """The run that begins `number` days after the start."""
    at = started or START + timedelta(days=number)
    cells = tuple(
        Told(each[0], each[1], tuple(each[2]), at, at + HOUR / 2) if isinstance(each, tuple) else each for each in told
    )
    return Run(f"{at:%Y%m%dT%H%M%SZ}-{number:08x}", at, cells, scope, killed)
