"""Rows of exports into DuckDB: one pass a file, summed by resource and day.

No statement holds data: values travel as parameters; the names of a file's columns, where a statement must hold them,
as quoted identifiers.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from tagwright_dictionary.errors import InputError, MissingExtraError
from tagwright_dictionary.model import Location
from tagwright_drift.dollars.formats import Case, Layout, layout_of

AMOUNT: Final = "DECIMAL(38,12)"
"""Costs are kept to 12 decimals, exactly; exports have them as doubles or decimals. Doubles are cast by their shortest
text: DuckDB's own cast multiplies first, and 999999.999999 becomes 999999.999998999936.
"""
_LONGEST_LINE: Final = 16 << 20
_CHUNK: Final = 1 << 20
_CSV: Final = """read_csv(?, columns=?, header=true, auto_detect=false, delim=',', quote='"', escape='"', nullstr='',
max_line_size=?)"""

CHARGES: Final = f"""
CREATE TABLE charge (
  resource VARCHAR, account VARCHAR, service VARCHAR, category VARCHAR, currency VARCHAR, usage BOOLEAN,
  first_day DATE, last_day DATE, starts TIMESTAMP, ends TIMESTAMP, amount {AMOUNT}, below_zero {AMOUNT},
  line_items BIGINT, amountless BIGINT, timeless BIGINT
)"""


def connect(database: str, folder: str, memory: int) -> Any:
    """DuckDB over a file of its own, bounded in memory, without network and without extensions that it does not bring.

    Raises MissingExtraError.
    """
    try:
        import duckdb  # noqa: PLC0415 - an optional part
    except ImportError:
        raise MissingExtraError("report", "joining bills with live resources") from None
    connection = duckdb.connect(database)
    connection.execute("SET TimeZone='UTC'")
    connection.execute("SET autoinstall_known_extensions=false")
    connection.execute("SET autoload_known_extensions=false")
    connection.execute("SET allow_community_extensions=false")
    connection.execute("SET preserve_insertion_order=false")
    connection.execute("SET enable_progress_bar=false")
    connection.execute("SET memory_limit=?", [f"{memory}MB"])
    connection.execute("SET temp_directory=?", [folder])
    connection.execute("SET lock_configuration=true")
    connection.execute(CHARGES)
    return connection


def load(connection: Any, path: Path, shown: str) -> None:
    """Add one file to the table `charge`. Raises InputError with `shown` as the place: it is empty, damaged, lacks
    columns, or has rows without a currency, an amount or a time.
    """
    import duckdb  # noqa: PLC0415 - there, as the connection is

    try:
        source, arguments = source_of(path)
        layout = layout_of(_columns(connection, source, arguments), shown)
        before = connection.execute("SELECT count(*) FROM charge").fetchone()[0]
        connection.execute(_insert(layout, source), arguments)
        bad = connection.execute(
            "SELECT category, sum(amountless), sum(timeless), sum(line_items) FILTER (currency IS NULL) FROM charge "
            "WHERE rowid >= ? AND (amountless > 0 OR timeless > 0 OR currency IS NULL) "
            "GROUP BY category ORDER BY category NULLS FIRST",
            [before],
        ).fetchall()
        after = connection.execute("SELECT count(*) FROM charge").fetchone()[0]
    except InputError as error:
        raise InputError(error.message, hint=error.hint, location=error.location or Location(shown)) from None
    except (duckdb.Error, OSError, EOFError, zlib.error, csv.Error, UnicodeDecodeError) as error:
        said = " ".join(str(error).split())[:300].replace(str(path), shown)
        raise InputError(
            f"cannot be read as an export: {said}",
            hint="it may be cut off or of another format: download it again, or leave it out",
            location=Location(shown),
        ) from None
    if after == before:
        raise InputError("the export has no rows", hint="choose another billing period", location=Location(shown))
    for category, amountless, timeless, uncurrencied in bad:
        _refuse(layout, shown, category, amountless or 0, timeless or 0, uncurrencied or 0)


def source_of(path: Path) -> tuple[str, list[Any]]:
    """The table function that reads a file, and its parameters. CSV is read as text throughout."""
    literal = [[_literal(path)]]
    if path.name.casefold().endswith(".parquet"):
        return "read_parquet(?)", list(literal)
    names = _header(path)
    if len({name.casefold() for name in names}) != len(names):
        raise InputError("the header has a column twice", hint="keep one column of each name")
    return _CSV, [*literal, dict.fromkeys(names, "VARCHAR"), _LONGEST_LINE]


def column(layout: Layout, role: str) -> str:
    """The text of a role's column as SQL; NULL where the file has no such column; blank is NULL."""
    name = layout.found.get(role)
    return "NULL" if name is None else f"nullif(trim(CAST({quoted(name)} AS VARCHAR)), '')"


def quoted(name: str) -> str:
    """A column's name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _insert(layout: Layout, source: str) -> str:
    usage = ", ".join(f"'{category}'" for category in layout.format.usage)
    return f"""
INSERT INTO charge
SELECT resource, account, service, category, currency, coalesce(category IN ({usage}), false),
       CAST(starts AS DATE), CAST(ends - INTERVAL 1 MICROSECOND AS DATE), min(starts), max(ends), sum(amount),
       coalesce(sum(amount) FILTER (amount < 0), 0), count(*),
       count(*) FILTER (amount IS NULL), count(*) FILTER (starts IS NULL OR ends IS NULL OR ends < starts)
FROM (
  SELECT {column(layout, "resource")} AS resource, {column(layout, "account")} AS account,
         {column(layout, "service")} AS service, {column(layout, "category")} AS category,
         upper({column(layout, "currency")}) AS currency, {_time(layout, "start")} AS starts,
         {_time(layout, "end")} AS ends, {_amount(layout)} AS amount
  FROM {source}
)
GROUP BY ALL"""  # noqa: S608 - no data: categories and functions are of our own files, columns are quoted identifiers


def _time(layout: Layout, role: str) -> str:
    name = quoted(layout.found[role])
    return f"CAST(TRY_CAST({name} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP)"


def _amount(layout: Layout) -> str:
    """The amortised cost of a row; NULL where the cells that hold it are empty, not numbers, or not in the file."""
    category = column(layout, "category")
    cases = []
    for case in layout.format.cases:
        names = ", ".join(f"'{name}'" for name in case.categories)
        given = ""
        if case.given:
            held = layout.has.get(case.given.casefold())
            if held is None:
                continue
            given = f" AND nullif(trim(CAST({quoted(held)} AS VARCHAR)), '') IS NOT NULL"
        cases.append(f"WHEN {category} IN ({names}){given} THEN {_sum(layout, case)}")
    otherwise = _sum(layout, Case((), layout.format.otherwise))
    return f"CASE {' '.join(cases)} ELSE {otherwise} END" if cases else otherwise


def _sum(layout: Layout, case: Case) -> str:
    if not case.plus and not case.minus:
        return f"CAST(0 AS {AMOUNT})"
    signed, texts = [], []
    for sign, names in (("+", case.plus), ("-", case.minus)):
        for name in names:
            held = layout.has.get(name.casefold())
            if held is None:
                return f"CAST(NULL AS {AMOUNT})"
            texts.append(f"nullif(trim(CAST({quoted(held)} AS VARCHAR)), '')")
            signed.append(f"{sign} TRY_CAST(CAST({quoted(held)} AS VARCHAR) AS {AMOUNT})")
    if len(signed) == 1:
        return f"({signed[0]})"
    # One part of several may be empty (a reservation paid all at once has no recurring fee), not all of them.
    parts = " ".join(
        f"{part[0]} CASE WHEN {text} IS NULL THEN 0 ELSE {part[2:]} END"
        for part, text in zip(signed, texts, strict=True)
    )
    return f"CASE WHEN coalesce({', '.join(texts)}) IS NULL THEN NULL ELSE {parts} END"


def _refuse(
    layout: Layout, shown: str, category: str | None, amountless: int, timeless: int, uncurrencied: int
) -> None:
    what = category or "rows without a category"
    where = Location(shown)
    if amountless:
        names = layout.format.cost_columns(category or "")
        absent = [name for name in names if name.casefold() not in layout.has]
        if absent:
            raise InputError(
                f"{amountless:,} rows ({what}) cost what {', '.join(absent)} says, and the export has no such column",
                hint="select it in the export: without it their cost would count as nothing",
                location=where,
            )
        raise InputError(
            f"{amountless:,} rows ({what}) have no amount in {', '.join(names)}: empty, NaN, infinite or not a number",
            hint="export the period again; an amount that is not known cannot be counted as nothing",
            location=where,
        )
    if timeless:
        names = (layout.found["start"], layout.found["end"])
        raise InputError(
            f"{timeless:,} rows ({what}) have no time that can be read, or end before they start: {', '.join(names)}",
            hint="times are ISO 8601 (2026-10-01T00:00:00Z)",
            location=where,
        )
    raise InputError(
        f"{uncurrencied:,} rows ({what}) have no currency in {layout.found['currency']}",
        hint="export the period again with the currency",
        location=where,
    )


def _columns(connection: Any, source: str, arguments: Sequence[Any]) -> list[str]:
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}", arguments)  # noqa: S608 - a function of ours
    return [row[0] for row in described.fetchall()]


def _header(path: Path) -> list[str]:
    packed = path.name.casefold().endswith(".gz")
    if packed:
        _check_gzip(path)
    opened: Any = gzip.open if packed else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        names = next(csv.reader(_bounded(file), strict=True), [])
    if not any(names):
        raise InputError("the file is empty", hint="export the period again")
    return names


def _check_gzip(path: Path) -> None:
    """DuckDB reads on over a wrong checksum and may take a file that is cut off for a shorter one; Python does not."""
    with gzip.open(path, "rb") as file:
        while file.read(_CHUNK):
            pass


def _bounded(file: Any) -> Iterator[str]:
    while line := file.readline(_CHUNK):
        yield line


def _literal(path: Path) -> str:
    """A path that DuckDB does not take for a pattern."""
    text = str(path.resolve())
    return "".join(f"[{character}]" if character in "[*?" else character for character in text)
