"""A moto cloud for the tests of this folder, and real clients of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from tests.drift_scanner.faults import Cloud, faulty_moto

from tagwright_drift.inventories.aws.session import Clients, Patience
from tagwright_drift.inventories.aws.site import AwsSite

ACCOUNT = "123456789012"  # moto's own
REGION = "us-east-1"
ONCE = Config(retries={"mode": "standard", "total_max_attempts": 1})
SECRET = "testing"  # noqa: S105 - moto takes any


@pytest.fixture(scope="session")
def server() -> Iterator[Cloud]:
    with faulty_moto() as cloud:
        yield cloud


@pytest.fixture
def cloud(server: Cloud) -> Cloud:
    """An empty cloud without faults."""
    server.reset()
    return server


@pytest.fixture(scope="session")
def boto() -> boto3.session.Session:
    return boto3.session.Session(aws_access_key_id="testing", aws_secret_access_key=SECRET, region_name=REGION)


@pytest.fixture
def api(cloud: Cloud, boto: boto3.session.Session) -> Iterator[Callable[..., Any]]:
    """Plain boto3 clients, for filling the cloud and for asking it directly: `api("sqs", region)`."""
    made: dict[tuple[str, str], Any] = {}

    def client(service: str, region: str = REGION) -> Any:
        if (service, region) not in made:
            made[service, region] = boto.client(service, region_name=region, endpoint_url=cloud.url, config=ONCE)
        return made[service, region]

    yield client
    for each in made.values():
        each.close()


@pytest.fixture
def clients(cloud: Cloud, boto: boto3.session.Session) -> Iterator[Clients]:
    made = Clients(boto, endpoint_url=cloud.url, patience=Patience(connect=10, read=30, attempts=2))
    yield made
    made.close()


@pytest.fixture
def site(clients: Clients) -> AwsSite:
    return AwsSite(clients, ACCOUNT, REGION)


@pytest.fixture
def hasty(cloud: Cloud, boto: boto3.session.Session) -> Iterator[AwsSite]:
    """A site that tries once: for what retries would not change."""
    made = Clients(boto, endpoint_url=cloud.url, patience=Patience(connect=10, read=30, attempts=1))
    yield AwsSite(made, ACCOUNT, REGION)
    made.close()
