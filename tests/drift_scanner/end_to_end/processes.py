"""`tagwright drift` as a process of its own, to be killed, stopped, or run beside another."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

# The command itself, which here writes what it has every third of a second and not every fifth.
_RUN = (
    "import sys, tagwright_drift.runs.writing as writing; writing.SECONDS_A_PART = 0.3; "
    "from tagwright_cli.main import entry_point; entry_point()"
)


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _RUN, "drift", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str], seconds: float = 120) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=seconds)
    return process.returncode, out, err


def wait_for(process: subprocess.Popen[str], pattern: str, seconds: float = 60) -> bool:
    """Until a file of that pattern is there; whether it came while the process still ran."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if any(Path().glob(pattern)):
            return process.poll() is None
        if process.poll() is not None:
            return False
        time.sleep(0.002)
    raise AssertionError(f"{pattern} did not come")
