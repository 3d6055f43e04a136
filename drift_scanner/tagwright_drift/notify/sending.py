"""Sending through Apprise, which knows some hundred services."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from tagwright_dictionary.errors import InputError, MissingExtraError
from tagwright_drift.notify.channels import OWNER, Channel, filled
from tagwright_drift.notify.dialects import as_text
from tagwright_drift.notify.digest import Digest

_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")


class Sender(Protocol):
    """Sends one message to one address."""

    def send(self, url: str, title: str, body: str) -> bool:
        """Whether it was taken. Never raises for what the other side does."""


class AppriseSender:
    """The real one."""

    def __init__(self) -> None:
        try:
            import apprise  # noqa: PLC0415 - only a command that sends needs it
        except ImportError:
            raise MissingExtraError("report", "sending notifications") from None
        self._apprise: Any = apprise
        self._asset = apprise.AppriseAsset(
            app_id="tagwright", app_desc="tagwright drift", app_url="", image_url_mask=""
        )

    def send(self, url: str, title: str, body: str) -> bool:
        service = self._apprise.Apprise(asset=self._asset)
        # Text stays text: whatever markup a service knows was made harmless before (dialects.py).
        if not service.add(as_text(url)):
            return False
        return bool(service.notify(title=title, body=body, body_format=self._apprise.NotifyFormat.TEXT))

    def understands(self, url: str) -> bool:
        """Whether an address is one that Apprise knows."""
        return bool(self._apprise.Apprise(asset=self._asset).add(url))


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one digest. `reason` is "" when it was taken; it never holds the address."""

    channel: str
    owner: str
    reason: str = ""

    @property
    def ok(self) -> bool:
        return not self.reason


def deliver(channel: Channel, digest: Digest, sender: Sender) -> Sent:
    """One digest to one channel. Raises InputError for an address whose variables are not set."""
    reason = refusal(channel, digest)
    if reason:
        return Sent(channel.name, digest.owner, reason)
    url = filled(channel).replace(OWNER, quote(digest.owner, safe=""))
    if not sender.send(url, digest.title, digest.body):
        return Sent(
            channel.name, digest.owner, "the service did not take it, or the address is none that Apprise knows"
        )
    return Sent(channel.name, digest.owner)


def refusal(channel: Channel, digest: Digest) -> str:
    """Why a channel may not have a digest; "" when it may. Raises InputError as `deliver` does."""
    return cannot_write_to(digest.owner, channel.domains) if OWNER in filled(channel) else ""


def cannot_write_to(owner: str, domains: tuple[str, ...]) -> str:
    """Why a digest cannot go to the owner that a tag names; "" when it can."""
    if not owner:
        return "nobody is known to own these"
    found = _MAIL.fullmatch(owner)
    if found is None:
        return "the owner is no e-mail address"
    domain = found[1].lower()
    if domain not in {each.lower() for each in domains}:
        return f"{domain} is not among the domains that this channel may write to"
    return ""


def check_address(channel: Channel, sender: AppriseSender) -> None:
    """Raises InputError when Apprise does not know the kind of address; the address itself is not in the error."""
    url = filled(channel).replace(OWNER, quote("somebody@example.com", safe=""))
    if not sender.understands(url):
        scheme = url.partition(":")[0][:20]
        raise InputError(
            f"channel {channel.name}: its address ({scheme}:...) is none that Apprise understands",
            hint="see the list of services: https://github.com/caronc/apprise/wiki",
        )
