"""A site turns every way in which AWS refuses, fails or stays silent into one honest trouble, and counts exactly."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from tests.drift_scanner.faults import Cloud, Fault

from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.contract import Refused
from tagwright_drift.inventories.aws.session import Clients, Keys, Patience
from tagwright_drift.inventories.aws.site import AwsSite
from tagwright_drift.inventories.contract import CellTrouble

CALLS = [  # (boto3's client, method, arguments, signing name, operation): each protocol of AWS once
    ("ec2", "describe_instances", {}, "ec2", "DescribeInstances"),
    ("s3", "list_buckets", {}, "s3", "ListBuckets"),
    ("s3", "get_bucket_tagging", {"Bucket": "data"}, "s3", "GetBucketTagging"),
    ("lambda", "list_functions", {}, "lambda", "ListFunctions"),
    ("dynamodb", "list_tables", {}, "dynamodb", "ListTables"),
    ("rds", "describe_db_instances", {}, "rds", "DescribeDBInstances"),
    ("sns", "list_topics", {}, "sns", "ListTopics"),
    ("sqs", "list_queues", {}, "sqs", "ListQueues"),
    ("opensearch", "list_domain_names", {}, "es", "ListDomainNames"),
    ("efs", "describe_file_systems", {}, "elasticfilesystem", "DescribeFileSystems"),
    ("resourcegroupstaggingapi", "get_resources", {}, "tagging", "GetResources"),
    ("bedrock-agent", "list_agents", {}, "bedrock", "ListAgents"),
]
OUTCOMES = {
    "denied": (CellState.DENIED, "iam"),
    "scp": (CellState.DENIED, "scp"),
    "throttled": (CellState.THROTTLED, ""),
    "expired": (CellState.ERROR, ""),
    "disabled": (CellState.ERROR, ""),
    "html500": (CellState.ERROR, ""),
    "dropped": (CellState.ERROR, ""),
    "truncated": (CellState.ERROR, ""),
    "empty": (CellState.ERROR, ""),
    "html200": (CellState.ERROR, ""),
}


@pytest.mark.parametrize("kind", OUTCOMES)
@pytest.mark.parametrize("ask", CALLS, ids=lambda ask: ask[1])
def test_every_fault_of_every_protocol_becomes_its_state(
    cloud: Cloud, hasty: AwsSite, api: Callable[..., Any], kind: str, ask: tuple[str, str, dict[str, str], str, str]
) -> None:
    site = hasty
    service, method, arguments, signing, operation = ask
    api("s3").create_bucket(Bucket="data")
    api("s3").put_bucket_tagging(Bucket="data", Tagging={"TagSet": [{"Key": "owner", "Value": "a"}]})
    cloud.plan(Fault(kind, service=signing, operation=operation))
    site.counted()
    for read in (
        lambda: site.call(service, method, **arguments),
        lambda: list(site.pages(service, method, **arguments)),
    ):
        with pytest.raises(CellTrouble) as caught:
            read()
        assert (caught.value.state, caught.value.refused_by) == OUTCOMES[kind]
        assert "\n" not in caught.value.reason
        if kind == "expired":
            assert "expired" in caught.value.reason
    assert {call.fault for call in cloud.calls} == {kind}
    assert site.counted() == len(cloud.calls)


@pytest.mark.parametrize("ask", CALLS, ids=lambda ask: ask[1])
def test_without_a_fault_every_protocol_answers(
    site: AwsSite, api: Callable[..., Any], ask: tuple[str, str, dict[str, str], str, str]
) -> None:
    service, method, arguments, _, _ = ask
    api("s3").create_bucket(Bucket="data")
    api("s3").put_bucket_tagging(Bucket="data", Tagging={"TagSet": [{"Key": "owner", "Value": "a"}]})
    assert site.call(service, method, **arguments)["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert len(list(site.pages(service, method, **arguments))) == 1


def test_one_refusal_for_its_rate_is_tried_again(cloud: Cloud, site: AwsSite) -> None:
    cloud.plan(Fault("throttled", times=1))
    assert site.call("lambda", "list_functions")["Functions"] == []
    assert [call.fault for call in cloud.calls] == ["throttled", ""]
    assert site.counted() == 2


@pytest.mark.parametrize("kind", ["html500", "html200", "truncated", "empty"])
@pytest.mark.parametrize(("service", "method"), [("rds", "describe_db_instances"), ("sqs", "list_queues")])
def test_one_answer_that_makes_no_sense_is_asked_for_again(
    cloud: Cloud, site: AwsSite, kind: str, service: str, method: str
) -> None:
    for read in (lambda: [site.call(service, method)], lambda: list(site.pages(service, method))):
        cloud.plan(Fault(kind, times=1))
        assert len(read()) == 1
        assert [call.fault for call in cloud.calls] == [kind, ""]


def test_a_slow_answer_is_a_timeout(cloud: Cloud, boto: boto3.session.Session) -> None:
    clients = Clients(boto, endpoint_url=cloud.url, patience=Patience(connect=10, read=0.5, attempts=1))
    cloud.plan(Fault("slow", seconds=1.5))
    with pytest.raises(CellTrouble) as caught:
        AwsSite(clients, "123456789012", "us-east-1").call("lambda", "list_functions")
    clients.close()
    assert caught.value.state is CellState.TIMEOUT


def test_nobody_listens_where_the_service_is(clients: Clients, site: AwsSite) -> None:
    """Lambda is in the region by botocore's data, so silence is an error; Kendra is not in eu-north-1."""
    clients.endpoint_url = "http://127.0.0.1:9"
    with pytest.raises(CellTrouble) as caught:
        site.call("lambda", "list_functions")
    assert caught.value.state is CellState.ERROR
    with pytest.raises(CellTrouble) as caught:
        site.at("eu-north-1").call("kendra", "list_indices")
    assert caught.value.state is CellState.TYPE_UNSUPPORTED


def test_an_answer_code_is_for_the_lister(site: AwsSite, api: Callable[..., Any]) -> None:
    api("s3").create_bucket(Bucket="plain")
    with pytest.raises(Refused) as caught:
        site.call("s3", "get_bucket_tagging", answers=("NoSuchTagSet",), Bucket="plain")
    assert caught.value.code == "NoSuchTagSet"
    with pytest.raises(CellTrouble):
        site.call("s3", "get_bucket_tagging", Bucket="plain")


class Renewable:
    """Keys that can be had anew `times` times."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.stale: list[Keys | None] = []

    def current(self) -> Keys | None:
        return Keys(f"testing{len(self.stale)}", "secret", "token")

    def renew(self, stale: Keys | None) -> bool:
        self.stale.append(stale)
        return len(self.stale) <= self.times


def test_expired_keys_are_renewed_once_and_the_call_made_again(cloud: Cloud, clients: Clients) -> None:
    signer = Renewable(3)
    site = AwsSite(clients, "123456789012", "us-east-1", signer=signer)
    cloud.plan(Fault("expired", times=1))
    assert site.call("lambda", "list_functions")["Functions"] == []
    cloud.plan(Fault("expired", times=1))
    assert [page["Functions"] for page in site.pages("lambda", "list_functions")] == [[]]
    cloud.plan(Fault("expired"))
    with pytest.raises(CellTrouble):
        site.call("lambda", "list_functions")
    assert [keys.access_key for keys in signer.stale if keys] == ["testing0", "testing1", "testing2"]


def test_after_credentials_that_cannot_be_renewed_nothing_looks_empty(cloud: Cloud, site: AwsSite) -> None:
    cloud.plan(Fault("expired", service="lambda", times=1))
    for _ in range(2):
        with pytest.raises(CellTrouble, match="expired"):
            site.call("lambda", "list_functions")
        with pytest.raises(CellTrouble, match="expired"):
            list(site.at("eu-west-1").pages("sqs", "list_queues"))
    assert len(cloud.calls) == 1


def test_tokens_without_a_paginator_are_followed(monkeypatch: pytest.MonkeyPatch, site: AwsSite) -> None:
    """botocore has no paginator for these two, and moto no pages: a stand-in answers three of them."""

    def answer(service: str, operation: str, **arguments: Any) -> dict[str, Any]:
        at = int(arguments.get("NextToken", arguments.get("nextToken", "0")))
        name = "NextToken" if service == "kendra" else "nextToken"
        return {"rows": [at], **({name: str(at + 1)} if at < 2 else {})}

    monkeypatch.setattr(site, "call", answer)
    for service, operation in (("kendra", "list_indices"), ("opensearchserverless", "list_collections")):
        assert [page["rows"] for page in site.pages(service, operation)] == [[0], [1], [2]]


def test_the_same_page_again_and_again_is_an_error(monkeypatch: pytest.MonkeyPatch, site: AwsSite) -> None:
    monkeypatch.setattr(site, "call", lambda *_, **__: {"NextToken": "x"})
    with pytest.raises(CellTrouble, match="again and again"):
        list(site.pages("kendra", "list_indices"))


def test_calls_of_helpers_count_for_the_thread_that_asked(cloud: Cloud, site: AwsSite) -> None:
    site.counted()
    found = site.spread(
        lambda region: site.at(region).call("lambda", "list_functions")["Functions"], ["us-east-1"] * 20
    )
    assert found == [[]] * 20
    assert site.counted() == len(cloud.calls) == 20


def test_the_sweep_is_made_once_for_all_threads(cloud: Cloud, site: AwsSite, api: Callable[..., Any]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for number in range(150):
        api("sqs").create_queue(QueueName=f"q{number}", tags={"owner": "a"} if number else {})
    cloud.plan()
    with ThreadPoolExecutor(8) as pool:
        sweeps = list(pool.map(lambda _: site.swept(), range(8)))
    assert all(sweep is sweeps[0] for sweep in sweeps)
    assert len(sweeps[0]) == 149
    assert "arn:aws:sqs:us-east-1:123456789012:q0" not in sweeps[0]
    assert [call.operation for call in cloud.calls] == ["GetResources", "GetResources"]


def test_a_sweep_that_breaks_off_holds_what_was_seen(cloud: Cloud, site: AwsSite, api: Callable[..., Any]) -> None:
    for number in range(150):
        api("sqs").create_queue(QueueName=f"q{number}", tags={"owner": "a"})
    direct = api("resourcegroupstaggingapi").get_resources(ResourcesPerPage=100)["ResourceTagMappingList"]
    cloud.plan(Fault("denied", service="tagging", after=1))
    assert set(site.swept()) == {row["ResourceARN"] for row in direct}
    assert 0 < len(site.swept()) < 150


@pytest.mark.parametrize(
    ("here", "home", "state"),
    [
        (socket.EAI_NONAME, None, CellState.TYPE_UNSUPPORTED),
        (socket.EAI_NONAME, socket.EAI_NONAME, CellState.ERROR),  # somebody hides the service
        (socket.EAI_NONAME, socket.EAI_AGAIN, CellState.ERROR),
        (socket.EAI_AGAIN, None, CellState.ERROR),  # the resolver is out of order
        (None, None, CellState.ERROR),  # the host is there and silent
    ],
)
def test_a_service_that_botocore_has_no_regions_for_is_judged_by_its_name(
    boto: boto3.session.Session, monkeypatch: pytest.MonkeyPatch, here: int | None, home: int | None, state: CellState
) -> None:
    assert boto.get_available_regions("bedrock-agentcore-control") == []

    def resolve(host: str, *_: Any, **__: Any) -> list[Any]:
        wrong = home if ".us-east-1." in host else here
        if wrong is not None:
            raise socket.gaierror(wrong, "no")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    clients = Clients(boto, patience=Patience(connect=1, read=1, attempts=1))
    site = AwsSite(clients, "123456789012", "sa-east-1")
    for service, method in (("bedrock-agentcore-control", "list_agent_runtimes"), ("s3", "list_directory_buckets")):
        with pytest.raises(CellTrouble) as caught:
            site.call(service, method)
        assert caught.value.state is state
        assert "sa-east-1" in caught.value.reason
    # S3 itself is in the region by botocore's data: there a name that is gone is an error.
    with pytest.raises(CellTrouble) as caught:
        site.call("s3", "get_bucket_tagging", Bucket="data")
    assert caught.value.state is CellState.ERROR
    clients.close()
