"""A small world of live resources, made by plain boto3, and the truth about it in plain Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import boto3
from tests.drift_scanner.faults import Cloud

ME, OTHER = "123456789012", "222222222222"
US, EU = "us-east-1", "eu-west-1"
SECRET = "testing"  # noqa: S105 - moto takes any
FINE = {"owner": "ml-vision@acme.example", "cost-center": "cc-4100"}
KINDS = ("aws_s3_bucket", "aws_sqs_queue", "aws_dynamodb_table", "aws_rds_cluster")

RULES = """\
schema: 1
name: rules
version: 1.0.0
contacts: [finops@acme.example]
keys:
  owner: {title: Owner, description: Who answers for it.}
  cost-center: {title: Cost center, description: Where it is booked., pattern: "cc-[0-9]{4}"}
requirements:
  - {id: everything, for: all, require: [owner, cost-center], severity: error}
"""


@dataclass
class Thing:
    kind: str
    account: str
    region: str
    name: str
    arn: str
    tags: dict[str, str]

    @property
    def cell(self) -> tuple[str, str, str]:
        return (self.account, "global" if self.kind == "aws_s3_bucket" else self.region, self.kind)


@dataclass
class World:
    """Everything that is there. What is done to a thing is done to the cloud and to the truth alike."""

    cloud: Cloud
    things: dict[str, Thing] = field(default_factory=dict)
    _clients: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def api(self, service: str, region: str = US, account: str = ME) -> Any:
        """A plain boto3 client of an account; of another one than ours by a role in it, as moto wants it."""
        key = (service, region, account)
        if key not in self._clients:
            session = boto3.session.Session(aws_access_key_id="testing", aws_secret_access_key=SECRET)
            given = {}
            if account != ME:
                role = f"arn:aws:iam::{account}:role/maker"
                sts = session.client("sts", region_name=US, endpoint_url=self.cloud.url)
                got = sts.assume_role(RoleArn=role, RoleSessionName="maker")["Credentials"]
                given = {
                    "aws_access_key_id": got["AccessKeyId"],
                    "aws_secret_access_key": got["SecretAccessKey"],
                    "aws_session_token": got["SessionToken"],
                }
            made = session.client(service, region_name=region, endpoint_url=self.cloud.url, **given)
            self._clients[key] = made
        return self._clients[key]

    def make(self, kind: str, name: str, tags: dict[str, str], *, account: str = ME, region: str = US) -> Thing:
        arn = _MAKERS[kind](self, account, region, name)
        thing = Thing(kind, account, region, name, arn, {})
        self.things[arn] = thing
        if tags:
            self.tag(thing, **{key.replace("-", "_"): value for key, value in tags.items()})
        return thing

    def tag(self, thing: Thing, **tags: str) -> None:
        """`cost_center` is written for the key cost-center."""
        thing.tags |= {key.replace("_", "-"): value for key, value in tags.items()}
        self._write(thing, ())

    def untag(self, thing: Thing, *keys: str) -> None:
        for key in keys:
            del thing.tags[key]
        self._write(thing, keys)

    def drop(self, thing: Thing) -> None:
        del self.things[thing.arn]
        client = self.api(_SERVICE[thing.kind], thing.region, thing.account)
        if thing.kind == "aws_s3_bucket":
            client.delete_bucket(Bucket=thing.name)
        elif thing.kind == "aws_sqs_queue":
            client.delete_queue(QueueUrl=client.get_queue_url(QueueName=thing.name)["QueueUrl"])
        elif thing.kind == "aws_dynamodb_table":
            client.delete_table(TableName=thing.name)
        else:
            client.delete_db_cluster(DBClusterIdentifier=thing.name, SkipFinalSnapshot=True)

    def close(self) -> None:
        for each in self._clients.values():
            each.close()

    def _write(self, thing: Thing, gone: tuple[str, ...]) -> None:
        client = self.api(_SERVICE[thing.kind], thing.region, thing.account)
        pairs = [{"Key": key, "Value": value} for key, value in thing.tags.items()]
        if thing.kind == "aws_s3_bucket":
            if pairs:
                client.put_bucket_tagging(Bucket=thing.name, Tagging={"TagSet": pairs})
            else:
                client.delete_bucket_tagging(Bucket=thing.name)
        elif thing.kind == "aws_sqs_queue":
            url = client.get_queue_url(QueueName=thing.name)["QueueUrl"]
            if gone:
                client.untag_queue(QueueUrl=url, TagKeys=list(gone))
            if thing.tags:
                client.tag_queue(QueueUrl=url, Tags=thing.tags)
        elif thing.kind == "aws_dynamodb_table":
            if gone:
                client.untag_resource(ResourceArn=thing.arn, TagKeys=list(gone))
            if pairs:
                client.tag_resource(ResourceArn=thing.arn, Tags=pairs)
        else:
            if gone:
                client.remove_tags_from_resource(ResourceName=thing.arn, TagKeys=list(gone))
            if pairs:
                client.add_tags_to_resource(ResourceName=thing.arn, Tags=pairs)


_SERVICE = {
    "aws_s3_bucket": "s3",
    "aws_sqs_queue": "sqs",
    "aws_dynamodb_table": "dynamodb",
    "aws_rds_cluster": "rds",
}


def _bucket(world: World, account: str, region: str, name: str) -> str:
    where = {} if region == US else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    world.api("s3", region, account).create_bucket(Bucket=name, **where)
    return f"arn:aws:s3:::{name}"


def _queue(world: World, account: str, region: str, name: str) -> str:
    world.api("sqs", region, account).create_queue(QueueName=name)
    return f"arn:aws:sqs:{region}:{account}:{name}"


def _table(world: World, account: str, region: str, name: str) -> str:
    made = world.api("dynamodb", region, account).create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return str(made["TableDescription"]["TableArn"])


def _database(world: World, account: str, region: str, name: str) -> str:
    made = world.api("rds", region, account).create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-postgresql",
        MasterUsername="u",
        MasterUserPassword="Secret12345",
    )
    return str(made["DBCluster"]["DBClusterArn"])


_MAKERS = {
    "aws_s3_bucket": _bucket,
    "aws_sqs_queue": _queue,
    "aws_dynamodb_table": _table,
    "aws_rds_cluster": _database,
}
