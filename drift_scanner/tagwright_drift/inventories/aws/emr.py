"""EMR clusters: tags only by describing each, instance types by one of two further calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tagwright_dictionary.model import Tags, TagValue, Unknown
from tagwright_drift.cells import Cell, CellState
from tagwright_drift.inventories.aws.building import make_resource, name_of, pairs_of, tags_of, unread_tags, when
from tagwright_drift.inventories.aws.contract import Site
from tagwright_drift.inventories.contract import CellTrouble, Page
from tagwright_drift.live import LiveResource

_ALIVE = ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING", "TERMINATING"]
# Terraform has a resource of its own for task groups; live they are the cluster's, billed with its core groups.
_ROLES = {"MASTER": "master", "CORE": "core", "TASK": "core"}

_NONSENSE = (KeyError, TypeError, ValueError, AttributeError)

Row = Mapping[str, Any]


class EmrClusters:
    """Lister of `aws_emr_cluster`: those that are not terminated."""

    type = "aws_emr_cluster"
    service = "emr"
    kind = "regional"
    actions = (
        "elasticmapreduce:ListClusters",
        "elasticmapreduce:DescribeCluster",
        "elasticmapreduce:ListInstanceGroups",
        "elasticmapreduce:ListInstanceFleets",
    )

    def read(self, site: Site, cell: Cell, now: datetime) -> Iterator[Page]:
        del now
        missed = ""
        for answer in site.pages("emr", "list_clusters", ClusterStates=_ALIVE):
            if not all(row.get("Id") for row in answer.get("Clusters") or ()):
                raise CellTrouble(CellState.ERROR, "a row of elasticmapreduce:ListClusters has no id")
            found = site.spread(lambda row: _cluster(site, cell, row), list(answer.get("Clusters") or ()))
            unread = [live.resource.tags.cause.cause for live, _ in found if live.resource.tags.cause]
            missed = missed or next((why for _, why in found if why), "")
            yield Page(
                tuple(live for live, _ in found),
                calls=site.counted(),
                unread=len(unread),
                why=unread[0] if unread else "",
            )
        if missed:
            raise CellTrouble(CellState.PARTIAL, missed)


def _cluster(site: Site, cell: Cell, row: Row) -> tuple[LiveResource, str]:
    """The cluster, and why its instance types could not be read."""
    arn = (
        row.get("ClusterArn")
        or f"arn:{site.partition}:elasticmapreduce:{site.region}:{site.account}:cluster/{row['Id']}"
    )
    described: Row = {}
    try:
        described = site.call("emr", "describe_cluster", ClusterId=row["Id"])["Cluster"]
        tags: Tags = tags_of(pairs_of(described.get("Tags")))
    except CellTrouble as trouble:
        tags = unread_tags(trouble.reason)
    except _NONSENSE as error:
        tags = unread_tags(_makes_no_sense("DescribeCluster", error))
    missed = ""
    try:
        attributes: dict[str, list[TagValue]] = _types(site, row["Id"], str(described.get("InstanceCollectionType")))
    except CellTrouble as trouble:
        missed = trouble.reason
    except _NONSENSE as error:
        missed = _makes_no_sense("the list of its instances", error)
    if missed:
        attributes = {"core_instance_group.instance_type": [Unknown(missed, "tagwright drift doctor")]}
    created = when(row.get("Status", {}).get("Timeline", {}).get("CreationDateTime"))
    live = LiveResource(
        resource=make_resource("aws_emr_cluster", arn, site.account, tags=tags, attributes=attributes, what="cluster"),
        cell=cell,
        name=name_of(arn, tags, str(row.get("Name") or "")),
        region=site.region,
        created=created,
        incarnation=row["Id"],
    )
    return live, missed


def _makes_no_sense(asked: str, error: Exception) -> str:
    return f"the answer of elasticmapreduce to {asked} makes no sense: {type(error).__name__}: {error}"


def _types(site: Site, cluster: str, collection: str) -> dict[str, list[TagValue]]:
    found: dict[str, list[TagValue]] = {}
    if collection == "INSTANCE_FLEET":
        for page in site.pages("emr", "list_instance_fleets", ClusterId=cluster):
            for fleet in page.get("InstanceFleets", ()):
                path = f"{_ROLES[fleet['InstanceFleetType']]}_instance_fleet.instance_type_configs.instance_type"
                types = (each["InstanceType"] for each in fleet.get("InstanceTypeSpecifications", ()))
                found.setdefault(path, []).extend(types)
        return found
    for page in site.pages("emr", "list_instance_groups", ClusterId=cluster):
        for group in page.get("InstanceGroups", ()):
            path = f"{_ROLES[group['InstanceGroupType']]}_instance_group.instance_type"
            found.setdefault(path, []).append(group["InstanceType"])
    return found
