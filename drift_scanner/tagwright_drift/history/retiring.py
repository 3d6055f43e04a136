"""Closing findings that no scan can close: of an account, region or type that left the plan for good."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from tagwright_dictionary.errors import InputError
from tagwright_drift.history.bulk import bulk_for
from tagwright_drift.history.merge import FULL, Resolution
from tagwright_drift.history.records import RETIRED, EventKind, FindingState
from tagwright_drift.history.store import History
from tagwright_drift.history.storing import storable
from tagwright_drift.history.tables import cells, events, findings, ledger, runs
from tagwright_drift.history.times import micros

_LONGEST = 300
_OPEN = "open"


@dataclass(frozen=True, slots=True)
class Where:
    """An account, or one region of it, or one type there; "" is all of them."""

    account: str
    region: str = ""
    type: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.account, self.region, self.type) if part)


def where_of(text: str) -> Where:
    """`ACCOUNT`, `ACCOUNT/REGION` or `ACCOUNT/REGION/TYPE`. Raises InputError."""
    parts = text.split("/", 2)
    if not all(parts):
        raise InputError(f"--retire {text!r} names no place", hint="--retire ACCOUNT, or ACCOUNT/REGION/TYPE")
    return Where(*parts)


def retire(history: History, where: Where, reason: str, now: datetime) -> int:
    """Close the open findings of cells that the newest full run did not plan, in one transaction; how many. They are
    resolved as "retired", with the reason in their events; one that is seen again goes on with its old clock.

    Raises InputError where there is no reason, nothing to close, or the newest full run still looks for all of it: a
    finding that a scan can see is closed by mending or exempting it.
    """
    said = " ".join(storable(reason).split())[:_LONGEST]
    if not said:
        raise InputError(
            "no reason is given, and the history keeps one", hint='--reason "account closed 2026-11-01, FIN-812"'
        )
    with history.database.writing() as connection:
        number, run = _newest_full(connection)
        planned = set(connection.execute(select(ledger.c.cell).where(ledger.c.run == number)).scalars())
        there = _open_cells(connection, where)
        if not there:
            raise InputError(f"the history has no open finding in {where}", hint="tagwright drift report shows them")
        left = [cell for cell in there if cell not in planned]
        if not left:
            raise InputError(
                f"the newest full scan ({run}) looks for all of {where}",
                hint="mend what it finds, or exempt it in the dictionary; retiring is for what is no longer scanned",
            )
        gone = _close(connection, number, left, f"{RETIRED}: {said}", micros(now))
        _count(connection, number, len(gone))
    return len(gone)


def _newest_full(connection: Connection) -> tuple[int, str]:
    query = select(runs.c.seq, runs.c.id).where(runs.c.scope == FULL)
    row = connection.execute(query.order_by(runs.c.started.desc(), runs.c.id.desc()).limit(1)).first()
    if row is None:
        raise InputError("no full scan says what is still looked for", hint="tagwright drift scan")
    # The cells of a missing shard of which nothing is known are one without an account.
    unknown = select(cells.c.id).join(ledger, ledger.c.cell == cells.c.id)
    if connection.execute(unknown.where(ledger.c.run == row.seq, cells.c.account == "").limit(1)).first() is not None:
        raise InputError(
            f"the newest full run ({row.id}) was merged without all its shards: its plan is not known",
            hint="retire after a whole one",
        )
    return row.seq, row.id


def _open_cells(connection: Connection, where: Where) -> list[int]:
    query = select(cells.c.id).where(cells.c.account == where.account)
    if where.region:
        query = query.where(cells.c.region == where.region)
    if where.type:
        query = query.where(cells.c.type == where.type)
    held = select(findings.c.cell).where(findings.c.state == str(FindingState.OPEN)).distinct()
    return list(connection.execute(query.where(cells.c.id.in_(held)).order_by(cells.c.id)).scalars())


def _close(connection: Connection, run: int, of: Sequence[int], reason: str, at: int) -> list[int]:
    bulk = bulk_for(connection)
    opened = select(findings.c.id).where(findings.c.cell.in_(of), findings.c.state == str(FindingState.OPEN))
    gone = list(connection.execute(opened.order_by(findings.c.id)).scalars())
    # One that was retired before and seen by a scan of accelerators since has an event in this run already.
    connection.execute(events.delete().where(events.c.run == run, events.c.finding.in_(opened)))
    closed = (str(FindingState.RESOLVED), at, str(Resolution.RETIRED))
    bulk.update(findings, ("id",), ("state", "resolved_at", "resolution"), [(*closed, each) for each in gone])
    names = tuple(column.name for column in events.columns)
    bulk.insert(events, names, [(run, each, str(EventKind.RESOLVED), at, reason) for each in gone])
    return gone


def _count(connection: Connection, run: int, gone: int) -> None:
    """The next merge counts on from what was open after the last one."""
    last = connection.execute(select(runs.c.seq).order_by(runs.c.seq.desc()).limit(1)).scalar()
    for number, name, change in ((last, _OPEN, -gone), (run, RETIRED, gone)):
        metrics = json.loads(connection.execute(select(runs.c.metrics).where(runs.c.seq == number)).scalar_one())
        metrics[name] = metrics.get(name, 0) + change
        text = json.dumps(metrics, sort_keys=True)
        connection.execute(runs.update().where(runs.c.seq == number).values(metrics=text))
