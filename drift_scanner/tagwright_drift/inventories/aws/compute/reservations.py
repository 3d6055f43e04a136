"""aws_ec2_capacity_reservation: billed by the hour whether anything runs in it or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tagwright_drift.inventories.aws.building import make_resource, name_of, pairs_of, tags_of, when
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import Place, StreamLister
from tagwright_drift.inventories.contract import Page
from tagwright_drift.live import LiveResource

TYPE = "aws_ec2_capacity_reservation"
_OVER = frozenset({"expired", "cancelled", "failed", "payment-failed", "unsupported"})


def lister(keeper: FactsKeeper) -> StreamLister:
    """The account's own reservations. Those that another account shares are that account's to pay and to tag."""
    return StreamLister(TYPE, "ec2", ("ec2:DescribeCapacityReservations",), keeper, _read)


def _read(place: Place) -> Iterator[Page]:
    for page in place.site.pages("ec2", "describe_capacity_reservations"):
        rows = page.get("CapacityReservations", ())
        yield Page(tuple(_live(place, row) for row in rows if _exists(place, row)), place.site.counted())


def _exists(place: Place, row: Mapping[str, Any]) -> bool:
    return row.get("State") not in _OVER and row.get("OwnerId", place.site.account) == place.site.account


def _live(place: Place, row: Mapping[str, Any]) -> LiveResource:
    id_ = str(row["CapacityReservationId"])
    arn = str(row.get("CapacityReservationArn") or place.arn("ec2", f"capacity-reservation/{id_}"))
    tags = tags_of(pairs_of(row.get("Tags")))
    types = (str(row["InstanceType"]),) if row.get("InstanceType") else ()
    return LiveResource(
        make_resource(
            TYPE,
            arn,
            place.site.account,
            tags=tags,
            attributes={"instance_type": types},
            what="capacity reservation",
        ),
        place.cell,
        name_of(arn, tags),
        place.site.region,
        created=when(row.get("CreateDate")),
    )
