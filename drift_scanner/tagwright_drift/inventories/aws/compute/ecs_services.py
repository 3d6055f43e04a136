"""aws_ecs_service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tagwright_dictionary.model import Tags
from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.building import make_resource, pairs_of, tags_of, unread_tags, when
from tagwright_drift.inventories.aws.compute.batches import batches, failed
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import Place, StreamLister, again
from tagwright_drift.inventories.contract import CellTrouble, Page
from tagwright_drift.live import LiveResource
from tagwright_drift.reach.services import service_bills

TYPE = "aws_ecs_service"
_BATCH = 10  # DescribeServices takes no more


def lister(keeper: FactsKeeper) -> StreamLister:
    return StreamLister(
        TYPE,
        "ecs",
        ("ecs:ListClusters", "ecs:ListServices", "ecs:DescribeServices", "ecs:DescribeTaskDefinition"),
        keeper,
        _read,
    )


def _read(place: Place) -> Iterator[Page]:
    """Cluster by cluster; one that refuses does not hide the others."""
    clusters = place.facts.ecs_clusters
    trouble = clusters.trouble
    definitions: dict[str, Tags] = {}
    for cluster in clusters.rows:
        try:
            for page in place.site.pages("ecs", "list_services", cluster=cluster, maxResults=100):
                for arns in batches(page.get("serviceArns", ()), _BATCH):
                    answer = place.site.call(
                        "ecs", "describe_services", cluster=cluster, services=list(arns), include=["TAGS"]
                    )
                    rows = (row for row in answer.get("services", ()) if row.get("status") != "INACTIVE")
                    yield Page(tuple(_live(place, row, definitions) for row in rows), place.site.counted())
                    if missed := failed(answer):
                        reason = f"{len(missed)} services were not described: {missed[0]}"
                        trouble = trouble or CellTrouble(CellState.PARTIAL, reason)
        except CellTrouble as error:
            trouble = trouble or error
    if trouble is not None:
        raise again(trouble, place.site)
    yield Page((), place.site.counted())


def _live(place: Place, row: Mapping[str, Any], definitions: dict[str, Tags]) -> LiveResource:
    tags = tags_of(pairs_of(row.get("tags")))
    mode = str(row.get("propagateTags") or "NONE")
    definition = _definition(place, str(row.get("taskDefinition") or ""), definitions) if mode == _BY_TASK else None
    created = when(row.get("createdAt"))
    resource = make_resource(
        TYPE,
        str(row["serviceArn"]),
        place.site.account,
        tags=tags,
        bills=service_bills(mode, tags, definition),
    )
    return LiveResource(
        resource,
        place.cell,
        str(row["serviceName"]),
        place.site.region,
        created=created,
        incarnation=created.isoformat() if created else "",
    )


_BY_TASK = "TASK_DEFINITION"


def _definition(place: Place, arn: str, known: dict[str, Tags]) -> Tags:
    """The tags of a task definition, asked for once."""
    if arn not in known:
        try:
            answer = place.site.call("ecs", "describe_task_definition", taskDefinition=arn, include=["TAGS"])
            known[arn] = tags_of(pairs_of(answer.get("tags")))
        except CellTrouble as trouble:
            known[arn] = unread_tags(f"the task definition could not be read: {trouble.reason}")
    return known[arn]
