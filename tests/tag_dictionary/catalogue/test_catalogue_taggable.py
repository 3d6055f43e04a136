"""Taggable, untaggable and unknown types differ, and the shape is the provider's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tagwright_dictionary.catalogue import TagSupport, provider_of, tag_support

DATA = Path(__file__).parents[3] / "tag_dictionary" / "tagwright_dictionary" / "catalogue" / "data"
NO = TagSupport(taggable=False)
UNKNOWN = TagSupport(taggable=None)


def taggable(attribute: str, shape: str, *, defaults: bool = False) -> TagSupport:
    return TagSupport(True, attribute, shape, defaults)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("aws_instance", taggable("tags", "map", defaults=True)),
        ("aws_launch_template", taggable("tags", "map", defaults=True)),
        ("aws_autoscaling_group", taggable("tag", "tag_block")),  # no tags_all: default_tags never reach it
        ("aws_opsworks_stack", taggable("tags", "map", defaults=True)),  # removed in provider 6
        ("awscc_ec2_instance", taggable("tags", "list")),
        ("awscc_efs_file_system", taggable("file_system_tags", "list")),
        ("awscc_ec2_ec2_fleet", taggable("tag_specifications", "tag_specifications")),
        ("awscc_ssm_parameter", taggable("tags", "map")),
        ("google_compute_instance", taggable("labels", "labels", defaults=True)),
        ("google_tpu_v2_vm", taggable("labels", "labels", defaults=True)),  # google-beta only
        ("google_container_cluster", taggable("resource_labels", "labels", defaults=True)),
        ("google_container_node_pool", taggable("node_config.resource_labels", "labels")),
        ("google_sql_database_instance", taggable("settings.user_labels", "labels")),
        ("google_cloud_run_service", taggable("metadata.labels", "labels", defaults=True)),
        ("google_monitoring_notification_channel", taggable("user_labels", "labels")),  # its labels are settings
        ("azurerm_storage_account", taggable("tags", "map")),
        ("azurerm_data_factory", taggable("tags", "map")),
        ("azapi_resource", taggable("tags", "map", defaults=True)),
        ("kubernetes_deployment_v1", taggable("metadata.labels", "labels")),
        ("kubernetes_manifest", taggable("manifest.metadata.labels", "labels")),
        ("AWS::EC2::Instance", taggable("Tags", "list")),
        ("AWS::EKS::Nodegroup", taggable("Tags", "map")),
        ("AWS::EFS::FileSystem", taggable("FileSystemTags", "list")),
        ("AWS::Cognito::UserPool", taggable("UserPoolTags", "map")),
        ("AWS::EC2::LaunchTemplate", taggable("TagSpecifications", "tag_specifications")),
        ("AWS::EC2::SpotFleet", taggable("Tags", "list")),  # the schema says "not taggable" and has Tags
        ("aws:s3/bucket:Bucket", taggable("tags", "map", defaults=True)),
        ("aws:autoscaling/group:Group", taggable("tags", "list")),
        ("gcp:storage/bucket:Bucket", taggable("labels", "labels", defaults=True)),
        ("azure:storage/account:Account", taggable("tags", "map")),
        ("Deployment", taggable("metadata.labels", "labels")),
    ],
)
def test_where_tags_are_written(name: str, expected: TagSupport) -> None:
    assert tag_support(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "aws_inspector_resource_group",  # its tags are a selector
        "aws_devopsguru_resource_collection",  # likewise
        "aws_autoscaling_group_tag",  # a tag itself
        "aws_launch_configuration",
        "aws_iam_role_policy_attachment",
        "google_monitoring_metric_descriptor",  # labels of a time series
        "google_cloud_identity_group",
        "google_folder",  # resource manager tags, not labels
        "azurerm_storage_container",
        "azurerm_cognitive_deployment",
        "azurerm_api_management_named_value",  # a list of words
        "kubernetes_labels",
        "AWS::IAM::Policy",
        "AWS::Inspector::ResourceGroup",
        "aws:inspector/resourceGroup:ResourceGroup",
        "null_resource",
        "terraform_data",
        "random_id",
    ],
)
def test_known_but_untaggable(name: str) -> None:
    assert tag_support(name) == NO


@pytest.mark.parametrize(
    "name",
    ["aws_nothing_of_the_kind", "google_", "datadog_monitor", "helm_release", "AWS::No::Such", "aws:no/such:Such", ""],
)
def test_in_no_table(name: str) -> None:
    assert tag_support(name) == UNKNOWN


@pytest.mark.parametrize(
    ("name", "provider"),
    [
        ("aws_instance", "aws"),
        ("awscc_ec2_instance", "awscc"),
        ("google_compute_instance", "google"),
        ("azurerm_linux_virtual_machine", "azurerm"),
        ("azapi_resource", "azapi"),
        ("kubernetes_pod", "kubernetes"),
        ("datadog_monitor", "datadog"),
        ("AWS::EC2::Instance", "aws"),
        ("gcp:storage/bucket:Bucket", "google"),
        ("azure:storage/account:Account", "azurerm"),
        ("StatefulSet", "kubernetes"),
        ("serving.knative.dev/Service", "kubernetes"),
    ],
)
def test_provider(name: str, provider: str) -> None:
    assert provider_of(name) == provider


@pytest.mark.parametrize(
    ("name", "prefix", "at_least"),
    # The counts other tools' lists reach (tflint 839 aws, terratags 294 google and 403 azurerm).
    [
        ("aws", "aws_", 839),
        ("google", "google_", 294),
        ("azurerm", "azurerm_", 403),
        ("awscc", "awscc_", 900),
        ("cloudformation", ("AWS::", "AMZN::", "Alexa::"), 1200),
        ("kubernetes", "kubernetes_", 50),
    ],
)
def test_tables_are_sane(name: str, prefix: str | tuple[str, ...], at_least: int) -> None:
    """Sorted, of one provider, no type twice, as many as peers know, and with their sources' versions."""
    document = json.loads((DATA / f"taggable_{name}.json").read_text("utf-8"))
    lists = [group["types"] for group in document["taggable"]] + [document["untaggable"]]
    everything = [one for types in lists for one in types]
    assert all(types == sorted(types) for types in lists)
    assert len(everything) == len(set(everything))
    assert [one for one in everything if not one.startswith(prefix)] == []
    assert sum(map(len, lists[:-1])) >= at_least
    assert document["made_from"]
