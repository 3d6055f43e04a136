"""aws_ecs_cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.building import make_resource, pairs_of, tags_of
from tagwright_drift.inventories.aws.compute.batches import batches, failed
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import Place, StreamLister, again
from tagwright_drift.inventories.contract import CellTrouble, Page
from tagwright_drift.live import LiveResource

TYPE = "aws_ecs_cluster"
_BATCH = 100


def lister(keeper: FactsKeeper) -> StreamLister:
    return StreamLister(TYPE, "ecs", ("ecs:ListClusters", "ecs:DescribeClusters"), keeper, _read)


def _read(place: Place) -> Iterator[Page]:
    seen = place.facts.ecs_clusters
    failures: list[str] = []
    for arns in batches(seen.rows, _BATCH):
        answer = place.site.call("ecs", "describe_clusters", clusters=list(arns), include=["TAGS"])
        failures += failed(answer)
        rows = (row for row in answer.get("clusters", ()) if row.get("status") != "INACTIVE")
        yield Page(tuple(_live(place, row) for row in rows), place.site.counted())
    if seen.trouble is not None:
        raise again(seen.trouble, place.site)
    if failures:
        raise CellTrouble(CellState.PARTIAL, f"{len(failures)} clusters were not described: {failures[0]}")
    yield Page((), place.site.counted())


def _live(place: Place, row: Mapping[str, Any]) -> LiveResource:
    tags = tags_of(pairs_of(row.get("tags")))
    resource = make_resource(TYPE, str(row["clusterArn"]), place.site.account, tags=tags, what="cluster")
    return LiveResource(resource, place.cell, str(row["clusterName"]), place.site.region)
