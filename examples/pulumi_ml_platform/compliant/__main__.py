"""The ML platform of Acme's vision team: training, serving, data and model APIs, all of it tagged."""

import pulumi
import pulumi_aws as aws

from tagwright_pulumi import BedrockInferenceProfile, Bucket, Function, GpuNode, GpuNodeGroup, SageMakerNotebook, tagged

config = pulumi.Config()
vpc = aws.ec2.Vpc("ml", cidr_block="10.0.0.0/16")
subnets = [aws.ec2.Subnet(f"ml-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{zone}.0/24") for zone in range(2)]

# Owner, team, cost center and environment come from the stack (Pulumi.dev.yaml).
training = {"workload": "training", "model": "segmenter-2.1"}

nodes = GpuNodeGroup(
    "training",
    {
        "kind": "eks",
        "instance_type": "g6e.12xlarge",
        "cluster_name": config.require("clusterName"),
        "node_role_arn": config.require("nodeRoleArn"),
        "subnet_ids": [subnet.id for subnet in subnets],
        "max_size": 4,
        "spot": True,
        "tags": training,
    },
)

debug = GpuNode(
    "debug",
    {
        "instance_type": "g6.xlarge",
        "ami": "ami-0123456789abcdef0",
        "subnet_id": subnets[0].id,
        "root_block_device": {"volume_size": 200, "encrypted": True},
        "tags": training,
    },
)

checkpoints = Bucket("checkpoints", {"tags": training})
images = Bucket("images", {"tags": {"workload": "data-prep"}})

role = aws.iam.Role(
    "ingest",
    assume_role_policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
            ],
        }
    ),
)
ingest = Function(
    "ingest",
    {
        "role": role.arn,
        "runtime": "python3.12",
        "handler": "app.handler",
        "code": pulumi.FileArchive("./ingest"),
        "environment": {"BUCKET": images.bucket_name},
        "log_retention_days": 30,
        # Known only in the update: checked there, before the function is created.
        "tags": {"workload": "data-prep", "source": images.bucket_name},
    },
)

notebook = SageMakerNotebook(
    "explore",
    {"instance_type": "ml.g5.xlarge", "role_arn": config.require("nodeRoleArn"), "tags": training},
)
profile = BedrockInferenceProfile(
    "captions",
    {
        "model_arn": "arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-lite-v1:0",
        "tags": {"workload": "model-api"},
    },
)

# Whatever has no component of its own goes through the gate all the same.
queue = tagged(aws.sqs.Queue)("new-images", tags={"workload": "data-prep"})

pulumi.export("nodeGroup", nodes.group_arn)
pulumi.export("debugNode", debug.instance_id)
pulumi.export("checkpoints", checkpoints.bucket_name)
pulumi.export("ingest", ingest.arn)
pulumi.export("captions", profile.arn)
