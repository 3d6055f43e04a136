"""Exports in S3, over HTTP from a moto server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from tests.drift_scanner.dollars import making
from tests.drift_scanner.dollars.making import GOOD, focus, instance, live

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import InputError
from tagwright_drift.dollars import buckets
from tagwright_drift.dollars.joining import join

BASE = "s3://bills/exports/focus"


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    made = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="us-east-1").client(  # noqa: S106 - no credentials
        "s3", endpoint_url=f"http://{host}:{port}"
    )
    made.create_bucket(Bucket="bills")
    yield made
    made.close()
    server.stop()


@pytest.fixture(scope="module")
def filled(client: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("objects")
    one, _ = making.parquet(folder / "1.parquet", [focus(instance(1), 1.0)])
    two, _ = making.written_csv(folder / "2.csv.gz", [focus(instance(1), 2.0), focus(None, 4.0)])
    for key, path in (
        ("exports/focus/data/BILLING_PERIOD=2026-10/a.snappy.parquet", one),
        ("exports/focus/data/BILLING_PERIOD=2026-10/../b.csv.gz", two),
        ("exports/focus/metadata/BILLING_PERIOD=2026-10/manifest.json", one),
        ("exports/focus-test/data/c.parquet", one),
        ("twice/data/BILLING_PERIOD=2026-10/run-1/a.parquet", one),
        ("twice/data/BILLING_PERIOD=2026-10/run-2/a.parquet", one),
    ):
        client.put_object(Bucket="bills", Key=key, Body=path.read_bytes())
    return client


def test_what_is_below_the_prefix_is_joined(filled: Any, acme: Dictionary, tmp_path: Path) -> None:
    files = buckets.download([BASE], tmp_path, filled)
    assert [(path.name, shown) for path, shown in files] == [
        ("00000.csv.gz", f"{BASE}/data/BILLING_PERIOD=2026-10/../b.csv.gz"),
        ("00001.parquet", f"{BASE}/data/BILLING_PERIOD=2026-10/a.snappy.parquet"),
    ]
    assert sorted(tmp_path.iterdir()) == sorted(path for path, _ in files)
    seen = making.judged(acme, [live(instance(1), GOOD)])
    with join(seen, files) as found:
        assert float(found.spend.total) == 7.0


def test_one_object_and_overlapping_addresses_count_once(filled: Any, tmp_path: Path) -> None:
    whole = f"{BASE}/data/BILLING_PERIOD=2026-10/a.snappy.parquet"
    assert len(buckets.download([whole, f"{BASE}/data/BILLING_PERIOD=2026-10/"], tmp_path, filled)) == 2


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("s3://", "names no bucket"),
        ("s3://nobody-has-this/x", "S3 refuses: .*NoSuchBucket"),
        ("s3://bills/exports/foc", "there is no file of an export"),
        (f"{BASE}/metadata/", "there is no file of an export"),
        ("s3://bills/twice/", "2 deliveries of the same billing period"),
    ],
)
def test_refused(source: str, words: str, filled: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words):
        buckets.download([source], tmp_path, filled)


def test_denied(filled: Any, tmp_path: Path) -> None:
    from botocore.stub import Stubber

    with Stubber(filled) as stubber:
        stubber.add_client_error("list_objects_v2", "AccessDenied", "not allowed", 403)
        with pytest.raises(InputError, match=r"AccessDenied[\s\S]*s3:ListBucket"):
            buckets.download([BASE], tmp_path, filled)


def test_a_full_disk_is_told_beforehand(filled: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets.shutil, "disk_usage", lambda path: SimpleNamespace(free=1 << 20))
    with pytest.raises(InputError, match="GB of disk are free"):
        buckets.download([BASE], tmp_path, filled)
    assert list(tmp_path.iterdir()) == []


def test_without_boto3_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from tagwright_dictionary.errors import MissingExtraError

    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(MissingExtraError, match=r"tagwright\[aws\]"):
        buckets.client_for(None)


def test_an_unknown_profile_is_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with pytest.raises(InputError, match="nobody"):
        buckets.client_for("nobody")
