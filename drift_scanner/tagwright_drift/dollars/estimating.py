"""An estimate from a price file, in the same form as a join with a bill, and marked as an estimate throughout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tagwright_drift.dollars import live_table, reading
from tagwright_drift.dollars.dollars import Dollars
from tagwright_drift.dollars.live_rows import LiveRow, rows_of
from tagwright_drift.dollars.model import ESTIMATE, Ask, Period, Share, Spend
from tagwright_drift.dollars.prices import Prices
from tagwright_drift.live import Observation

_ALL: Final = Ask()
_BATCH: Final = 5_000
_HOURS: Final = 24


def estimate(observations: Iterable[Observation], prices: Prices, now: datetime, ask: Ask = _ALL) -> Dollars:
    """What the live resources would cost in a day that ends `now`, each running all day at its listed price. What has
    no price is in no amount: `spend.resources` of `spend.seen` have one.
    """
    folder = TemporaryDirectory(prefix="tagwright-costs-", dir=ask.folder or None)
    connection = None
    try:
        connection = reading.connect(str(Path(folder.name) / "costs.duckdb"), folder.name, ask.memory)
        connection.execute("DROP TABLE charge")
        connection.execute("CREATE TABLE price (address VARCHAR, account VARCHAR, amount DECIMAL(38,12))")
        live_table.fill(connection, _priced(connection, rows_of(observations, ask.owner_keys), prices))
        spend = _spend(connection, Period(now - timedelta(days=1), now))
        connection.execute("CREATE TABLE billed_tag (live_id BIGINT, key VARCHAR, written VARCHAR, value VARCHAR)")
        return Dollars(connection, folder, spend)
    except BaseException:
        if connection is not None:
            connection.close()
        folder.cleanup()
        raise


def _priced(connection: Any, rows: Iterable[LiveRow], prices: Prices) -> Iterator[LiveRow]:
    """The rows as they come; their prices go into the table `price` on the way."""
    waiting: list[tuple[str, str, str]] = []
    for row in rows:
        hourly = prices.hourly(row)
        if hourly is not None:
            waiting.append((live_table.text(row.address), live_table.text(row.account), str(hourly * _HOURS)))
        if len(waiting) >= _BATCH:
            _write(connection, waiting)
        yield row
    _write(connection, waiting)


def _write(connection: Any, waiting: list[tuple[str, str, str]]) -> None:
    live_table.insert(connection, "price", ("address", "account", "amount"), waiting)
    waiting.clear()


def _spend(connection: Any, period: Period) -> Spend:
    start, end = (each.astimezone(UTC).replace(tzinfo=None) for each in (period.start, period.end))
    connection.execute(
        "CREATE TABLE matched AS SELECT l.address AS resource, l.account, 'estimate' AS service, "
        "max(p.amount) AS amount, ?::TIMESTAMP AS starts, l.live_id "
        "FROM live l JOIN price p ON p.address = l.address AND p.account = l.account "
        "GROUP BY l.address, l.account, l.live_id",
        [start],
    )
    connection.execute(
        "CREATE TABLE charge AS SELECT resource, account, service, amount, starts, ?::TIMESTAMP AS ends FROM matched",
        [end],
    )
    amounts = dict.fromkeys(Share, Decimal(0))
    sums = "SELECT l.share, sum(m.amount) FROM matched m JOIN live l ON l.live_id = m.live_id GROUP BY 1"
    for share, amount in connection.execute(sums).fetchall():
        amounts[Share(share)] = amount
    (priced,) = connection.execute("SELECT count(*) FROM matched").fetchone()
    (seen,) = connection.execute("SELECT count(*) FROM live").fetchone()
    return Spend("USD", period, ESTIMATE, tuple(amounts.items()), resources=priced, seen=seen)
