"""aws_ec2_capacity_block_reservation: accelerators bought for a stretch of time, paid up front.

A block's capacity reservation is listed among the reservations as well: it has an ARN and tags of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tagwright_drift.inventories.aws.building import make_resource, name_of, pairs_of, tags_of, when
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import Place, StreamLister
from tagwright_drift.inventories.contract import Page
from tagwright_drift.live import LiveResource

TYPE = "aws_ec2_capacity_block_reservation"
_OVER = frozenset({"expired", "cancelled", "failed", "payment-failed"})


def lister(keeper: FactsKeeper) -> StreamLister:
    return StreamLister(TYPE, "ec2", ("ec2:DescribeCapacityBlocks",), keeper, _read)


def _read(place: Place) -> Iterator[Page]:
    for page in place.site.pages("ec2", "describe_capacity_blocks"):
        rows = (row for row in page.get("CapacityBlocks", ()) if row.get("State") not in _OVER)
        yield Page(tuple(_live(place, row) for row in rows), place.site.counted())


def _live(place: Place, row: Mapping[str, Any]) -> LiveResource:
    arn = place.arn("ec2", f"capacity-block/{row['CapacityBlockId']}")
    tags = tags_of(pairs_of(row.get("Tags")))
    return LiveResource(
        make_resource(TYPE, arn, place.site.account, tags=tags, what="capacity block"),
        place.cell,
        name_of(arn, tags),
        place.site.region,
        created=when(row.get("CreateDate")),
    )
