"""Answers of Auto Scaling, EKS and Batch as facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tagwright_dictionary.model import TagValue
from tagwright_drift.inventories.aws.building import pairs_of, when
from tagwright_drift.inventories.aws.compute.ec2_rows import own_tags, reference
from tagwright_drift.inventories.aws.compute.requirements import override_attributes
from tagwright_drift.reach.facts import Attributes, Cluster, Environment, Group, NodeGroup, TemplateRef

Row = Mapping[str, Any]
_OVERRIDE = "mixed_instances_policy.launch_template.override."


def groups_in(page: Row) -> Iterator[Group]:
    return (_group(row) for row in page.get("AutoScalingGroups", ()))


def configurations_in(page: Row) -> Iterator[tuple[str, str]]:
    """Launch configurations: (name, instance type)."""
    for row in page.get("LaunchConfigurations", ()):
        yield str(row["LaunchConfigurationName"]), str(row.get("InstanceType") or "")


def environments_in(page: Row) -> Iterator[Environment]:
    return (_environment(row) for row in page.get("computeEnvironments", ()) if row.get("status") != "DELETED")


def _group(row: Row) -> Group:
    policy = (row.get("MixedInstancesPolicy") or {}).get("LaunchTemplate") or {}
    overrides = policy.get("Overrides") or ()
    refs = (
        reference(row.get("LaunchTemplate")),
        reference(policy.get("LaunchTemplateSpecification")),
        *(reference(each.get("LaunchTemplateSpecification")) for each in overrides),
    )
    return Group(
        str(row["AutoScalingGroupName"]),
        str(row.get("AutoScalingGroupARN", "")),
        when(row.get("CreatedTime")),
        tuple(
            sorted(
                (str(tag["Key"]), str(tag.get("Value") or ""), bool(tag.get("PropagateAtLaunch")))
                for tag in row.get("Tags") or ()
                if not str(tag["Key"]).startswith("aws:")
            )
        ),
        tuple(dict.fromkeys(ref for ref in refs if ref is not None)),
        str(row.get("LaunchConfigurationName") or ""),
        override_attributes(_OVERRIDE, overrides),
    )


def cluster(row: Row) -> Cluster:
    return Cluster(str(row["name"]), str(row["arn"]), when(row.get("createdAt")), own_tags(row.get("tags")))


def node_group(row: Row) -> NodeGroup:
    given = row.get("launchTemplate") or {}
    template = None
    if given.get("id") or given.get("name"):
        template = TemplateRef(
            str(given.get("id") or ""), str(given.get("name") or ""), str(given.get("version") or "$Default")
        )
    return NodeGroup(
        str(row["clusterName"]),
        str(row["nodegroupName"]),
        str(row["nodegroupArn"]),
        when(row.get("createdAt")),
        own_tags(row.get("tags")),
        template,
        tuple(str(each["name"]) for each in (row.get("resources") or {}).get("autoScalingGroups") or ()),
        _set(("instance_types", row.get("instanceTypes") or ()), ("ami_type", filter(None, (row.get("amiType"),)))),
    )


def _environment(row: Row) -> Environment:
    resources = row.get("computeResources") or {}
    given = resources.get("launchTemplate") or {}
    template = None
    if given.get("launchTemplateId") or given.get("launchTemplateName"):
        template = TemplateRef(
            str(given.get("launchTemplateId") or ""),
            str(given.get("launchTemplateName") or ""),
            str(given.get("version") or "$Default"),
        )
    kind = str(resources.get("type") or "")
    return Environment(
        str(row["computeEnvironmentName"]),
        str(row["computeEnvironmentArn"]),
        str(row.get("uuid") or ""),
        own_tags(row.get("tags")),
        bool(resources) and row.get("type") != "UNMANAGED" and not kind.startswith("FARGATE"),
        tuple(sorted(pairs_of(resources.get("capacityTags") or resources.get("tags")))),
        template,
        _set(("compute_resources.instance_type", resources.get("instanceTypes") or ())),
    )


def _set(*pairs: tuple[str, Any]) -> Attributes:
    found: list[tuple[str, tuple[TagValue, ...]]] = []
    for path, values in pairs:
        texts = tuple(str(value) for value in values)
        if texts:
            found.append((path, texts))
    return tuple(found)
