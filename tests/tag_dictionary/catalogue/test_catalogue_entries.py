"""The curated entries: complete where it matters, consistent with the generated tables."""

# ruff: noqa: E501 - one type a line

from __future__ import annotations

import pytest

from tagwright_dictionary.catalogue import entries, entry, find, tag_support
from tagwright_dictionary.catalogue.accelerators import JUDGES
from tagwright_dictionary.catalogue.names import awscc_type, snake
from tagwright_dictionary.classes import CLASSES

# What an AI estate on AWS is billed for: Terraform type, CloudFormation type with tag property and shape, Pulumi token.
# Written by hand; "-" where a framework has none.
AI_ESTATE = """
aws_instance AWS::EC2::Instance Tags list aws:ec2/instance:Instance
aws_launch_template AWS::EC2::LaunchTemplate TagSpecifications tag_specifications aws:ec2/launchTemplate:LaunchTemplate
aws_autoscaling_group AWS::AutoScaling::AutoScalingGroup Tags list aws:autoscaling/group:Group
aws_ec2_fleet AWS::EC2::EC2Fleet TagSpecifications tag_specifications aws:ec2/fleet:Fleet
aws_spot_fleet_request AWS::EC2::SpotFleet Tags list aws:ec2/spotFleetRequest:SpotFleetRequest
aws_ec2_capacity_reservation AWS::EC2::CapacityReservation TagSpecifications tag_specifications aws:ec2/capacityReservation:CapacityReservation
aws_ec2_capacity_block_reservation - - - aws:ec2/capacityBlockReservation:CapacityBlockReservation
aws_ebs_volume AWS::EC2::Volume Tags list aws:ebs/volume:Volume
aws_eks_cluster AWS::EKS::Cluster Tags list aws:eks/cluster:Cluster
aws_eks_node_group AWS::EKS::Nodegroup Tags map aws:eks/nodeGroup:NodeGroup
aws_eks_fargate_profile AWS::EKS::FargateProfile Tags list aws:eks/fargateProfile:FargateProfile
aws_batch_compute_environment AWS::Batch::ComputeEnvironment Tags map aws:batch/computeEnvironment:ComputeEnvironment
aws_batch_job_queue AWS::Batch::JobQueue Tags map aws:batch/jobQueue:JobQueue
aws_ecs_cluster AWS::ECS::Cluster Tags list aws:ecs/cluster:Cluster
aws_ecs_service AWS::ECS::Service Tags list aws:ecs/service:Service
aws_lambda_function AWS::Lambda::Function Tags list aws:lambda/function:Function
aws_s3_bucket AWS::S3::Bucket Tags list aws:s3/bucket:Bucket
aws_s3_directory_bucket AWS::S3Express::DirectoryBucket Tags list aws:s3/directoryBucket:DirectoryBucket
aws_s3tables_table_bucket AWS::S3Tables::TableBucket Tags list aws:s3tables/tableBucket:TableBucket
aws_s3vectors_vector_bucket AWS::S3Vectors::VectorBucket Tags list aws:s3/vectorsVectorBucket:VectorsVectorBucket
aws_sagemaker_endpoint AWS::SageMaker::Endpoint Tags list aws:sagemaker/endpoint:Endpoint
aws_sagemaker_endpoint_configuration AWS::SageMaker::EndpointConfig Tags list aws:sagemaker/endpointConfiguration:EndpointConfiguration
aws_sagemaker_model AWS::SageMaker::Model Tags list aws:sagemaker/model:Model
aws_sagemaker_notebook_instance AWS::SageMaker::NotebookInstance Tags list aws:sagemaker/notebookInstance:NotebookInstance
aws_sagemaker_domain AWS::SageMaker::Domain Tags list aws:sagemaker/domain:Domain
aws_sagemaker_space AWS::SageMaker::Space Tags list aws:sagemaker/space:Space
aws_sagemaker_app AWS::SageMaker::App Tags list aws:sagemaker/app:App
aws_sagemaker_user_profile AWS::SageMaker::UserProfile Tags list aws:sagemaker/userProfile:UserProfile
aws_sagemaker_training_job - - - aws:sagemaker/trainingJob:TrainingJob
- AWS::SageMaker::Cluster Tags list -
- AWS::SageMaker::InferenceComponent Tags list -
aws_sagemaker_feature_group AWS::SageMaker::FeatureGroup Tags list aws:sagemaker/featureGroup:FeatureGroup
aws_sagemaker_pipeline AWS::SageMaker::Pipeline Tags list aws:sagemaker/pipeline:Pipeline
aws_sagemaker_mlflow_tracking_server AWS::SageMaker::MlflowTrackingServer Tags list aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer
aws_sagemaker_hyper_parameter_tuning_job - - - aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob
aws_sagemaker_labeling_job - - - aws:sagemaker/labelingJob:LabelingJob
aws_bedrock_inference_profile AWS::Bedrock::ApplicationInferenceProfile Tags list aws:bedrock/inferenceProfile:InferenceProfile
aws_bedrock_provisioned_model_throughput - - - aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput
aws_bedrock_custom_model - - - aws:bedrock/customModel:CustomModel
aws_bedrock_guardrail AWS::Bedrock::Guardrail Tags list aws:bedrock/guardrail:Guardrail
aws_bedrock_evaluation_job - - - aws:bedrock/evaluationJob:EvaluationJob
aws_bedrockagent_agent AWS::Bedrock::Agent Tags map aws:bedrock/agentAgent:AgentAgent
aws_bedrockagent_knowledge_base AWS::Bedrock::KnowledgeBase Tags map aws:bedrock/agentKnowledgeBase:AgentKnowledgeBase
aws_bedrockagent_flow AWS::Bedrock::Flow Tags map aws:bedrock/agentFlow:AgentFlow
aws_bedrockagent_prompt AWS::Bedrock::Prompt Tags map aws:bedrock/agentPrompt:AgentPrompt
aws_bedrockagentcore_agent_runtime AWS::BedrockAgentCore::Runtime Tags map aws:bedrock/agentcoreAgentRuntime:AgentcoreAgentRuntime
aws_bedrockagentcore_memory AWS::BedrockAgentCore::Memory Tags map aws:bedrock/agentcoreMemory:AgentcoreMemory
aws_bedrockagentcore_gateway AWS::BedrockAgentCore::Gateway Tags map aws:bedrock/agentcoreGateway:AgentcoreGateway
aws_bedrockagentcore_browser AWS::BedrockAgentCore::BrowserCustom Tags map aws:bedrock/agentcoreBrowser:AgentcoreBrowser
aws_bedrockagentcore_code_interpreter AWS::BedrockAgentCore::CodeInterpreterCustom Tags map aws:bedrock/agentcoreCodeInterpreter:AgentcoreCodeInterpreter
aws_dynamodb_table AWS::DynamoDB::Table Tags list aws:dynamodb/table:Table
aws_ecr_repository AWS::ECR::Repository Tags list aws:ecr/repository:Repository
aws_efs_file_system AWS::EFS::FileSystem FileSystemTags list aws:efs/fileSystem:FileSystem
aws_fsx_lustre_file_system AWS::FSx::FileSystem Tags list aws:fsx/lustreFileSystem:LustreFileSystem
aws_opensearch_domain AWS::OpenSearchService::Domain Tags list aws:opensearch/domain:Domain
aws_opensearchserverless_collection AWS::OpenSearchServerless::Collection Tags list aws:opensearch/serverlessCollection:ServerlessCollection
aws_redshift_cluster AWS::Redshift::Cluster Tags list aws:redshift/cluster:Cluster
aws_db_instance AWS::RDS::DBInstance Tags list aws:rds/instance:Instance
aws_rds_cluster AWS::RDS::DBCluster Tags list aws:rds/cluster:Cluster
aws_kinesis_stream AWS::Kinesis::Stream Tags list aws:kinesis/stream:Stream
aws_sqs_queue AWS::SQS::Queue Tags list aws:sqs/queue:Queue
aws_sfn_state_machine AWS::StepFunctions::StateMachine Tags list aws:sfn/stateMachine:StateMachine
aws_cloudwatch_log_group AWS::Logs::LogGroup Tags list aws:cloudwatch/logGroup:LogGroup
aws_kendra_index AWS::Kendra::Index Tags list aws:kendra/index:Index
aws_glue_job AWS::Glue::Job Tags map aws:glue/job:Job
aws_emr_cluster AWS::EMR::Cluster Tags list aws:emr/cluster:Cluster
aws_emrserverless_application AWS::EMRServerless::Application Tags list aws:emrserverless/application:Application
aws_ssm_parameter AWS::SSM::Parameter Tags map aws:ssm/parameter:Parameter
"""


@pytest.mark.parametrize("line", AI_ESTATE.strip().splitlines())
def test_ai_estate_is_covered(line: str) -> None:
    """Every type has its entry under every name, and its Terraform type is taggable."""
    expected = tuple("" if word == "-" else word for word in line.split())
    for name in filter(None, (expected[0], expected[1], expected[4])):
        found = entry(name)
        assert (
            found.terraform,
            found.cloudformation,
            found.cfn_tag_property,
            found.cfn_tag_shape,
            found.pulumi,
        ) == expected
    assert not expected[0] or tag_support(expected[0]).taggable is True


@pytest.mark.parametrize(
    ("name", "terraform"),
    [
        ("aws_alb", "aws_lb"),
        ("aws:s3/bucketV2:BucketV2", "aws_s3_bucket"),
        ("kubernetes_deployment", "kubernetes_deployment_v1"),
        ("kubernetes:apps/v1:Deployment", "kubernetes_deployment_v1"),
        ("AWS::FSx::FileSystem", "aws_fsx_lustre_file_system"),
        ("awscc_ec2_instance", "aws_instance"),
        ("azapi_resource", "azapi_resource"),
    ],
)
def test_other_names(name: str, terraform: str) -> None:
    assert entry(name).terraform == terraform


@pytest.mark.parametrize("name", ["", "aws_nope", "AWS::No::Pe", "Nope", "datadog_monitor", "x:y:z"])
def test_no_entry(name: str) -> None:
    assert find(name) is None
    with pytest.raises(KeyError):
        entry(name)


def test_names_are_in_the_generated_tables() -> None:
    """No entry names a Terraform type, CloudFormation type or Pulumi token that its provider does not have."""
    wrong = [
        name
        for found in entries()
        for name in (found.terraform, *found.aliases, found.cloudformation, found.pulumi)
        if name and tag_support(name).taggable is None
    ]
    assert wrong == []


def test_cloudformation_tag_properties_are_the_schemas() -> None:
    wrong = {
        found.cloudformation: (found.cfn_tag_property, found.cfn_tag_shape)
        for found in entries()
        if found.cloudformation
        and (support := tag_support(found.cloudformation))
        and (found.cfn_tag_property, found.cfn_tag_shape) != (support.attribute, support.shape)
    }
    assert wrong == {}


def test_names_are_unique() -> None:
    """A Terraform type or Kubernetes kind has one entry (a CloudFormation type may serve several)."""
    names = [name for found in entries() for name in (found.terraform, *found.aliases, found.kubernetes) if name]
    assert sorted(set(names)) == sorted(names)


def test_classes_are_the_known_ones() -> None:
    """Every class is one that a dictionary may name, and is used; an entry's are sorted."""
    used = {one for found in entries() for one in found.classes}
    assert used | {"gpu"} == set(CLASSES)
    assert [found for found in entries() if not found.classes or list(found.classes) != sorted(found.classes)] == []


def test_rules_are_of_known_kinds() -> None:
    """Under every name of every entry."""
    kinds = {
        rule.kind
        for found in entries()
        for name in (found.terraform, found.cloudformation, found.pulumi, found.kubernetes)
        if name
        for rule in entry(name).rules
    }
    assert kinds == set(JUDGES)


@pytest.mark.parametrize(
    ("name", "expected"),
    # Read in the awscc provider's documentation.
    [
        ("AWS::EC2::VPCEndpoint", "awscc_ec2_vpc_endpoint"),
        ("AWS::BedrockAgentCore::OAuth2CredentialProvider", "awscc_bedrockagentcore_o_auth_2_credential_provider"),
        ("AWS::DataSync::LocationFSxOpenZFS", "awscc_datasync_location_fsx_open_zfs"),
        ("AWS::CloudFront::CloudFrontOriginAccessIdentity", "awscc_cloudfront_cloudfront_origin_access_identity"),
        ("AWS::CloudWatch::OTelEnrichment", "awscc_cloudwatch_otel_enrichment"),
        ("AWS::AutoScaling::AutoScalingGroup", "awscc_autoscaling_auto_scaling_group"),
        ("AWS::S3::Bucket", "awscc_s3_bucket"),
    ],
)
def test_awscc_names(name: str, expected: str) -> None:
    assert awscc_type(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("FileSystemTags", "file_system_tags"), ("TargetGroupARNs", "target_group_ar_ns"), ("", "")]
)
def test_awscc_attributes(name: str, expected: str) -> None:
    assert snake(name) == expected
