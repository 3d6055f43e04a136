"""One maker a type: fills moto with two resources of it, and asks moto directly what tags each has.

A maker returns ARN to tags as boto3's own read of that one resource tells them: the oracle of the listers.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

Api = Callable[..., Any]
Estate = Mapping[str, Mapping[str, str]]

HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> \u202e ünï"
TAGS = {"owner": "ml@acme.example", "Name": "näme", "note": HOSTILE}
ROLE = "arn:aws:iam::123456789012:role/tagwright-made-up"
IMAGE = {"Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/x:1"}


def as_list(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    return [{key: name, value: held} for name, held in tags.items()]


def of_list(tags: Any, key: str = "Key", value: str = "Value") -> dict[str, str]:
    return {tag[key]: tag[value] for tag in tags or ()}


def bucket(api: Api, region: str) -> Estate:
    s3 = api("s3", region)
    made = {}
    for name, tags in ((f"plain-{region}", {}), (f"tagged-{region}", TAGS)):
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=name, **where)
        if tags:
            s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": as_list(tags)})
            made[f"arn:aws:s3:::{name}"] = of_list(s3.get_bucket_tagging(Bucket=name)["TagSet"])
        else:
            made[f"arn:aws:s3:::{name}"] = {}
    return made


def function(api: Api, region: str) -> Estate:
    role = api("iam").create_role(RoleName=f"r-{region}", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    client = api("lambda", region)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("x.py", "def f(e, c): pass")
    arns = [
        client.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Role=role,
            Handler="x.f",
            Code={"ZipFile": code.getvalue()},
            Tags=tags,
        )["FunctionArn"]
        for name, tags in (("plain", {}), ("tagged", TAGS))
    ]
    return {arn: client.list_tags(Resource=arn)["Tags"] for arn in arns}


def queue(api: Api, region: str) -> Estate:
    client = api("sqs", region)
    made = {}
    for name, tags in (("plain", {}), ("tagged", TAGS)):
        url = client.create_queue(QueueName=name, tags=tags)["QueueUrl"]
        arn = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        made[arn] = client.list_queue_tags(QueueUrl=url).get("Tags", {})
    return made


def table(api: Api, region: str) -> Estate:
    client = api("dynamodb", region)
    arns = [
        client.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            Tags=as_list(tags),
        )["TableDescription"]["TableArn"]
        for name, tags in (("plain", {}), ("tagged", TAGS))
    ]
    return {arn: of_list(client.list_tags_of_resource(ResourceArn=arn)["Tags"]) for arn in arns}


def repository(api: Api, region: str) -> Estate:
    client = api("ecr", region)
    arns = [
        client.create_repository(repositoryName=name, tags=as_list(tags))["repository"]["repositoryArn"]
        for name, tags in (("plain", {}), ("team/tagged", TAGS))
    ]
    return {arn: of_list(client.list_tags_for_resource(resourceArn=arn)["tags"]) for arn in arns}


def file_system(api: Api, region: str) -> Estate:
    client = api("efs", region)
    ids = [client.create_file_system(CreationToken=t, Tags=as_list(tags)) for t, tags in (("a", {}), ("b", TAGS))]
    return {
        each["FileSystemArn"]: of_list(client.list_tags_for_resource(ResourceId=each["FileSystemId"])["Tags"])
        for each in ids
    }


def lustre(api: Api, region: str) -> Estate:
    client = api("fsx", region)
    for kind, tags in (("LUSTRE", {}), ("LUSTRE", TAGS), ("WINDOWS", TAGS)):
        more = {"Tags": as_list(tags)} if tags else {}
        client.create_file_system(
            FileSystemType=kind, StorageCapacity=1200, SubnetIds=["subnet-0123456789abcdef0"], **more
        )
    return {
        each["ResourceARN"]: of_list(client.list_tags_for_resource(ResourceARN=each["ResourceARN"])["Tags"])
        for each in client.describe_file_systems()["FileSystems"]
        if each["FileSystemType"] == "LUSTRE"
    }


def domain(api: Api, region: str) -> Estate:
    client = api("opensearch", region)
    arns = [
        client.create_domain(DomainName=name, TagList=as_list(tags))["DomainStatus"]["ARN"]
        for name, tags in (("plain", {}), ("tagged", TAGS))
    ]
    return {arn: of_list(client.list_tags(ARN=arn)["TagList"]) for arn in arns}


def warehouse(api: Api, region: str) -> Estate:
    client = api("redshift", region)
    made = {}
    for name, tags in (("plain", {}), ("tagged", TAGS)):
        client.create_cluster(
            ClusterIdentifier=name,
            NodeType="ra3.xlplus",
            MasterUsername="admin",
            MasterUserPassword="Secret12345",
            Tags=as_list(tags),
        )
        arn = f"arn:aws:redshift:{region}:123456789012:cluster:{name}"
        made[arn] = {
            row["Tag"]["Key"]: row["Tag"]["Value"] for row in client.describe_tags(ResourceName=arn)["TaggedResources"]
        }
    return made


def database(api: Api, region: str) -> Estate:
    client = api("rds", region)
    arns = [
        client.create_db_instance(
            DBInstanceIdentifier=name, DBInstanceClass="db.t3.micro", Engine="postgres", Tags=as_list(tags)
        )["DBInstance"]["DBInstanceArn"]
        for name, tags in (("plain", {}), ("tagged", TAGS))
    ]
    return {arn: of_list(client.list_tags_for_resource(ResourceName=arn)["TagList"]) for arn in arns}


def database_cluster(api: Api, region: str) -> Estate:
    client = api("rds", region)
    arns = [
        client.create_db_cluster(
            DBClusterIdentifier=name,
            Engine="aurora-postgresql",
            MasterUsername="u",
            MasterUserPassword="Secret12345",
            Tags=as_list(tags),
        )["DBCluster"]["DBClusterArn"]
        for name, tags in (("plain", {}), ("tagged", TAGS))
    ]
    return {arn: of_list(client.list_tags_for_resource(ResourceName=arn)["TagList"]) for arn in arns}


def stream(api: Api, region: str) -> Estate:
    client = api("kinesis", region)
    for name in ("plain", "tagged"):
        client.create_stream(StreamName=name, ShardCount=1)
    client.add_tags_to_stream(StreamName="tagged", Tags=TAGS)
    return {
        client.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamARN"]: of_list(
            client.list_tags_for_stream(StreamName=name)["Tags"]
        )
        for name in ("plain", "tagged")
    }


def state_machine(api: Api, region: str) -> Estate:
    client = api("stepfunctions", region)
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    arns = [
        client.create_state_machine(name=name, definition=definition, roleArn=ROLE, tags=as_list(tags, "key", "value"))[
            "stateMachineArn"
        ]
        for name, tags in (("plain", {}), ("tagged", TAGS))
    ]
    return {arn: of_list(client.list_tags_for_resource(resourceArn=arn)["tags"], "key", "value") for arn in arns}


def log_group(api: Api, region: str) -> Estate:
    client = api("logs", region)
    client.create_log_group(logGroupName="/plain")
    client.create_log_group(logGroupName="/aws/lambda/tagged", tags=TAGS)
    return {
        f"arn:aws:logs:{region}:123456789012:log-group:{name}": client.list_tags_log_group(logGroupName=name)["tags"]
        for name in ("/plain", "/aws/lambda/tagged")
    }


def glue_job(api: Api, region: str) -> Estate:
    client = api("glue", region)
    made = {}
    for name, tags in (("plain", {}), ("tagged", TAGS)):
        client.create_job(Name=name, Role=ROLE, Command={"Name": "glueetl"}, Tags=tags)
        arn = f"arn:aws:glue:{region}:123456789012:job/{name}"
        made[arn] = client.get_tags(ResourceArn=arn)["Tags"]
    return made


def emr_cluster(api: Api, region: str) -> Estate:
    client = api("emr", region)
    ids = [
        client.run_job_flow(
            Name=name,
            Instances={
                "InstanceGroups": [
                    {"InstanceRole": "MASTER", "InstanceType": "m5.xlarge", "InstanceCount": 1},
                    {"InstanceRole": "CORE", "InstanceType": "g5.xlarge", "InstanceCount": 1},
                ],
                "KeepJobFlowAliveWhenNoSteps": True,
            },
            JobFlowRole="r",
            ServiceRole="r",
            Tags=as_list(tags),
        )["JobFlowId"]
        for name, tags in (("plain", {}), ("tagged", TAGS), ("over", TAGS))
    ]
    client.terminate_job_flows(JobFlowIds=[ids.pop()])
    found = [client.describe_cluster(ClusterId=each)["Cluster"] for each in ids]
    return {each["ClusterArn"]: of_list(each["Tags"]) for each in found}


def vector_bucket(api: Api, region: str) -> Estate:
    client = api("s3vectors", region)
    for name in ("plain-one", "plain-two"):
        client.create_vector_bucket(vectorBucketName=name)
    return {each["vectorBucketArn"]: {} for each in client.list_vector_buckets()["vectorBuckets"]}


def _sagemaker(make: Callable[[Any, str, list[dict[str, str]]], str]) -> Callable[[Api, str], Estate]:
    def maker(api: Api, region: str) -> Estate:
        client = api("sagemaker", region)
        arns = [make(client, name, as_list(tags)) for name, tags in (("plain", {}), ("tagged", TAGS))]
        return {arn: of_list(client.list_tags(ResourceArn=arn)["Tags"]) for arn in arns}

    return maker


def _model(client: Any, name: str, tags: list[dict[str, str]]) -> str:
    return str(
        client.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=IMAGE, Tags=tags)["ModelArn"]
    )


def _config(client: Any, name: str, tags: list[dict[str, str]]) -> str:
    _model(client, f"m-{name}", [])
    variant = {"VariantName": "a", "ModelName": f"m-{name}", "InitialInstanceCount": 1, "InitialVariantWeight": 1}
    made = client.create_endpoint_config(
        EndpointConfigName=name, ProductionVariants=[{**variant, "InstanceType": "ml.p3.2xlarge"}], Tags=tags
    )
    return str(made["EndpointConfigArn"])


def _endpoint(client: Any, name: str, tags: list[dict[str, str]]) -> str:
    _config(client, f"c-{name}", [])
    return str(client.create_endpoint(EndpointName=name, EndpointConfigName=f"c-{name}", Tags=tags)["EndpointArn"])


def _notebook(client: Any, name: str, tags: list[dict[str, str]]) -> str:
    made = client.create_notebook_instance(
        NotebookInstanceName=name, InstanceType="ml.p3.2xlarge", RoleArn=ROLE, Tags=tags
    )
    return str(made["NotebookInstanceArn"])


def _training(client: Any, name: str, tags: list[dict[str, str]]) -> str:
    made = client.create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={"TrainingImage": IMAGE["Image"], "TrainingInputMode": "File"},
        RoleArn=ROLE,
        OutputDataConfig={"S3OutputPath": "s3://out/x"},
        ResourceConfig={"InstanceType": "ml.p5.48xlarge", "InstanceCount": 1, "VolumeSizeInGB": 10},
        StoppingCondition={"MaxRuntimeInSeconds": 60},
        Tags=tags,
    )
    return str(made["TrainingJobArn"])


def _processing(client: Any, name: str, tags: list[dict[str, str]]) -> str:
    made = client.create_processing_job(
        ProcessingJobName=name,
        AppSpecification={"ImageUri": IMAGE["Image"]},
        RoleArn=ROLE,
        ProcessingResources={
            "ClusterConfig": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 10}
        },
        Tags=tags,
    )
    return str(made["ProcessingJobArn"])


def _domain(client: Any, name: str, tags: list[dict[str, str]]) -> str:
    made = client.create_domain(
        DomainName=name,
        AuthMode="IAM",
        DefaultUserSettings={
            "ExecutionRole": ROLE,
            "JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}},
        },
        SubnetIds=["subnet-0123456789abcdef0"],
        VpcId="vpc-1",
        Tags=tags,
    )
    return str(made["DomainArn"])


def _pipeline(client: Any, name: str, tags: list[dict[str, str]]) -> str:
    made = client.create_pipeline(
        PipelineName=name,
        PipelineDefinition=json.dumps({"Version": "x", "Steps": []}),
        ClientRequestToken="t" * 32,
        RoleArn=ROLE,
        Tags=tags,
    )
    return str(made["PipelineArn"])


def hyperpod(api: Api, region: str) -> Estate:
    client = api("sagemaker", region)
    group = {
        "InstanceCount": 2,
        "InstanceGroupName": "g",
        "InstanceType": "ml.p5.48xlarge",
        "LifeCycleConfig": {"SourceS3Uri": "s3://sagemaker-x", "OnCreate": "x.sh"},
        "ExecutionRole": ROLE,
    }
    for name, tags in (("plain", {}), ("tagged", TAGS)):
        with suppress(ClientError):  # moto makes the cluster, and then stumbles over its own answer
            client.create_cluster(ClusterName=name, InstanceGroups=[group], Tags=as_list(tags))
    arns = [each["ClusterArn"] for each in client.list_clusters()["ClusterSummaries"]]
    return {arn: of_list(client.list_tags(ResourceArn=arn)["Tags"]) for arn in arns}


def custom_model(api: Api, region: str) -> Estate:
    client = api("bedrock", region)
    api("s3", region).create_bucket(Bucket="training")
    for name, tags in (("plain", {}), ("tagged", TAGS)):
        client.create_model_customization_job(
            jobName=f"job-{name}",
            customModelName=name,
            roleArn=ROLE,
            baseModelIdentifier="amazon.titan-text-express-v1",
            trainingDataConfig={"s3Uri": "s3://training/x"},
            outputDataConfig={"s3Uri": "s3://training/y"},
            hyperParameters={"epochCount": "1"},
            customModelTags=as_list(tags, "key", "value"),
        )
    arns = [each["modelArn"] for each in client.list_custom_models()["modelSummaries"]]
    return {arn: of_list(client.list_tags_for_resource(resourceARN=arn)["tags"], "key", "value") for arn in arns}


def agent(api: Api, region: str) -> Estate:
    client = api("bedrock-agent", region)
    arns = [
        client.create_agent(agentName=name, agentResourceRoleArn=ROLE, tags=tags)["agent"]["agentArn"]
        for name, tags in (("plain", {}), ("tagged", TAGS))
    ]
    return {arn: client.list_tags_for_resource(resourceArn=arn)["tags"] for arn in arns}


def knowledge_base(api: Api, region: str) -> Estate:
    client = api("bedrock-agent", region)
    arns = [
        client.create_knowledge_base(
            name=name,
            roleArn=ROLE,
            knowledgeBaseConfiguration={
                "type": "VECTOR",
                "vectorKnowledgeBaseConfiguration": {
                    "embeddingModelArn": "arn:aws:bedrock:us-east-1::foundation-model/x"
                },
            },
            storageConfiguration={
                "type": "OPENSEARCH_SERVERLESS",
                "opensearchServerlessConfiguration": {
                    "collectionArn": "arn:aws:aoss:us-east-1:123456789012:collection/abcdefghij0123456789",
                    "vectorIndexName": "i",
                    "fieldMapping": {"vectorField": "v", "textField": "t", "metadataField": "m"},
                },
            },
            tags=tags,
        )["knowledgeBase"]["knowledgeBaseArn"]
        for name, tags in (("plain", {}), ("tagged", TAGS))
    ]
    return {arn: client.list_tags_for_resource(resourceArn=arn)["tags"] for arn in arns}


SEEDS: Mapping[str, Callable[[Api, str], Estate]] = {
    "aws_s3_bucket": bucket,
    "aws_lambda_function": function,
    "aws_sqs_queue": queue,
    "aws_dynamodb_table": table,
    "aws_ecr_repository": repository,
    "aws_efs_file_system": file_system,
    "aws_fsx_lustre_file_system": lustre,
    "aws_opensearch_domain": domain,
    "aws_redshift_cluster": warehouse,
    "aws_db_instance": database,
    "aws_rds_cluster": database_cluster,
    "aws_kinesis_stream": stream,
    "aws_sfn_state_machine": state_machine,
    "aws_cloudwatch_log_group": log_group,
    "aws_glue_job": glue_job,
    "aws_emr_cluster": emr_cluster,
    "aws_s3vectors_vector_bucket": vector_bucket,
    "aws_sagemaker_model": _sagemaker(_model),
    "aws_sagemaker_endpoint_configuration": _sagemaker(_config),
    "aws_sagemaker_endpoint": _sagemaker(_endpoint),
    "aws_sagemaker_notebook_instance": _sagemaker(_notebook),
    "aws_sagemaker_training_job": _sagemaker(_training),
    "AWS::SageMaker::ProcessingJob": _sagemaker(_processing),
    "aws_sagemaker_domain": _sagemaker(_domain),
    "aws_sagemaker_pipeline": _sagemaker(_pipeline),
    "AWS::SageMaker::Cluster": hyperpod,
    "aws_bedrock_custom_model": custom_model,
    "aws_bedrockagent_agent": agent,
    "aws_bedrockagent_knowledge_base": knowledge_base,
}
