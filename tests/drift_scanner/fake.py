"""An inventory that is held in memory, for what a server cannot show: scale, order, crashes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tagwright_dictionary.model import Bill, Classes, Resource, Tag, Tags, Unknown
from tagwright_drift.cells import Cell, CellState
from tagwright_drift.inventories.contract import CellTrouble, Page, Planned
from tagwright_drift.live import LiveResource

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
COMPLETE_TAGS = {
    "owner": "ml-vision@acme.example",
    "cost-center": "cc-4100",
    "workload": "training",
    "environment": "dev",
    "team": "vision",
    "project": "search",
    "business-unit": "consumer",
}


def live(cell, name, tags=None, *, unread="", group="", gpu=False, created=None, incarnation=""):
    """One bucket, function or instance of that cell. `tags` None: it has all that the shipped dictionary wants."""
    arn = f"arn:aws:test:{cell.region}:{cell.account}:{cell.type}/{name}"
    if unread:
        found = Tags((), complete=False, cause=Unknown(unread))
    else:
        given = COMPLETE_TAGS if tags is None else tags
        found = Tags(tuple(Tag(key, given[key]) for key in sorted(given)))
    classes = {"aws_s3_bucket": {"bucket"}, "aws_lambda_function": {"function"}}.get(cell.type, {"compute"})
    resource = Resource(
        arn,
        cell.type,
        "aws",
        "live",
        classes=Classes(frozenset(classes | ({"gpu"} if gpu else set()))),
        tags=found,
        bills=(Bill(cell.type.removeprefix("aws_"), found, own=True),),
        account=cell.account,
    )
    region = cell.region if cell.region != "global" else "us-east-1"
    return LiveResource(resource, cell, name, region, created, incarnation, group)


@dataclass
class Fake:
    """`held`: cell to resources. `troubles`: cell to (how many resources come first, CellTrouble or another error)."""

    held: dict[Cell, list[LiveResource]]
    troubles: dict[Cell, tuple[int, Exception]] = field(default_factory=dict)
    decided: dict[Cell, Planned] = field(default_factory=dict)
    page: int = 10
    name: str = "fake"
    reads: list[Cell] = field(default_factory=list)
    released: list[tuple[str, str]] = field(default_factory=list)

    def plan(self):
        for cell in sorted({*self.held, *self.troubles, *self.decided}):
            yield self.decided.get(cell, Planned(cell))

    def read(self, cell, now):
        self.reads.append(cell)
        first, trouble = self.troubles.get(cell, (None, None))
        resources = self.held.get(cell, [])
        shown = resources if first is None else resources[:first]
        for start in range(0, len(shown), self.page):
            some = tuple(shown[start : start + self.page])
            unread = sum(not each.resource.tags.complete for each in some)
            yield Page(some, 1, unread, "AccessDenied" if unread else "")
        if trouble is not None:
            raise trouble

    def release(self, account, region):
        self.released.append((account, region))


def estate(accounts=2, regions=("eu-west-1", "us-east-1"), each=25, created=None):
    """A few cells, each with resources of which every fifth has no tags at all."""
    held = {}
    for account in (f"{number:012d}" for number in range(1, accounts + 1)):
        for region in regions:
            for type_ in ("aws_instance", "aws_lambda_function"):
                cell = Cell(account, region, type_)
                held[cell] = [
                    live(cell, f"r{n:04d}", {} if n % 5 == 0 else None, gpu=n % 2 == 0, created=created)
                    for n in range(each)
                ]
        cell = Cell(account, "global", "aws_s3_bucket")
        held[cell] = [live(cell, f"b{n:04d}", {} if n % 5 == 0 else None, created=created) for n in range(each)]
    return held


def ticking(start=NOW, step=timedelta(milliseconds=1)):
    """A clock that moves on with each look."""
    moment = [start]

    def clock():
        moment[0] += step
        return moment[0]

    return clock


DENIED = CellTrouble(CellState.DENIED, "AccessDenied for test:List", refused_by="iam", calls=1)
