"""Somebody stops a scan that waits: it ends within seconds, keeps what it saw, and calls nothing seen that was not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from tests.drift_scanner.faults import Cloud, Fault

from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.discovery import discover
from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.inventory import AwsInventory, AwsOptions
from tagwright_drift.inventories.aws.limits import Limiter
from tagwright_drift.inventories.aws.session import Clients, Patience
from tagwright_drift.judging import plain_judging
from tagwright_drift.runs.model import RunHeader
from tagwright_drift.runs.reading import open_run
from tagwright_drift.runs.writing import RunWriter
from tagwright_drift.scanning.engine import Scan
from tagwright_drift.scanning.executors import Threads

TYPES = ("aws_sqs_queue", "aws_lambda_function", "aws_dynamodb_table", "aws_glue_job", "aws_ecr_repository")
HUNG = 20.0
SOON = 6.0  # far below HUNG and what six attempts take, far above what two loaded cores need
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def inventory(cloud: Cloud, boto: boto3.session.Session) -> Iterator[Callable[..., AwsInventory]]:
    made: list[AwsInventory] = []

    def make(max_tps: float | None = None) -> AwsInventory:
        options = AwsOptions(regions=("us-east-1",), types=TYPES, max_tps=max_tps, threads=4)
        patience = Patience(connect=10, read=60, attempts=6)
        clients = Clients(boto, patience=patience, limiter=Limiter(max_tps), threads=4, endpoint_url=cloud.url)
        made.append(AwsInventory(options, clients))
        return made[-1]

    yield make
    for each in made:
        each.close()


def scan(inventory: AwsInventory, folder: Path, seconds: float) -> tuple[Path, float]:
    """The run, and how long it went on after the stop."""
    stop = threading.Event()
    stopped: list[float] = []

    def end() -> None:
        stopped.append(time.monotonic())
        stop.set()

    inventory.stop_with(stop)
    dictionary = load(discover(folder, explicit=None, environ={}).source, cache=False)
    header = RunHeader("run-1", NOW, "full", "aws", "0", "test", "1.0.0", "0" * 64, (1, 1), "2026-11-26")
    timer = threading.Timer(seconds, end)
    with RunWriter(folder / "runs", header, inventory.plan()) as writer:
        timer.start()
        Scan(inventory, plain_judging(dictionary, date(2026, 11, 26)), Threads(4, grace=1.0)).run(writer, stop)
    assert stopped, "the scan was through before it was stopped"
    return writer.path, time.monotonic() - stopped[0]


WAITING = {
    "throttled": ([Fault("throttled", service="sqs")], None),
    "no answer": ([Fault("slow", service="sqs", operation="ListQueues", seconds=HUNG)], None),
    "no answer to one of many": ([Fault("slow", service="sqs", operation="ListQueueTags", seconds=HUNG)], None),
    "its turn": ([], 0.05),
}


@pytest.mark.parametrize("what", WAITING)
def test_a_scan_that_waits_ends_soon(
    what: str, inventory: Callable[..., AwsInventory], cloud: Cloud, api: Callable[..., Any], tmp_path: Path
) -> None:
    """Whatever it waits for. Queues are never seen; no cell but a finished one has a state."""
    for n in range(6):
        api("sqs").create_queue(QueueName=f"q{n}")
    faults, tps = WAITING[what]
    cloud.plan(*faults)
    path, took = scan(inventory(tps), tmp_path, 2.0)
    assert took < SOON
    folder = open_run(path)
    assert folder.end is not None
    assert folder.end.interrupted
    states = {cell.type: result.state for cell, result in folder.results().items()}
    assert set(states) == set(TYPES)
    assert states["aws_sqs_queue"] is CellState.UNSEEN
    assert set(states.values()) <= {CellState.COMPLETE, CellState.UNSEEN}
    asked = len(cloud.calls)
    time.sleep(0.3)
    assert len(cloud.calls) == asked, "it still asks"


@pytest.mark.parametrize(
    "fault", [Fault("slow", service="sts", seconds=HUNG), Fault("slow", service="ec2", seconds=HUNG)]
)
def test_a_plan_that_waits_ends_soon_and_leaves_nothing(
    fault: Fault, inventory: Callable[..., AwsInventory], cloud: Cloud, tmp_path: Path
) -> None:
    """Not even a folder: a run that was not planned has seen nothing."""
    cloud.plan(fault)
    made = inventory()
    stop = threading.Event()
    made.stop_with(stop)
    threading.Timer(0.5, stop.set).start()
    begun = time.monotonic()
    header = RunHeader("run-1", NOW, "full", "aws", "0", "test", "1.0.0", "0" * 64, (1, 1), "2026-11-26")
    with pytest.raises(KeyboardInterrupt):
        RunWriter(tmp_path / "runs", header, made.plan())
    assert time.monotonic() - begun < SOON
    assert list((tmp_path / "runs").iterdir()) == []
