"""What a scan would and would not see, told before it runs: every permission tried once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tagwright_drift.cells import GLOBAL, Cell, CellState
from tagwright_drift.inventories.aws.accounts import Account
from tagwright_drift.inventories.aws.contract import Lister
from tagwright_drift.inventories.aws.data_files import read_table
from tagwright_drift.inventories.aws.inventory import AwsInventory
from tagwright_drift.inventories.aws.probing import Outcomes, ProbingSite
from tagwright_drift.inventories.contract import CellTrouble

SEES = "sees"
BLIND = "blind"
PARTLY = "partly"
ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Probe:
    """One resource type in one region of one account.

    state    sees, blind (the list itself fails), partly (listed, but tags or details fail), absent (the service is
             not in the region)
    reason   why it is not "sees"
    refused  the IAM actions that failed; untried: those that there was nothing to try on
    """

    type: str
    service: str
    region: str
    state: str
    reason: str = ""
    refused: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checkup:
    """One account. `trouble`: it cannot be read at all. `notes`: what makes a scan slower or coarser, not blind."""

    account: str
    name: str
    probes: tuple[Probe, ...] = ()
    trouble: str = ""
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing goes blind."""
        return not self.trouble and all(each.state in (SEES, ABSENT) for each in self.probes)


def check(inventory: AwsInventory, account: Account, regions: tuple[str, ...], now: datetime) -> Checkup:
    """The checkup of one account in those regions; types of the whole account are tried once."""
    try:
        account.signer.current()
    except CellTrouble as trouble:
        return Checkup(account.id, account.name, trouble=trouble.reason)
    notes: list[str] = []
    probes: list[Probe] = []
    for at, region in enumerate(regions):
        outcomes = Outcomes()
        site = ProbingSite(inventory.site(account, region), outcomes)
        for lister in inventory.listers.values():
            whole = lister.kind == "global"
            if whole and at:
                continue
            where = ProbingSite(inventory.site(account, account.home), outcomes) if whole else site
            probes.append(_probe(lister, where, Cell(account.id, GLOBAL if whole else region, lister.type), now))
        notes += _extras(site, region)
        inventory.release(account.id, region)
    return Checkup(account.id, account.name, tuple(probes), notes=tuple(notes))


def _probe(lister: Lister, site: ProbingSite, cell: Cell, now: datetime) -> Probe:
    trouble: CellTrouble | None = None
    found = 0
    why = ""
    try:
        for page in lister.read(site, cell, now):
            found += len(page.resources)
            why = why or page.why
    except CellTrouble as met:
        trouble = met
    tried: Mapping[str, CellTrouble | None] = {
        action: site.outcomes.of[action] for action in lister.actions if action in site.outcomes.of
    }
    refused = tuple(action for action, met in tried.items() if met is not None)
    untried = tuple(action for action in lister.actions if action not in tried)
    if trouble is not None and trouble.state is CellState.TYPE_UNSUPPORTED:
        return Probe(lister.type, lister.service, cell.region, ABSENT, trouble.reason)
    if trouble is not None and not found:
        return Probe(lister.type, lister.service, cell.region, BLIND, trouble.reason, refused, untried)
    reason = trouble.reason if trouble is not None else why or next((str(met) for met in tried.values() if met), "")
    return Probe(lister.type, lister.service, cell.region, PARTLY if reason else SEES, reason, refused, untried)


def _extras(site: ProbingSite, region: str) -> Iterator[str]:
    """Calls whose refusal a scan survives."""
    for action, (service, method, arguments, loss) in _SURVIVABLE.items():
        try:
            for _ in site.pages(service, method, **arguments):
                pass
        except CellTrouble as trouble:
            yield f"{region}: {loss}: {trouble.reason} ({action}: {read_table('actions')['always'][action]})"


_SURVIVABLE: Mapping[str, tuple[str, str, Mapping[str, object], str]] = {
    "tag:GetResources": (
        "resourcegroupstaggingapi",
        "get_resources",
        {"ResourcesPerPage": 1},
        "the scan asks for the tags of every resource by itself, and takes longer",
    ),
    "ec2:DescribeRegions": ("ec2", "describe_regions", {}, "regions that are not enabled count as unseen"),
    "ec2:DescribeInstanceTypes": (
        "ec2",
        "describe_instance_types",
        {"Filters": [{"Name": "instance-type", "Values": ["p5.48xlarge"]}]},
        "accelerators are told by tagwright's table alone",
    ),
}
