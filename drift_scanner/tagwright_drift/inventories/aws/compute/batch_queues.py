"""aws_batch_job_queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tagwright_drift.inventories.aws.building import make_resource, pairs_of, tags_of
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import Place, StreamLister
from tagwright_drift.inventories.contract import Page
from tagwright_drift.live import LiveResource

TYPE = "aws_batch_job_queue"


def lister(keeper: FactsKeeper) -> StreamLister:
    return StreamLister(TYPE, "batch", ("batch:DescribeJobQueues",), keeper, _read)


def _read(place: Place) -> Iterator[Page]:
    for page in place.site.pages("batch", "describe_job_queues"):
        rows = (row for row in page.get("jobQueues", ()) if row.get("status") != "DELETED")
        yield Page(tuple(_live(place, row) for row in rows), place.site.counted())


def _live(place: Place, row: Mapping[str, Any]) -> LiveResource:
    tags = tags_of(pairs_of(row.get("tags")))
    resource = make_resource(TYPE, str(row["jobQueueArn"]), place.site.account, tags=tags, what="job queue")
    return LiveResource(resource, place.cell, str(row["jobQueueName"]), place.site.region)
