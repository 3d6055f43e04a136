"""Listers over the shared facts of a site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from tagwright_drift.cells import Cell, CellState
from tagwright_drift.inventories.aws.compute.batches import NONSENSE
from tagwright_drift.inventories.aws.compute.gathering import ComputeFacts, FactsKeeper
from tagwright_drift.inventories.aws.contract import Site
from tagwright_drift.inventories.contract import CellTrouble, Page
from tagwright_drift.live import LiveResource
from tagwright_drift.reach.facts import Seen

T = TypeVar("T")
PAGE = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource is read: what its builder needs beside its row."""

    site: Site
    cell: Cell
    facts: ComputeFacts

    def arn(self, service: str, rest: str) -> str:
        site = self.site
        return f"arn:{site.partition}:{service}:{site.region}:{site.account}:{rest}"


@dataclass(frozen=True, slots=True)
class FactLister(Generic[T]):
    """A `Lister` of something that the facts hold whole. The first of its `actions` list it; the others tell the way of
    its tags and what it bills: without those its cell is still seen whole, but a verdict may be undecided.
    """

    type: str
    service: str
    actions: tuple[str, ...]
    keeper: FactsKeeper
    rows: Callable[[ComputeFacts], Seen[T]]
    build: Callable[[Place, T], LiveResource]
    kind: str = "regional"

    def read(self, site: Site, cell: Cell, now: datetime) -> Iterator[Page]:  # noqa: ARG002 - the Protocol has it
        place = Place(site, cell, self.keeper.of(site))
        seen = self.rows(place.facts)
        yield from pages(site, (self.build(place, row) for row in seen.rows))
        if seen.trouble is not None:
            raise again(seen.trouble, site)


@dataclass(frozen=True, slots=True)
class StreamLister:
    """A `Lister` that reads page by page and shares nothing but the keeper of facts."""

    type: str
    service: str
    actions: tuple[str, ...]
    keeper: FactsKeeper
    pages: Callable[[Place], Iterator[Page]]
    kind: str = "regional"

    def read(self, site: Site, cell: Cell, now: datetime) -> Iterator[Page]:  # noqa: ARG002 - the Protocol has it
        try:
            yield from self.pages(Place(site, cell, self.keeper.of(site)))
        except NONSENSE as error:
            reason = f"an answer of {self.service} makes no sense: {type(error).__name__}: {error}"
            raise CellTrouble(CellState.ERROR, reason, calls=site.counted()) from error


def pages(site: Site, resources: Iterator[LiveResource]) -> Iterator[Page]:
    """Pages of at most 500; always one, which carries the calls made so far."""
    part: list[LiveResource] = []
    for resource in resources:
        part.append(resource)
        if len(part) == PAGE:
            yield Page(tuple(part), site.counted())
            part = []
    yield Page(tuple(part), site.counted())


def again(trouble: CellTrouble, site: Site) -> CellTrouble:
    """The same trouble for another cell: one exception is not raised in two threads, nor its calls counted twice."""
    return CellTrouble(trouble.state, trouble.reason, refused_by=trouble.refused_by, calls=site.counted())
