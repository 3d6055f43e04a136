"""AWS as an inventory: accounts x regions x listers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from itertools import islice
from threading import Event, Lock

import boto3

from tagwright_dictionary.errors import InputError
from tagwright_drift.cells import GLOBAL, Cell, CellState
from tagwright_drift.inventories.aws.accelerated import Accelerators
from tagwright_drift.inventories.aws.accounts import Account, AccountSource, find_accounts
from tagwright_drift.inventories.aws.contract import Lister
from tagwright_drift.inventories.aws.limits import Limiter
from tagwright_drift.inventories.aws.regions import Regions, find_regions, known_regions
from tagwright_drift.inventories.aws.registry import is_hot, listers
from tagwright_drift.inventories.aws.session import Clients, Patience
from tagwright_drift.inventories.aws.site import AwsSite
from tagwright_drift.inventories.contract import CellTrouble, Page, Planned, ScanStopped
from tagwright_drift.live import LiveResource

_GLOBAL_KIND = "global"
_AT_ONCE = 64  # accounts that are prepared together while their plan is written
_SITES = 512  # kept at most, should nobody release them


@dataclass(frozen=True, slots=True)
class AwsOptions:
    """What a scan of AWS is told.

    regions  only these; the list of buckets is the account's and stays whole
    types    only these types, with * and ?; () for all
    scope    "full", or "hot": accelerators and what rents them
    max_tps  requests a second of one account, region and service at most; None: the table's rates
    """

    source: AccountSource = field(default_factory=AccountSource)
    regions: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    scope: str = "full"
    max_tps: float | None = None
    threads: int = 32
    patience: Patience = field(default_factory=Patience)
    endpoint_url: str | None = None


class AwsInventory:
    """The `Inventory` of AWS. `notes` fills while `plan` is read: what was left out or narrowed, in words."""

    name = "aws"

    def __init__(self, options: AwsOptions, clients: Clients | None = None) -> None:
        self.options = options
        self.clients = clients or Clients(
            boto3.session.Session(),
            patience=options.patience,
            limiter=Limiter(options.max_tps),
            threads=options.threads,
            endpoint_url=options.endpoint_url,
        )
        self.notes: list[str] = []
        self.listers = chosen_listers(options.types, options.scope)
        self._swept = tuple(sorted({getattr(each, "swept", "") for each in self.listers.values()} - {""}))
        self._accelerators = Accelerators()
        self._accounts: dict[str, Account] = {}
        self._sites: OrderedDict[tuple[str, str], AwsSite] = OrderedDict()
        self._lock = Lock()

    def accounts(self) -> tuple[Account, ...]:
        """The accounts of this scan, by id. Raises InputError where that cannot be told."""
        if not self._accounts:
            (told,) = self.clients.aside(lambda source: find_accounts(source, self.clients), [self.options.source])
            self.notes += told.notes
            self._accounts = {account.id: account for account in told.found}
        return tuple(self._accounts.values())

    def plan(self) -> Iterator[Planned]:
        try:
            yield from self._plan()
        except ScanStopped:
            raise KeyboardInterrupt from None  # a scan that was not planned has nothing to keep

    def _plan(self) -> Iterator[Planned]:
        accounts = iter(self.accounts())
        self.check_regions()
        if self.options.regions:
            self.notes.append(f"only regions {', '.join(self.options.regions)}: resources elsewhere are not looked for")
        while batch := list(islice(accounts, _AT_ONCE)):
            for account, prepared in zip(batch, self.clients.aside(self._prepare, batch), strict=True):
                yield from self._planned(account, prepared)

    def read(self, cell: Cell, now: datetime) -> Iterator[Page]:
        account = self._accounts[cell.account]
        site = self.site(account, account.home if cell.region == GLOBAL else cell.region)
        site.counted()
        try:
            for page in self.listers[cell.type].read(site, cell, now):
                settled = self._accelerators.settle(site, page.resources)
                explained = tuple(_explained(live, account) for live in settled)
                yield replace(page, resources=explained, calls=page.calls + site.counted())
        except CellTrouble as trouble:
            trouble.calls += site.counted()
            raise

    def site(self, account: Account, region: str) -> AwsSite:
        """The one site of an account and region, which all its cells share."""
        key = (account.id, region)
        with self._lock:
            found = self._sites.get(key)
            if found is None:
                found = self._sites[key] = AwsSite(
                    self.clients,
                    account.id,
                    region,
                    partition=account.partition,
                    signer=account.signer,
                    neighbour=lambda other: self.site(account, other),
                    swept=self._swept,
                )
                if len(self._sites) > _SITES:
                    self._sites.popitem(last=False)
            self._sites.move_to_end(key)
            return found

    def release(self, account: str, region: str) -> None:
        """Lets go of what was kept for an account and region (its sweep, its compute facts, its clients)."""
        with self._lock:
            self._sites.pop((account, region), None)
        self.clients.forget(account, region)

    def stop_with(self, stop: Event) -> None:
        """Once `stop` is set nothing more is asked: cells end in ScanStopped, the plan in KeyboardInterrupt."""
        self.clients.stop_with(stop)

    def close(self) -> None:
        self.clients.close()

    def _prepare(self, account: Account) -> Regions | CellTrouble:
        """Assumes the account's role and asks for its regions."""
        try:
            account.signer.current()
            return find_regions(self.site(account, account.home), self.clients, self.options.regions)
        except CellTrouble as trouble:
            return trouble

    def _planned(self, account: Account, prepared: Regions | CellTrouble) -> Iterator[Planned]:
        everywhere = [each for each in self.listers.values() if each.kind == _GLOBAL_KIND]
        regional = [each for each in self.listers.values() if each.kind != _GLOBAL_KIND]
        if isinstance(prepared, CellTrouble):
            self.notes.append(f"account {account.id} cannot be read: {prepared.reason}")
            names = self.options.regions or known_regions(self.clients, account.partition)
            cells = [Cell(account.id, GLOBAL, each.type) for each in everywhere]
            cells += [Cell(account.id, name, each.type) for name in sorted(names) for each in regional]
            for cell in cells:
                yield Planned(cell, prepared.state, prepared.reason, prepared.refused_by)
            return
        if prepared.note:
            self.notes.append(prepared.note)
        for each in everywhere:
            yield Planned(Cell(account.id, GLOBAL, each.type))
        for region in sorted((*prepared.enabled, *prepared.disabled)):
            for each in regional:
                cell = Cell(account.id, region, each.type)
                if region in prepared.disabled:
                    yield Planned(cell, CellState.REGION_DISABLED, "the account has not opted in to the region")
                else:
                    yield Planned(cell)

    def check_regions(self) -> None:
        """Raises InputError for a region that does not exist: a typo must not scan nothing and say clean."""
        partitions = {account.partition for account in self._accounts.values()}
        known = {name for partition in partitions for name in known_regions(self.clients, partition)}
        for name in self.options.regions:
            if name not in known:
                raise InputError(f"there is no region {name!r}", hint=f"one of {', '.join(sorted(known))}")


def chosen_listers(types: Sequence[str], scope: str) -> dict[str, Lister]:
    """The listers of a scope whose type matches one of the patterns. Raises InputError for a pattern that none
    matches: a typo must not scan nothing and say clean.
    """
    scoped: Iterable[tuple[str, Lister]] = listers().items()
    if scope == "hot":
        scoped = [(name, each) for name, each in scoped if is_hot(each)]
    found = dict(scoped)
    for pattern in types:
        if not any(fnmatchcase(name, pattern) for name in found):
            raise InputError(
                f"no resource type of the {scope} scan matches {pattern!r}",
                hint="see `tagwright drift iam-policy --types`",
            )
    return {name: each for name, each in found.items() if not types or any(fnmatchcase(name, one) for one in types)}


def _explained(live: LiveResource, account: Account) -> LiveResource:
    """With what the account itself says about tags that the resource lacks."""
    held = set(live.resource.tags.keys())
    already = {key for key, _, _ in live.probable}
    said = f"account {account.name or account.id}"
    more = tuple((key, value, said) for key, value in account.context() if key not in held and key not in already)
    return replace(live, probable=(*live.probable, *more)) if more else live
