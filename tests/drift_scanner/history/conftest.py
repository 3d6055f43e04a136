"""A real SQLite file and a real Postgres server for the history."""

from __future__ import annotations

import uuid

import pytest
from tests.drift_scanner.history.postgres import installed, running

from tagwright_drift.history.store import open_history


@pytest.fixture(scope="session")
def postgres():
    """The URL of a server's maintenance database; on a socket in a folder, no port."""
    if not installed():
        pytest.skip("PostgreSQL (initdb, pg_ctl) is not installed")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with running() as url:
        yield url


@pytest.fixture(scope="session")
def new_postgres(postgres):
    """Makes the URL of an empty schema; a database of its own would cost a thousand files each time."""
    from sqlalchemy import create_engine

    engine = create_engine(postgres.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")

    def make():
        name = f"t{uuid.uuid4().hex}"
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        return f"{postgres}&options=-csearch_path%3D{name}"

    yield make
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def new_url(request, tmp_path):
    """Makes the URL of a history that is not there yet, for each database."""
    if request.param == "postgres":
        return request.getfixturevalue("new_postgres")
    return lambda: f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"


@pytest.fixture
def history(new_url):
    opened = open_history(new_url(), create=True)
    yield opened
    opened.close()
