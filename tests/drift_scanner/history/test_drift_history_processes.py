"""Merges that are killed, and merges that meet: in processes of their own, on SQLite and on Postgres."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.drift_scanner.history.kit import CELL, HOUR, START, WHOLE, run, seen
from tests.drift_scanner.history.test_drift_history_replay import rows

from tagwright_dictionary.errors import InputError
from tagwright_drift.history.applying import apply
from tagwright_drift.history.recovering import recover
from tagwright_drift.history.store import open_history
from tagwright_drift.runs.reading import find_runs

PROGRAM = Path(__file__).with_name("merging_process.py")
SEED = 20261126
KILLS = 4
SIZE = 4_000


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs that change many findings: new ones, and half of them resolved."""
    folder = tmp_path_factory.mktemp("runs")
    first = run(0, (CELL, WHOLE, [seen(f"q{number}") for number in range(SIZE)]))
    second = run(1, (CELL, WHOLE, [seen(f"q{number}", message="again") for number in range(SIZE // 2, SIZE + 100)]))
    for one in (first, second):
        one.write(folder)
    return folder


@pytest.fixture(scope="module")
def expected(runs, tmp_path_factory):
    """What one undisturbed process makes of them."""
    history = open_history(tmp_path_factory.mktemp("expected") / "history.db", create=True)
    recover(runs, history)
    return rows(history)


def start(*arguments):
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert process.stdout.readline() == "ready\n"
    return process


def go(process):
    process.stdin.write("go\n")
    process.stdin.flush()


def finish(process):
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return out.splitlines()


def test_killed_at_any_moment_and_run_again_it_is_the_same_history(new_url, runs, expected):
    chance = random.Random(SEED)
    undisturbed = start(new_url(), "--recover", runs)
    began = time.monotonic()
    go(undisturbed)
    finish(undisturbed)
    length = time.monotonic() - began
    url = new_url()
    for number in range(KILLS):
        process = start(url, "--recover", runs)
        go(process)
        # Later and later, so that some kills hit the first merge, some the second, and some what comes after.
        time.sleep(length * (number + chance.random()) / KILLS)
        process.kill()
        process.communicate()
        try:
            history = open_history(url)
        except InputError as error:  # killed before there was a history
            assert "there is no history" in error.message  # noqa: PT017 - one of two good ends
            continue
        known = [each.id for each in history.runs()]
        found = len(list(history.findings(open_only=False)))
        assert (len(known), found) in ((0, 0), (1, SIZE), (2, SIZE + 100)), f"seed {SEED}, kill {number}"
        history.close()
    history = open_history(url, create=True)
    recover(runs, history)
    assert rows(history) == expected
    history.close()


def test_two_merges_of_one_run_at_once_are_one_merge(new_url, runs):
    url = new_url()
    folder = find_runs(runs)[0].path
    both = [start(url, folder) for _ in range(2)]
    for process in both:
        go(process)
    said = sorted(line.split()[1] for process in both for line in finish(process))
    assert said == ["already", "merged"]
    history = open_history(url)
    assert len(list(history.findings())) == SIZE
    assert len(history.runs()) == 1
    history.close()


def test_two_merges_of_different_runs_at_once_are_one_after_the_other(new_url, tmp_path):
    """Two scans of one cell at once: the one that is merged last sees what the first has told."""
    slow = replace(run(0, (CELL, WHOLE, [seen(f"q{number}") for number in range(2_000)])), ended=START + 3 * HOUR)
    quick = run(1, (CELL, WHOLE, [seen(f"q{number}") for number in range(1_900, 2_100)]), started=START + HOUR)
    folders = [one.write(tmp_path / "runs") for one in (slow, quick)]
    possible = []
    for order in (folders, folders[::-1]):
        history = open_history(tmp_path / f"{len(possible)}.db", create=True)
        for folder in order:
            apply(history, [folder])
        possible.append(rows(history))
        history.close()
    url = new_url()
    both = [start(url, folder.path) for folder in folders]
    for process in both:
        go(process)
    for process in both:
        finish(process)
    history = open_history(url)
    assert rows(history) in possible
    history.close()
