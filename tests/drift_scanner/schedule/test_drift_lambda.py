"""The function's handler against a bucket of moto's: the state comes, grows and is kept, also when time runs out."""

from __future__ import annotations

import sys
import textwrap
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer
from tests.drift_scanner.history.kit import CELL, WHOLE, run, seen

from tagwright_drift.history.applying import apply
from tagwright_drift.history.recovering import recover
from tagwright_drift.history.store import open_history
from tagwright_drift.schedule import aws_lambda

# Stands in for the program: notes its arguments in a run folder, adds a line to the history, ends as it is told.
PROGRAM = """
import pathlib, signal, sys, time
state = pathlib.Path(sys.argv[sys.argv.index("--state") + 1])
run = state / "runs" / f"run-{len(list(state.glob('runs/*')))}-{time.time_ns()}"
run.mkdir(parents=True)
(run / "run.json").write_text(" ".join(sys.argv[1:]).replace(str(state), "STATE"))
(run / "lock").write_text("")
(run / ".part-00001.parquet.new").write_text("half")
history = state / "history.db"
with history.open("a") as file:
    file.write("scan\\n")
(state / "report.html").write_text("report")
if SLEEPS:
    def interrupted(*_):
        (run / "end.json").write_text("interrupted")
        sys.exit(130)
    signal.signal(signal.SIGINT, interrupted)
    time.sleep(60)
sys.exit(CODE)
"""


class Context:
    def __init__(self, seconds):
        self.seconds = seconds

    def get_remaining_time_in_millis(self):
        return int(self.seconds * 1000)


@pytest.fixture
def bucket(monkeypatch):
    name = f"state-{uuid4()}"  # moto keeps its state for the whole process
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    for variable, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "TAGWRIGHT_BUCKET": name,
        "TAGWRIGHT_SCAN": "--organization --role 'a b'",
    }.items():
        monkeypatch.setenv(variable, value)
    boto3.client("s3").create_bucket(Bucket=name)
    yield name
    server.stop()


def _program(monkeypatch, tmp_path, *, code=0, sleeps=False):
    path = tmp_path / f"program-{code}-{sleeps}.py"
    path.write_text(textwrap.dedent(PROGRAM).replace("CODE", str(code)).replace("SLEEPS", str(sleeps)))
    command = aws_lambda._command
    monkeypatch.setattr(
        aws_lambda, "_command", lambda scope, state: [sys.executable, str(path), *command(scope, state)[3:]]
    )


def _kept(bucket):
    s3 = boto3.client("s3")
    listed = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {each["Key"]: s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in listed}


def test_two_scans_grow_one_history(bucket, monkeypatch, tmp_path):
    """The second finds the history of the first; runs are added; locks and half files stay behind."""
    _program(monkeypatch, tmp_path, code=1)
    for scope in ("full", "hot"):
        assert aws_lambda.handler({"scope": scope}, Context(900)) == {"scope": scope, "exit_code": 1}
    kept = _kept(bucket)
    assert kept["state/history.db"] == b"scan\nscan\n"
    runs = [body.decode() for key, body in sorted(kept.items()) if key.startswith("state/runs/")]
    assert sorted(runs) == [
        f"drift scan --scope {scope} --state STATE --format text --format html=STATE/report.html "
        "--organization --role a b"
        for scope in ("full", "hot")
    ]
    assert {key.rpartition("/")[2] for key in kept} == {"history.db", "report.html", "run.json"}


def test_a_scan_that_would_take_too_long_ends_in_good_order(bucket, monkeypatch, tmp_path):
    """It is interrupted, what it has seen is kept, and the invocation fails, so that somebody notices."""
    _program(monkeypatch, tmp_path, sleeps=True)
    with pytest.raises(RuntimeError, match=r"\(full\) ended with exit code 130"):
        aws_lambda.handler({"scope": "full"}, Context(62))
    assert b"interrupted" in _kept(bucket).values()


def test_an_incomplete_scan_fails_after_its_state_is_kept(bucket, monkeypatch, tmp_path):
    """Exit code 4 is for those who run the scanner."""
    _program(monkeypatch, tmp_path, code=4)
    with pytest.raises(RuntimeError, match=r"\(hot\) ended with exit code 4"):
        aws_lambda.handler({"scope": "hot"}, Context(900))
    assert _kept(bucket)["state/history.db"] == b"scan\n"


def test_watching_keeps_nothing(bucket, monkeypatch, tmp_path):
    """It only looks."""
    _program(monkeypatch, tmp_path)
    assert aws_lambda.handler({"scope": "watch"}, Context(900)) == {"scope": "watch", "exit_code": 0}
    assert _kept(bucket) == {}


@pytest.mark.parametrize("event", [{}, {"scope": "all"}, {"scope": None}])
def test_an_event_without_a_scope_is_refused(event):
    with pytest.raises(ValueError, match="scope must be full, hot or watch"):
        aws_lambda.handler(event, Context(900))


def test_a_scan_that_was_ended_by_force_is_there_for_the_next(bucket, monkeypatch, tmp_path):
    """The run folders that the history does not know come back, all files of them; those that it knows do not."""
    history = open_history(tmp_path / "history.db", create=True)
    for number in (0, 1):
        made = run(number, (CELL, WHOLE, [seen("q1")]), killed=number == 1)
        folder = made.write(tmp_path / "runs")
        if number == 0:
            apply(history, [folder])
    history.close()
    s3 = boto3.client("s3")
    for path in (tmp_path / "history.db", *(tmp_path / "runs").rglob("*")):
        if path.is_file() and path.name != "lock":
            s3.upload_file(str(path), bucket, f"state/{path.relative_to(tmp_path).as_posix()}")
    state = tmp_path / "fetched"
    aws_lambda._Kept(bucket, state).fetch()
    assert sorted(path.name for path in (state / "runs").iterdir()) == [made.id]
    opened = open_history(state / "history.db")
    (recovered,) = recover(state / "runs", opened)
    assert (recovered.run, recovered.killed) == (made.id, True)
    opened.close()
