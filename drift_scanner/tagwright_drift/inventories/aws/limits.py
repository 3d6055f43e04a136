"""How fast AWS may be asked: one token bucket an account, region and service, because that is how AWS counts.

Measured with a third of all calls throttled, botocore's adaptive mode took five times as long as its standard mode;
so the clients retry in standard mode, and this limiter keeps them from running into the limits at all.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from tagwright_drift.inventories.aws.data_files import read_table

_IDLE = 4096  # buckets; then those that are full again, and so remember nothing, are dropped
_JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Rate:
    """`rate` requests a second, `burst` at once."""

    rate: float
    burst: float


def rate_of(service: str) -> Rate:
    """The rate of a service (boto3's client name), from data/services.yaml."""
    table = read_table("services")
    row = {**table["default"], **table["services"].get(service, {})}
    return Rate(float(row["rate"]), float(row["burst"]))


class _Bucket:
    __slots__ = ("at", "level", "rate")

    def __init__(self, rate: Rate, now: float) -> None:
        self.rate = rate
        self.level = rate.burst
        self.at = now

    def refill(self, now: float) -> None:
        self.level = min(self.rate.burst, self.level + (now - self.at) * self.rate.rate)
        self.at = now


class Limiter:
    """Token buckets by (account, region, service). `ceiling` (requests a second) caps the rate of each bucket, for
    accounts whose owners asked for it; 0 takes all limits away, for accounts whose quotas were raised. Safe to share
    between threads; a caller sleeps outside the lock, in order of arrival, with up to 10% jitter, so that threads do
    not wake as one. Once `stopped` is set nobody waits any more.
    """

    def __init__(
        self,
        ceiling: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._ceiling = ceiling
        self._clock = clock
        self.stopped = threading.Event()
        self._sleep = sleep or self._wait
        self._lock = Lock()
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}
        self._room = _IDLE

    def acquire(self, account: str, region: str, service: str) -> float:
        """Waits until a request may go out; returns the seconds waited."""
        if self._ceiling == 0:
            return 0.0
        key = (account, region, service)
        with self._lock:
            now = self._clock()
            bucket = self._buckets.get(key)
            if bucket is None:
                if len(self._buckets) >= self._room:
                    self._forget(now)
                bucket = self._buckets[key] = _Bucket(self._rate(service), now)
            bucket.refill(now)
            bucket.level -= 1  # below 0: the place in the queue
            wait = max(0.0, -bucket.level / bucket.rate.rate)
        if wait:
            wait *= 1 + random.uniform(0, _JITTER)  # noqa: S311 - spreads threads, protects nothing
            self._sleep(wait)
        return wait

    def _wait(self, seconds: float) -> None:
        self.stopped.wait(seconds)

    def _rate(self, service: str) -> Rate:
        given = rate_of(service)
        if self._ceiling is None:
            return given
        rate = min(given.rate, self._ceiling)
        return Rate(rate, min(given.burst, max(1.0, rate)))

    def _forget(self, now: float) -> None:
        for key, bucket in list(self._buckets.items()):
            bucket.refill(now)
            if bucket.level >= bucket.rate.burst:
                del self._buckets[key]
        self._room = max(_IDLE, 2 * len(self._buckets))
