"""Every type that moto knows, over HTTP, against what boto3 reads of each resource by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.drift_scanner.aws.seeds import SEEDS
from tests.drift_scanner.faults import Cloud, Fault

from tagwright_drift.cells import GLOBAL, Cell
from tagwright_drift.inventories.aws.inventory import AwsInventory, AwsOptions
from tagwright_drift.inventories.aws.session import Clients
from tagwright_drift.live import LiveResource

ACCOUNT = "123456789012"
REGION = "us-east-1"
NOW = datetime.now(UTC)


@pytest.fixture
def inventory(clients: Clients) -> AwsInventory:
    made = AwsInventory(AwsOptions(), clients)
    made.accounts()
    return made


@pytest.fixture(params=SEEDS)
def type_(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def read(inventory: AwsInventory, type_: str) -> Iterator[LiveResource]:
    region = GLOBAL if inventory.listers[type_].kind == "global" else REGION
    for page in inventory.read(Cell(ACCOUNT, region, type_), NOW):
        assert page.unread == 0, page.why
        yield from page.resources


def tags_of(live: LiveResource) -> dict[str, Any]:
    assert live.resource.tags.complete
    return {tag.key: tag.value for tag in live.resource.tags.items}


def without_system(tags: Any) -> dict[str, str]:
    return {key: value for key, value in tags.items() if not key.startswith("aws:")}


@pytest.mark.parametrize("sweep", ["swept", "refused"])
def test_all_of_it_with_its_tags(
    cloud: Cloud, api: Callable[..., Any], inventory: AwsInventory, type_: str, sweep: str
) -> None:
    expected = {arn: without_system(tags) for arn, tags in SEEDS[type_](api, REGION).items()}
    cloud.plan(*([Fault("denied", service="tagging")] if sweep == "refused" else []))
    found = list(read(inventory, type_))
    assert {each.resource.address: tags_of(each) for each in found} == expected
    assert len(found) == len(expected) == 2
    for each in found:
        assert each.resource.type == type_
        assert each.resource.account == ACCOUNT
        assert each.resource.framework == "live"
        assert each.resource.taggable is True
        assert each.region == REGION
        assert each.resource.bills[0].own
        assert each.resource.bills[0].tags == each.resource.tags
        assert each.created is None or abs((each.created - NOW).total_seconds()) < 3600
        assert each.name


def test_an_empty_region_is_empty(inventory: AwsInventory, type_: str) -> None:
    assert list(read(inventory, type_)) == []
