"""The workflow's own shell lines that fetch and keep the state, with the real program and a bucket that is a folder."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from tests.drift_scanner.history.kit import CELL, WHOLE, run, seen

from tagwright_drift.history.applying import apply
from tagwright_drift.history.store import open_history
from tagwright_drift.schedule.request import Request, Weekly
from tagwright_drift.schedule.targets import TARGETS

# `aws s3 sync SOURCE TARGET` with its filters: relative to the source, the last that fits counts
# (https://docs.aws.amazon.com/cli/latest/reference/s3/, "Use of Exclude and Include Filters").
AWS = """#!{python}
import fnmatch, pathlib, shutil, sys
words = sys.argv[3:]
source, target = (pathlib.Path(each.removeprefix("s3://")) for each in words if "/" in each and "*" not in each
                  and words[words.index(each) - 1] not in ("--include", "--exclude"))
filters = [(words[at], words[at + 1]) for at in range(len(words)) if words[at] in ("--include", "--exclude")]
for path in sorted(source.rglob("*")):
    name = path.relative_to(source).as_posix()
    taken = True
    for kind, pattern in filters:
        if fnmatch.fnmatch(name, pattern):
            taken = kind == "--include"
    if path.is_file() and taken:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target / name)
"""
KILLED = """
import os, sqlite3, sys
from tagwright_drift.history.store import open_history
reader = sqlite3.connect(sys.argv[1])  # somebody else has the file open, so that the log outlives the writer
reader.execute("SELECT count(*) FROM tagwright_runs").fetchall()
with open_history(sys.argv[1]).database.writing() as connection:
    connection.exec_driver_sql("UPDATE tagwright_findings SET name = 'written by the killed one'")
os._exit(9)
"""


@pytest.fixture
def shell(tmp_path):
    """shell(step): runs the script of a step as Actions does; the folder that stands for the bucket."""
    request = Request(
        Weekly("Mon", 5, 0), 6, "0.1.0", role="arn:aws:iam::111122223333:role/x", bucket="acme-state/drift",
        region="eu-west-1",
    )  # fmt: skip
    policy = {"Version": "2012-10-17", "Statement": []}
    steps = yaml.safe_load(TARGETS["github"].make(request, policy)[0].text)["jobs"]["drift"]["steps"]
    scripts = {step["name"]: step["run"] for step in steps if "run" in step}
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in (
        ("aws", AWS.format(python=sys.executable)),
        ("tagwright", f'#!/bin/sh\nexec {sys.executable} -m tagwright_cli "$@"\n'),
    ):
        (tools / name).write_text(text)
        (tools / name).chmod(stat.S_IRWXU)
    kept, state = tmp_path / "bucket", tmp_path / "state"
    kept.mkdir()
    state.mkdir()

    def go(step):
        environ = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "STATE": str(state), "KEPT": f"s3://{kept}"}
        subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", scripts[step]],
            cwd=tmp_path, env=environ, check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return kept

    go.state = state
    return go


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_what_a_killed_scan_wrote_is_kept_in_one_file(shell):
    """SQLite's log is folded into the file: kept beside it, it would be played into a later one."""
    history = open_history(shell.state / "history.db", create=True)
    apply(history, [run(0, (CELL, WHOLE, [seen("q1")])).write(shell.state / "runs")])
    history.close()
    subprocess.run([sys.executable, "-c", KILLED, str(shell.state / "history.db")], check=False, timeout=60)
    assert (shell.state / "history.db-wal").stat().st_size > 0
    kept = shell("Keep the state")
    assert [name for name in _files(kept) if "history" in name] == ["history.db"]
    assert not [name for name in _files(kept) if name.endswith("lock")]
    again = open_history(kept / "history.db")
    assert [each.name for each in again.findings()] == ["written by the killed one"]
    again.close()


def test_a_damaged_history_replaces_none(shell):
    (kept := shell.state.parent / "bucket").joinpath("history.db").write_bytes(b"the good one")
    (shell.state / "history.db").write_bytes(b"not a database at all" * 100)
    (shell.state / "report.html").write_text("x")
    shell("Keep the state")
    assert (kept / "history.db").read_bytes() == b"the good one"
    assert (kept / "report.html").exists()


def test_only_what_is_needed_is_fetched(shell):
    """The history, who was told, and the runs of the last weeks, of which one may wait to be merged."""
    kept = shell.state.parent / "bucket"
    now = datetime.now(UTC)
    for name in ("history.db", "notified.json", "report.html", "runs/20200101T000000Z-1/run.json"):
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        (kept / name).write_text("x")
    (fresh := kept / f"runs/{now:%Y%m%d}T000000Z-2").mkdir(parents=True)
    (fresh / "run.json").write_text("x")
    shell("Fetch the state")
    assert _files(shell.state) == ["history.db", "notified.json", f"runs/{fresh.name}/run.json"]
