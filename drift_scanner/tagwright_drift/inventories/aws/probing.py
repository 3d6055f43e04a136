"""A site that asks every operation once: what `drift doctor` sends the listers through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tagwright_drift.inventories.aws.actions import actions_of, api_name
from tagwright_drift.inventories.aws.contract import Item, Made, Refused, Site
from tagwright_drift.inventories.contract import CellTrouble


class Outcomes:
    """What became of each action that was tried: None, or the trouble. One of several keys is kept once."""

    def __init__(self) -> None:
        self.of: dict[str, CellTrouble | None] = {}

    def note(self, service: str, method: str, trouble: CellTrouble | None) -> None:
        for action in actions_of(service, api_name(service, method)):
            if self.of.get(action) is None:
                self.of[action] = trouble


class ProbingSite:
    """A `Site` that reads the first page of a list and the first item of many, and nothing through the sweep, so that
    the native read of tags is tried as well. Answers are real; only the rest of them is not asked for.
    """

    def __init__(self, site: Site, outcomes: Outcomes | None = None) -> None:
        self.account = site.account
        self.region = site.region
        self.partition = site.partition
        self.outcomes = outcomes or Outcomes()
        self._site = site

    def call(
        self, service: str, operation: str, *, answers: tuple[str, ...] = (), **arguments: Any
    ) -> Mapping[str, Any]:
        try:
            found = self._site.call(service, operation, answers=answers, **arguments)
        except CellTrouble as trouble:
            self.outcomes.note(service, operation, trouble)
            raise
        except Refused:
            self.outcomes.note(service, operation, None)
            raise
        self.outcomes.note(service, operation, None)
        return found

    def pages(self, service: str, operation: str, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        pages = self._site.pages(service, operation, **arguments)
        try:
            first = next(iter(pages), None)
        except CellTrouble as trouble:
            self.outcomes.note(service, operation, trouble)
            raise
        self.outcomes.note(service, operation, None)
        if first is not None:
            yield first

    def swept(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        return {}

    def at(self, region: str) -> Site:
        return ProbingSite(self._site.at(region), self.outcomes)

    def spread(self, function: Callable[[Item], Made], items: Sequence[Item]) -> list[Made]:
        """The first item's answer stands for all."""
        return [function(items[0])] * len(items) if items else []

    def counted(self) -> int:
        return self._site.counted()
