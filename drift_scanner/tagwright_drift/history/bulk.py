"""Many rows at once, the fast way of each database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

Row = Sequence[Any]


class Bulk(Protocol):
    """Writes rows through a connection, in its transaction. Values are in the order of `columns`."""

    def insert(self, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None: ...

    def update(self, table: Table, key: Sequence[str], columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Each row is the values of `columns` and then those of `key`. Rows that are not there are passed over."""


class Sqlite:
    """By `executemany` of the driver: SQLAlchemy's own costs as much again as the database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def insert(self, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if rows:
            marks = ", ".join("?" * len(columns))
            self._many(f"INSERT INTO {table.name} ({_names(columns)}) VALUES ({marks})", rows)  # noqa: S608 - our names

    def update(self, table: Table, key: Sequence[str], columns: Sequence[str], rows: Sequence[Row]) -> None:
        if rows:
            what = ", ".join(f'"{name}" = ?' for name in columns)
            which = " AND ".join(f'"{name}" = ?' for name in key)
            self._many(f"UPDATE {table.name} SET {what} WHERE {which}", rows)  # noqa: S608 - names of ours

    def _many(self, statement: str, rows: Sequence[Row]) -> None:
        self._connection.exec_driver_sql(statement, [tuple(row) for row in rows])


class Postgres:
    """By COPY: into the table, or into one that lives as long as the transaction and is then joined."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def insert(self, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if rows:
            self._copy(table.name, columns, rows)

    def update(self, table: Table, key: Sequence[str], columns: Sequence[str], rows: Sequence[Row]) -> None:
        if not rows:
            return
        every = (*columns, *key)
        waiting = f"{table.name}_waiting"
        kept = ", ".join(f'"{name}"' for name in every)
        what = ", ".join(f'"{name}" = waiting."{name}"' for name in columns)
        which = " AND ".join(f'kept."{name}" = waiting."{name}"' for name in key)
        run = self._connection.exec_driver_sql
        run(f"CREATE TEMP TABLE {waiting} ON COMMIT DROP AS SELECT {kept} FROM {table.name} WITH NO DATA")  # noqa: S608
        self._copy(waiting, every, rows)
        run(f"UPDATE {table.name} AS kept SET {what} FROM {waiting} AS waiting WHERE {which}")  # noqa: S608 - our names
        run(f"DROP TABLE {waiting}")

    def _copy(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        driver: Any = self._connection.connection.driver_connection
        statement = f"COPY {table} ({_names(columns)}) FROM STDIN"
        errors = self._connection.dialect.loaded_dbapi.Error
        try:
            with driver.cursor() as cursor, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        except errors as error:  # past SQLAlchemy: made one of its own, as everywhere else
            raise DBAPIError.instance(statement, None, error, errors, dialect=self._connection.dialect) from error


BULKS: dict[str, type[Sqlite | Postgres]] = {"sqlite": Sqlite, "postgresql": Postgres}
"""By the name of SQLAlchemy's dialect: the databases that can hold a history."""


def bulk_for(connection: Connection) -> Bulk:
    return BULKS[connection.dialect.name](connection)


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
