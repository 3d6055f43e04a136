"""The findings as data of the page: columns, with every repeated text once, so that 100,000 of them stay small."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from tagwright_drift.history.records import AgeBasis, EventKind
from tagwright_drift.levels import Standing
from tagwright_drift.report.model import Item

_SEVERITIES = {"error": 0, "warning": 1, "info": 2}
_STANDINGS = {Standing.BREACHED: 0, Standing.DUE_SOON: 1, Standing.OPEN: 2, Standing.NO_DEADLINE: 3}
_CHANGES = {None: 0, EventKind.NEW: 1, EventKind.REGRESSED: 2}
# In a script element these begin markup, or end a line in old JavaScript.
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_HERE = "\0"
"""Stands for the address in a command: commands then repeat, and are written once."""


class _Pool:
    def __init__(self) -> None:
        self.texts: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))


def rows_json(items: Sequence[Item]) -> str:
    """JSON for a script element of type application/json.

    {"count", "texts": [...], "columns": {name: [...]}}: a column of `pooled` names holds positions in `texts`, lists
    of such columns lists of positions; times are seconds since 1970 in UTC.
    """
    pool = _Pool()
    columns = {name: [read(item, pool) for item in items] for name, read in _COLUMNS.items()}
    whole = {"count": len(items), "texts": list(pool.texts), "pooled": sorted(_POOLED), "columns": columns}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)


def _command(item: Item) -> str:
    address = item.record.address
    quoted_plainly = f" {address} " in f" {item.fix.command} " and _HERE not in item.fix.command
    return item.fix.command.replace(address, _HERE, 1) if address and quoted_plainly else item.fix.command


def _seconds(when: datetime) -> int | float:
    stamp = when.timestamp()
    return int(stamp) if stamp.is_integer() else round(stamp, 6)


_Read = Callable[[Item, _Pool], Any]
_TEXTS: dict[str, Callable[[Item], str]] = {
    "type": lambda item: item.record.type,
    "account": lambda item: item.record.account,
    "region": lambda item: item.record.region,
    "rule": lambda item: item.record.rule,
    "key": lambda item: item.record.key,
    "message": lambda item: item.record.message,
    "help": lambda item: item.record.help,
    "owner": lambda item: item.owner,
    "from": lambda item: item.owner_basis,
    "requirement": lambda item: item.record.requirement,
    "cause": lambda item: item.record.cause,
    "chain": lambda item: item.record.chain,
    "group": lambda item: item.record.group,
    "classes": lambda item: ", ".join(item.record.classes),
    "suggestions": lambda item: ", ".join(item.record.suggestions),
    "level": lambda item: item.clock.severity,
    "provided": lambda item: item.clock.provided,
    "code": lambda item: item.fix.code,
    "basis": lambda item: item.fix.basis,
    "command": _command,
    "value": lambda item: item.record.value or "",
}
_POOLED = frozenset(_TEXTS) | {"tags"}


def _text(read: Callable[[Item], str]) -> _Read:
    return lambda item, pool: pool(read(item))


_COLUMNS: dict[str, _Read] = {
    "name": lambda item, _: item.record.name,
    "address": lambda item, _: item.record.address,
    **{name: _text(read) for name, read in _TEXTS.items()},
    "tags": lambda item, pool: [pool(f"{key} = {value}") for key, value in item.record.tags],
    "severity": lambda item, _: _SEVERITIES.get(item.record.severity, 2),
    "undecided": lambda item, _: int(item.record.certainty == "undecided"),
    "standing": lambda item, _: _STANDINGS[item.clock.standing],
    "certain": lambda item, _: int(item.clock.certain),
    "due": lambda item, _: None if item.clock.due is None else _seconds(item.clock.due),
    "since": lambda item, _: _seconds(item.record.first_seen),
    "least": lambda item, _: int(item.record.age_basis is AgeBasis.FIRST_OBSERVED),
    "seen": lambda item, _: _seconds(item.record.last_seen),
    "change": lambda item, _: _CHANGES.get(item.change, 0),
    "stale": lambda item, _: int(item.stale),
    "members": lambda item, _: item.record.members,
    "again": lambda item, _: item.record.regressions,
    "usd": lambda item, _: item.record.usd_per_day,
    "spent": lambda item, _: None if item.usd_so_far is None else round(item.usd_so_far, 2),
    "estimate": lambda item, _: int(item.record.usd_basis == "estimate"),
}
