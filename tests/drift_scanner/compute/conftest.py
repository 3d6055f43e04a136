"""A moto cloud with compute in it, and the compute listers reading it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from tests.drift_scanner.compute.estate import Estate, fill
from tests.drift_scanner.faults import Cloud, faulty_moto

from tagwright_drift.cells import Cell
from tagwright_drift.inventories.aws.compute import compute_listers
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.session import Clients, Patience
from tagwright_drift.inventories.aws.site import AwsSite
from tagwright_drift.inventories.contract import CellTrouble

ACCOUNT, REGION = "123456789012", "us-east-1"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def server() -> Iterator[Cloud]:
    with faulty_moto() as cloud:
        yield cloud


@pytest.fixture(scope="session")
def boto() -> boto3.session.Session:
    secret = "testing"  # noqa: S105 - moto takes any
    return boto3.session.Session(aws_access_key_id="testing", aws_secret_access_key=secret, region_name=REGION)


@pytest.fixture(scope="session")
def cloud(server: Cloud) -> Cloud:
    """One cloud for the whole folder; what a test puts into it beside the estate it takes out again."""
    server.reset()
    return server


@pytest.fixture(scope="session")
def api(cloud: Cloud, boto: boto3.session.Session) -> Iterator[Callable[..., Any]]:
    """Plain boto3 clients: `api("ec2")`."""
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in made:
            made[service] = boto.client(service, endpoint_url=cloud.url)
        return made[service]

    yield client
    for each in made.values():
        each.close()


@pytest.fixture(scope="module")
def estate(api: Callable[..., Any]) -> Estate:
    """Filled once. moto's state is the process's, so a module of another folder may have emptied it in between."""
    if not api("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]:
        _FILLED[:] = [fill(api)]
    return _FILLED[0]


_FILLED: list[Estate] = []


class Reader:
    """Reads cells of one site with listers that share their facts."""

    def __init__(self, site: AwsSite | None) -> None:
        self.site = site
        self.listers = compute_listers(FactsKeeper())

    def pages(self, type_: str):
        yield from self.listers[type_].read(self.site, Cell(ACCOUNT, self.site.region, type_), NOW)

    def __call__(self, type_: str):
        """The resources of a cell that must be seen whole, by the last part of their ARN."""
        return {live.resource.address.rpartition("/")[2]: live for page in self.pages(type_) for live in page.resources}

    def outcome(self, type_: str):
        """(what was seen, why it is not all): for a cell that may fail."""
        found = {}
        try:
            for page in self.pages(type_):
                found |= {live.resource.address.rpartition("/")[2]: live for live in page.resources}
        except CellTrouble as trouble:
            return found, trouble
        return found, None


@pytest.fixture
def read(cloud: Cloud, boto: boto3.session.Session) -> Iterator[Reader]:
    """A fresh reader, which tries every request once."""
    clients = Clients(boto, endpoint_url=cloud.url, patience=Patience(connect=10, read=30, attempts=1))
    yield Reader(AwsSite(clients, ACCOUNT, REGION))
    cloud.plan()
    clients.close()
