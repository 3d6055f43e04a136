"""One estate of compute in a moto cloud, with the tags that AWS itself would write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

UUID = "640012bd-4e90-3f19-9dd2-c09a23dc923d"
OWNER = {"owner": "ml-vision@acme.example"}
# EC2 speaks XML 1.0, which cannot carry the escape character
HOSTILE = {"note": "<script>alert(1)</script>", "=cmd": "=cmd|' /C calc'!A0", "team": "\u202ered;\nx a,b \"c\" 'd'"}


@dataclass
class Estate:
    """Names of what was made."""

    template: str = ""
    nodes_template: str = ""
    group_instances: list[str] = field(default_factory=list)
    node: str = ""
    nodes_group: str = ""
    alone: str = ""
    stopped: str = ""
    spot: str = ""
    terminated: str = ""
    hostile: str = ""
    data_volume: str = ""


def pairs(tags, key="Key", value="Value"):
    return [{key: name, value: held} for name, held in tags.items()]


def spec(kind, tags):
    return [{"ResourceType": kind, "Tags": pairs(tags)}]


def mark(instance, tags):
    """Tags that only AWS can write, put into moto's own state."""
    from moto.ec2.models import ec2_backends

    ec2_backends["123456789012"]["us-east-1"].create_tags([instance], tags)


def fill(api) -> Estate:
    ec2 = api("ec2")
    ami = ec2.describe_images()["Images"][0]["ImageId"]
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    estate = Estate()
    _group(api, estate, ami, subnet)
    _instances(ec2, estate, ami)
    _eks(api, estate, ami, subnet)
    _batch(api, subnet)
    _ecs(api)
    return estate


def _group(api, estate: Estate, ami: str, subnet: str) -> None:
    """A group whose first version of the template tags nothing; its second, in use, tags instances with a team."""
    ec2 = api("ec2")
    data = {"ImageId": ami, "InstanceType": "p5.48xlarge"}
    made = ec2.create_launch_template(
        LaunchTemplateName="gpu", LaunchTemplateData=data, TagSpecifications=spec("launch-template", OWNER)
    )["LaunchTemplate"]
    estate.template = made["LaunchTemplateId"]
    data |= {"TagSpecifications": spec("instance", {"team": "vision"})}
    ec2.create_launch_template_version(LaunchTemplateId=estate.template, LaunchTemplateData=data)
    of = {"ResourceId": "gpu", "ResourceType": "auto-scaling-group"}
    api("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName="gpu",
        MinSize=0,
        MaxSize=5,
        DesiredCapacity=2,
        VPCZoneIdentifier=subnet,
        LaunchTemplate={"LaunchTemplateId": estate.template, "Version": "$Latest"},
        Tags=[
            {"Key": key, "Value": value, "PropagateAtLaunch": on, **of}
            for key, value, on in (("owner", OWNER["owner"], True), ("cost-center", "cc-4100", False))
        ],
    )
    groups = api("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    estate.group_instances = sorted(each["InstanceId"] for each in groups[0]["Instances"])


def _run(ec2: Any, ami: str, type_: str, tags: dict[str, str], **more: Any) -> str:
    given = {"TagSpecifications": spec("instance", tags)} if tags else {}
    made = ec2.run_instances(ImageId=ami, MinCount=1, MaxCount=1, InstanceType=type_, **given, **more)
    return str(made["Instances"][0]["InstanceId"])


def _instances(ec2: Any, estate: Estate, ami: str) -> None:
    estate.alone = _run(ec2, ami, "t3.micro", OWNER | {"Name": "bastion"})
    estate.stopped = _run(ec2, ami, "g5.xlarge", {})
    ec2.stop_instances(InstanceIds=[estate.stopped])
    estate.spot = _run(ec2, ami, "trn1.2xlarge", {}, InstanceMarketOptions={"MarketType": "spot"})
    estate.terminated = _run(ec2, ami, "p5.48xlarge", {})
    ec2.terminate_instances(InstanceIds=[estate.terminated])
    estate.hostile = _run(ec2, ami, "t3.micro", HOSTILE)
    zone = ec2.describe_instances(InstanceIds=[estate.alone])["Reservations"][0]["Instances"][0]["Placement"]
    estate.data_volume = ec2.create_volume(Size=1, AvailabilityZone=zone["AvailabilityZone"])["VolumeId"]
    ec2.attach_volume(VolumeId=estate.data_volume, InstanceId=estate.alone, Device="/dev/sdf")


def _eks(api, estate: Estate, ami: str, subnet: str) -> None:
    """A cluster whose node group carries an owner, and one of its nodes as EKS would have started it."""
    ec2 = api("ec2")
    data = {"ImageId": ami, "InstanceType": "g5.xlarge"}
    made = ec2.create_launch_template(LaunchTemplateName="nodes", LaunchTemplateData=data)["LaunchTemplate"]
    estate.nodes_template = made["LaunchTemplateId"]
    for tagged in ({}, {"TagSpecifications": spec("instance", OWNER)}):  # versions 2, which is in use, and 3
        ec2.create_launch_template_version(LaunchTemplateId=estate.nodes_template, LaunchTemplateData=data | tagged)
    role = api("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    eks = api("eks")
    eks.create_cluster(
        name="c1", roleArn=role, resourcesVpcConfig={"subnetIds": [subnet]}, tags={"cost-center": "cc-1"}
    )
    made = eks.create_nodegroup(
        clusterName="c1",
        nodegroupName="ng-1",
        subnets=[subnet],
        nodeRole=role,
        instanceTypes=["g5.xlarge"],
        launchTemplate={"id": estate.nodes_template, "version": "2"},
        tags=OWNER,
    )["nodegroup"]
    eks.create_fargate_profile(
        fargateProfileName="fp", clusterName="c1", podExecutionRoleArn=role, selectors=[{"namespace": "x"}], tags=OWNER
    )
    # moto starts neither the group nor the nodes: both are made as EKS makes them
    group = estate.nodes_group = made["resources"]["autoScalingGroups"][0]["name"]
    copy = {"LaunchTemplateId": estate.nodes_template, "Version": "2"}
    api("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=group, MinSize=0, MaxSize=1, VPCZoneIdentifier=subnet, LaunchTemplate=copy
    )
    estate.node = _run(ec2, ami, "g5.xlarge", {})
    mark(
        estate.node,
        {
            "aws:autoscaling:groupName": group,
            "aws:eks:cluster-name": "c1",
            "eks:cluster-name": "c1",
            "eks:nodegroup-name": "ng-1",
        },
    )


def _batch(api, subnet: str) -> None:
    iam = api("iam")
    role = iam.create_role(RoleName="b", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    profile = iam.create_instance_profile(InstanceProfileName="p")["InstanceProfile"]
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="b")
    security = api("ec2").create_security_group(GroupName="s", Description="s")["GroupId"]
    batch = api("batch")
    made = batch.create_compute_environment(
        computeEnvironmentName="env1",
        type="MANAGED",
        computeResources={
            "type": "EC2",
            "minvCpus": 0,
            "maxvCpus": 8,
            "instanceTypes": ["p4d"],
            "subnets": [subnet],
            "securityGroupIds": [security],
            "instanceRole": profile["Arn"],
            "tags": {"team": "batch"},
        },
        serviceRole=role,
        tags=OWNER,
    )
    batch.create_job_queue(
        jobQueueName="queue1",
        priority=1,
        state="ENABLED",
        computeEnvironmentOrder=[{"order": 1, "computeEnvironment": made["computeEnvironmentArn"]}],
        tags=OWNER,
    )


def _ecs(api) -> None:
    ecs = api("ecs")
    ecs.create_cluster(clusterName="e1", tags=pairs(OWNER, "key", "value"))
    ecs.register_task_definition(
        family="t",
        containerDefinitions=[{"name": "a", "image": "a", "memory": 64}],
        tags=pairs({"team": "td"}, "key", "value"),
    )
    for number, mode in enumerate(("SERVICE", "TASK_DEFINITION", "NONE", "")):
        given = {"propagateTags": mode} if mode else {}
        ecs.create_service(
            cluster="e1",
            serviceName=f"s{number}",
            taskDefinition="t",
            desiredCount=0,
            tags=pairs(OWNER, "key", "value"),
            **given,
        )
    for number in range(4, 25):  # DescribeServices takes ten
        ecs.create_service(cluster="e1", serviceName=f"s{number}", taskDefinition="t", desiredCount=0)
