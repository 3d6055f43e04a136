"""What the doctor says before a scan is what the scan then sees, whichever actions are refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from tests.drift_scanner.aws.seeds import SEEDS
from tests.drift_scanner.faults import Cloud, Fault

from tagwright_drift.cells import GLOBAL, Cell, CellState
from tagwright_drift.inventories.aws.checkup import check
from tagwright_drift.inventories.aws.inventory import AwsInventory, AwsOptions
from tagwright_drift.inventories.aws.limits import Limiter
from tagwright_drift.inventories.aws.session import Clients, Patience
from tagwright_drift.inventories.contract import CellTrouble

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ACCOUNT, REGION = "123456789012", "us-east-1"
SEEDED = (
    "aws_sqs_queue",
    "aws_s3_bucket",
    "aws_lambda_function",
    "aws_ecr_repository",
    "aws_glue_job",
    "aws_emr_cluster",
    "aws_sagemaker_endpoint",
)
TYPES = (*SEEDED, "aws_ebs_snapshot", "aws_batch_job_queue", "aws_eks_cluster", "aws_ecs_service")


def scanned(inventory: AwsInventory) -> dict[str, str]:
    """Type to how much of its cell a scan sees."""
    list(inventory.plan())
    found = {}
    for name, lister in inventory.listers.items():
        cell = Cell(ACCOUNT, GLOBAL if lister.kind == "global" else REGION, name)
        count = unread = 0
        trouble: CellTrouble | None = None
        try:
            for page in inventory.read(cell, NOW):
                count += len(page.resources)
                unread += page.unread
        except CellTrouble as met:
            trouble = met
        whole = "partly" if trouble or unread else "sees"
        found[name] = "blind" if trouble and not count and trouble.state is not CellState.PARTIAL else whole
    return found


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 1.0])
def test_the_doctor_keeps_its_word(
    share: float, cloud: Cloud, boto: boto3.session.Session, api: Callable[..., Any]
) -> None:
    """Blind is blind and whole is whole. "Partly" may be said of more: of tags' ways that leave the cell complete."""
    for name in SEEDED:
        SEEDS[name](api, REGION)

    def inventory() -> AwsInventory:
        options = AwsOptions(regions=(REGION,), types=TYPES, max_tps=0, threads=4)
        patience = Patience(attempts=1)
        return AwsInventory(
            options, Clients(boto, patience=patience, limiter=Limiter(0), threads=4, endpoint_url=cloud.url)
        )

    cloud.plan()
    first = inventory()
    assert set(scanned(first).values()) == {"sees"}
    first.close()
    asked = sorted({(call.service, call.operation) for call in cloud.calls} - {("sts", "GetCallerIdentity")})
    chance = random.Random(f"doctor {share}")
    cloud.plan(*(Fault("denied", service=s, operation=o) for s, o in asked if chance.random() < share))
    made = inventory()
    (account,) = made.accounts()
    said = {probe.type: probe.state for probe in check(made, account, (REGION,), NOW).probes}
    made.close()
    made = inventory()
    seen = scanned(made)
    made.close()
    assert {name for name, state in said.items() if state == "blind"} == {
        name for name, state in seen.items() if state == "blind"
    }
    assert {name for name, state in said.items() if state == "sees"} <= {
        name for name, state in seen.items() if state == "sees"
    }
    if share == 1.0:
        assert set(seen.values()) == {"blind"}
