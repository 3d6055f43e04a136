"""aws_ebs_volume."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.building import make_resource, name_of, tags_of
from tagwright_drift.inventories.aws.compute.actions import MEMBERS, WAY, actions
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import Place, StreamLister, again, pages
from tagwright_drift.inventories.contract import CellTrouble, Page
from tagwright_drift.live import LiveResource
from tagwright_drift.reach.chains import disk_chain
from tagwright_drift.reach.facts import Disk
from tagwright_drift.reach.makers import maker
from tagwright_drift.reach.words import disk_probable

TYPE = "aws_ebs_volume"


def lister(keeper: FactsKeeper) -> StreamLister:
    return StreamLister(TYPE, "ec2", actions("ec2:DescribeVolumes", ways=(*MEMBERS, *WAY)), keeper, _read)


def _read(place: Place) -> Iterator[Page]:
    """Volumes of ephemeral instances are told apart by what made the instance. Where instances could not be read that
    is not known, and a finding would seem to be another one than last time: the cell then counts as partly seen.
    """
    seen = place.facts.disks
    yield from pages(place.site, (_live(place, disk) for disk in seen.rows))
    if seen.trouble is not None:
        raise again(seen.trouble, place.site)
    trouble = place.facts.machines.trouble
    if trouble is not None and any(disk.machine and _orphan(place, disk) for disk in seen.rows):
        reason = f"volumes were listed, but not all instances that they belong to: {trouble.reason}"
        raise CellTrouble(CellState.PARTIAL, reason, calls=place.site.counted())


def _orphan(place: Place, disk: Disk) -> bool:
    return place.facts.joined.machine(disk.machine) is None


def _live(place: Place, disk: Disk) -> LiveResource:
    arn = place.arn("ec2", f"volume/{disk.id}")
    tags = tags_of(disk.tags)
    joined = place.facts.joined
    machine = joined.machine(disk.machine) if disk.follows else None
    return LiveResource(
        make_resource(TYPE, arn, place.site.account, tags=tags, what="volume"),
        place.cell,
        name_of(arn, tags),
        place.site.region,
        created=disk.created,
        group=maker(machine) if machine is not None else "",
        chain=disk_chain(joined, disk),
        probable=disk_probable(joined, disk),
    )
