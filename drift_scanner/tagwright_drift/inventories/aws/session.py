"""The one boto3 session of the process and its clients.

Measured: a session of its own for each account costs 55 ms of processor time a client, one more client of the same
session 3.5 ms. So the keys of an assumed role go into `session.client(...)`, never into a new session.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.answers import check_answer
from tagwright_drift.inventories.aws.hosts import AbsentHostError, home_of, is_absent
from tagwright_drift.inventories.aws.limits import Limiter
from tagwright_drift.inventories.contract import CellTrouble, ScanStopped
from tagwright_drift.workers import Workers

Item = TypeVar("Item")
Made = TypeVar("Made")

_KEPT = 256  # clients of 370 kB; a scan of thousands of accounts makes far more, and uses each for a short while
_WORTH_SPREADING = 4  # items
_LOOK = 0.2  # seconds between looks at whether to stop
_NEVER = threading.Event()


@dataclass(frozen=True, slots=True)
class Keys:
    """Credentials of an assumed role. `expires` is UTC. Printed without what is secret."""

    access_key: str
    secret_key: str
    token: str
    expires: datetime | None = None

    def __repr__(self) -> str:
        return f"Keys({self.access_key[:4]}..., expires={self.expires})"


class Signer(Protocol):
    """What an account's requests are signed with."""

    def current(self) -> Keys | None:
        """The keys of this moment; None: the session's own. Raises CellTrouble when there are none (any more)."""

    def renew(self, stale: Keys | None) -> bool:
        """AWS says that `stale` expired: whether `current` has others now. False is for good: from then on `current`
        raises, so that nothing of the account that was not seen before can pass for empty.
        """


class OwnKeys:
    """The session's own credentials, whatever boto3 finds: environment, profile, container, instance. boto3 renews
    what can be renewed; what expires all the same is gone.
    """

    def __init__(self) -> None:
        self._gone = False

    def current(self) -> Keys | None:
        if self._gone:
            raise CellTrouble(CellState.ERROR, "the credentials expired earlier in this scan")
        return None

    def renew(self, stale: Keys | None) -> bool:
        del stale
        self._gone = True
        return False


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the clients wait and how often they try. `attempts` includes the first."""

    connect: float = 10.0
    read: float = 60.0
    attempts: int = 6


class Clients:
    """Makes clients, keeps the ones used last, counts every request that goes out and makes it wait for its turn.
    Safe to share between threads; boto3's clients are, making them is not.
    """

    def __init__(
        self,
        session: boto3.session.Session | None = None,
        *,
        patience: Patience | None = None,
        limiter: Limiter | None = None,
        threads: int = 32,
        endpoint_url: str | None = None,
    ) -> None:
        patience = patience or Patience()
        self.threads = threads
        self.patience = patience
        self.session = session or boto3.session.Session()
        self.limiter = limiter or Limiter()
        self.endpoint_url = endpoint_url
        self._config = _config(patience, threads)
        self._hasty = _config(Patience(min(patience.connect, 5.0), patience.read, min(patience.attempts, 2)), threads)
        self._lock = threading.Lock()
        self._clients: OrderedDict[tuple[str, str, str], tuple[Keys | None, Any]] = OrderedDict()
        self._absent: dict[str, bool] = {}
        self._mine = threading.local()
        self._helpers: Workers | None = None
        self._stop = _NEVER

    def client(self, account: str, region: str, service: str, keys: Keys | None = None, partition: str = "aws") -> Any:
        """A client that signs with `keys`. `account` separates accounts; "" while it is not known yet."""
        key = (account, region, service)
        with self._lock:
            known = self._clients.get(key)
            if known is not None and known[0] == keys:
                self._clients.move_to_end(key)
                return known[1]
            made = self._make(account, region, service, keys, partition)
            self._clients[key] = (keys, made)
            if len(self._clients) > _KEPT:
                self._clients.popitem(last=False)
            return made

    def counted(self) -> int:
        """Requests sent by this thread since it last asked, retries included."""
        count: int = getattr(self._mine, "count", 0)
        self._mine.count = 0
        return count

    def spread(self, function: Callable[[Item], Made], items: Sequence[Item]) -> list[Made]:
        """`function` of each item, in order, several at once; the requests count for the thread that asks. For calls
        of one item each: `function` must not spread again, or the helpers would wait for each other.
        """
        if len(items) < _WORTH_SPREADING:
            return [function(item) for item in items]
        return self.aside(function, items)

    def aside(self, function: Callable[[Item], Made], items: Sequence[Item]) -> list[Made]:
        """`spread` that leaves the calling thread free to stop, however few the items."""

        def counting(item: Item) -> tuple[Made, int]:
            self.counted()
            made = function(item)
            return made, self.counted()

        with self._lock:
            if self._helpers is None:
                self._helpers = Workers(self.threads, "tagwright-aws")
            helpers = self._helpers
        found: list[Made] = []
        futures = [helpers.submit(counting, item) for item in items]
        try:
            for future in futures:
                made, calls = self._outcome(future)
                found.append(made)
                self._mine.count = getattr(self._mine, "count", 0) + calls
        finally:
            for future in futures:
                future.cancel()
        return found

    def _outcome(self, future: Future[Made]) -> Made:
        """Its result, for which nobody waits who was stopped: botocore's pauses cannot be cut short."""
        while not wait((future,), None if self._stop is _NEVER else _LOOK).done:
            if self._stop.is_set():
                raise ScanStopped
        return future.result()

    def stop_with(self, stop: threading.Event) -> None:
        """Once `stop` is set no request goes out and none waits: calls end in `ScanStopped`."""
        self._stop = self.limiter.stopped = stop

    def forget(self, account: str, region: str) -> None:
        """Lets go of the clients of an account and region."""
        with self._lock:
            for key in [each for each in self._clients if each[:2] == (account, region)]:
                del self._clients[key]

    def close(self) -> None:
        """Closes the connections; clients that are still in use open new ones."""
        with self._lock:
            kept = [client for _, client in self._clients.values()]
            self._clients.clear()
            helpers, self._helpers = self._helpers, None
        if helpers is not None:
            helpers.close()
        for client in kept:
            client.close()

    def has_endpoint(self, service: str, region: str, partition: str) -> bool:
        """Whether botocore's endpoint data has the service in the region. A service of which it names no region at all
        may be anywhere; there the host's name decides (`AbsentHostError`).
        """
        with self._lock:
            return self._has_endpoint(service, region, partition)

    def _has_endpoint(self, service: str, region: str, partition: str) -> bool:
        regions = self.session.get_available_regions(service, partition_name=partition)
        return not regions or region in regions

    def _make(self, account: str, region: str, service: str, keys: Keys | None, partition: str) -> Any:
        client = self.session.client(
            service,
            region_name=region,
            # Six patient attempts at a host that botocore says does not exist would cost half a minute a type.
            config=self._config if self._has_endpoint(service, region, partition) else self._hasty,
            endpoint_url=self.endpoint_url,
            aws_access_key_id=keys.access_key if keys else None,
            aws_secret_access_key=keys.secret_key if keys else None,
            aws_session_token=keys.token if keys else None,
        )
        usual = urlsplit(client.meta.endpoint_url).hostname or ""
        vouched = bool(self.session.get_available_regions(service, partition_name=partition))

        def before_send(request: Any, **_: Any) -> None:
            if self._stop.is_set():
                raise ScanStopped
            host = urlsplit(request.url).hostname or ""
            # Of S3 Express and of services without endpoint data, nothing but the name tells where they are.
            if not (vouched and (host == usual or host.endswith(f".{usual}"))) and self._is_absent(
                host, region, partition
            ):
                raise AbsentHostError(host)
            self.limiter.acquire(account, region, service)
            if self._stop.is_set():
                raise ScanStopped
            self._mine.count = getattr(self._mine, "count", 0) + 1

        def after_call(http_response: Any, parsed: dict[str, Any], model: Any, **_: Any) -> None:
            if http_response.status_code < 300:
                check_answer(http_response.content, parsed, model)

        client.meta.events.register("before-send", before_send)
        client.meta.events.register("after-call", after_call)
        return client

    def _is_absent(self, host: str, region: str, partition: str) -> bool:
        if host not in self._absent:
            self._absent[host] = is_absent(host, region, home_of(partition))
        return self._absent[host]


def _config(patience: Patience, threads: int) -> Config:
    return Config(
        connect_timeout=patience.connect,
        read_timeout=patience.read,
        retries={"mode": "standard", "total_max_attempts": patience.attempts},
        max_pool_connections=max(10, 2 * threads),
        user_agent_extra="tagwright-drift",
        tcp_keepalive=True,
    )
