"""What a run says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RunHeader:
    """Written before the scan. Times are UTC.

    id        sortable and unique: `20261126T140500Z-1f2e3d4c`; shards of one run share it
    scope     "full"; "hot": accelerators only; "narrowed": some regions or types, as somebody asked
    shard     (1, 1) for a run in one piece, else (i, n)
    inventory the name of the inventory ("aws")
    """

    id: str
    started: datetime
    scope: str
    inventory: str
    tool_version: str
    dictionary_name: str
    dictionary_version: str
    dictionary_digest: str
    shard: tuple[int, int] = (1, 1)
    judged_on: str = ""


@dataclass(frozen=True, slots=True)
class RunEnd:
    """Written when the scan is over; a folder without it was killed. `interrupted`: by the user, in good order."""

    ended: datetime
    interrupted: bool = False
