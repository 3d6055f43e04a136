"""What resources cost a day, from a table that somebody else made (a bill, an estimate)."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Location

COLUMNS = ("address", "usd_per_day")
FURTHER = ("repository", "scope")
MAX_ROWS = 2_000_000
_MOST = Decimal(10) ** 9

Name = tuple[str, str, str]
"""Address, repository, scope; "" where a row leaves it open."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Dollars a day by what the rows name."""

    rows: dict[Name, Decimal]

    def price(self, address: str, repository: str, scope: str) -> Decimal | None:
        """Of one resource: the row that names it most exactly, None when there is none."""
        for name in (
            (address, repository, scope),
            (address, repository, ""),
            (address, "", scope),
            (address, "", ""),
        ):
            if name in self.rows:
                return self.rows[name]
        return None

    def ambiguous(self, resources: Iterable[Name]) -> frozenset[str]:
        """Addresses that a row prices without saying which of several resources it means."""
        counted = Counter(address for address, _, _ in set(resources))
        return frozenset(address for address, many in counted.items() if many > 1 and (address, "", "") in self.rows)


NO_COSTS = Costs({})


def parse_costs(text: str, path: str) -> Costs:
    """A CSV table with the columns address and usd_per_day (dollars), and, where addresses repeat, repository and
    scope. Raises InputError with the line.
    """
    rows: dict[Name, Decimal] = {}
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True, skipinitialspace=True)
    header: list[str] = []
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            where = Location(path, reader.line_num, 1)
            if not any(row):
                continue
            if not header:
                header = _header(row, where)
                continue
            if len(row) != len(header):
                raise InputError(
                    f"{len(row)} cells where the header has {len(header)} columns",
                    hint="quote a cell that holds a comma",
                    location=where,
                )
            given = dict(zip(header, row, strict=True))
            name = (given["address"], given.get("repository", ""), given.get("scope", ""))
            if not name[0]:
                raise InputError("the row has no address", hint="name the resource, or drop the row", location=where)
            if name in rows:
                hint = "keep one row a resource; the columns repository and scope tell equal addresses apart"
                raise InputError(f"{name[0]} is there twice", hint=hint, location=where)
            if len(rows) >= MAX_ROWS:
                raise InputError(f"more than {MAX_ROWS:,} rows", hint="keep one row a resource", location=where)
            rows[name] = _dollars(given["usd_per_day"], where)
    except csv.Error as error:
        where = Location(path, reader.line_num, 1)
        raise InputError(f"not valid CSV: {error}", hint="check its quotes", location=where) from None
    if not header:
        raise InputError("the table is empty", hint="the first line is address,usd_per_day", location=Location(path))
    return Costs(rows)


def _header(row: list[str], where: Location) -> list[str]:
    for name in row:
        if name not in (*COLUMNS, *FURTHER):
            raise InputError(
                f"unknown column {name!r}", hint=f"columns: {', '.join((*COLUMNS, *FURTHER))}", location=where
            )
    for name in COLUMNS:
        if row.count(name) != 1:
            raise InputError(f"the column {name} is not there once", hint="address,usd_per_day", location=where)
    return row


def _dollars(text: str, where: Location) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found < 0 or found > _MOST:
        raise InputError(f"usd_per_day is not an amount: {text[:40]!r}", hint="dollars a day: 98.32", location=where)
    return found
