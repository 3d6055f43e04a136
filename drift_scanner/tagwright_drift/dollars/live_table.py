"""The live resources of a run as DuckDB tables: `live`, the keys a bill may know them by, and their findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from tagwright_dictionary.errors import MissingExtraError
from tagwright_drift.dollars.live_rows import LiveRow

_BATCH: Final = 50_000
TABLES: Final = (
    """CREATE TABLE live (live_id BIGINT, address VARCHAR, account VARCHAR, region VARCHAR, type VARCHAR, name VARCHAR,
    share VARCHAR, owner VARCHAR, member_of VARCHAR, makes VARCHAR)""",
    "CREATE TABLE alias (live_id BIGINT, key VARCHAR, account VARCHAR)",
    "CREATE TABLE finding (live_id BIGINT, identity VARCHAR, rule VARCHAR, key VARCHAR)",
    "CREATE TABLE missing (live_id BIGINT, key VARCHAR)",
)


def fill(connection: Any, rows: Iterable[LiveRow]) -> None:
    """Write the rows. Of several with one address (several runs, a name used again) the last counts."""
    for statement in TABLES:
        connection.execute(statement)
    numbered = enumerate(rows)
    while batch := list(islice(numbered, _BATCH)):
        columns = ("live_id", "address", "account", "region", "type", "name", "share", "owner", "member_of", "makes")
        insert(connection, "live", columns, _live(batch))
        aliases = ((number, text(key), row.account) for number, row in batch for key in row.keys)
        insert(connection, "alias", ("live_id", "key", "account"), aliases)
        findings = ((number, each[0], each[1], text(each[2])) for number, row in batch for each in row.findings)
        insert(connection, "finding", ("live_id", "identity", "rule", "key"), findings)
        missing = ((number, text(key)) for number, row in batch for key in row.missing)
        insert(connection, "missing", ("live_id", "key"), missing)
    connection.execute("CREATE TABLE latest AS SELECT max(live_id) AS live_id FROM live GROUP BY address, account")
    for table in ("live", "alias", "finding", "missing"):
        connection.execute(f"DELETE FROM {table} WHERE live_id NOT IN (SELECT live_id FROM latest)")  # noqa: S608 - ours


def insert(connection: Any, table: str, names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Append rows to a table whose columns are named in its order. Raises MissingExtraError."""
    columns = list(zip(*rows, strict=True))
    if not columns:
        return
    try:
        import pyarrow as pa  # noqa: PLC0415 - an optional part
    except ImportError:
        raise MissingExtraError("report", "joining bills with live resources") from None
    given = pa.table(dict(zip(names, map(list, columns), strict=True)))
    connection.register("given", given)
    connection.execute(f"INSERT INTO {table} SELECT * FROM given")  # noqa: S608 - a table of ours
    connection.unregister("given")


def text(value: str) -> str:
    """Without halves of surrogate pairs, which neither Arrow nor DuckDB can hold."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def _live(batch: list[tuple[int, LiveRow]]) -> Iterator[tuple[Any, ...]]:
    for number, row in batch:
        place = (row.address, row.account, row.region, row.type, row.name)
        words = (*place, row.share.value, row.owner, row.group, row.makes)
        yield (number, *map(text, words))
