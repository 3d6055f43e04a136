"""One account in one region, ready to be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Any

from botocore.parsers import ResponseParserError

from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.actions import asked
from tagwright_drift.inventories.aws.contract import Refused, Site
from tagwright_drift.inventories.aws.errors import FAILURES, Verdict, code_of, message_of, verdict_of
from tagwright_drift.inventories.aws.session import Clients, Item, Keys, Made, OwnKeys, Signer
from tagwright_drift.inventories.aws.sweep import Sweep
from tagwright_drift.inventories.contract import CellTrouble

_TOKENS = ("NextToken", "nextToken", "Marker", "marker", "ContinuationToken", "continuationToken")


class AwsSite:
    """The `Site` of `contract.py` over real clients. `neighbour` gives the same account's site in another region;
    `swept` are the services whose tags are wanted from the sweep, () for all.
    """

    def __init__(
        self,
        clients: Clients,
        account: str,
        region: str,
        *,
        partition: str = "aws",
        signer: Signer | None = None,
        neighbour: Callable[[str], Site] | None = None,
        swept: tuple[str, ...] = (),
    ) -> None:
        self.account = account
        self.region = region
        self.partition = partition
        self._clients = clients
        self._signer = signer or OwnKeys()
        self._neighbour = neighbour
        self._around: dict[str, Site] = {region: self}
        self._lock = Lock()
        self._sweep = Sweep(self, swept)

    def call(
        self, service: str, operation: str, *, answers: tuple[str, ...] = (), **arguments: Any
    ) -> Mapping[str, Any]:
        fresh = False
        again = self._clients.patience.attempts > 1
        while True:
            keys, client = self._client(service)
            try:
                found: Mapping[str, Any] = getattr(client, operation)(**arguments)
                return found
            except FAILURES as error:
                if code_of(error) in answers:
                    raise Refused(code_of(error), message_of(error)) from None
                if isinstance(error, ResponseParserError) and again:
                    again = False  # botocore does not try again what it cannot parse, such as a proxy's error page
                    continue
                verdict = self._verdict(error, client, service, operation)
                if not verdict.expired or fresh or not self._signer.renew(keys):
                    raise verdict.trouble() from error
                fresh = True

    def pages(self, service: str, operation: str, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        keys, client = self._client(service)
        if not client.can_paginate(operation):
            yield from self._by_token(client, service, operation, arguments)
            return
        started = False
        fresh = False
        again = self._clients.patience.attempts > 1
        while True:
            pages = iter(client.get_paginator(operation).paginate(**arguments))
            try:
                for page in pages:
                    started = True
                    yield page
                return
            except FAILURES as error:
                if isinstance(error, ResponseParserError) and again and not started:
                    again = False
                    continue
                verdict = self._verdict(error, client, service, operation)
                # Credentials that end between two pages are not tried again: what was given out would come twice.
                renewed = verdict.expired and not fresh and self._signer.renew(keys)
                if started or not renewed:
                    raise verdict.trouble() from error
                fresh = True
                keys, client = self._client(service)

    def _by_token(
        self, client: Any, service: str, operation: str, arguments: Mapping[str, Any]
    ) -> Iterator[Mapping[str, Any]]:
        """The pages of a list that botocore has no paginator for though it has tokens (Kendra's, OpenSearch
        Serverless's): its first page alone would look like all of it.
        """
        model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
        taken = model.input_shape.members if model.input_shape else {}
        told = model.output_shape.members if model.output_shape else {}
        name = next((each for each in _TOKENS if each in taken and each in told), "")
        page = self.call(service, operation, **arguments)
        yield page
        token = page.get(name) if name else None
        while token:
            page = self.call(service, operation, **{**arguments, name: token})
            yield page
            if page.get(name) == token:
                asks = asked(service, model.name)
                raise CellTrouble(CellState.ERROR, f"{asks} gives the same page again and again")
            token = page.get(name)

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

    def spread(self, function: Callable[[Item], Made], items: Sequence[Item]) -> list[Made]:
        return self._clients.spread(function, items)

    def _same(self, region: str) -> Site:
        return AwsSite(self._clients, self.account, region, partition=self.partition, signer=self._signer)

    def _client(self, service: str) -> tuple[Keys | None, Any]:
        keys = self._signer.current()
        return keys, self._clients.client(self.account, self.region, service, keys, self.partition)

    def _verdict(self, error: Exception, client: Any, service: str, operation: str) -> Verdict:
        return verdict_of(
            error,
            asked(service, client.meta.method_to_api_mapping.get(operation, operation)),
            has_endpoint=lambda: self._clients.has_endpoint(service, self.region, self.partition),
        )
