"""Kill -9 at random moments: what was written stands, what was not is unseen."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.drift_scanner.fake import estate

from tagwright_drift.cells import CellState
from tagwright_drift.runs.reading import find_runs, open_run

ROOT = Path(__file__).parents[3]


def _scan(runs, run_id, seconds):
    """Start a scan, kill it after so long (None: let it end), and say whether it was still at it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.drift_scanner.scanning.slow_scan", str(runs), run_id],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "reading\n"
        assert open_run(runs / run_id).alive()
        if seconds is None:
            assert process.stdout.readline() == "done\n"
            return False
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL


def test_a_killed_scan_loses_nothing_it_has_written(tmp_path):
    """The plan is whole, every finished cell has all its resources, every other is unseen; no file is half a file."""
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    held = estate(accounts=8, each=20)
    killed = 0
    for number in range(6):
        run_id = f"run-{number}"
        killed += _scan(tmp_path, run_id, chance.uniform(0.0, 0.8))
        folder = open_run(tmp_path / run_id)
        assert not folder.alive()
        results = folder.results()
        assert results.keys() == held.keys()
        for result, seen in folder.cells():
            rows = [each.live for each in seen]
            whole = held[result.cell]
            assert rows == whole[: len(rows)]
            assert result.resources == len(rows)
            assert result.state in (CellState.COMPLETE, CellState.UNSEEN)
            if result.state is CellState.COMPLETE:
                assert rows == whole
            else:
                assert result.reason == "the scan ended before this cell was finished"
        assert folder.end is None or all(each.state.seen for each in results.values())
    assert killed, "every scan was over before it was killed"
    _scan(tmp_path, "run-last", None)
    last = find_runs(tmp_path)[-1]
    assert last.end is not None
    assert {result.cell: [each.live for each in seen] for result, seen in last.cells()} == held
