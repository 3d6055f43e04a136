"""Bills joined with what a scan saw: every row of a bill in exactly one share, every amount exact."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tagwright_dictionary.errors import InputError
from tagwright_drift.dollars import billing_tags, live_table, reading
from tagwright_drift.dollars.dollars import Dollars
from tagwright_drift.dollars.exports import distinct
from tagwright_drift.dollars.identifiers import rules
from tagwright_drift.dollars.live_rows import rows_of
from tagwright_drift.dollars.model import BILLED, Ask, Period, Share, Spend
from tagwright_drift.live import Observation

_NAMES_SHOWN: Final = 6
_ALL: Final = Ask()


def join(
    observations: Iterable[Observation],
    exports: Iterable[tuple[Path, str]],
    ask: Ask = _ALL,
    progress: Callable[[int, int], None] | None = None,
) -> Dollars:
    """What the live resources cost by the files of billing exports, each given with the name that messages show.

    Rows find their resource by ARN, by an id that is unique by itself in the same account, or by a bucket's name.
    Memory is bounded by `ask.memory` plus a batch of observations; the rest is in a temporary folder until the result
    is closed. `progress` is told (files read, files). Raises InputError (exit 2) for whatever is wrong with an export,
    its currency or the period; MissingExtraError without DuckDB or pyarrow.
    """
    files = tuple(exports)
    if not files:
        raise InputError("no export to read", hint="name FOCUS or CUR 2.0 files, folders or s3:// addresses")
    distinct(files)
    folder = TemporaryDirectory(prefix="tagwright-costs-", dir=ask.folder or None)
    connection = None
    try:
        connection = reading.connect(str(Path(folder.name) / "costs.duckdb"), folder.name, ask.memory)
        for number, (path, shown) in enumerate(files, 1):
            reading.load(connection, path, shown)
            if progress is not None:
                progress(number, len(files))
        live_table.fill(connection, rows_of(observations, ask.owner_keys))
        spend = _joined(connection, ask)
        billing_tags.fill(connection, files)
        return Dollars(connection, folder, spend)
    except BaseException:
        if connection is not None:
            connection.close()
        folder.cleanup()
        raise


def _joined(connection: Any, ask: Ask) -> Spend:
    currency, foreign = _currency(connection, ask.currency)
    start, end = _naive(ask.start), _naive(ask.end)
    _refuse_crossing(connection, currency, start, end)
    rows, first, last, all_of_it = connection.execute(
        "SELECT sum(line_items)::BIGINT, min(starts), max(ends), sum(amount) FILTER (currency = ?) FROM charge",
        [currency],
    ).fetchone()
    connection.execute(
        "DELETE FROM charge WHERE NOT (currency = ? AND (? IS NULL OR starts >= ?) AND (? IS NULL OR ends <= ?))",
        [currency, start, start, end, end],
    )
    period = _period(connection, first, last)
    connection.execute(_MATCH, _match_parameters())
    amounts = dict.fromkeys(Share, Decimal(0))
    for share, amount in connection.execute(_SHARES).fetchall():
        amounts[Share(share)] = amount
    counted, below_zero = connection.execute(
        "SELECT coalesce(sum(amount), 0), coalesce(sum(below_zero), 0) FROM charge"
    ).fetchone()
    return Spend(
        currency=currency,
        period=period,
        basis=BILLED,
        amounts=tuple(amounts.items()),
        resources=int(_one(connection, "SELECT count(DISTINCT live_id) FROM matched WHERE live_id IS NOT NULL", [])),
        seen=int(_one(connection, "SELECT count(*) FROM live", [])),
        credits=below_zero,
        outside=all_of_it - counted,
        foreign=foreign,
        rows=rows,
    )


def _currency(connection: Any, asked: str) -> tuple[str, tuple[tuple[str, Decimal], ...]]:
    sums = dict(connection.execute("SELECT currency, sum(amount) FROM charge GROUP BY 1 ORDER BY 1").fetchall())
    known = ", ".join(list(sums)[:_NAMES_SHOWN])
    wanted = asked.upper()
    if not wanted:
        if len(sums) > 1:
            raise InputError(
                f"the exports have several currencies ({known}), which cannot be added",
                hint="choose one with --currency, or name exports of one currency",
            )
        (wanted,) = sums
        if wanted != "USD":
            raise InputError(
                f"the exports are in {wanted}, and the history is kept in USD",
                hint=f"--currency {wanted} reports in {wanted} and keeps nothing in the history",
            )
    if wanted not in sums:
        raise InputError(f"no row of the exports is in {wanted}", hint=f"currencies found: {known}")
    return wanted, tuple((name, amount) for name, amount in sums.items() if name != wanted)


def _refuse_crossing(connection: Any, currency: str, start: datetime | None, end: datetime | None) -> None:
    """A monthly row cannot be cut: half of a month's usage would be left out, or counted whole."""
    crossing = int(
        _one(
            connection,
            "SELECT coalesce(sum(line_items), 0) FROM charge WHERE usage AND currency = ? "
            "AND ((starts < ? AND ends > ?) OR (starts < ? AND ends > ?))",
            [currency, start, start, end, end],
        )
    )
    if crossing:
        raise InputError(
            f"{crossing:,} rows of usage cross the border of the period asked for",
            hint="the export is coarser than the period: ask for whole months, or export by the day",
        )


def _period(connection: Any, earliest: datetime, latest: datetime) -> Period:
    """What the counted rows of usage cover, or all rows where there is no usage."""
    first, last, rows = connection.execute(
        "SELECT coalesce(min(starts) FILTER (usage), min(starts)), coalesce(max(ends) FILTER (usage), max(ends)), "
        "count(*) FROM charge"
    ).fetchone()
    if not rows:
        raise InputError(
            "the exports have no charge in the period asked for",
            hint=f"they cover {earliest:%Y-%m-%d} to {latest:%Y-%m-%d}",
        )
    if last <= first:
        raise InputError(
            f"the charges cover no time: all of them are at {first:%Y-%m-%d %H:%M}",
            hint="name the exports of whole days",
        )
    return Period(first.replace(tzinfo=UTC), last.replace(tzinfo=UTC))


_SHARES: Final = """
SELECT CASE WHEN m.resource IS NULL THEN 'unattributed' WHEN m.live_id IS NULL THEN 'unseen' ELSE l.share END,
       sum(m.amount)
FROM matched m LEFT JOIN live l ON l.live_id = m.live_id GROUP BY 1"""

# The patterns and services are parameters; `_match_parameters` has them in this order. An ARN without an account (a
# bucket's) says nothing about whose it is: another account may have had a bucket of that name before.
_MATCH_TEXT: Final = """
CREATE TABLE matched AS
WITH billed AS (
  SELECT resource, account, service, sum(amount) AS amount, min(starts) AS starts FROM charge GROUP BY ALL
), spelled AS (
  SELECT *, {canonical} AS arn, nullif(regexp_extract(resource, ?, 1), '') AS own_id
  FROM billed
), named AS (
  SELECT *, CASE {names} END AS own_name FROM spelled
), first_of AS (
  SELECT key, account, max(live_id) AS live_id FROM alias GROUP BY key, account
), only_of AS (
  SELECT key, max(live_id) AS live_id FROM first_of GROUP BY key HAVING count(*) = 1
)
SELECT n.resource, n.account, n.service, n.amount, n.starts,
       coalesce(a.live_id, i.live_id, b.live_id,
                CASE WHEN n.account IS NULL THEN coalesce(o.live_id, j.live_id, c.live_id)
                     WHEN split_part(n.arn, ':', 5) <> '' THEN o.live_id END) AS live_id
FROM named n
LEFT JOIN first_of a ON a.key = n.arn AND a.account = n.account
LEFT JOIN first_of i ON i.key = 'id:' || n.own_id AND i.account = n.account
LEFT JOIN first_of b ON b.key = n.own_name AND b.account = n.account
LEFT JOIN only_of j ON j.key = 'id:' || n.own_id
LEFT JOIN only_of c ON c.key = n.own_name
LEFT JOIN only_of o ON o.key = n.arn"""


def _match_text() -> str:
    canonical = "resource"
    for _ in rules().same:
        canonical = f"regexp_replace({canonical}, ?, ?)"
    names = " ".join(
        "WHEN list_contains(?, coalesce(service, '')) AND NOT starts_with(resource, 'arn:') THEN ? || resource"
        for _ in rules().names
    )
    return _MATCH_TEXT.format(canonical=canonical, names=names)


def _match_parameters() -> list[Any]:
    found: list[Any] = [part for rule in rules().same for part in rule]
    found.append(rules().id)
    for rule in rules().names:
        found += [list(rule.services), f"{rule.kind}:"]
    return found


_MATCH: Final = _match_text()


def _one(connection: Any, statement: str, parameters: list[Any]) -> Any:
    return connection.execute(statement, parameters).fetchone()[0]


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)
