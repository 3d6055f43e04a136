"""The plan names every cell, with what is known beforehand; reading is what the plan said, and lets go of memory."""

from __future__ import annotations

import gc
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from tests.drift_scanner.faults import Cloud, Fault

from tagwright_dictionary.errors import InputError
from tagwright_drift.cells import GLOBAL, Cell, CellState
from tagwright_drift.inventories.aws.accounts import AccountSource
from tagwright_drift.inventories.aws.inventory import AwsInventory, AwsOptions
from tagwright_drift.inventories.aws.registry import is_hot, listers
from tagwright_drift.inventories.aws.session import Clients
from tagwright_drift.inventories.contract import Planned

ME = "123456789012"
OTHER = "222222222222"
NOW = datetime.now(UTC)
FEW = ("aws_sqs_queue", "aws_s3_bucket", "aws_lambda_function")


def inventory(clients: Clients, **options: Any) -> AwsInventory:
    return AwsInventory(AwsOptions(**options), clients)


def plan(clients: Clients, **options: Any) -> list[Planned]:
    return list(inventory(clients, **options).plan())


def test_every_cell_of_every_region_once(clients: Clients, api: Callable[..., Any]) -> None:
    found = plan(clients)
    regions = {row["RegionName"]: row["OptInStatus"] for row in api("ec2").describe_regions(AllRegions=True)["Regions"]}
    assert len(regions) > 15
    everywhere = {name for name, each in listers().items() if each.kind == "global"}
    assert everywhere == {"aws_s3_bucket"}
    expected = {Cell(ME, GLOBAL, name) for name in everywhere}
    expected |= {Cell(ME, region, name) for region in regions for name in listers() if name not in everywhere}
    assert {each.cell for each in found} == expected
    assert len(found) == len(expected)
    closed = {region for region, status in regions.items() if status == "not-opted-in"}
    for each in found:
        if each.cell.region in closed:
            assert (each.state, each.reason) == (
                CellState.REGION_DISABLED,
                "the account has not opted in to the region",
            )
        else:
            assert each.state is CellState.UNSEEN


def test_the_plan_is_the_same_twice(clients: Clients) -> None:
    source = AccountSource(accounts=(OTHER, ME), role="scan")
    assert plan(clients, source=source, types=FEW) == plan(clients, source=source, types=FEW)


def test_regions_that_the_account_has_not_opted_in_to(
    clients: Clients, monkeypatch: pytest.MonkeyPatch, cloud: Cloud
) -> None:
    """moto opts in to everything: what EC2 answers is put in its place."""
    from tagwright_drift.inventories.aws.site import AwsSite

    rows = [
        {"RegionName": "us-east-1", "OptInStatus": "opt-in-not-required"},
        {"RegionName": "af-south-1", "OptInStatus": "not-opted-in"},
        {"RegionName": "me-south-1", "OptInStatus": "opted-in"},
    ]
    monkeypatch.setattr(AwsSite, "call", lambda *_, **__: {"Regions": rows})
    found = [each for each in plan(clients, types=("aws_sqs_queue",)) if each.cell.region != GLOBAL]
    assert [(each.cell.region, each.state) for each in found] == [
        ("af-south-1", CellState.REGION_DISABLED),
        ("me-south-1", CellState.UNSEEN),
        ("us-east-1", CellState.UNSEEN),
    ]


def test_refused_regions_are_all_that_botocore_knows(clients: Clients, cloud: Cloud) -> None:
    cloud.plan(Fault("denied", service="ec2", operation="DescribeRegions"))
    made = inventory(clients, types=("aws_sqs_queue",))
    found = list(made.plan())
    assert {each.cell.region for each in found} == set(boto3.session.Session().get_available_regions("ec2"))
    assert {each.state for each in found} == {CellState.UNSEEN}
    assert len(made.notes) == 1
    assert "UnauthorizedOperation for ec2:DescribeRegions" in made.notes[0]


def test_an_account_whose_role_is_refused_is_planned_and_not_dropped(clients: Clients, cloud: Cloud) -> None:
    cloud.plan(Fault("scp", service="sts", operation="AssumeRole"))
    made = inventory(
        clients, source=AccountSource(accounts=(OTHER, ME), role="scan"), regions=("eu-west-1",), types=FEW
    )
    found = list(made.plan())
    lost = [each for each in found if each.cell.account == OTHER]
    assert {each.cell for each in lost} == {
        Cell(OTHER, GLOBAL if name == "aws_s3_bucket" else "eu-west-1", name) for name in FEW
    }
    assert {(each.state, each.refused_by) for each in lost} == {(CellState.DENIED, "scp")}
    assert all("sts:AssumeRole" in each.reason for each in lost)
    assert {each.state for each in found if each.cell.account == ME} == {CellState.UNSEEN}
    assert any(OTHER in note for note in made.notes)


def test_narrowing_says_so_and_a_typo_is_an_error(clients: Clients) -> None:
    made = inventory(clients, regions=("eu-west-1",), types=("aws_s[qn]*",))
    assert [each.cell for each in made.plan()] == [Cell(ME, "eu-west-1", "aws_sqs_queue")]
    assert "only regions eu-west-1" in made.notes[0]
    with pytest.raises(InputError, match="no region 'eu-wset-1'"):
        plan(clients, regions=("eu-wset-1",))
    with pytest.raises(InputError, match="aws_sqs_qeue"):
        plan(clients, types=("aws_sqs_qeue",))


def test_the_hot_scope_is_a_part_of_the_types(clients: Clients) -> None:
    types = {each.cell.type for each in plan(clients, scope="hot", regions=("us-east-1",))}
    assert types == {name for name, each in listers().items() if is_hot(each)}
    with pytest.raises(InputError, match="hot scan"):
        plan(clients, scope="hot", types=("aws_sqs_queue",))


def test_several_accounts_and_regions_are_kept_apart(
    clients: Clients, cloud: Cloud, boto: boto3.session.Session
) -> None:
    made = inventory(clients, source=AccountSource(accounts=(ME, OTHER), role="scan"), types=FEW)
    expected: dict[Cell, set[str]] = {}
    for account in made.accounts():
        keys = account.signer.current()
        for region in ("us-east-1", "eu-west-1"):
            sqs = clients.client(account.id, region, "sqs", keys)
            s3 = clients.client(account.id, region, "s3", keys)
            sqs.create_queue(QueueName=f"q-{region}", tags={"owner": account.id})
            where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
            s3.create_bucket(Bucket=f"b-{account.id}-{region}", **where)
            expected[Cell(account.id, region, "aws_sqs_queue")] = {f"arn:aws:sqs:{region}:{account.id}:q-{region}"}
            expected.setdefault(Cell(account.id, GLOBAL, "aws_s3_bucket"), set()).add(
                f"arn:aws:s3:::b-{account.id}-{region}"
            )
    found = {}
    for planned in made.plan():
        if planned.state is not CellState.UNSEEN:
            continue
        lives = [live for page in made.read(planned.cell, NOW) for live in page.resources]
        if lives:
            found[planned.cell] = {live.resource.address for live in lives}
        for live in lives:
            assert live.resource.account == live.cell.account == planned.cell.account
            if planned.cell.type == "aws_sqs_queue":
                assert [(tag.key, tag.value) for tag in live.resource.tags.items] == [("owner", planned.cell.account)]
            else:
                assert live.region in live.name
    assert found == expected


def test_calls_are_counted_as_the_server_counts_them(clients: Clients, cloud: Cloud, api: Callable[..., Any]) -> None:
    for at in range(30):
        api("sqs").create_queue(QueueName=f"q{at}", tags={"owner": "a"} if at % 3 else {})
    made = inventory(clients, regions=("us-east-1",), types=("aws_sqs_queue",))
    (planned,) = made.plan()
    cloud.plan()
    pages = list(made.read(planned.cell, NOW))
    assert sum(page.calls for page in pages) == len(cloud.calls)
    assert Counter(call.operation for call in cloud.calls) == {"ListQueues": 1, "GetResources": 1, "ListQueueTags": 10}


def test_a_released_site_takes_its_sweep_with_it(clients: Clients) -> None:
    made = inventory(clients, regions=("us-east-1",), types=("aws_sqs_queue", "aws_instance"))
    (account,) = made.accounts()
    for planned in made.plan():
        list(made.read(planned.cell, NOW))
    site = weakref.ref(made.site(account, "us-east-1"))
    assert site() is made.site(account, "us-east-1")
    made.release(ME, "us-east-1")
    gc.collect()
    assert site() is None
    assert not [key for key in clients._clients if key[:2] == (ME, "us-east-1")]


def test_clients_that_were_not_used_for_long_are_let_go(clients: Clients) -> None:
    kept = [clients.client(f"{at:012}", "us-east-1", "sqs") for at in range(300)]
    assert len(clients._clients) == 256
    assert clients.client(f"{299:012}", "us-east-1", "sqs") is kept[299]
    assert clients.client(f"{0:012}", "us-east-1", "sqs") is not kept[0]


def run_instances(api: Callable[..., Any], *types: str) -> None:
    ec2 = api("ec2")
    image = ec2.describe_images(Filters=[{"Name": "name", "Values": ["*amzn*"]}])["Images"][0]["ImageId"]
    for each in types:
        ec2.run_instances(ImageId=image, InstanceType=each, MinCount=1, MaxCount=1)


def classes(made: AwsInventory) -> Iterator[tuple[str, bool | str]]:
    for planned in made.plan():
        for page in made.read(planned.cell, NOW):
            for live in page.resources:
                kind = dict(live.resource.attributes)["instance_type"][0]
                possible = dict(live.resource.classes.possible)
                yield str(kind), possible["gpu"].cause if "gpu" in possible else "gpu" in live.resource.classes.certain


def test_accelerators_are_told_by_ec2_and_by_the_table(clients: Clients, cloud: Cloud, api: Callable[..., Any]) -> None:
    run_instances(api, "m5.large", "p5.48xlarge", "inf2.xlarge", "g4ad.xlarge", "m7g.large")
    direct = {
        row["InstanceType"]: bool(row.get("GpuInfo") or row.get("NeuronInfo"))
        for row in api("ec2").describe_instance_types(InstanceTypes=["p5.48xlarge", "inf2.xlarge"])["InstanceTypes"]
    }
    assert direct == {"p5.48xlarge": True, "inf2.xlarge": True}
    expected = {"m5.large": False, "p5.48xlarge": True, "inf2.xlarge": True, "g4ad.xlarge": True, "m7g.large": False}
    options = {"regions": ("us-east-1",), "types": ("aws_instance",)}
    assert dict(classes(inventory(clients, **options))) == expected
    cloud.plan(Fault("denied", service="ec2", operation="DescribeInstanceTypes"))
    assert dict(classes(inventory(clients, **options))) == expected


def test_ec2_decides_what_the_table_leaves_open(
    clients: Clients, api: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Types of tomorrow: EC2 knows them, the table does not."""
    from tagwright_drift.inventories.aws.site import AwsSite

    run_instances(api, "m5.large", "m5.xlarge", "m5.2xlarge", "m5.4xlarge")
    names = {"m5.large": "p99.large", "m5.xlarge": "zz9.xlarge", "m5.2xlarge": "zz8.large"}
    plain = AwsSite.pages

    def pages(self: AwsSite, service: str, operation: str, **arguments: Any) -> Iterator[Any]:
        if operation == "describe_instance_types":
            rows = [
                {"InstanceType": "p99.large", "GpuInfo": {"Gpus": [{}]}},
                {"InstanceType": "zz9.xlarge", "VCpuInfo": {}},
                {"InstanceType": "m5.4xlarge", "MediaAcceleratorInfo": {"Accelerators": [{}]}},
            ]
            yield {"InstanceTypes": rows}
            return
        for page in plain(self, service, operation, **arguments):
            for reservation in page.get("Reservations", ()):
                for instance in reservation["Instances"]:
                    instance["InstanceType"] = names.get(instance["InstanceType"], instance["InstanceType"])
            yield page

    monkeypatch.setattr(AwsSite, "pages", pages)
    found = dict(classes(inventory(clients, regions=("us-east-1",), types=("aws_instance",))))
    assert found.pop("zz8.large") not in (True, False)
    assert found == {"p99.large": True, "zz9.xlarge": False, "m5.4xlarge": True}


def test_what_an_account_says_of_itself_is_probable(clients: Clients, api: Callable[..., Any], tmp_path: Any) -> None:
    api("sqs").create_queue(QueueName="q", tags={"team": "search"})
    (tmp_path / "a.csv").write_text(f"account,name,team,environment\n{ME},ml,vision,prod\n")
    made = inventory(
        clients,
        source=AccountSource(accounts_file=str(tmp_path / "a.csv"), role="scan"),
        regions=("us-east-1",),
        types=("aws_sqs_queue",),
    )
    (planned,) = made.plan()
    (live,) = [each for page in made.read(planned.cell, NOW) for each in page.resources]
    assert live.probable == (("environment", "prod", "account ml"),)


def test_the_sweep_asks_only_for_what_is_joined(clients: Clients, api: Callable[..., Any]) -> None:
    """Tags of machines come with their lists; in moto as in AWS the filter is a service."""
    run_instances(api, "m5.large")
    (instance,) = [
        row["InstanceId"] for each in api("ec2").describe_instances()["Reservations"] for row in each["Instances"]
    ]
    api("ec2").create_tags(Resources=[instance], Tags=[{"Key": "owner", "Value": "a"}])
    api("sqs").create_queue(QueueName="q", tags={"owner": "a"})
    made = inventory(clients, regions=("us-east-1",))
    (account,) = made.accounts()
    assert set(made.site(account, "us-east-1").swept()) == {f"arn:aws:sqs:us-east-1:{ME}:q"}
    assert len(made._swept) <= 100
    services = (
        "aoss bedrock bedrock-agentcore dynamodb ecr emr-serverless es glue kendra kinesis lambda logs s3 s3express"
    )
    assert made._swept == (*services.split(), "s3tables", "s3vectors", "sagemaker", "sqs", "states")


def test_a_filter_that_the_tagging_api_does_not_know_is_left_out() -> None:
    from tests.drift_scanner.aws.recorded import Call, ScriptedClients

    from tagwright_drift.inventories.aws.site import AwsSite

    service = "resourcegroupstaggingapi"
    row = {"ResourceARN": "arn:aws:sqs:us-east-1:1:q", "Tags": [{"Key": "a", "Value": "b"}]}
    script = (
        Call(
            service,
            "get_resources",
            {"ResourcesPerPage": 100, "ResourceTypeFilters": ["new", "sqs"]},
            error="InvalidParameterException",
        ),
        Call(
            service,
            "get_resources",
            {"ResourcesPerPage": 100},
            {"PaginationToken": "t", "ResourceTagMappingList": [row]},
        ),
        Call(
            service,
            "get_resources",
            {"ResourcesPerPage": 100, "PaginationToken": "t"},
            {"PaginationToken": "", "ResourceTagMappingList": []},
        ),
    )
    site = AwsSite(ScriptedClients(script), ME, "us-east-1", swept=("new", "sqs"))
    assert site.swept() == {row["ResourceARN"]: (("a", "b"),)}
