"""Which bodies of status 200 are answers: an empty list, a null, nothing else."""

from __future__ import annotations

import botocore.session
import pytest
from botocore.parsers import create_parser

from tagwright_drift.inventories.aws.answers import check_answer
from tagwright_drift.inventories.aws.errors import FAILURES

SESSION = botocore.session.get_session()


def ask(service: str, operation: str, body: bytes) -> None:
    model = SESSION.get_service_model(service).operation_model(operation)
    parser = create_parser(model.service_model.resolved_protocol)
    parsed = parser.parse({"status_code": 200, "headers": {}, "body": body}, model.output_shape)
    check_answer(body, parsed, model)


@pytest.mark.parametrize(
    ("service", "operation", "body"),
    [
        ("lambda", "ListFunctions", b'{"Functions": []}'),
        ("lambda", "ListFunctions", b"{}"),
        ("lambda", "ListTags", b'{"Tags": null}'),
        ("emr-serverless", "ListTagsForResource", b'{"tags":null}'),
        ("sqs", "ListQueues", b"{}"),
        ("sagemaker", "ListTags", b'{"Tags": [], "NextToken": null}'),
        ("rds", "DescribeDBInstances", b"<R><DescribeDBInstancesResult><DBInstances/></DescribeDBInstancesResult></R>"),
        ("ec2", "DescribeInstances", b"<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>"),
        ("s3", "ListBuckets", b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"),
        ("s3", "GetBucketLocation", b'<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>'),
    ],
)  # fmt: skip
def test_answers(service: str, operation: str, body: bytes) -> None:
    ask(service, operation, body)


@pytest.mark.parametrize(
    ("service", "operation", "body"),
    [
        ("lambda", "ListFunctions", b""),
        ("lambda", "ListFunctions", b'{"Functions": ['),
        ("lambda", "ListFunctions", b"[]"),
        ("lambda", "ListFunctions", b'{"message": "sign in first"}'),
        ("lambda", "ListFunctions", b"<!DOCTYPE html><html>sign in</html>"),
        ("sqs", "ListQueues", b'{"error": true}'),
        ("rds", "DescribeDBInstances", b"<html><body/></html>"),
        ("ec2", "DescribeInstances", b""),
        ("s3", "ListBuckets", b"  <HTML><head/></HTML>"),
    ],
)
def test_no_answers(service: str, operation: str, body: bytes) -> None:
    """Some of them botocore's own parsers stumble over, each in its way: the site takes all of it for an error."""
    with pytest.raises(FAILURES):
        ask(service, operation, body)
