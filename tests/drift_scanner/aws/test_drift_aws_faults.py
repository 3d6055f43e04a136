"""The laws of seeing, under random faults: nothing seen is lost, nothing unseen is called clean, counts are exact.

The estate is made once; each seed is a random plan of faults. A failure names its seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import boto3
import pytest
from tests.drift_scanner.faults import Cloud, Fault

from tagwright_drift.cells import GLOBAL, Cell, CellState
from tagwright_drift.inventories.aws.accounts import AccountSource
from tagwright_drift.inventories.aws.inventory import AwsInventory, AwsOptions
from tagwright_drift.inventories.aws.session import Clients, Patience
from tagwright_drift.inventories.contract import CellTrouble

ME, OTHER = "123456789012", "222222222222"
REGIONS = ("us-east-1", "eu-west-1")
NOW = datetime.now(UTC)
LISTS = {  # type: signing name of its service, its list, its own read of tags
    "aws_s3_bucket": ("s3", "ListBuckets", "GetBucketTagging"),
    "aws_sqs_queue": ("sqs", "ListQueues", "ListQueueTags"),
    "aws_dynamodb_table": ("dynamodb", "ListTables", "ListTagsOfResource"),
    "aws_ecr_repository": ("ecr", "DescribeRepositories", "ListTagsForResource"),
    "aws_cloudwatch_log_group": ("logs", "DescribeLogGroups", "ListTagsForResource"),
    "aws_sfn_state_machine": ("states", "ListStateMachines", "ListTagsForResource"),
    "aws_fsx_lustre_file_system": ("fsx", "DescribeFileSystems", ""),
    "aws_rds_cluster": ("rds", "DescribeDBClusters", ""),
}
Truth = Mapping[Cell, Mapping[str, Mapping[str, str]]]


def options() -> AwsOptions:
    return AwsOptions(AccountSource(accounts=(ME, OTHER), role="scan"), regions=REGIONS, types=tuple(LISTS))


@dataclass
class Estate:
    cloud: Cloud
    boto: boto3.session.Session
    truth: Truth

    def inventory(self, attempts: int = 1) -> AwsInventory:
        clients = Clients(self.boto, endpoint_url=self.cloud.url, patience=Patience(10, 30, attempts), threads=4)
        return AwsInventory(options(), clients)


@pytest.fixture(scope="module")
def estate(server: Cloud, boto: boto3.session.Session) -> Iterator[Estate]:
    """Nine of each in every account and region, every third untagged."""
    server.reset()
    made = Estate(server, boto, {})
    inventory = made.inventory()
    truth: dict[Cell, dict[str, dict[str, str]]] = {}
    for account in inventory.accounts():
        keys = account.signer.current()
        for region in REGIONS:
            for at in range(9):
                tags = {"owner": account.id, "at": f"{region}/{at}"} if at % 3 else {}
                fill(inventory.clients, truth, account.id, region, f"n{at}", tags, keys)
    made.truth = truth
    inventory.close()
    yield made
    server.reset()


def fill(clients, truth, account, region, name, tags, keys) -> None:  # type: ignore[no-untyped-def] - a maker
    def api(service):  # type: ignore[no-untyped-def]
        return clients.client(account, region, service, keys)

    upper = [{"Key": key, "Value": value} for key, value in tags.items()]
    lower = [{"key": key, "value": value} for key, value in tags.items()]
    bucket = f"{name}-{account}-{region}"
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    api("s3").create_bucket(Bucket=bucket, **where)
    if tags:
        api("s3").put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": upper})
    api("sqs").create_queue(QueueName=name, tags=tags)
    schema = {"KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}
    attributes = [{"AttributeName": "k", "AttributeType": "S"}]
    api("dynamodb").create_table(TableName=f"t-{name}", AttributeDefinitions=attributes, Tags=upper, **schema)
    api("ecr").create_repository(repositoryName=name, tags=upper)
    api("logs").create_log_group(logGroupName=name, **({"tags": tags} if tags else {}))
    role = f"arn:aws:iam::{account}:role/r"
    definition = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
    api("stepfunctions").create_state_machine(name=name, definition=definition, roleArn=role, tags=lower)
    subnet = ["subnet-0123456789abcdef0"]
    more = {"Tags": upper} if tags else {}
    system = api("fsx").create_file_system(FileSystemType="LUSTRE", StorageCapacity=1200, SubnetIds=subnet, **more)
    login = {"MasterUsername": "u", "MasterUserPassword": "Secret12345"}
    api("rds").create_db_cluster(DBClusterIdentifier=f"c-{name}", Engine="aurora-postgresql", Tags=upper, **login)
    here = f"{region}:{account}"
    for type_, arn in {
        "aws_s3_bucket": f"arn:aws:s3:::{bucket}",
        "aws_sqs_queue": f"arn:aws:sqs:{here}:{name}",
        "aws_dynamodb_table": f"arn:aws:dynamodb:{here}:table/t-{name}",
        "aws_ecr_repository": f"arn:aws:ecr:{here}:repository/{name}",
        "aws_cloudwatch_log_group": f"arn:aws:logs:{here}:log-group:{name}",
        "aws_sfn_state_machine": f"arn:aws:states:{here}:stateMachine:{name}",
        "aws_fsx_lustre_file_system": system["FileSystem"]["ResourceARN"],
        "aws_rds_cluster": f"arn:aws:rds:{here}:cluster:c-{name}",
    }.items():
        cell = Cell(account, GLOBAL if type_ == "aws_s3_bucket" else region, type_)
        truth.setdefault(cell, {})[arn] = dict(tags)


@dataclass
class Seen:
    """What a scan made of a cell: tags, or None where they are unknown."""

    found: dict[str, dict[str, str] | None]
    trouble: CellTrouble | None
    unread: int
    calls: int

    @property
    def complete(self) -> bool:
        return self.trouble is None and not self.unread


def look(inventory: AwsInventory, cell: Cell) -> Seen:
    seen = Seen({}, None, 0, 0)
    try:
        for page in inventory.read(cell, NOW):
            seen.unread += page.unread
            seen.calls += page.calls
            for live in page.resources:
                tags = live.resource.tags
                assert live.resource.address not in seen.found
                seen.found[live.resource.address] = (
                    {tag.key: str(tag.value) for tag in tags.items} if tags.complete else None
                )
                assert tags.complete or tags.cause is not None
    except CellTrouble as trouble:
        seen.trouble = trouble
        seen.calls += trouble.calls
    return seen


def scan(inventory: AwsInventory) -> dict[Cell, Seen]:
    cells = [planned.cell for planned in inventory.plan()]
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(cells, pool.map(lambda cell: look(inventory, cell), cells), strict=True))


def hit(calls: list[tuple[str, str, str, str, str]], cell: Cell, operation: str) -> list[str]:
    service = LISTS[cell.type][0]
    return [
        fault
        for signed, asked, region, account, fault in calls
        if (signed, asked, account) == (service, operation, cell.account) and (cell.region in (GLOBAL, region))
    ]


def random_faults(chance: random.Random) -> list[Fault]:
    kinds = ("denied", "scp", "throttled", "html500", "dropped", "truncated", "empty", "html200", "disabled", "expired")
    places = [(service, each) for service, *operations in LISTS.values() for each in (*operations, "*") if each]
    faults = []
    for _ in range(chance.randint(1, 5)):
        service, operation = chance.choice([*places, ("tagging", "*"), ("tagging", "*")])
        faults.append(
            Fault(
                chance.choice(kinds),
                service=service,
                operation=operation,
                region=chance.choice(("*", *REGIONS)),
                account=chance.choice(("*", ME, OTHER)),
                every=chance.randint(1, 4),
                after=chance.choice((0, 0, 1, 5)),
                times=chance.choice((1, 2, 1000)),
            )
        )
    return faults


@pytest.mark.parametrize("seed", range(14))
def test_the_laws(estate: Estate, seed: int) -> None:
    chance = random.Random(seed)
    faults = random_faults(chance)
    inventory = estate.inventory(attempts=2 if seed % 7 == 6 else 1)
    for account in inventory.accounts():
        account.signer.current()
    planned = {each.cell for each in inventory.plan()}
    assert planned == set(estate.truth)
    estate.cloud.plan(*faults)
    cells = sorted(planned)
    with ThreadPoolExecutor(4) as pool:
        result = dict(zip(cells, pool.map(lambda cell: look(inventory, cell), cells), strict=True))
    calls = [(c.service, c.operation, c.region, c.account, c.fault) for c in estate.cloud.calls]
    inventory.close()
    expired = {account for _, _, _, account, fault in calls if fault == "expired"}
    for cell, seen in result.items():
        truth = estate.truth[cell]
        said = f"seed {seed}, {cell}: {seen.trouble or seen.unread}\n{faults}"
        # Nothing unseen is called clean: a complete cell holds exactly what there is, tags and all.
        if seen.complete:
            assert seen.found == truth, said
        # What is said of a resource is true, or not said.
        assert all(tags is None or tags == truth[arn] for arn, tags in seen.found.items()), said
        assert seen.unread == sum(tags is None for tags in seen.found.values()), said
        # Nothing seen is lost: a list that was answered in full is there in full.
        listed = hit(calls, cell, LISTS[cell.type][1])
        if listed and not any(listed) and cell.account not in expired and seen.trouble is None:
            assert set(seen.found) == set(truth), said
        # Nothing is feared without a reason.
        if not any(fault for _, _, _, account, fault in calls if account == cell.account):
            assert seen.complete, said
        if seen.trouble is not None:
            assert not seen.trouble.state.cannot_hold, said
            assert seen.trouble.reason, said
    assert sum(seen.calls for seen in result.values()) == len(calls)


def test_a_quarter_of_the_tags_denied(estate: Estate) -> None:
    """Where a scanner that takes a refusal for "no tags" would report more untagged buckets than there are."""
    inventory = estate.inventory()
    cells = [planned.cell for planned in inventory.plan() if planned.cell.type == "aws_s3_bucket"]
    estate.cloud.plan(
        Fault("denied", service="s3", operation="GetBucketTagging", every=4), Fault("denied", service="tagging")
    )
    for cell in cells:
        seen = look(inventory, cell)
        untagged = {arn for arn, tags in seen.found.items() if tags == {}}
        unknown = {arn for arn, tags in seen.found.items() if tags is None}
        assert set(seen.found) == set(estate.truth[cell])
        assert untagged <= {arn for arn, tags in estate.truth[cell].items() if not tags}
        assert len(unknown) == seen.unread == 18 // 4 or len(unknown) == seen.unread == 18 // 4 + 1
        assert not seen.complete
    inventory.close()


@pytest.mark.parametrize("kind", ["denied", "throttled", "html500", "truncated", "empty"])
def test_every_other_read_of_tags_fails(estate: Estate, kind: str) -> None:
    """For every type, with the sweep refused: half of the tags are true, the other half unknown, nothing is missing."""
    inventory = estate.inventory()
    cells = [planned.cell for planned in inventory.plan() if LISTS[planned.cell.type][2]]
    reads = [Fault(kind, service=service, operation=tags, every=2) for service, _, tags in LISTS.values() if tags]
    estate.cloud.plan(Fault("denied", service="tagging"), *reads)
    for cell in cells:
        seen, truth = look(inventory, cell), estate.truth[cell]
        assert set(seen.found) == set(truth)
        assert seen.unread == sum(tags is None for tags in seen.found.values())
        assert seen.unread in (len(truth) // 2, len(truth) // 2 + 1)
        assert all(tags == truth[arn] for arn, tags in seen.found.items() if tags is not None)
    inventory.close()


def test_keys_that_expire_in_the_middle_leave_the_rest_unseen_or_are_renewed(estate: Estate) -> None:
    """From the tenth call on every key is refused as expired, the renewed ones too: no later cell is complete."""
    inventory = estate.inventory()
    cells = [planned.cell for planned in inventory.plan() if planned.cell.account == OTHER]
    estate.cloud.plan(Fault("expired", account=OTHER, after=9))
    seen = {cell: look(inventory, cell) for cell in cells}
    complete = [at for at, cell in enumerate(cells) if seen[cell].complete]
    lost = [at for at, cell in enumerate(cells) if not seen[cell].complete]
    assert lost
    assert max(complete, default=-1) < min(lost)
    assert all("expired" in (str(seen[cells[at]].trouble)) or seen[cells[at]].unread for at in lost)
    estate.cloud.plan(Fault("expired", account=OTHER, after=9, times=1))
    inventory.close()
    again = estate.inventory()
    list(again.plan())
    assert all(look(again, cell).complete for cell in cells)
    again.close()


def test_throttling_is_survived(estate: Estate) -> None:
    inventory = estate.inventory(attempts=6)
    cells = [planned.cell for planned in inventory.plan() if planned.cell.region == "us-east-1"]
    estate.cloud.plan(Fault("throttled", service="sqs", every=3))
    for cell in cells:
        assert look(inventory, cell).found == estate.truth[cell]
    inventory.close()


def test_a_refusal_that_an_organization_made_says_so(estate: Estate) -> None:
    inventory = estate.inventory()
    (cell,) = (each.cell for each in inventory.plan() if each.cell == Cell(ME, "eu-west-1", "aws_sqs_queue"))
    estate.cloud.plan(Fault("scp", region="eu-west-1"))
    seen = look(inventory, cell)
    assert seen.trouble is not None
    assert (seen.trouble.state, seen.trouble.refused_by) == (CellState.DENIED, "scp")
    assert "service control policy" in seen.trouble.reason
    inventory.close()
