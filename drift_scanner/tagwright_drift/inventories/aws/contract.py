"""What a lister of one AWS resource type gets and gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from tagwright_drift.cells import Cell
from tagwright_drift.inventories.contract import Page

Item = TypeVar("Item")
Made = TypeVar("Made")


class Site(Protocol):
    """One account in one region, ready to be asked. Every call goes through the limiter of (account, region, service),
    is retried as AWS asks, counted, and becomes `CellTrouble` when it fails for good. Safe to share between threads.
    """

    account: str
    region: str
    partition: str

    def call(
        self, service: str, operation: str, *, answers: tuple[str, ...] = (), **arguments: Any
    ) -> Mapping[str, Any]:
        """One request (`operation` as boto3 spells the method: "describe_instances"). Raises CellTrouble, or `Refused`
        for the error codes in `answers`: those are answers ("NoSuchTagSet": the bucket has no tags).
        """

    def pages(self, service: str, operation: str, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        """Every page of a list call, by botocore's own paginator, or the only one."""

    def swept(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """ARN to tags of everything the tagging API tells of this account and region (one sweep, shared by all listers,
        made on first use). An ARN that is not in it is not untagged: only a native read can say that. Where the sweep
        was refused or broke off it holds what was seen, and listers read natively.
        """

    def at(self, region: str) -> Site:
        """The same account in another region (a bucket's own, for its tags)."""

    def spread(self, function: Callable[[Item], Made], items: Sequence[Item]) -> list[Made]:
        """`function` of each item, in order, several at once; their calls count for this thread. For many reads of
        one thing each (tags of what the sweep does not know); `function` must not spread again.
        """

    def counted(self) -> int:
        """Calls made since the last time this was asked, by this thread."""


class Refused(Exception):  # noqa: N818 - an answer, not an error of the program
    """The error code of an answer that the lister wants to judge itself."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Lister(Protocol):
    """Lists one resource type, whole. One file or one table row each; `LISTERS` maps type to lister."""

    @property
    def type(self) -> str: ...
    @property
    def service(self) -> str:
        """boto3's client name."""

    @property
    def kind(self) -> str:
        """The kind of its cells: "regional", or "global": one cell an account, asked in one region."""

    @property
    def actions(self) -> tuple[str, ...]: ...

    def read(self, site: Site, cell: Cell, now: datetime) -> Iterator[Page]:
        """Every resource of the cell. `actions` are the IAM actions that it may use (for `iam-policy`, `doctor`)."""
