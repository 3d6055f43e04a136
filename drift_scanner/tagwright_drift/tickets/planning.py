"""Which issues to create, update, reopen and close: a pure function of the report and of what is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from tagwright_dictionary.model import Severity
from tagwright_drift.report.model import Item, ReportData
from tagwright_drift.tickets.wording import body_of, closing_of, title_of

_MARKER = re.compile(r"\A<!-- tagwright-drift:([0-9a-f]{16}) -->")


class Act(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    REOPEN = "reopen"
    CLOSE = "close"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Ticket:
    """An issue as the tracker has it."""

    number: int
    title: str
    body: str
    open: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `number` None: the issue is still to be made. `comment` is added when it is closed or opened
    again. `group` says what it is about, for people.
    """

    act: Act
    group: str
    number: int | None
    title: str
    body: str
    comment: str = ""


_BY: dict[str, Callable[[Item], str]] = {
    "owner": lambda item: item.owner or "nobody known",
    "account": lambda item: f"account {item.record.account}",
    "type": lambda item: item.record.type,
}
GROUPINGS = tuple(_BY)
"""What `--by` takes."""


def marker(by: str, group: str) -> str:
    """The first line of an issue's body, by which it is found again."""
    digest = sha256(f"{by}\x1f{group}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"<!-- tagwright-drift:{digest} -->"


def plan(data: ReportData, existing: Iterable[Ticket], by: str, link: str = "") -> tuple[Step, ...]:
    """The steps from what is there to what should be, by group, then those that close. Only certain errors make an
    issue; a group without any is over, because the history resolves nothing that a scan has not seen gone.

    An issue whose marker is of another grouping is closed; one without a marker is not ours and is left alone. Of two
    issues with one marker the older one counts, and the other is closed.
    """
    groups = _groups(data.items, _BY[by])
    known: dict[str, Ticket] = {}
    surplus: list[Ticket] = []
    for ticket in sorted(existing, key=lambda each: each.number):
        found = _MARKER.match(ticket.body)
        if found is None:
            continue
        if found.group() in known:
            surplus.append(ticket)
        else:
            known[found.group()] = ticket
    steps = []
    for name in sorted(groups):
        mark = marker(by, name)
        title, body = title_of(name, by, groups[name]), f"{mark}\n{body_of(data, groups[name], link)}"
        if mark not in known:
            steps.append(Step(Act.CREATE, name, None, title, body))
            continue
        ticket = known.pop(mark)
        if not ticket.open:
            steps.append(Step(Act.REOPEN, name, ticket.number, title, body, "It is back."))
        elif _same(ticket.title, title) and _same(ticket.body, body):
            steps.append(Step(Act.KEEP, name, ticket.number, title, body))
        else:
            steps.append(Step(Act.UPDATE, name, ticket.number, title, body))
    over = [ticket for ticket in (*known.values(), *surplus) if ticket.open]
    steps += [
        Step(Act.CLOSE, ticket.title, ticket.number, ticket.title, ticket.body, closing_of(data))
        for ticket in sorted(over, key=lambda each: each.number)
    ]
    return tuple(steps)


def _groups(items: Sequence[Item], name_of: Callable[[Item], str]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        if item.record.severity == Severity.ERROR and item.record.certainty != "undecided":
            found.setdefault(name_of(item), []).append(item)
    return found


def _same(left: str, right: str) -> bool:
    """GitHub keeps bodies with its own line ends."""
    return left.replace("\r\n", "\n").strip() == right.replace("\r\n", "\n").strip()
