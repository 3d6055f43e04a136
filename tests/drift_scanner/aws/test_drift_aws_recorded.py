"""Types that moto does not have, against recorded pages: paging, further calls, tags, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.drift_scanner.aws.recorded import ANY, Call, recorded

from tagwright_dictionary.model import Unknown
from tagwright_drift.cells import GLOBAL, Cell, CellState
from tagwright_drift.inventories.aws.registry import listers
from tagwright_drift.inventories.contract import CellTrouble
from tagwright_drift.live import LiveResource

ACCOUNT = "123456789012"
THEN = datetime(2026, 11, 1, 8, tzinfo=UTC)
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
BEDROCK = f"arn:aws:bedrock:us-east-1:{ACCOUNT}"
CORE = f"arn:aws:bedrock-agentcore:us-east-1:{ACCOUNT}"
SAGEMAKER = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}"


def read(type_: str, *script: Call, sweep: Any = None) -> list[LiveResource]:
    site, clients = recorded(*script, sweep=sweep)
    lister = listers()[type_]
    cell = Cell(ACCOUNT, GLOBAL if lister.kind == "global" else "us-east-1", type_)
    found = [each for page in lister.read(site, cell, NOW) for each in page.resources]
    for name, stubber in clients.stubbers.items():
        if name != "resourcegroupstaggingapi":
            stubber.assert_no_pending_responses()
    return found


def told(found: Sequence[LiveResource]) -> dict[str, Any]:
    """ARN to tags, or to the cause that they are not known."""
    return {
        each.resource.address: {tag.key: tag.value for tag in each.resource.tags.items}
        if each.resource.tags.complete
        else each.resource.tags.cause.cause
        for each in found
    }


def gpu(live: LiveResource) -> bool | str:
    """Whether it is an accelerator, or why that is not known."""
    possible = dict(live.resource.classes.possible)
    return possible["gpu"].cause if "gpu" in possible else "gpu" in live.resource.classes.certain


# type, script, what is to come of it. Lists come in two pages; the second resource of each is unknown to the sweep.
SIMPLE = [
    (
        "aws_bedrock_inference_profile",
        "bedrock",
        "list_inference_profiles",
        {"typeEquals": "APPLICATION"},
        "inferenceProfileSummaries",
        lambda n: {
            "inferenceProfileName": f"p{n}",
            "inferenceProfileArn": f"{BEDROCK}:application-inference-profile/{n}",
            "inferenceProfileId": str(n),
            "models": [{"modelArn": "arn:aws:bedrock:us-east-1::foundation-model/x"}],
            "status": "ACTIVE",
            "type": "APPLICATION",
            "createdAt": THEN,
        },
        f"{BEDROCK}:application-inference-profile/",
        ("list_tags_for_resource", "resourceARN", "tags", "list"),
    ),
    (
        "aws_bedrock_provisioned_model_throughput",
        "bedrock",
        "list_provisioned_model_throughputs",
        {},
        "provisionedModelSummaries",
        lambda n: {
            "provisionedModelName": f"p{n}",
            "provisionedModelArn": f"{BEDROCK}:provisioned-model/abcdefghij{n}2",
            "modelArn": f"{BEDROCK}:custom-model/amazon.titan-text-express-v1:0:8k/abcdefghijkl",
            "desiredModelArn": f"{BEDROCK}:custom-model/amazon.titan-text-express-v1:0:8k/abcdefghijkl",
            "foundationModelArn": "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-text-express-v1:0:8k",
            "modelUnits": 1,
            "desiredModelUnits": 1,
            "status": "InService",
            "creationTime": THEN,
            "lastModifiedTime": THEN,
        },
        f"{BEDROCK}:provisioned-model/abcdefghij",
        ("list_tags_for_resource", "resourceARN", "tags", "list"),
    ),
    (
        "aws_bedrock_guardrail",
        "bedrock",
        "list_guardrails",
        {},
        "guardrails",
        lambda n: {
            "id": f"g{n}",
            "arn": f"{BEDROCK}:guardrail/{n}",
            "status": "READY",
            "name": f"p{n}",
            "version": "DRAFT",
            "createdAt": THEN,
            "updatedAt": THEN,
        },
        f"{BEDROCK}:guardrail/",
        ("list_tags_for_resource", "resourceARN", "tags", "list"),
    ),
    (
        "aws_bedrockagent_flow",
        "bedrock-agent",
        "list_flows",
        {},
        "flowSummaries",
        lambda n: {
            "name": f"p{n}",
            "id": f"FLOW12345{n}",
            "arn": f"{BEDROCK}:flow/FLOW12345{n}",
            "status": "Prepared",
            "createdAt": THEN,
            "updatedAt": THEN,
            "version": "DRAFT",
        },
        f"{BEDROCK}:flow/FLOW12345",
        ("list_tags_for_resource", "resourceArn", "tags", "map"),
    ),
    (
        "aws_bedrockagent_prompt",
        "bedrock-agent",
        "list_prompts",
        {},
        "promptSummaries",
        lambda n: {
            "name": f"p{n}",
            "id": f"PROMPT123{n}",
            "arn": f"{BEDROCK}:prompt/PROMPT123{n}",
            "version": "DRAFT",
            "createdAt": THEN,
            "updatedAt": THEN,
        },
        f"{BEDROCK}:prompt/PROMPT123",
        ("list_tags_for_resource", "resourceArn", "tags", "map"),
    ),
    (
        "aws_bedrockagentcore_agent_runtime",
        "bedrock-agentcore-control",
        "list_agent_runtimes",
        {},
        "agentRuntimes",
        lambda n: {
            "agentRuntimeArn": f"{CORE}:runtime/r{n}-abcdefghij",
            "agentRuntimeId": f"r{n}-abcdefghij",
            "agentRuntimeVersion": "1",
            "agentRuntimeName": f"p{n}",
            "description": "x",
            "lastUpdatedAt": THEN,
            "status": "READY",
        },
        f"{CORE}:runtime/r{{n}}-abcdefghij",
        ("list_tags_for_resource", "resourceArn", "tags", "map"),
    ),
    (
        "aws_bedrockagentcore_gateway",
        "bedrock-agentcore-control",
        "list_gateways",
        {},
        "items",
        lambda n: {
            "gatewayId": f"g{n}",
            "name": f"p{n}",
            "status": "READY",
            "createdAt": THEN,
            "updatedAt": THEN,
            "authorizerType": "NONE",
            "protocolType": "MCP",
        },
        f"{CORE}:gateway/g",
        ("list_tags_for_resource", "resourceArn", "tags", "map"),
    ),
    (
        "aws_bedrockagentcore_browser",
        "bedrock-agentcore-control",
        "list_browsers",
        {"type": "CUSTOM"},
        "browserSummaries",
        lambda n: {
            "browserId": f"b{n}",
            "browserArn": f"{CORE}:browser-custom/b{n}",
            "name": f"p{n}",
            "status": "READY",
            "createdAt": THEN,
        },
        f"{CORE}:browser-custom/b",
        ("list_tags_for_resource", "resourceArn", "tags", "map"),
    ),
    (
        "aws_bedrockagentcore_code_interpreter",
        "bedrock-agentcore-control",
        "list_code_interpreters",
        {"type": "CUSTOM"},
        "codeInterpreterSummaries",
        lambda n: {
            "codeInterpreterId": f"c{n}",
            "codeInterpreterArn": f"{CORE}:code-interpreter-custom/c{n}",
            "name": f"p{n}",
            "status": "READY",
            "createdAt": THEN,
        },
        f"{CORE}:code-interpreter-custom/c",
        ("list_tags_for_resource", "resourceArn", "tags", "map"),
    ),
    (
        "aws_sagemaker_feature_group",
        "sagemaker",
        "list_feature_groups",
        {"MaxResults": 100},
        "FeatureGroupSummaries",
        lambda n: {
            "FeatureGroupName": f"p{n}",
            "FeatureGroupArn": f"{SAGEMAKER}:feature-group/p{n}",
            "CreationTime": THEN,
        },
        f"{SAGEMAKER}:feature-group/p",
        ("list_tags", "ResourceArn", "Tags", "List"),
    ),
    (
        "aws_sagemaker_mlflow_tracking_server",
        "sagemaker",
        "list_mlflow_tracking_servers",
        {"MaxResults": 100},
        "TrackingServerSummaries",
        lambda n: {
            "TrackingServerName": f"p{n}",
            "TrackingServerArn": f"{SAGEMAKER}:mlflow-tracking-server/p{n}",
            "CreationTime": THEN,
        },
        f"{SAGEMAKER}:mlflow-tracking-server/p",
        ("list_tags", "ResourceArn", "Tags", "List"),
    ),
    (
        "aws_opensearchserverless_collection",
        "opensearchserverless",
        "list_collections",
        {"maxResults": 100},
        "collectionSummaries",
        lambda n: {
            "id": f"id{n}",
            "name": f"ppp{n}",
            "status": "ACTIVE",
            "arn": f"arn:aws:aoss:us-east-1:{ACCOUNT}:collection/id{n}",
        },
        f"arn:aws:aoss:us-east-1:{ACCOUNT}:collection/id",
        ("list_tags_for_resource", "resourceArn", "tags", "list"),
    ),
    (
        "aws_emrserverless_application",
        "emr-serverless",
        "list_applications",
        {"maxResults": 50},
        "applications",
        lambda n: {
            "id": f"id{n}",
            "name": f"p{n}",
            "arn": f"arn:aws:emr-serverless:us-east-1:{ACCOUNT}:/applications/0000000000{n}",
            "releaseLabel": "emr-7.0.0",
            "type": "Spark",
            "state": "STARTED",
            "createdAt": THEN,
            "updatedAt": THEN,
        },
        f"arn:aws:emr-serverless:us-east-1:{ACCOUNT}:/applications/0000000000",
        ("list_tags_for_resource", "resourceArn", "tags", "map"),
    ),
    (
        "aws_kendra_index",
        "kendra",
        "list_indices",
        {"MaxResults": 100},
        "IndexConfigurationSummaryItems",
        lambda n: {
            "Name": f"p{n}",
            "Id": f"01234567890123456789012345678901234{n}",
            "CreatedAt": THEN,
            "UpdatedAt": THEN,
            "Status": "ACTIVE",
        },
        f"arn:aws:kendra:us-east-1:{ACCOUNT}:index/01234567890123456789012345678901234",
        ("list_tags_for_resource", "ResourceARN", "Tags", "List"),
    ),
    (
        "aws_s3tables_table_bucket",
        "s3tables",
        "list_table_buckets",
        {"type": "customer"},
        "tableBuckets",
        lambda n: {
            "arn": f"arn:aws:s3tables:us-east-1:{ACCOUNT}:bucket/ppp{n}",
            "name": f"ppp{n}",
            "ownerAccountId": ACCOUNT,
            "createdAt": THEN,
            "tableBucketId": f"id{n}",
            "type": "customer",
        },
        f"arn:aws:s3tables:us-east-1:{ACCOUNT}:bucket/ppp",
        ("list_tags_for_resource", "resourceArn", "tags", "map"),
    ),
    (
        "aws_s3vectors_vector_bucket",
        "s3vectors",
        "list_vector_buckets",
        {},
        "vectorBuckets",
        lambda n: {
            "vectorBucketName": f"ppp{n}",
            "vectorBucketArn": f"arn:aws:s3vectors:us-east-1:{ACCOUNT}:bucket/ppp{n}",
            "creationTime": THEN,
        },
        f"arn:aws:s3vectors:us-east-1:{ACCOUNT}:bucket/ppp",
        ("list_tags_for_resource", "resourceArn", "tags", "map"),
    ),
]
TOKENS = {"sagemaker": "NextToken", "kendra": "NextToken", "s3tables": "continuationToken"}
SHAPES = {
    "map": {"owner": "b", "aws:created-by": "x"},
    "list": [{"key": "owner", "value": "b"}, {"key": "aws:created-by", "value": "x"}],
    "List": [{"Key": "owner", "Value": "b"}, {"Key": "aws:created-by", "Value": "x"}],
}


@pytest.mark.parametrize("case", SIMPLE, ids=lambda case: case[0])
def test_two_pages_the_sweep_and_the_native_read(case: tuple[Any, ...]) -> None:
    type_, service, method, arguments, result, make, stem, (tag_method, argument, tag_result, shape) = case
    token = TOKENS.get(service, "nextToken")
    arns = [stem.format(n=n) if "{n}" in stem else f"{stem}{n}" for n in (1, 2)]
    if type_ == "aws_bedrock_provisioned_model_throughput":
        arns = [f"{arn}2" for arn in arns]
    found = read(
        type_,
        Call(service, method, arguments, {result: [make(1)], token: "more"}),
        Call(service, method, {**arguments, token: "more"}, {result: [make(2)]}),
        Call(service, tag_method, {argument: arns[1]}, {tag_result: SHAPES[shape]}),
        sweep={arns[0]: {"owner": "a"}},
    )
    assert told(found) == {arns[0]: {"owner": "a"}, arns[1]: {"owner": "b"}}
    names = [make(n).get("name") or make(n).get("Name") or f"p{n}" for n in (1, 2)]
    if type_ == "aws_s3vectors_vector_bucket":
        names = ["ppp1", "ppp2"]
    assert [each.name for each in found] == names
    assert all(each.created in (THEN, None) for each in found)


def test_apps_of_people_and_of_spaces_and_those_that_are_gone() -> None:
    app = {"DomainId": "d-1", "AppType": "JupyterLab", "CreationTime": THEN}
    rows = [
        {
            **app,
            "UserProfileName": "ada",
            "AppName": "one",
            "Status": "InService",
            "ResourceSpec": {"InstanceType": "ml.g5.xlarge"},
        },
        {
            **app,
            "SpaceName": "lab",
            "AppName": "two",
            "Status": "InService",
            "ResourceSpec": {"InstanceType": "ml.t3.medium"},
        },
        {**app, "UserProfileName": "bob", "AppName": "old", "Status": "Deleted"},
    ]
    found = read(
        "aws_sagemaker_app",
        Call("sagemaker", "list_apps", {"MaxResults": 100}, {"Apps": rows}),
        Call(
            "sagemaker",
            "describe_app",
            {"DomainId": "d-1", "UserProfileName": "ada", "AppType": "JupyterLab", "AppName": "one"},
            {"AppArn": f"{SAGEMAKER}:app/d-1/ada/jupyterlab/one"},
        ),
        Call(
            "sagemaker",
            "describe_app",
            {"DomainId": "d-1", "SpaceName": "lab", "AppType": "JupyterLab", "AppName": "two"},
            {"AppArn": f"{SAGEMAKER}:app/d-1/lab/jupyterlab/two"},
        ),
        Call("sagemaker", "list_tags", {"ResourceArn": f"{SAGEMAKER}:app/d-1/ada/jupyterlab/one"}, {"Tags": []}),
        Call(
            "sagemaker",
            "list_tags",
            {"ResourceArn": f"{SAGEMAKER}:app/d-1/lab/jupyterlab/two"},
            {"Tags": [], "NextToken": "t"},
        ),
        Call(
            "sagemaker",
            "list_tags",
            {"ResourceArn": f"{SAGEMAKER}:app/d-1/lab/jupyterlab/two", "NextToken": "t"},
            {"Tags": [{"Key": "owner", "Value": "a"}]},
        ),
    )
    assert told(found) == {
        f"{SAGEMAKER}:app/d-1/ada/jupyterlab/one": {},
        f"{SAGEMAKER}:app/d-1/lab/jupyterlab/two": {"owner": "a"},
    }
    assert [gpu(each) for each in found] == [True, False]


def test_without_the_call_that_names_it_an_app_is_not_seen_and_the_cell_says_so() -> None:
    app = {
        "DomainId": "d-1",
        "AppType": "JupyterLab",
        "UserProfileName": "ada",
        "AppName": "one",
        "Status": "InService",
    }
    site, _ = recorded(
        Call("sagemaker", "list_apps", answer={"Apps": [app]}),
        Call("sagemaker", "describe_app", error="AccessDeniedException"),
    )
    pages = listers()["aws_sagemaker_app"].read(site, Cell(ACCOUNT, "us-east-1", "aws_sagemaker_app"), NOW)
    assert next(pages).resources == ()
    with pytest.raises(CellTrouble) as caught:
        next(pages)
    assert caught.value.state is CellState.PARTIAL
    assert "sagemaker:DescribeApp" in caught.value.reason


ENDPOINT = {
    "EndpointName": "e",
    "EndpointArn": f"{SAGEMAKER}:endpoint/e",
    "CreationTime": THEN,
    "LastModifiedTime": THEN,
    "EndpointStatus": "InService",
}
LIST = Call("sagemaker", "list_endpoints", {"MaxResults": 100}, {"Endpoints": [ENDPOINT]})
DESCRIBE = Call("sagemaker", "describe_endpoint", {"EndpointName": "e"}, {**ENDPOINT, "EndpointConfigName": "c"})
UNTAGGED = Call("sagemaker", "list_tags", {"ResourceArn": ENDPOINT["EndpointArn"]}, {"Tags": []})


def variants(*types: str) -> dict[str, Any]:
    return {
        "EndpointConfigName": "c",
        "EndpointConfigArn": f"{SAGEMAKER}:endpoint-config/c",
        "CreationTime": THEN,
        "ProductionVariants": [{"VariantName": f"v{at}", "InstanceType": each} for at, each in enumerate(types)],
    }


@pytest.mark.parametrize(
    ("types", "accelerated"),
    [
        (["ml.m5.large"], False),
        (["ml.m5.large", "ml.inf2.xlarge"], True),
        (["ml.p6e-gb200.36xlarge"], True),
    ],
)
def test_an_endpoint_is_what_its_configuration_runs(types: list[str], accelerated: bool) -> None:
    config = Call("sagemaker", "describe_endpoint_config", {"EndpointConfigName": "c"}, variants(*types))
    (found,) = read("aws_sagemaker_endpoint", LIST, DESCRIBE, config, UNTAGGED)
    assert gpu(found) is accelerated
    assert told([found]) == {ENDPOINT["EndpointArn"]: {}}


def test_an_endpoint_may_outlive_its_configuration() -> None:
    """AWS lets the configuration of a running endpoint be deleted: then nobody knows, and the cell is whole."""
    gone = Call("sagemaker", "describe_endpoint_config", {"EndpointConfigName": "c"}, error="ValidationException")
    (found,) = read("aws_sagemaker_endpoint", LIST, DESCRIBE, gone, UNTAGGED)
    assert "ValidationException" in str(gpu(found))


def test_an_endpoint_whose_configuration_is_refused_leaves_the_cell_partial() -> None:
    site, _ = recorded(
        LIST, DESCRIBE, Call("sagemaker", "describe_endpoint_config", error="AccessDeniedException"), UNTAGGED
    )
    pages = listers()["aws_sagemaker_endpoint"].read(site, Cell(ACCOUNT, "us-east-1", "aws_sagemaker_endpoint"), NOW)
    (found,) = next(pages).resources
    assert "sagemaker:DescribeEndpointConfig" in str(gpu(found))
    with pytest.raises(CellTrouble, match="DescribeEndpointConfig") as caught:
        next(pages)
    assert caught.value.state is CellState.PARTIAL


def test_running_jobs_and_those_of_the_last_days_count_once() -> None:
    def job(name: str) -> dict[str, Any]:
        return {
            "TrainingJobName": name,
            "TrainingJobArn": f"{SAGEMAKER}:training-job/{name}",
            "CreationTime": THEN,
            "TrainingJobStatus": "InProgress",
        }

    def described(name: str, **resources: Any) -> Call:
        answer = {
            **job(name),
            "ModelArtifacts": {"S3ModelArtifacts": "s3://x"},
            "SecondaryStatus": "Training",
            "AlgorithmSpecification": {"TrainingInputMode": "File"},
            "ResourceConfig": {"VolumeSizeInGB": 1, **resources},
            "StoppingCondition": {},
        }
        return Call("sagemaker", "describe_training_job", {"TrainingJobName": name}, answer)

    found = read(
        "aws_sagemaker_training_job",
        Call(
            "sagemaker",
            "list_training_jobs",
            {"StatusEquals": "InProgress", "MaxResults": 100},
            {"TrainingJobSummaries": [job("long"), job("new")]},
        ),
        described("long", InstanceType="ml.p5.48xlarge", InstanceCount=1),
        described(
            "new",
            InstanceGroups=[
                {"InstanceType": "ml.m5.large", "InstanceCount": 1, "InstanceGroupName": "a"},
                {"InstanceType": "ml.trn1.2xlarge", "InstanceCount": 1, "InstanceGroupName": "b"},
            ],
        ),
        Call(
            "sagemaker",
            "list_training_jobs",
            {"LastModifiedTimeAfter": datetime(2026, 11, 18, 12, tzinfo=UTC), "MaxResults": 100},
            {"TrainingJobSummaries": [job("new"), job("done")]},
        ),
        described("new", InstanceType="ml.m5.large", InstanceCount=1),
        described("done", InstanceType="ml.m5.large", InstanceCount=1),
        sweep={f"{SAGEMAKER}:training-job/{name}": {"owner": name} for name in ("long", "new", "done")},
    )
    assert told(found) == {f"{SAGEMAKER}:training-job/{name}": {"owner": name} for name in ("long", "new", "done")}
    assert [gpu(each) for each in found] == [True, True, False]


def test_instance_fleets_of_emr() -> None:
    cluster = {
        "Id": "j-1",
        "Name": "spark",
        "ClusterArn": f"arn:aws:elasticmapreduce:us-east-1:{ACCOUNT}:cluster/j-1",
        "Status": {"State": "RUNNING", "Timeline": {"CreationDateTime": THEN}},
    }
    found = read(
        "aws_emr_cluster",
        Call("emr", "list_clusters", {"ClusterStates": ANY}, {"Clusters": [cluster]}),
        Call(
            "emr",
            "describe_cluster",
            {"ClusterId": "j-1"},
            {
                "Cluster": {
                    **cluster,
                    "InstanceCollectionType": "INSTANCE_FLEET",
                    "Tags": [{"Key": "owner", "Value": "a"}],
                }
            },
        ),
        Call(
            "emr",
            "list_instance_fleets",
            {"ClusterId": "j-1"},
            {
                "InstanceFleets": [
                    {"InstanceFleetType": "TASK", "InstanceTypeSpecifications": [{"InstanceType": "g5.xlarge"}]}
                ]
            },
        ),
    )
    assert told(found) == {cluster["ClusterArn"]: {"owner": "a"}}
    assert [(each.created, each.incarnation, gpu(each)) for each in found] == [(THEN, "j-1", True)]


def test_buckets_page_by_page_with_their_regions() -> None:
    """moto cuts S3's pages off without a token, and names no regions."""
    here = Call(
        "s3",
        "list_buckets",
        {"MaxBuckets": 10000},
        {"Buckets": [{"Name": "one", "CreationDate": THEN, "BucketRegion": "us-east-1"}], "ContinuationToken": "t"},
    )
    there = Call(
        "s3",
        "list_buckets",
        {"MaxBuckets": 10000, "ContinuationToken": "t"},
        {"Buckets": [{"Name": "two", "CreationDate": THEN, "BucketRegion": "us-east-1"}]},
    )
    found = read(
        "aws_s3_bucket",
        here,
        Call("s3", "get_bucket_tagging", {"Bucket": "one"}, error="NoSuchTagSet"),
        there,
        Call("s3", "get_bucket_tagging", {"Bucket": "two"}, error="AccessDenied"),
    )
    assert told(found) == {"arn:aws:s3:::one": {}, "arn:aws:s3:::two": "AccessDenied for s3:GetBucketTagging"}
    assert [each.region for each in found] == ["us-east-1", "us-east-1"]
    assert [(each.created, each.incarnation) for each in found] == [(THEN, "")] * 2


def test_directory_buckets_by_their_name() -> None:
    name = "data--use1-az4--x-s3"
    arn = f"arn:aws:s3express:us-east-1:{ACCOUNT}:bucket/{name}"
    found = read(
        "aws_s3_directory_bucket",
        Call(
            "s3",
            "list_directory_buckets",
            {},
            {"Buckets": [{"Name": name, "CreationDate": THEN}, {"Name": "plain", "CreationDate": THEN}]},
        ),
        Call(
            "s3control",
            "list_tags_for_resource",
            {"AccountId": ACCOUNT, "ResourceArn": arn},
            {"Tags": [{"Key": "owner", "Value": "a"}]},
        ),
    )
    assert told(found) == {arn: {"owner": "a"}}
    assert [(each.created, each.incarnation) for each in found] == [(THEN, "")]


@pytest.mark.parametrize(
    "error", ["AccessDeniedException", "ThrottlingException", "ResourceNotFoundException", "InternalServerException"]
)
def test_tags_that_cannot_be_read_are_unknown_and_never_none(error: str) -> None:
    arn = f"{BEDROCK}:guardrail/1"
    row = {
        "id": "g",
        "arn": arn,
        "status": "READY",
        "name": "g",
        "version": "DRAFT",
        "createdAt": THEN,
        "updatedAt": THEN,
    }
    site, _ = recorded(
        Call("bedrock", "list_guardrails", answer={"guardrails": [row]}),
        Call("bedrock", "list_tags_for_resource", error=error),
    )
    (page,) = listers()["aws_bedrock_guardrail"].read(site, Cell(ACCOUNT, "us-east-1", "aws_bedrock_guardrail"), NOW)
    (live,) = page.resources
    assert page.unread == 1
    assert not live.resource.tags.complete
    assert isinstance(live.resource.tags.cause, Unknown)
    assert page.why == live.resource.tags.cause.cause
    assert error in page.why


def test_a_stream_with_more_tags_than_were_given_is_unknown() -> None:
    site, _ = recorded(
        Call("kinesis", "list_streams", answer={"StreamNames": ["s"], "HasMoreStreams": False}),
        Call("kinesis", "list_tags_for_stream", answer={"Tags": [{"Key": "a", "Value": "b"}], "HasMoreTags": True}),
    )
    (page,) = listers()["aws_kinesis_stream"].read(site, Cell(ACCOUNT, "us-east-1", "aws_kinesis_stream"), NOW)
    assert (page.unread, page.resources[0].resource.tags.complete) == (1, False)


def test_a_row_without_an_arn_is_an_error() -> None:
    site, _ = recorded(Call("fsx", "describe_file_systems", answer={"FileSystems": [{"FileSystemType": "LUSTRE"}]}))
    with pytest.raises(CellTrouble) as caught:
        list(
            listers()["aws_fsx_lustre_file_system"].read(
                site, Cell(ACCOUNT, "us-east-1", "aws_fsx_lustre_file_system"), NOW
            )
        )
    assert caught.value.state is CellState.ERROR


def test_one_row_that_makes_no_sense_does_not_hide_the_others() -> None:
    """Recorded in an older account: file systems without their ARN, a stream of rows with one that has no name."""
    rows = [
        {
            "OwnerId": ACCOUNT,
            "CreationToken": f"t{n}",
            "FileSystemId": f"fs-{n}",
            "CreationTime": THEN,
            "LifeCycleState": "available",
            "NumberOfMountTargets": 0,
            "SizeInBytes": {"Value": 0},
            "PerformanceMode": "generalPurpose",
            "Tags": [{"Key": "owner", "Value": "a@b.example"}],
        }
        for n in (1, 2)
    ]
    found = read("aws_efs_file_system", Call("efs", "describe_file_systems", answer={"FileSystems": rows}))
    assert told(found) == {
        f"arn:aws:elasticfilesystem:us-east-1:{ACCOUNT}:file-system/fs-{n}": {"owner": "a@b.example"} for n in (1, 2)
    }

    site, _ = recorded(
        Call(
            "rds",
            "describe_db_clusters",
            answer={
                "DBClusters": [
                    {"DBClusterIdentifier": "creating"},
                    {"DBClusterIdentifier": "c", "DBClusterArn": f"arn:aws:rds:us-east-1:{ACCOUNT}:cluster:c"},
                ]
            },
        )
    )
    pages = listers()["aws_rds_cluster"].read(site, Cell(ACCOUNT, "us-east-1", "aws_rds_cluster"), NOW)
    assert [each.name for each in next(pages).resources] == ["c"]
    with pytest.raises(CellTrouble, match="a row of rds:DescribeDBClusters has no ARN or name") as met:
        next(pages)
    assert met.value.state is CellState.PARTIAL
