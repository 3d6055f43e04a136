from __future__ import annotations

import threading
from datetime import date

import pytest
from tests.drift_scanner.fake import NOW, ticking

from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.discovery import discover
from tagwright_drift.judging import plain_judging
from tagwright_drift.runs.model import RunHeader
from tagwright_drift.runs.writing import RunWriter
from tagwright_drift.scanning.engine import Scan
from tagwright_drift.scanning.executors import Threads


@pytest.fixture(scope="session")
def dictionary(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nowhere")
    return load(discover(folder, explicit=None, environ={}).source, cache=False)


@pytest.fixture
def scanned(tmp_path, dictionary):
    """Scans an inventory into a run folder and gives (coverage, folder's path)."""

    def run(inventory, *, threads=4, run_id="20261126T120000Z-00000000", stop=None, shard=(1, 1), **options):
        header = RunHeader(run_id, NOW, "full", inventory.name, "0", "test", "1.0.0", "0" * 64, shard, "2026-11-26")
        judging = plain_judging(dictionary, date(2026, 11, 26))
        scan = Scan(inventory, judging, Threads(threads), ticking(), **options)
        with RunWriter(tmp_path / "runs", header, inventory.plan()) as writer:
            coverage = scan.run(writer, stop or threading.Event())
        return coverage, writer.path

    return run
