"""aws_ebs_snapshot: the account's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tagwright_drift.inventories.aws.building import make_resource, name_of, pairs_of, tags_of, when
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import Place, StreamLister
from tagwright_drift.inventories.contract import Page
from tagwright_drift.live import LiveResource

TYPE = "aws_ebs_snapshot"


def lister(keeper: FactsKeeper) -> StreamLister:
    return StreamLister(TYPE, "ec2", ("ec2:DescribeSnapshots",), keeper, _read)


def _read(place: Place) -> Iterator[Page]:
    for page in place.site.pages("ec2", "describe_snapshots", OwnerIds=["self"], MaxResults=1000):
        rows = (
            row for row in page.get("Snapshots", ()) if row.get("OwnerId", place.site.account) == place.site.account
        )
        yield Page(tuple(_live(place, row) for row in rows), place.site.counted())


def _live(place: Place, row: Mapping[str, Any]) -> LiveResource:
    arn = place.arn("ec2", f"snapshot/{row['SnapshotId']}")
    tags = tags_of(pairs_of(row.get("Tags")))
    return LiveResource(
        make_resource(TYPE, arn, place.site.account, tags=tags, what="snapshot"),
        place.cell,
        name_of(arn, tags),
        place.site.region,
        created=when(row.get("StartTime")),
    )
