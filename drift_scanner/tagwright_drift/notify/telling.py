"""From a report and the channels to digests that were sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tagwright_drift.notify.channels import Channel, filled
from tagwright_drift.notify.dialects import dialect_of, title_dialect_of
from tagwright_drift.notify.digest import Digest, by_owner, digest
from tagwright_drift.notify.remembering import Memory
from tagwright_drift.notify.sending import Sender, Sent, deliver
from tagwright_drift.notify.watching import Missing
from tagwright_drift.report.model import ReportData


def digests(data: ReportData, channel: Channel, link: str = "") -> tuple[Digest, ...]:
    """What a channel is told: one digest, or one an owner. A quiet channel is told nothing when nothing changed; an
    owner without news is never written to.
    """
    url = filled(channel)
    speak, title = dialect_of(url), title_dialect_of(url)
    groups = by_owner(data, channel.owners)
    if channel.each_owner:
        made = [
            digest(data, items, speak, owner=owner, link=link, title_speak=title)
            for owner, items in groups.items()
            if owner
        ]
        return tuple(each for each in made if each.changed)
    items = tuple(item for some in groups.values() for item in some) if channel.owners else data.items
    one = digest(data, items, speak, link=link, title_speak=title)
    return (one,) if one.changed or not channel.quiet else ()


def tell(
    data: ReportData,
    channels: Sequence[Channel],
    sender: Sender,
    memory: Memory,
    *,
    link: str = "",
    again: bool = False,
) -> Iterator[Sent]:
    """Send what has not been sent of this run yet (`again`: all), and remember what was taken. One channel's trouble
    does not keep the others from being told.
    """
    run = (data.newest or data.run).id
    for channel in channels:
        for each in digests(data, channel, link):
            if not again and memory.knows(channel.name, each.owner, run):
                continue
            sent = deliver(channel, each, sender)
            if sent.ok:
                memory.remember(channel.name, each.owner, run)
            yield sent


def alarm(
    missing: Sequence[Missing], channels: Sequence[Channel], sender: Sender, words: Callable[[Missing], str]
) -> Iterator[Sent]:
    """Tell every channel that watches which scans did not come."""
    title = "tagwright: " + ("a scan did" if len(missing) == 1 else "scans did") + " not come"
    body = "\n".join(
        [*map(words, missing), "", "Until one comes, nothing is known of what was created since. Look at the schedule."]
    )
    for channel in channels:
        if channel.watch:
            yield deliver(channel, Digest("", title, body, changed=True), sender)
