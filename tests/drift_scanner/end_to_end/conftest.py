"""The real command against a real moto server: one cloud, an empty folder to work in, and nobody's credentials."""

from __future__ import annotations

import os
import random
import secrets
import time
from dataclasses import dataclass
from functools import cache

import pytest
from tests.drift_scanner.end_to_end.completed import ENABLED, OFF, completed, regions_are
from tests.drift_scanner.end_to_end.world import RULES, US, World
from tests.drift_scanner.faults import faulty_moto
from tests.drift_scanner.history.postgres import installed, running
from tests.drift_scanner.notify.conftest import post as post  # noqa: PLC0414 - a fixture, given on
from tests.drift_scanner.tickets.conftest import hub as hub  # noqa: PLC0414 - a fixture, given on

SEED = os.environ.get("TAGWRIGHT_SEED")


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def server():
    with faulty_moto() as cloud, completed(cloud):
        yield cloud


@pytest.fixture
def cloud(server):
    """An empty cloud without faults, of two regions."""
    server.reset()
    regions_are(*ENABLED, OFF)
    yield server
    server.plan()


@pytest.fixture
def world(cloud):
    made = World(cloud)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def shell(server, tmp_path, monkeypatch):
    """An empty folder, credentials that moto takes, a dictionary of two keys, UTC, and retries that do not wait."""
    settle(monkeypatch, tmp_path, server.url)
    time.tzset()
    yield tmp_path
    monkeypatch.delenv("TZ")
    time.tzset()


def settle(patch, folder, url):
    from botocore.retries.standard import ExponentialBackoff

    patch.chdir(folder)
    (folder / "rules.yaml").write_text(RULES)
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN"):
        patch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": US,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(folder / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
        "AWS_ENDPOINT_URL": url,
        "TAGWRIGHT_DICTIONARY": str(folder / "rules.yaml"),
        "COLUMNS": "100",
        "TZ": "UTC",
    }.items():
        patch.setenv(name, value)
    patch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    # Every scan has a boto3 session of its own, and so reads the megabytes of EC2's model again: here, once.
    patch.setattr("botocore.session.create_loader", _loader)


@cache
def _loader(paths=None):
    from botocore.loaders import create_loader

    return create_loader(paths)


@pytest.fixture
def drift(capsys):
    """Runs `tagwright drift ...` in this process: drift("scan", ...). A scan has no limit of its own here."""
    from tagwright_cli.main import main

    def run(verb, *arguments):
        more = ("--max-tps", "0", "--threads", "4") if verb == "scan" else ()
        capsys.readouterr()
        code = main(["drift", verb, *more, *map(str, arguments)])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def chance(capsys):
    """A source of randomness; a failure shows its seed, and TAGWRIGHT_SEED in the environment repeats it."""
    seed = int(SEED or secrets.randbits(32))
    yield random.Random(seed)
    capsys.readouterr()
    print("seed", seed)


@pytest.fixture
def patience(monkeypatch):
    """patience(seconds): the clients of the next scans wait so long for an answer, and try twice."""
    from tagwright_drift.inventories.aws.session import Patience

    return lambda seconds: monkeypatch.setattr(Patience.__init__, "__defaults__", (10.0, seconds, 2))


@pytest.fixture(scope="session")
def postgres():
    """Makes the URL of an empty schema of a server of our own."""
    import uuid

    if not installed():
        pytest.skip("PostgreSQL (initdb, pg_ctl) is not installed")
    from sqlalchemy import create_engine

    with running() as url:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")

        def make():
            name = f"t{uuid.uuid4().hex}"
            with engine.connect() as connection:
                connection.exec_driver_sql(f"CREATE SCHEMA {name}")
            return f"{url}&options=-csearch_path%3D{name}"

        yield make
        engine.dispose()
