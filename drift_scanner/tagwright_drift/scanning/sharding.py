"""Which shard of a run a cell belongs to."""

from __future__ import annotations

from hashlib import sha256

from tagwright_drift.cells import Cell


def shard_of(cell: Cell, shards: int) -> int:
    """1 to `shards`. All cells of one account in one region go together: they share a tag sweep and a rate limit."""
    text = f"{cell.account}\x1f{cell.region}"
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]) % shards + 1
