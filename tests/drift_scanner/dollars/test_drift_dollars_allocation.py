"""Cost allocation tags, with botocore's own Stubber (moto has no such operation): it checks shapes both ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from tagwright_drift.dollars.allocation import Activation, AllocationTag, activation


@pytest.fixture
def stubbed() -> Iterator[tuple[Any, Stubber]]:
    client = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x").client("ce", region_name="us-east-1")  # noqa: S106 - no credentials
    with Stubber(client) as stubber:
        yield client, stubber
        stubber.assert_no_pending_responses()


def tag(key: str, status: str, **more: str) -> dict[str, str]:
    return {"TagKey": key, "Type": "UserDefined", "Status": status, **more}


def test_active_inactive_and_never_seen_over_pages(stubbed: tuple[Any, Stubber]) -> None:
    client, stubber = stubbed
    asked = {"TagKeys": ["cost-center", "owner", "workload"], "Type": "UserDefined"}
    stubber.add_response(
        "list_cost_allocation_tags",
        {"CostAllocationTags": [tag("owner", "Active", LastUsedDate="2026-10-01T00:00:00Z")], "NextToken": "more"},
        asked,
    )
    inactive = tag(
        "cost-center", "Inactive", LastUpdatedDate="2026-09-14T10:00:00Z", LastUsedDate="2026-08-01T00:00:00Z"
    )
    stubber.add_response(
        "list_cost_allocation_tags", {"CostAllocationTags": [inactive]}, {**asked, "NextToken": "more"}
    )
    assert activation(["workload", "owner", "cost-center", "owner"], client) == (
        AllocationTag("cost-center", Activation.INACTIVE, since="2026-09-14", last_used="2026-08-01"),
        AllocationTag("owner", Activation.ACTIVE, last_used="2026-10-01"),
        AllocationTag("workload", Activation.NEVER_SEEN),
    )


def test_more_keys_than_a_request_takes(stubbed: tuple[Any, Stubber]) -> None:
    client, stubber = stubbed
    keys = [f"k{number:03d}" for number in range(150)]
    for part in (keys[:100], keys[100:]):
        stubber.add_response(
            "list_cost_allocation_tags",
            {"CostAllocationTags": [tag(key, "Active") for key in part]},
            {"TagKeys": part, "Type": "UserDefined"},
        )
    assert {each.state for each in activation(keys, client)} == {Activation.ACTIVE}


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException", "ExpiredTokenException"])
def test_a_refusal_is_unknown_and_says_so(code: str, stubbed: tuple[Any, Stubber]) -> None:
    client, stubber = stubbed
    stubber.add_client_error("list_cost_allocation_tags", code, "no")
    (found,) = activation(["owner"], client)
    assert found.state is Activation.UNKNOWN
    assert code in found.why
    assert "is not known" in found.message
    assert ("management account" in found.why) is (code == "AccessDeniedException")
