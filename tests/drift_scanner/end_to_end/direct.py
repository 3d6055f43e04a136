"""How many of each type there are, as boto3 itself lists them: one call, no pages, no code of the scanner's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Api = Callable[[str], Any]

# type: client, method, member of the answer
LISTS = {
    "AWS::SageMaker::Cluster": ("sagemaker", "list_clusters", "ClusterSummaries"),
    "AWS::SageMaker::ProcessingJob": ("sagemaker", "list_processing_jobs", "ProcessingJobSummaries"),
    "aws_autoscaling_group": ("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"),
    "aws_batch_compute_environment": ("batch", "describe_compute_environments", "computeEnvironments"),
    "aws_batch_job_queue": ("batch", "describe_job_queues", "jobQueues"),
    "aws_bedrock_custom_model": ("bedrock", "list_custom_models", "modelSummaries"),
    "aws_bedrockagent_agent": ("bedrock-agent", "list_agents", "agentSummaries"),
    "aws_bedrockagent_knowledge_base": ("bedrock-agent", "list_knowledge_bases", "knowledgeBaseSummaries"),
    "aws_cloudwatch_log_group": ("logs", "describe_log_groups", "logGroups"),
    "aws_db_instance": ("rds", "describe_db_instances", "DBInstances"),
    "aws_dynamodb_table": ("dynamodb", "list_tables", "TableNames"),
    "aws_ebs_volume": ("ec2", "describe_volumes", "Volumes"),
    "aws_ecr_repository": ("ecr", "describe_repositories", "repositories"),
    "aws_ecs_cluster": ("ecs", "list_clusters", "clusterArns"),
    "aws_efs_file_system": ("efs", "describe_file_systems", "FileSystems"),
    "aws_eks_cluster": ("eks", "list_clusters", "clusters"),
    "aws_glue_job": ("glue", "get_jobs", "Jobs"),
    "aws_kinesis_stream": ("kinesis", "list_streams", "StreamNames"),
    "aws_lambda_function": ("lambda", "list_functions", "Functions"),
    "aws_launch_template": ("ec2", "describe_launch_templates", "LaunchTemplates"),
    "aws_opensearch_domain": ("opensearch", "list_domain_names", "DomainNames"),
    "aws_rds_cluster": ("rds", "describe_db_clusters", "DBClusters"),
    "aws_redshift_cluster": ("redshift", "describe_clusters", "Clusters"),
    "aws_s3vectors_vector_bucket": ("s3vectors", "list_vector_buckets", "vectorBuckets"),
    "aws_sagemaker_domain": ("sagemaker", "list_domains", "Domains"),
    "aws_sagemaker_endpoint": ("sagemaker", "list_endpoints", "Endpoints"),
    "aws_sagemaker_endpoint_configuration": ("sagemaker", "list_endpoint_configs", "EndpointConfigs"),
    "aws_sagemaker_model": ("sagemaker", "list_models", "Models"),
    "aws_sagemaker_notebook_instance": ("sagemaker", "list_notebook_instances", "NotebookInstances"),
    "aws_sagemaker_pipeline": ("sagemaker", "list_pipelines", "PipelineSummaries"),
    "aws_sagemaker_training_job": ("sagemaker", "list_training_jobs", "TrainingJobSummaries"),
    "aws_sfn_state_machine": ("stepfunctions", "list_state_machines", "stateMachines"),
    "aws_sqs_queue": ("sqs", "list_queues", "QueueUrls"),
}


def counts(api: Api) -> dict[str, int]:
    """Of one account and region, by type; types that are not listed here have none (and moto cannot make any)."""
    found = {
        name: len(getattr(api(service), method)().get(member, ())) for name, (service, method, member) in LISTS.items()
    }
    rows = api("ec2").describe_instances()["Reservations"]
    there = ("pending", "running", "stopping", "stopped")
    found["aws_instance"] = sum(
        each["State"]["Name"] in there for reservation in rows for each in reservation["Instances"]
    )
    me = api("sts").get_caller_identity()["Account"]  # moto takes all the world's snapshots for our own
    snapshots = api("ec2").describe_snapshots(OwnerIds=["self"])["Snapshots"]
    found["aws_ebs_snapshot"] = sum(each["OwnerId"] == me for each in snapshots)
    ecs, eks, emr = api("ecs"), api("eks"), api("emr")
    found["aws_ecs_service"] = sum(
        len(ecs.list_services(cluster=each, maxResults=100)["serviceArns"])
        for each in ecs.list_clusters()["clusterArns"]
    )
    clusters = eks.list_clusters()["clusters"]
    found["aws_eks_node_group"] = sum(len(eks.list_nodegroups(clusterName=each)["nodegroups"]) for each in clusters)
    found["aws_eks_fargate_profile"] = sum(
        len(eks.list_fargate_profiles(clusterName=each)["fargateProfileNames"]) for each in clusters
    )
    found["aws_emr_cluster"] = sum(
        not each["Status"]["State"].startswith("TERMINAT") for each in emr.list_clusters()["Clusters"]
    )
    for kind in ("LUSTRE", "ONTAP", "OPENZFS"):
        systems = api("fsx").describe_file_systems()["FileSystems"]
        name = f"aws_fsx_{kind.lower()}_file_system"
        found[name] = sum(each["FileSystemType"] == kind for each in systems)
    return {name: number for name, number in found.items() if number}
