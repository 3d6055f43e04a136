"""A real SQLite file and a real Postgres server for the history."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import uuid
from pathlib import Path

import pytest

from tagwright_drift.history.store import open_history


def _binary(name):
    known = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(known[-1]) if known else shutil.which(name)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """The URL of a server's maintenance database; on a socket in a folder, no port."""
    initdb, control = _binary("initdb"), _binary("pg_ctl")
    if not initdb or not control:
        pytest.skip("PostgreSQL (initdb, pg_ctl) is not installed")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    # Not below pytest's own folder: that is closed to others, and the server refuses to run as root.
    import tempfile

    home = Path(tempfile.mkdtemp(prefix="tw-pg-", dir="/tmp"))
    data = home / "data"
    become = []
    if os.geteuid() == 0:
        user = "postgres" if "postgres" in {each.pw_name for each in pwd.getpwall()} else "nobody"
        shutil.chown(home, user)
        become = ["setpriv", f"--reuid={user}", "--clear-groups"]
    owner = [*become, "env", "-u", "LD_PRELOAD", "LC_ALL=C"]
    subprocess.run(
        [*owner, initdb, "-D", data, "-U", "tagwright", "--auth=trust", "--encoding=UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        cwd=home,
    )
    options = f"-c listen_addresses='' -k {home} -c fsync=off"
    subprocess.run(
        [*owner, control, "-D", data, "-w", "-l", home / "log", "-o", options, "start"],
        check=True,
        capture_output=True,
        cwd=home,
    )
    try:
        yield f"postgresql://tagwright@/postgres?host={home}"
    finally:
        stop = [*owner, control, "-D", data, "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, capture_output=True, cwd=home)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def new_postgres(postgres):
    """Makes the URL of an empty database."""
    from sqlalchemy import create_engine

    engine = create_engine(postgres.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")

    def make():
        name = f"t{uuid.uuid4().hex}"
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        return postgres.replace("/postgres?", f"/{name}?")

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
