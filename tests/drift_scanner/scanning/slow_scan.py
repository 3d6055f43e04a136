"""A scan in a process of its own, to be killed: slow_scan.py RUNS RUN_ID. Says "reading" once it is under way."""

from __future__ import annotations

import sys
import threading
import time
from datetime import date
from itertools import count
from pathlib import Path

from tests.drift_scanner.fake import NOW, Fake, estate, ticking

from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.discovery import discover
from tagwright_drift.judging import plain_judging
from tagwright_drift.runs.model import RunHeader
from tagwright_drift.runs.writing import RunWriter
from tagwright_drift.scanning.engine import Scan
from tagwright_drift.scanning.executors import Threads


class Slow(Fake):
    def read(self, cell, now):
        for page in super().read(cell, now):
            time.sleep(0.01)
            yield page


def main(runs, run_id):
    dictionary = load(discover(Path(runs), explicit=None, environ={}).source, cache=False)
    inventory = Slow(estate(accounts=8, each=20), page=4)
    header = RunHeader(run_id, NOW, "full", "fake", "0", "test", "1.0.0", "0" * 64, (1, 1), "2026-11-26")
    scan = Scan(inventory, plain_judging(dictionary, date(2026, 11, 26)), Threads(3), ticking())
    ages = count()
    # Every look at this clock is two seconds later: a part is written every few pages.
    with RunWriter(Path(runs), header, inventory.plan(), clock=lambda: next(ages) * 2.0) as writer:
        print("reading", flush=True)
        scan.run(writer, threading.Event())
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
