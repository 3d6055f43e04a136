"""One account in one region, ready to be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from tagwright_drift.inventories.aws.actions import asked
from tagwright_drift.inventories.aws.contract import Refused, Site
from tagwright_drift.inventories.aws.errors import Verdict, code_of, message_of, verdict_of
from tagwright_drift.inventories.aws.session import Clients, KeySource, own_keys
from tagwright_drift.inventories.aws.sweep import Sweep

_FAILURES = (ClientError, BotoCoreError, ResponseParserError, OSError, ValueError, KeyError, TypeError, AttributeError)
"""What a request can end in. The plain ones are botocore's parsers stumbling over an answer that makes no sense."""


class AwsSite:
    """The `Site` of `contract.py` over real clients.

    `renew` is called when AWS says that the credentials expired; it returns whether there are new ones. `neighbour`
    gives the same account's site in another region.
    """

    def __init__(
        self,
        clients: Clients,
        account: str,
        region: str,
        *,
        partition: str = "aws",
        keys: KeySource = own_keys,
        renew: Callable[[], bool] = lambda: False,
        neighbour: Callable[[str], Site] | None = None,
    ) -> None:
        self.account = account
        self.region = region
        self.partition = partition
        self._clients = clients
        self._keys = keys
        self._renew = renew
        self._neighbour = neighbour
        self._around: dict[str, Site] = {region: self}
        self._lock = Lock()
        self._sweep = Sweep(self)

    def call(
        self, service: str, operation: str, *, answers: tuple[str, ...] = (), **arguments: Any
    ) -> Mapping[str, Any]:
        fresh = False
        while True:
            client = self._client(service)
            try:
                found: Mapping[str, Any] = getattr(client, operation)(**arguments)
                return found
            except _FAILURES as error:
                if code_of(error) in answers:
                    raise Refused(code_of(error), message_of(error)) from None
                verdict = self._verdict(error, client, service, operation)
                if not verdict.expired or fresh or not self._renew():
                    raise verdict.trouble() from error
                fresh = True

    def pages(self, service: str, operation: str, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        client = self._client(service)
        if not client.can_paginate(operation):
            yield self.call(service, operation, **arguments)
            return
        started = False
        fresh = False
        while True:
            pages = iter(client.get_paginator(operation).paginate(**arguments))
            try:
                for page in pages:
                    started = True
                    yield page
                return
            except _FAILURES as error:
                verdict = self._verdict(error, client, service, operation)
                # Credentials that end between two pages are not tried again: what was given out would come twice.
                if not verdict.expired or started or fresh or not self._renew():
                    raise verdict.trouble() from error
                fresh = True
                client = self._client(service)

    def swept(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        return self._sweep.found()

    def at(self, region: str) -> Site:
        with self._lock:
            site = self._around.get(region)
        if site is None:
            site = self._neighbour(region) if self._neighbour else self._same(region)
            with self._lock:
                site = self._around.setdefault(region, site)
        return site

    def counted(self) -> int:
        return self._clients.counted()

    def _same(self, region: str) -> Site:
        return AwsSite(
            self._clients, self.account, region, partition=self.partition, keys=self._keys, renew=self._renew
        )

    def _client(self, service: str) -> Any:
        return self._clients.client(self.account, self.region, service, self._keys())

    def _verdict(self, error: Exception, client: Any, service: str, operation: str) -> Verdict:
        return verdict_of(
            error,
            asked(service, client.meta.method_to_api_mapping.get(operation, operation)),
            has_endpoint=lambda: self._clients.has_endpoint(service, self.region, self.partition),
        )
