"""The scanner as a function of AWS Lambda: fetch the state, scan, keep the state.

The state in the bucket is the history and the run folders; run folders are only ever added, so that a history that is
lost can be made anew with `tagwright drift replay`, and a scan that was ended by force is merged by the next one.
Environment: TAGWRIGHT_BUCKET, TAGWRIGHT_SCAN (further arguments of the scan), TAGWRIGHT_DICTIONARY, TAGWRIGHT_LATE.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Protocol

_PREFIX = "state"
_HISTORY = "history.db"
_RUN = re.compile(rf"{_PREFIX}/runs/(?P<run>[^/]+?)(?:\.\d+-of-\d+)?/[^/]+$")
_LEFT_OVER = 60.0  # seconds kept for writing the state back
_FINDINGS = 1


class LambdaContext(Protocol):
    """What the handler uses of the context that Lambda gives it."""

    def get_remaining_time_in_millis(self) -> int: ...


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """`{"scope": "full" | "hot" | "watch"}` to `{"exit_code": n, "scope": ...}`. Findings (1) are an answer; any other
    exit code but 0 fails the invocation, after the state has been kept, so that an alarm can see it.
    """
    scope = event.get("scope")
    if scope not in ("full", "hot", "watch"):
        raise ValueError(f"scope must be full, hot or watch, not {scope!r}")
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        kept = _Kept(os.environ["TAGWRIGHT_BUCKET"], state)
        kept.fetch()
        code = _run(_command(scope, state), context)
        if scope != "watch":
            kept.keep()
    if code not in (0, _FINDINGS):
        raise RuntimeError(f"tagwright drift ({scope}) ended with exit code {code}; what it printed is in the log")
    return {"scope": scope, "exit_code": code}


def _command(scope: str, state: Path) -> list[str]:
    base = [sys.executable, "-m", "tagwright_cli", "drift"]
    if scope == "watch":
        late = os.environ.get("TAGWRIGHT_LATE", "24h")
        return [*base, "notify", "--state", str(state), "--watch", "--full-within", "8d", "--hot-within", late]
    report = state / "report.html"
    command = [*base, "scan", "--scope", scope, "--state", str(state), "--format", "text", "--format", f"html={report}"]
    if os.environ.get("TAGWRIGHT_DICTIONARY"):
        command += ["--dictionary", os.environ["TAGWRIGHT_DICTIONARY"]]
    return command + shlex.split(os.environ.get("TAGWRIGHT_SCAN", ""))


def _run(command: list[str], context: LambdaContext) -> int:
    """The exit code. Before the time is up the scan is interrupted, which ends it in good order."""
    seconds = max(1.0, context.get_remaining_time_in_millis() / 1000 - _LEFT_OVER)
    with subprocess.Popen(command) as process:  # noqa: S603 - our own command, with arguments of the function's owner
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            try:
                return process.wait(timeout=_LEFT_OVER / 2)
            except subprocess.TimeoutExpired:
                process.kill()
                return process.wait()


class _Kept:
    """The state folder's copy in a bucket: the history as it is, run folders only added."""

    def __init__(self, bucket: str, state: Path) -> None:
        import boto3  # noqa: PLC0415 - in the image; not where this module is only looked at

        self._s3 = boto3.client("s3")
        self._bucket = bucket
        self._state = state
        self._known: set[str] = set()

    def fetch(self) -> None:
        """The history, the names of what else is there, and the run folders that the history does not know: of scans
        that were ended by force. The next scan merges them.
        """
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=f"{_PREFIX}/")
        self._known = {item["Key"] for page in pages for item in page.get("Contents", ())}
        self._state.mkdir(parents=True, exist_ok=True)
        key = f"{_PREFIX}/{_HISTORY}"
        if key in self._known:
            self._s3.download_file(self._bucket, key, str(self._state / _HISTORY))
        merged = _merged(self._state / _HISTORY)
        for key in sorted(self._known):
            found = _RUN.match(key)
            if found is not None and found["run"] not in merged:
                path = self._state / key.removeprefix(f"{_PREFIX}/")
                path.parent.mkdir(parents=True, exist_ok=True)
                self._s3.download_file(self._bucket, key, str(path))

    def keep(self) -> None:
        """Runs first and the history last: a history never knows of a run that is not there."""
        _fold_log(self._state / _HISTORY)
        files = sorted(path for path in self._state.rglob("*") if path.is_file() and not _passing(path))
        for path in sorted(files, key=lambda each: each.name == _HISTORY):
            key = f"{_PREFIX}/{path.relative_to(self._state).as_posix()}"
            if key not in self._known or path.parent == self._state:
                self._s3.upload_file(str(path), self._bucket, key)


def _merged(history: Path) -> frozenset[str]:
    """The runs that the history knows; none where there is no history, or none that can be read: the scan says so."""
    if not history.exists():
        return frozenset()
    try:
        with closing(sqlite3.connect(history)) as connection:
            return frozenset(row[0] for row in connection.execute("SELECT id FROM tagwright_runs"))
    except sqlite3.Error:
        return frozenset()


def _fold_log(history: Path) -> None:
    """A program that was ended by force leaves SQLite's log beside the history; without it the copy would be old."""
    if history.exists():
        with suppress(sqlite3.Error), closing(sqlite3.connect(history)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _passing(path: Path) -> bool:
    """Locks, half-written files, and what SQLite keeps beside an open database (empty once it is closed)."""
    return path.name.startswith(".") or path.name == "lock" or path.name.endswith(("-wal", "-shm", "-journal"))
