"""The small parts: what an error means, what a time is, what tags are, what makes a resource."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from hypothesis import given
from hypothesis import strategies as st

from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.building import (
    make_resource,
    name_of,
    pairs_of,
    system_tags,
    tags_of,
    unread_tags,
    when,
)
from tagwright_drift.inventories.aws.data_files import read_table
from tagwright_drift.inventories.aws.errors import message_of, verdict_of

SCP = "is not authorized to perform: x:Y with an explicit deny in a service control policy"


def refusal(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Y")


@pytest.mark.parametrize(
    ("code", "message", "state", "by"),
    [
        ("AccessDenied", "", CellState.DENIED, "iam"),
        ("AccessDeniedException", SCP, CellState.DENIED, "scp"),
        ("AccessDeniedException", SCP.replace("service", "resource"), CellState.DENIED, "rcp"),
        ("UnauthorizedOperation", SCP.upper(), CellState.DENIED, "scp"),
        ("Client.UnauthorizedOperation", "", CellState.DENIED, "iam"),
        ("AuthorizationErrorException", "", CellState.DENIED, "iam"),
        ("Throttling", "", CellState.THROTTLED, ""),
        ("ThrottledException", "", CellState.THROTTLED, ""),
        ("ThrottlingException", "", CellState.THROTTLED, ""),
        ("RequestLimitExceeded", "", CellState.THROTTLED, ""),
        ("SlowDown", "", CellState.THROTTLED, ""),
        ("TooManyRequestsException", "", CellState.THROTTLED, ""),
        ("ExpiredToken", "", CellState.ERROR, ""),
        ("ExpiredTokenException", "", CellState.ERROR, ""),
        ("RequestExpired", "", CellState.ERROR, ""),
        ("AuthFailure", "", CellState.ERROR, ""),
        ("UnrecognizedClientException", "", CellState.ERROR, ""),
        ("InvalidClientTokenId", "", CellState.ERROR, ""),
        ("OptInRequired", "", CellState.ERROR, ""),
        ("RequestTimeout", "", CellState.TIMEOUT, ""),
        ("500", "", CellState.ERROR, ""),
        ("SomethingNew", "", CellState.ERROR, ""),
        ("", "", CellState.ERROR, ""),
    ],
)
def test_what_a_code_says_of_the_cell(code: str, message: str, state: CellState, by: str) -> None:
    verdict = verdict_of(refusal(code, message), "x:Y")
    assert (verdict.state, verdict.refused_by) == (state, by)
    assert "x:Y" in verdict.reason
    assert verdict.expired == ("xpired" in code)
    assert not verdict.state.cannot_hold
    assert not verdict.state.seen


@given(st.text(max_size=40), st.text(max_size=600))
def test_whatever_comes_is_one_short_line_and_never_clean(code: str, message: str) -> None:
    verdict = verdict_of(refusal(code, message), "x:Y")
    assert not verdict.state.seen
    assert not verdict.state.cannot_hold
    line = message_of(refusal(code, message))
    assert len(line) <= 300
    assert not any(ord(each) < 32 or 127 <= ord(each) < 160 for each in line)


def test_codes_of_botocores_own_retry_table_are_throttling() -> None:
    """botocore.retries.standard names what AWS answers when it is asked too fast."""
    from botocore.retries.standard import ThrottledRetryableChecker

    for code in ThrottledRetryableChecker._THROTTLED_ERROR_CODES:
        assert verdict_of(refusal(code), "x:Y").state is CellState.THROTTLED, code


def test_what_the_network_says() -> None:
    url = "https://kendra.mars-1.amazonaws.com"
    gone = EndpointConnectionError(endpoint_url=url)
    assert verdict_of(gone, "x:Y").state is CellState.ERROR
    assert verdict_of(gone, "x:Y", has_endpoint=lambda: False).state is CellState.TYPE_UNSUPPORTED
    for slow in (ReadTimeoutError(endpoint_url=url), ConnectTimeoutError(endpoint_url=url)):
        assert verdict_of(slow, "x:Y", has_endpoint=lambda: False).state is CellState.TIMEOUT
    assert verdict_of(NoCredentialsError(), "x:Y").state is CellState.ERROR
    assert verdict_of(ValueError("x"), "x:Y", has_endpoint=lambda: False).state is CellState.ERROR
    refused = verdict_of(refusal("AccessDenied"), "x:Y", has_endpoint=lambda: False)
    assert refused.state is CellState.DENIED


def test_the_table_of_errors_is_sound() -> None:
    for row in read_table("errors")["codes"]:
        assert CellState(row["state"])
        assert all(isinstance(code, str) for code in row["codes"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        (0, None),
        (True, None),
        ("soon", None),
        (float("inf"), None),
        (1_700_000_000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (1_700_000_000_000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("2023-11-14T22:13:20Z", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (
            datetime(2023, 11, 15, 0, 13, 20, tzinfo=timezone(timedelta(hours=2))),
            datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        ),
        (datetime(2023, 11, 14), datetime(2023, 11, 14, tzinfo=UTC)),  # noqa: DTZ001 - what is under test
    ],
)
def test_times(value: Any, expected: datetime | None) -> None:
    assert when(value) == expected


def test_tags_in_every_shape_of_aws() -> None:
    for value in (
        {"a": "1", "b": ""},
        [{"Key": "a", "Value": "1"}, {"Key": "b"}],
        [{"key": "a", "value": "1"}, {"key": "b", "value": None}],
        [{"TagKey": "a", "TagValue": "1"}, {"TagKey": "b", "TagValue": ""}],
    ):
        assert pairs_of(value) == (("a", "1"), ("b", ""))
    assert pairs_of(None) == pairs_of([]) == pairs_of({}) == ()
    for nonsense in (["a"], [{"x": "y"}], 3):
        with pytest.raises((KeyError, TypeError)):
            pairs_of(nonsense)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=20)))
def test_tags_are_sorted_unique_and_without_awss_own(given_: dict[str, str]) -> None:
    tags = tags_of(given_.items())
    assert {tag.key: tag.value for tag in tags.items} == {k: v for k, v in given_.items() if not k.startswith("aws:")}
    assert list(tags.keys()) == sorted(tags.keys())
    assert tags.complete
    assert tags == tags_of(reversed(list(given_.items())))
    assert system_tags(given_.items()) == {k: v for k, v in given_.items() if k.startswith("aws:")}


def test_unread_is_never_untagged() -> None:
    tags = unread_tags("AccessDenied for x:Y", seen=[("owner", "a")])
    assert (tags.complete, tags.keys()) == (False, ("owner",))
    assert tags.cause is not None
    assert tags.cause.cause == "AccessDenied for x:Y"


@pytest.mark.parametrize(
    ("tags", "given_", "arn", "expected"),
    [
        ({"Name": "web"}, "id", "arn:x", "web"),
        ({"Name": "  "}, "id", "arn:x", "id"),
        ({}, "", "arn:aws:sqs:r:1:queue", "queue"),
        ({}, "", "arn:aws:ec2:r:1:instance/i-0", "i-0"),
    ],
)
def test_names(tags: dict[str, str], given_: str, arn: str, expected: str) -> None:
    assert name_of(arn, tags_of(tags.items()), given_) == expected


def test_a_resource_is_what_the_catalogue_says() -> None:
    tags = tags_of([("owner", "a")])
    made = make_resource(
        "aws_sagemaker_notebook_instance",
        "arn:aws:sagemaker:r:1:notebook-instance/n",
        "123456789012",
        tags=tags,
        attributes={"instance_type": ["ml.p5.48xlarge", "ml.p5.48xlarge"]},
    )
    assert (made.framework, made.provider, made.taggable, made.account) == ("live", "aws", True, "123456789012")
    assert made.classes.certain == frozenset({"ai-service", "compute", "gpu"})
    assert made.attributes == (("instance_type", ("ml.p5.48xlarge",)),)
    (bill,) = made.bills
    assert (bill.own, bill.tags, bill.what) == (True, tags, "sagemaker notebook instance")
