"""Where an account's keys come from: a profile of boto3's, or a role that is assumed anew before its keys expire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.errors import FAILURES, verdict_of
from tagwright_drift.inventories.aws.session import Clients, Keys, Signer
from tagwright_drift.inventories.contract import CellTrouble

_MARGIN = timedelta(minutes=10)  # a list of many pages is signed with the keys that it began with
_SESSION_NAME = "tagwright-drift"


class ProfileKeys:
    """The credentials of a named profile, which boto3 itself renews where it can (SSO, a role of the profile)."""

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials
        self._gone = False

    def current(self) -> Keys | None:
        if self._gone:
            raise CellTrouble(CellState.ERROR, "the profile's credentials expired earlier in this scan")
        try:
            frozen = self._credentials.get_frozen_credentials()
        except FAILURES as error:
            raise verdict_of(error, "the profile's credentials").trouble() from error
        return Keys(frozen.access_key, frozen.secret_key, frozen.token or "")

    def renew(self, stale: Keys | None) -> bool:
        """Whether boto3 has others by now; it renews by time, and nothing can make it renew the rest."""
        if not self._gone and self.current() != stale:
            return True
        self._gone = True
        return False


@dataclass(frozen=True, slots=True)
class Role:
    """The role to assume in one account."""

    arn: str
    external_id: str = ""


class RoleKeys:
    """The keys of a role, assumed with `base` through STS in `region` when they are first needed, and again before
    they expire. A role that cannot be assumed is not tried again: every cell of its account has that state.
    """

    def __init__(
        self,
        clients: Clients,
        role: Role,
        *,
        base: Signer,
        base_account: str,
        region: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._clients = clients
        self._role = role
        self._base = base
        self._base_account = base_account
        self._region = region
        self._clock = clock
        self._lock = Lock()
        self._keys: Keys | None = None
        self._trouble: CellTrouble | None = None

    def current(self) -> Keys | None:
        with self._lock:
            if self._trouble is not None:
                raise _again(self._trouble)
            if self._keys is None or self._nearly_over(self._keys):
                self._assume()
            return self._keys

    def renew(self, stale: Keys | None) -> bool:
        with self._lock:
            if self._trouble is not None:
                return False
            if self._keys == stale:
                try:
                    self._assume()
                except CellTrouble:
                    return False
            return True

    def _nearly_over(self, keys: Keys) -> bool:
        return keys.expires is not None and keys.expires - self._clock() < _MARGIN

    def _assume(self) -> None:
        try:
            client = self._clients.client(self._base_account, self._region, "sts", self._base.current())
            more = {"ExternalId": self._role.external_id} if self._role.external_id else {}
            given = client.assume_role(RoleArn=self._role.arn, RoleSessionName=_SESSION_NAME, **more)["Credentials"]
            self._keys = Keys(
                given["AccessKeyId"],
                given["SecretAccessKey"],
                given["SessionToken"],
                given["Expiration"].astimezone(UTC),
            )
        except CellTrouble as trouble:
            self._trouble = trouble
            raise
        except FAILURES as error:
            verdict = verdict_of(error, f"sts:AssumeRole of {self._role.arn}")
            self._trouble = verdict.trouble()
            raise self._trouble from error


def _again(trouble: CellTrouble) -> CellTrouble:
    """A fresh one of the same words: one exception raised by many threads would collect all their tracebacks."""
    return CellTrouble(trouble.state, trouble.reason, refused_by=trouble.refused_by)
