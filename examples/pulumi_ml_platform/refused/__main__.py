"""The same platform, as it is often written. Nothing of it is deployed; a preview names every offender."""

from tagwright_pulumi import Bucket, Function, GpuNode, GpuNodeGroup, collect_violations

with collect_violations():
    # The workload is misspelled, and there is a second owner in another case.
    GpuNodeGroup(
        "training",
        {
            "kind": "asg",
            "instance_type": "p5.48xlarge",
            "ami": "ami-0123456789abcdef0",
            "subnet_ids": ["subnet-1"],
            "tags": {"workload": "trainng", "Owner": "me@acme.example"},
        },
    )

    # No accelerator; and production has to name its model.
    GpuNode("serving", {"instance_type": "m5.large", "tags": {"workload": "inference", "environment": "prod"}})

    # The cost center belongs to another team.
    Bucket("checkpoints", {"tags": {"workload": "training", "cost-center": "cc-4200"}})

    # A number is no tag value, and a placeholder no owner.
    Function("ingest", {"role": "arn:aws:iam::123456789012:role/ingest", "tags": {"workload": 1, "owner": "todo"}})
