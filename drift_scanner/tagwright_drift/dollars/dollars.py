"""What a join or an estimate found, ready to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, Self

from tagwright_drift.dollars.live_table import insert
from tagwright_drift.dollars.model import (
    FindingCost,
    Inherited,
    OwnerCost,
    ResourceCost,
    ServiceCost,
    Share,
    Since,
    Spend,
)

_FETCH: Final = 10_000
_BATCH: Final = 50_000
_CENT: Final = Decimal("0.000001")


class Dollars:
    """Totals in `spend`; everything else streams from a temporary database, which `close` (or `with`) removes.

    The tables it stands on: `live`, `finding` (see `live_table`), `matched` (resource, account, service, amount,
    starts, live_id), `charge` (see `reading.CHARGES`; what is not counted is gone from it) and `billed_tag` (see
    `billing_tags`).
    """

    def __init__(self, connection: Any, folder: TemporaryDirectory[str], spend: Spend) -> None:
        self._connection = connection
        self._folder = folder
        self.spend = spend
        connection.execute(
            "CREATE TABLE cost AS SELECT live_id, sum(amount) AS amount, min(starts) AS starts FROM matched "
            "WHERE live_id IS NOT NULL GROUP BY live_id"
        )
        # A group has no line in a bill: a finding on it costs what its members cost.
        connection.execute(
            "CREATE TABLE payer AS SELECT live_id, live_id AS pays FROM cost UNION "
            "SELECT g.live_id, m.live_id FROM live g JOIN live m ON m.member_of = g.makes "
            "AND m.account = g.account AND m.region = g.region JOIN cost c ON c.live_id = m.live_id "
            "WHERE g.makes <> ''"
        )

    def metrics(self) -> tuple[tuple[str, float], ...]:
        """Named numbers for the record of the run (`Spend.metrics`)."""
        return self.spend.metrics()

    def of(self, address: str) -> ResourceCost | None:
        """What one live resource costs; None where the bill has nothing of it. Of equal addresses the dearest."""
        return next(self._resources("WHERE l.address = ?", [address]), None)

    def resources(self) -> Iterator[ResourceCost]:
        """Every live resource that has a cost, the dearest first."""
        return self._resources("", [])

    def per_identity(self) -> Iterator[tuple[str, float | None, str]]:
        """For `CostSink.save_costs`: identity of every finding, dollars a day, basis; sorted by identity. None: none of
        its resources has a cost.
        """
        rows = self._rows(
            "SELECT f.identity, sum(c.amount) FROM (SELECT DISTINCT live_id, identity FROM finding) f "
            "LEFT JOIN payer p ON p.live_id = f.live_id LEFT JOIN cost c ON c.live_id = p.pays GROUP BY 1 ORDER BY 1"
        )
        for name, amount in rows:
            if amount is None:
                yield name, None, ""
            else:
                yield name, float(amount / self.spend.period.days), self.spend.basis

    def findings(self) -> Iterator[FindingCost]:
        """Every finding whose resources have a cost, the dearest first."""
        rows = self._rows(
            "WITH one AS (SELECT f.identity, f.rule, f.key, f.live_id, sum(c.amount) AS amount FROM finding f "
            "JOIN payer p ON p.live_id = f.live_id JOIN cost c ON c.live_id = p.pays GROUP BY ALL) "
            "SELECT o.identity, o.rule, o.key, arg_max(l.address, (o.amount, l.address)), "
            "arg_max(l.name, (o.amount, l.address)), any_value(l.type), arg_max(l.owner, (o.amount, l.address)), "
            "count(*), sum(o.amount) AS amount FROM one o JOIN live l ON l.live_id = o.live_id "
            "GROUP BY o.identity, o.rule, o.key ORDER BY amount DESC, o.identity"
        )
        for identity, rule, key, address, name, type_, owner, resources, amount in rows:
            yield FindingCost(
                identity, rule, key, address, name, type_, owner, resources, amount / self.spend.period.days
            )

    def owners(self) -> tuple[OwnerCost, ...]:
        """Owners by untagged money, then by mis-tagged money."""
        rows = self._rows(
            "SELECT l.owner, coalesce(sum(c.amount) FILTER (l.share = 'untagged'), 0) AS untagged, "
            "coalesce(sum(c.amount) FILTER (l.share = 'mis_tagged'), 0) AS mis, count(*) "
            "FROM cost c JOIN live l ON l.live_id = c.live_id WHERE l.share IN ('untagged', 'mis_tagged') "
            "GROUP BY 1 ORDER BY untagged DESC, mis DESC, l.owner"
        )
        days = self.spend.period.days
        return tuple(OwnerCost(owner, lacks / days, wrong / days, count) for owner, lacks, wrong, count in rows)

    def unseen(self) -> tuple[ServiceCost, ...]:
        """Money on resource ids that no scan saw, by service."""
        rows = self._rows(
            "SELECT coalesce(service, '') AS service, count(DISTINCT (resource, account)), sum(amount) AS amount "
            "FROM matched WHERE live_id IS NULL AND resource IS NOT NULL GROUP BY 1 ORDER BY amount DESC, service"
        )
        return tuple(ServiceCost(service, ids, amount / self.spend.period.days) for service, ids, amount in rows)

    def inherited(self) -> Iterator[Inherited]:
        """Tags that the bill shows and the live resource lacks, by address and key."""
        rows = self._rows(
            "SELECT DISTINCT l.address, l.name, b.key, b.written, b.value "
            "FROM billed_tag b JOIN live l ON l.live_id = b.live_id "
            "ORDER BY l.address, b.key, b.written, b.value"
        )
        for row in rows:
            yield Inherited(*row)

    def since(self, began: Iterable[tuple[str, datetime]], now: datetime) -> Iterator[Since]:
        """What was spent since findings began: (identity, UTC time) in, by identity out; findings without cost are
        left out. Rows of a bill that cover that moment count for the part after it.
        """
        self._connection.execute("CREATE OR REPLACE TABLE began (identity VARCHAR, moment TIMESTAMP)")
        pairs = ((identity, moment.astimezone(UTC).replace(tzinfo=None)) for identity, moment in began)
        while batch := list(islice(pairs, _BATCH)):
            insert(self._connection, "began", ("identity", "moment"), batch)
        period = self.spend.period
        start, end, today = (each.astimezone(UTC).replace(tzinfo=None) for each in (period.start, period.end, now))
        for identity, billed, projected in self._rows(_SINCE, [end, end, today, start]):
            yield Since(identity, Decimal(str(billed)).quantize(_CENT), Decimal(str(projected)).quantize(_CENT))

    def _resources(self, where: str, parameters: list[Any]) -> Iterator[ResourceCost]:
        days = self.spend.period.days
        end = self.spend.period.end.astimezone(UTC).replace(tzinfo=None)
        rows = self._rows(
            "SELECT l.address, l.account, l.region, l.type, l.name, l.share, l.owner, c.amount, c.starts "  # noqa: S608 - `where` is one of two texts of this class
            f"FROM cost c JOIN live l ON l.live_id = c.live_id {where} ORDER BY c.amount DESC, l.address",
            parameters,
        )
        for address, account, region, type_, name, share, owner, amount, starts in rows:
            span = end - starts
            seconds = Decimal(span.days * 86_400 + span.seconds)
            recent = amount * 86_400 / seconds if seconds > 0 else amount / days
            yield ResourceCost(
                address, account, region, type_, name, Share(share), owner, amount, amount / days, recent
            )

    def _rows(self, statement: str, parameters: list[Any] | None = None) -> Iterator[Any]:
        """Rows as a stream, on a cursor of their own: several may be open at once."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(statement, parameters or [])
            while rows := cursor.fetchmany(_FETCH):
                yield from rows
        finally:
            cursor.close()

    def close(self) -> None:
        self._connection.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


# Seconds are integers of microseconds: an hour's row that begins in the middle counts by its exact part.
_SINCE: Final = """
WITH of_finding AS (
  SELECT DISTINCT b.identity, b.moment AS began, p.pays AS live_id
  FROM began b JOIN finding f ON f.identity = b.identity JOIN payer p ON p.live_id = f.live_id
), rate AS (
  SELECT live_id, amount::DOUBLE / greatest(epoch_us(?::TIMESTAMP) - epoch_us(starts), 1) AS per_us FROM cost
), spent AS (
  SELECT o.identity, sum(CASE WHEN c.ends > c.starts
           THEN c.amount::DOUBLE * greatest(0, least(1, (epoch_us(c.ends) - epoch_us(o.began))::DOUBLE
                                                       / (epoch_us(c.ends) - epoch_us(c.starts))))
           WHEN c.starts >= o.began THEN c.amount::DOUBLE ELSE 0 END) AS billed
  FROM of_finding o JOIN matched m ON m.live_id = o.live_id
  JOIN charge c ON c.resource IS NOT DISTINCT FROM m.resource AND c.account IS NOT DISTINCT FROM m.account
                AND c.service IS NOT DISTINCT FROM m.service
  GROUP BY o.identity
), ahead AS (
  SELECT o.identity, sum(r.per_us * (
           greatest(0, epoch_us(p.today) - greatest(epoch_us(p.finish), epoch_us(o.began)))
         + greatest(0, epoch_us(p.start) - epoch_us(o.began)))) AS projected
  FROM of_finding o JOIN rate r ON r.live_id = o.live_id,
       (SELECT ?::TIMESTAMP AS finish, ?::TIMESTAMP AS today, ?::TIMESTAMP AS start) p
  GROUP BY o.identity
)
SELECT s.identity, s.billed, a.projected FROM spent s JOIN ahead a ON a.identity = s.identity ORDER BY s.identity"""
