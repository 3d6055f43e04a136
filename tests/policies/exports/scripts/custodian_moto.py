"""Inside the environment with c7n and moto: policies run against AWS as moto plays it. {policies, tag_sets} on stdin;
each tag set becomes an instance with a GPU, one without, a bucket and a queue.
"""

import json
import os
import sys
import tempfile

os.environ.update(
    AWS_DEFAULT_REGION="eu-central-1",
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",  # noqa: S106 - what moto wants
    AWS_SESSION_TOKEN="testing",  # noqa: S106
)

import boto3
import yaml
from c7n.config import Config
from c7n.loader import PolicyLoader
from c7n.resources import load_resources
from moto import mock_aws

REGION = "eu-central-1"


def _make(tag_sets):
    """Identifier of each thing made, to (kind, number of the tag set)."""
    made = {}
    ec2, s3, sqs = (boto3.client(name, region_name=REGION) for name in ("ec2", "s3", "sqs"))
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    for number, tags in enumerate(tag_sets):
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        for kind, size in (("gpu", "g5.xlarge"), ("instance", "m5.large")):
            about = [{"ResourceType": "instance", "Tags": pairs}] if pairs else []
            answer = ec2.run_instances(
                ImageId=image, InstanceType=size, MinCount=1, MaxCount=1, TagSpecifications=about
            )
            made[answer["Instances"][0]["InstanceId"]] = (kind, number)
        name = f"bucket-{number}"
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        if pairs:
            s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs})
        made[name] = ("bucket", number)
        made[sqs.create_queue(QueueName=f"queue-{number}", tags=tags)["QueueUrl"]] = ("queue", number)
    return made


def main():
    given = json.load(sys.stdin)
    found = []
    with mock_aws(), tempfile.TemporaryDirectory() as folder:
        made = _make(given["tag_sets"])
        load_resources({"aws.ec2", "aws.s3", "aws.sqs"})
        config = Config.empty(region=REGION, regions=[REGION], account_id="123456789012", output_dir=folder)
        for text in given["policies"]:
            for policy in PolicyLoader(config).load_data(yaml.safe_load(text), "memory://", validate=True):
                if policy.data["metadata"]["severity"] == "error":
                    manager = policy.load_resource_manager()
                    found += [made[resource[manager.get_model().id]] for resource in manager.resources()]
    json.dump(sorted(set(map(tuple, found))), sys.stdout)


main()
