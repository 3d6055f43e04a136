"""Where an account can have resources."""

from __future__ import annotations

from dataclasses import dataclass

from tagwright_drift.inventories.aws.contract import Site
from tagwright_drift.inventories.aws.session import Clients
from tagwright_drift.inventories.contract import CellTrouble

_NOT_OPTED_IN = "not-opted-in"


@dataclass(frozen=True, slots=True)
class Regions:
    """`enabled` are scanned; `disabled` cannot hold resources, because the account has not opted in. `note` says when
    they were not told by the account.
    """

    enabled: tuple[str, ...]
    disabled: tuple[str, ...] = ()
    note: str = ""


def find_regions(site: Site, clients: Clients, wanted: tuple[str, ...] = ()) -> Regions:
    """The regions of an account, by DescribeRegions. Where that is refused, all that botocore knows of the partition:
    one of them that the account has not opted in to then refuses every call, and stays unseen rather than left out.
    `wanted` narrows them; a wanted region that the account does not have is disabled.
    """
    note = ""
    try:
        rows = site.call("ec2", "describe_regions", AllRegions=True).get("Regions") or ()
        opted = {row["RegionName"]: row.get("OptInStatus", "") != _NOT_OPTED_IN for row in rows}
    except CellTrouble as trouble:
        opted = dict.fromkeys(known_regions(clients, site.partition), True)
        note = f"account {site.account}: regions taken from botocore's list, because {trouble.reason}"
    names = sorted(wanted or opted)
    return Regions(
        tuple(name for name in names if opted.get(name)), tuple(name for name in names if not opted.get(name)), note
    )


def known_regions(clients: Clients, partition: str) -> tuple[str, ...]:
    """What botocore knows of a partition."""
    return tuple(sorted(clients.session.get_available_regions("ec2", partition_name=partition)))
