"""Threads that nobody has to wait for."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from tagwright_drift.scanning.executors import Threads
from tagwright_drift.workers import Workers


def test_no_more_at_once_than_asked_for_and_every_outcome_comes():
    guard, at_once, most = threading.Lock(), [0], [0]

    def work(number):
        with guard:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        time.sleep(0.001)
        with guard:
            at_once[0] -= 1
        if number % 7 == 0:
            raise ValueError(number)
        return number * number

    workers = Workers(3, "test")
    futures = [workers.submit(work, number) for number in range(50)]
    for number, future in enumerate(futures):
        if number % 7 == 0:
            with pytest.raises(ValueError, match=f"^{number}$"):
                future.result(10)
        else:
            assert future.result(10) == number * number
    workers.close()
    assert 1 <= most[0] <= 3


def test_the_program_does_not_wait_for_them():
    """One that sleeps a minute keeps nobody."""
    program = "import time; from tagwright_drift.workers import Workers; Workers(2, 'w').submit(time.sleep, 60)"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=20)


def test_calls_that_do_not_end_are_left_behind_once_stopped():
    stop, never = threading.Event(), threading.Event()
    threading.Timer(0.1, stop.set).start()
    begun = time.monotonic()

    def work(number):
        return number if number < 3 else never.wait(60)

    assert sorted(Threads(4, grace=0.3).run(work, range(1000), stop)) == [0, 1, 2]
    assert time.monotonic() - begun < 5
    never.set()
