"""Every offender of a program at once, instead of the first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pulumi
from pulumi.runtime import settings

from tagwright_pulumi.errors import TagPolicyError


class Collector:
    """The refusals of one `with` block, and the checks of it that are still waiting for a value."""

    def __init__(self) -> None:
        self.refusals: list[TagPolicyError] = []
        self.waiting: list[pulumi.Output[Any]] = []

    def take(self, refusal: TagPolicyError) -> None:
        pulumi.log.error(str(refusal))
        self.refusals.append(refusal)

    def summary(self) -> pulumi.RunError:
        names = ", ".join(f"'{each.name}'" for each in self.refusals)
        count = len(self.refusals)
        what = "1 resource" if count == 1 else f"{count} resources"
        return pulumi.RunError(f"tag policy refuses {what}: {names} (each is explained above)")


_current: ContextVar[Collector | None] = ContextVar("tagwright_collector", default=None)


def collector() -> Collector | None:
    """The collector that refusals go to now. None in an update: there the first refusal stops the program, because
    what comes after it would be created.
    """
    return _current.get() if settings.is_dry_run() else None


@contextmanager
def collect_violations() -> Iterator[None]:
    """In a preview, let the program go on past a refused resource, log each refusal as an error, and fail once with
    `pulumi.RunError` when the block ends (and once more at the end of the program, for those that had to wait for
    an output). An update stops at the first.

        with collect_violations():
            GpuNode("a", {...})
            GpuNode("b", {...})
    """
    mine = Collector()
    token = _current.set(mine)
    try:
        yield
    finally:
        _current.reset(token)
    if mine.refusals:
        raise mine.summary()
    if mine.waiting:
        # The SDK waits for every output, and fails the program with what one raises.
        waiting: pulumi.Output[Any] = pulumi.Output.from_input(_await_all(mine))
        del waiting


async def _await_all(mine: Collector) -> None:
    await asyncio.gather(*(each.future() for each in mine.waiting), return_exceptions=True)
    if mine.refusals:
        raise mine.summary()
