"""Where a history is kept: a SQLite file, or a Postgres database by URL. Opening, locking, and errors in words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from tagwright_dictionary.errors import InputError, MissingExtraError, TagwrightError
from tagwright_drift.history.bulk import BULKS
from tagwright_drift.history.tables import VERSION, meta, metadata

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

_LOCK = 0x7461677772696768  # "tagwrigh": the advisory lock of everybody who writes to a history
_PATIENCE = 600.0  # seconds to wait for another merge
_CACHE_KIB = 262_144
_FAMILY = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
_REBUILD = "restore a copy, or build it anew from the runs: tagwright drift replay RUNS --history NEW"


class Database:
    """One history's database. Everything it raises for a person to mend is an InputError that names the database."""

    def __init__(self, url: str | Path) -> None:
        self.url = _url(url)
        self.name = self.url.database or "" if self._sqlite else self.url.render_as_string(hide_password=True)
        self._engine = self._make_engine()

    @property
    def _sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def open(self, *, create: bool) -> None:
        """Make sure that there is a history of this version. `create`: make one where there is none.

        Raises InputError where there is none, where it is damaged, is something else, or is of another version.
        """
        if self._sqlite:
            self._open_file(create=create)
        with self.translated(), self._engine.connect() as connection:
            found = self._version(connection)
        if found is None and create and not self._sqlite:
            with self.writing() as connection:
                _make_tables(connection)
                found = self._version(connection)
        if found is None:
            raise self._none()
        if found != str(VERSION):
            raise InputError(
                f"the history in {self.name} has version {found!r}, and this tagwright reads version {VERSION}",
                hint="use the version of tagwright that wrote it, or build a new history from the runs: "
                "tagwright drift replay RUNS --history NEW",
            )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view, however long it is read and whoever writes meanwhile."""
        with self.translated(), self._engine.connect() as connection:
            if self._sqlite:
                connection.exec_driver_sql("BEGIN")
            else:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
            yield connection
            connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The only writer, in one transaction: all of it or nothing. Waits for another writer to end."""
        with self.translated(), self._engine.connect() as connection:
            if self._sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield connection
            connection.commit()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """The database's own errors as ones that say what to do."""
        try:
            yield
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise self._in_words(error) from error

    def _in_words(self, error: DBAPIError) -> TagwrightError:
        said = " ".join(str(error.orig).split())
        if not self._sqlite:
            return InputError(
                f"the history in {self.name} cannot be used: {said}",
                hint="check the URL, the server and what its user may do; nothing of this run was written",
            )
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_BUSY:
            return InputError(
                f"another process has been writing to the history in {self.name} for {_PATIENCE:.0f} seconds",
                hint="wait for it, or end it, and try again",
            )
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return self.damaged(said)
        return InputError(
            f"the history in {self.name} cannot be used: {said}",
            hint="it must be a file that you may read and write, on a disk with room; nothing of this run was written",
        )

    def _none(self) -> InputError:
        return InputError(
            f"there is no history in {self.name}", hint="tagwright drift scan begins one; or name it with --history"
        )

    def damaged(self, why: str) -> InputError:
        """What to raise for a history that makes no sense."""
        return InputError(f"the history in {self.name} is damaged: {why}", hint=f"it was left as it is; {_REBUILD}")

    def _open_file(self, *, create: bool) -> None:
        path = Path(self.name)
        try:
            size = path.stat().st_size if path.exists() else None
        except OSError as error:
            raise InputError(f"the history in {self.name} cannot be read: {error.strerror}", hint=_REBUILD) from None
        if size == 0:
            raise self.damaged("the file is empty")
        if size is None and not create:
            raise self._none()
        if size is None:
            self._refuse_leftovers(path)
            self._create_file(path)

    def _refuse_leftovers(self, path: Path) -> None:
        """SQLite would play the log of a lost file into the new one."""
        for each in (path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-journal")):
            if each.exists() and not path.exists():
                raise InputError(
                    f"{each} is left over from a history that is gone",
                    hint=f"put {path.name} back beside it, or move both it and {path.name}-shm away; {_REBUILD}",
                )

    def _create_file(self, path: Path) -> None:
        """The file gets its name with its tables in it, so that one that lacks them is known to be damaged."""
        waiting = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            waiting.unlink(missing_ok=True)
            maker = create_engine(URL.create("sqlite", database=str(waiting)), poolclass=NullPool)
            with self.translated(), maker.connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
                _make_tables(connection)
                connection.commit()
            maker.dispose()
            _give_name(waiting, path)
        except OSError as error:
            raise InputError(
                f"no history can be written to {self.name}: {error.strerror}",
                hint="name a file in a folder that you may write to",
            ) from None
        finally:
            with suppress(OSError):
                waiting.unlink(missing_ok=True)

    def _version(self, connection: Connection) -> str | None:
        if not inspect(connection).has_table(meta.name):
            if self._sqlite:
                raise InputError(
                    f"{self.name} is no history of tagwright",
                    hint="name another file with --history; this one was left as it is",
                )
            return None
        found: str | None = connection.execute(select(meta.c.value).where(meta.c.key == "version")).scalar()
        return found or "unknown"

    def _make_engine(self) -> Engine:
        try:
            if not self._sqlite:
                return create_engine(self.url, poolclass=NullPool)
            engine = create_engine(self.url, poolclass=NullPool, connect_args={"timeout": _PATIENCE})
        except ImportError:
            raise MissingExtraError("postgres", "a history in Postgres") from None
        event.listen(engine, "connect", _prepare)
        return engine


def _prepare(connection: DBAPIConnection, _record: Any) -> None:
    # The driver's own transactions begin too late to lock for writing: we begin them ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for line in ("synchronous = FULL", f"cache_size = -{_CACHE_KIB}", "temp_store = MEMORY"):
        cursor.execute(f"PRAGMA {line}")
    cursor.close()


def _give_name(waiting: Path, path: Path) -> None:
    """Unless another process was first: its history is as good."""
    try:
        path.hardlink_to(waiting)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        if not path.exists():
            waiting.rename(path)


def _make_tables(connection: Connection) -> None:
    metadata.create_all(connection)
    if connection.execute(select(meta.c.value).where(meta.c.key == "version")).scalar() is None:
        connection.execute(meta.insert().values(key="version", value=str(VERSION)))


def _url(given: str | Path) -> URL:
    """A URL as given, or a path as SQLite's. Raises InputError."""
    if isinstance(given, Path) or "://" not in given:
        return URL.create("sqlite", database=str(given))
    try:
        url = make_url(given)
        name = url.get_backend_name()
        if name not in BULKS and name not in _FAMILY:
            raise NoSuchModuleError
    except (ArgumentError, ValueError, NoSuchModuleError):
        shown = given.partition("://")[0]
        raise InputError(
            f"{shown}:// is no place for a history",
            hint="a file (history.db), or postgresql://USER@HOST/DATABASE",
        ) from None
    if url.drivername in _FAMILY:
        url = url.set(drivername=_FAMILY[url.drivername])
    if name == "sqlite" and (not url.database or url.database == ":memory:"):
        raise InputError("a history in memory would be gone at once", hint="name a file: --history history.db")
    return url
