"""What is wrong with input, configuration or the machine: exit 2, what it is and what to do; nothing is lost."""

from __future__ import annotations

import json
import re
import resource
import shutil
import sqlite3
import subprocess
import sys

import pytest
from tests.drift_scanner.end_to_end import reading
from tests.drift_scanner.end_to_end.completed import regions_are
from tests.drift_scanner.end_to_end.oracle import Oracle, remember
from tests.drift_scanner.end_to_end.world import FINE, US
from tests.drift_scanner.faults import Fault

TYPES = ("--type", "aws_sqs_queue", "--type", "aws_rds_cluster")
TOKEN = {"GITHUB_TOKEN": "good"}


@pytest.fixture
def estate(world):
    regions_are(US)
    world.make("aws_sqs_queue", "bare", {})
    world.make("aws_sqs_queue", "fine", FINE)
    world.make("aws_rds_cluster", "half", {"owner": "x"})
    remember(world)
    world.cloud.plan()
    return world


def refused(said, *words):
    """Exit 2, nothing on stdout, and on stderr what is wrong and a next step."""
    assert (said.code, said.out) == (2, ""), said
    assert "Traceback" not in said.err
    for word in words:
        assert word in said.err, said.err
    assert re.search(r"^ +help: \S", said.err, re.MULTILINE), said.err


def forget(monkeypatch, *names):
    for name in names:
        monkeypatch.delenv(name, raising=False)


def test_no_credentials(estate, drift, monkeypatch, tmp_path):
    forget(monkeypatch, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    refused(drift("scan"), "Unable to locate credentials", "--profile")
    assert estate.cloud.calls == ()
    assert list((tmp_path / reading.STATE).glob("runs/*")) == []


@pytest.mark.parametrize(("kind", "word"), [("disabled", "InvalidClientTokenId"), ("expired", "expired")])
def test_credentials_that_aws_does_not_take(estate, drift, kind, word):
    estate.cloud.plan(Fault(kind, service="sts"))
    refused(drift("scan"), word, "--profile")


def test_no_region_is_no_trouble(estate, drift, monkeypatch):
    """Regions are the account's; the region of the configuration only says where to ask."""
    forget(monkeypatch, "AWS_DEFAULT_REGION")
    assert drift("scan", *TYPES).code == 1
    oracle = Oracle()
    oracle.scan(estate, full=False)
    assert reading.standing() == oracle.standing


def test_a_role_that_cannot_be_assumed(estate, drift):
    """One account's role is that account's matter: nothing of it is seen, which is no clean bill."""
    estate.cloud.plan(Fault("denied", service="sts", operation="AssumeRole"))
    said = drift("scan", *TYPES, "--role", "wrong")
    assert said.code == 4
    assert "0 of" in said.out
    assert "AssumeRole" in " ".join(said.out.split())


EARLY = {
    "profile": (["--profile", "nobody"], "there is no profile nobody", "profiles:"),
    "region": (["--region", "mars-1"], "there is no region 'mars-1'", "us-east-1"),
    "type": (["--type", "aws_s3_bukcet"], "matches 'aws_s3_bukcet'", "iam-policy --types"),
    "account id": (["--account", "123", "--role", "x"], "no account id of 12 digits", ""),
    "no role": (["--organization"], "--role is missing", "--role tagwright-drift"),
    "role's ARN": (["--role", "arn:aws:iam::12:role/x"], "no ARN of a role", "{account}"),
    "no accounts file": (["--accounts-file", "none.csv", "--role", "x"], "none.csv", ""),
    "shard without --out": (["--shard", "1/3"], "--out and --run-id", "drift merge"),
    "shard that is none": (["--shard", "4/3", "--out", "o", "--run-id", "r"], "--shard 4/3", "2/8"),
    "shard in other digits": (["--shard", "\u00b2/3", "--out", "o", "--run-id", "r"], "--shard", "2/8"),
    "shard in words": (["--shard", "one", "--out", "o", "--run-id", "r"], "--shard one", "2/8"),
    "format": (["--format", "xml"], "xml", "markdown"),
    "report with --out": (["--out", "o", "--format", "json"], "--out", "drift merge"),
    "two formats on stdout": (["--format", "json", "--format", "csv"], "", ""),
    "dictionary": (["--dictionary", "none.yaml"], "none.yaml", ""),
    "time": (["--now", "tomorrow"], "tomorrow", "2026-"),
    "history": (["--history", "mysql://x/y"], "no place for a history", "postgresql://"),
    "no Postgres there": (["--history", "postgresql://u@127.0.0.1:1/x"], "cannot be used", "check the URL"),
    "run id with a path": (["--out", "o", "--run-id", "../../x"], "run-id", ""),
    "run id that is empty": (["--out", "o", "--run-id", ""], "run-id", ""),
}


@pytest.mark.parametrize("name", EARLY)
def test_mistakes_are_told_before_anything_is_read(estate, drift, tmp_path, name):
    """No list call was made, and no run was begun."""
    arguments, *words = EARLY[name]
    before = {path for path in tmp_path.rglob("*") if path.is_dir()}
    refused(drift("scan", *arguments), *words)
    asked = {call.operation for call in estate.cloud.calls}
    assert asked <= {"GetCallerIdentity", "DescribeRegions", "ListAccounts"}, asked
    assert not list(tmp_path.rglob("run.json"))
    left = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_dir() and path not in before}
    assert left <= {reading.STATE, reading.STATE.parent, reading.STATE / "runs"}, left


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        ("account,name\n123456789012,a\n12345,b\n", 3, "12345"),
        ("account,name\n23456789012,a\n", 2, "leading zeros"),
        ("# nothing\n", None, "lists no account"),
        ("accounts: [123456789012, [1, 2]]\n", 1, "no account id"),
        ("\x00\x01\x02", 1, "no account id"),
    ],
)
def test_an_accounts_file_with_mistakes(estate, drift, tmp_path, content, line, word):
    path = tmp_path / ("accounts.yaml" if content.startswith("accounts:") else "accounts.csv")
    path.write_text(content)
    said = drift("scan", "--accounts-file", path, "--role", "x")
    refused(said, word, f"{path}:{line}" if line else str(path))


@pytest.mark.parametrize("command", ["scan", "report", "notify", "tickets", "history", "merge", "costs"])
@pytest.mark.parametrize("how", ["garbage", "cut", "empty", "somebody's", "newer"])
def test_a_history_that_is_none(estate, drift, tmp_path, monkeypatch, how, command):
    """Damaged, cut off, another program's, of a version to come: every command says so and leaves it as it is."""
    monkeypatch.setenv("GITHUB_TOKEN", "good")
    _state(drift, tmp_path)
    path = tmp_path / reading.STATE / "history.db"
    content = path.read_bytes()
    if how == "garbage":
        path.write_bytes(b"no database" * 500)
    elif how == "cut":
        path.write_bytes(content[: len(content) // 3])
    elif how == "empty":
        path.write_bytes(b"")
    else:
        path.unlink()
        shutil.copy(tmp_path / f"{how}.db", path)
    broken = path.read_bytes()
    (tmp_path / "notify.yaml").write_text("channels: [{name: a, url: 'json://127.0.0.1:1/'}]\n")
    (tmp_path / "prices.yaml").write_text("currency: USD\nprices: [{type: aws_sqs_queue, usd_per_hour: 1}]\n")
    (run,) = (tmp_path / reading.STATE / "runs").iterdir()
    arguments = {
        "scan": TYPES,
        "tickets": ("--repository", "acme/infra", "--api", "http://127.0.0.1:1"),
        "merge": (run,),
        "costs": ("--prices", "prices.yaml"),
    }
    said = drift(command, *arguments.get(command, ()))
    refused(said, "history.db")
    assert path.read_bytes() == broken
    if how in ("newer", "cut", "garbage"):
        assert "tagwright drift replay" in said.err or "restore" in said.err
    if command == "scan":
        # The scan was refused before it began: nothing was asked for an hour and then thrown away.
        assert len(list((tmp_path / reading.STATE / "runs").iterdir())) == 1
        path.unlink()
        assert drift("replay", reading.STATE / "runs", "--history", path).code == 0
        oracle = Oracle()
        oracle.scan(estate, full=False)
        assert reading.standing() == oracle.standing


_KEPT: dict[str, object] = {}


def _state(drift, tmp_path):
    """A state folder after one scan, and two databases that are no history of ours."""
    if "state" not in _KEPT:
        assert drift("scan", *TYPES).code == 1
        _KEPT["state"] = {
            path.relative_to(tmp_path): path.read_bytes()
            for path in (tmp_path / reading.STATE).rglob("*")
            if path.is_file()
        }
    for name, content in _KEPT["state"].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    shutil.copy(tmp_path / reading.STATE / "history.db", tmp_path / "newer.db")
    with sqlite3.connect(tmp_path / "newer.db") as connection:
        assert connection.execute("UPDATE tagwright_meta SET value = '99' WHERE key = 'version'").rowcount == 1
    connection.close()
    with sqlite3.connect(tmp_path / "somebody's.db") as connection:
        connection.execute("CREATE TABLE accounts (name TEXT)")
    connection.close()


@pytest.mark.parametrize("state", ["file/state", "/proc/tagwright"])
def test_a_state_folder_that_cannot_be_written(estate, drift, tmp_path, state):
    (tmp_path / "file").write_text("")
    said = drift("scan", "--state", state, *TYPES)
    refused(said, state)
    assert estate.cloud.calls == ()
    said = drift("scan", "--out", state, *TYPES)
    refused(said, state)


def _limited(limit, *arguments):
    def limits():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [sys.executable, "-m", "tagwright_cli", "drift", *arguments]
    return subprocess.run(command, preexec_fn=limits, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("limit", [64, 2_500, 9_000, 40_000])
def test_a_disk_that_is_full(estate, drift, tmp_path, limit):
    """Files may not grow beyond a limit, at the plan, the parts, or the merge: 2, and the next scan mends it all."""
    assert drift("scan", *TYPES).code == 1
    before = reading.records()
    world_changes(estate)
    ended = _limited(limit, "scan", "--max-tps", "0", *TYPES)
    assert ended.returncode == 2, (ended.returncode, ended.stderr)
    assert "Traceback" not in ended.stderr
    assert "disk" in ended.stderr
    assert reading.records() == before
    said = drift("scan", *TYPES)
    assert said.code == 1
    oracle = Oracle()
    oracle.scan(estate, full=False)
    found = {name: state for name, state in reading.standing().items() if state != "resolved"}
    assert found == oracle.open()


def world_changes(world):
    for thing in list(world.things.values()):
        if thing.name == "bare":
            world.tag(thing, owner="x", cost_center="cc-4100")
    for number in range(8):
        world.make("aws_sqs_queue", f"later-{number}", {})
    remember(world)


@pytest.mark.parametrize("what", ["part", "plan", "header", "end"])
@pytest.mark.parametrize("how", ["cut", "garbage"])
def test_a_run_with_a_damaged_file(estate, drift, tmp_path, what, how):
    """It is named, and what it held does not pass for unseen until somebody says so by deleting it."""
    assert drift("scan", *TYPES, "--out", "runs", "--run-id", "r1").code == 0
    name = {"part": "part-00001.parquet", "plan": "planned.parquet", "header": "run.json", "end": "end.json"}[what]
    path = tmp_path / "runs/r1" / name
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] if how == "cut" else b"garbage" * 99)
    for arguments in (("merge", "runs/r1"), ("replay", "runs", "--history", "new.db")):
        refused(drift(*arguments), f"runs/r1/{name}", "restore it, or delete it")
    shutil.copytree(tmp_path / "runs", tmp_path / reading.STATE / "runs")
    refused(drift("compare", "--run", reading.STATE / "runs/r1", "none.json"), "none.json")
    refused(drift("scan", *TYPES), f"r1/{name}")
    if what == "part":
        (tmp_path / reading.STATE / "runs/r1" / name).unlink()
        said = drift("scan", *TYPES)
        assert said.code == 1
        assert reading.runs()[0].coverage.complete == 0
        oracle = Oracle()
        oracle.scan(estate, full=False)
        assert reading.standing() == oracle.standing


def test_what_is_not_there_yet(drift):
    """Before the first scan, every command that reads says how to begin."""
    for arguments in (["report"], ["history"], ["history", "x"]):
        refused(drift(*arguments), "there is no history in .tagwright/drift/history.db", "tagwright drift scan")
    refused(drift("merge", "none"), "there is no run in none")
    refused(drift("replay", "none", "--history", "new.db"), "there is no run in none")
    refused(drift("costs", "--prices", "none.yaml"), "")


def test_reports_of_runs_that_are_not_known(estate, drift):
    drift("scan", *TYPES)
    refused(drift("report", "--run", "1999"), "there is no run '1999'", "the newest is")
    refused(drift("history", "nothing"), "knows no finding 'nothing'")
    refused(drift("report", "--since", "yesterday"), "--since yesterday", "30d")
    refused(drift("report", "--format", "pdf"), "pdf")
    refused(drift("report", "--format", "json=/proc/nowhere/x"), "/proc/nowhere/x")


def test_a_profile_whose_role_is_refused_says_so_in_a_line(estate, tmp_path):
    """botocore logs such a failure with its whole stack; a person is told in words."""
    profile = "[profile far]\nregion = us-east-1\nrole_arn = arn:aws:iam::222222222222:role/x\n"
    (tmp_path / "config").write_text(profile + "credential_source = Environment\n")
    estate.cloud.plan(Fault("denied", service="sts", operation="AssumeRole"))
    command = [sys.executable, "-m", "tagwright_cli", "drift", "scan", "--profile", "far", *TYPES]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in ended.stderr
    assert ended.returncode == 2, ended.stderr
    assert "profile far" in ended.stderr
    assert "AccessDenied" in ended.stderr


def test_nothing_is_lost_when_the_report_cannot_be_written(estate, drift, tmp_path):
    """An hour's scan and then no place for its report: the run is in the history all the same."""
    said = drift("scan", *TYPES, "--format", "json=none/there/report.json")
    assert said.code == 2
    assert "none/there/report.json" in said.err
    oracle = Oracle()
    oracle.scan(estate, full=False)
    assert reading.standing() == oracle.standing
    assert json.loads(drift("report", "--format", "json").out)["counts"]["open"] == 3


@pytest.mark.parametrize("name", ["with space", "a?b=c", "a#b", "100%", "%41", "a:b@c", "ünï", "-dash"])
def test_a_state_folder_of_any_name(estate, drift, tmp_path, name):
    """A path is a path, and no part of a URL."""
    state = f"--state={name}"
    assert drift("scan", *TYPES, state).code == 1
    place = tmp_path / name
    assert {each.name for each in place.iterdir()} >= {"history.db", "runs"}
    assert len(reading.records(place / "history.db")) == 3
    assert drift("report", state).code == 1
    assert drift("history", state).code == 0
    assert drift("notify", state, "--watch").code == 4  # no full scan came
    (tmp_path / "prices.yaml").write_text("currency: USD\nprices: [{type: aws_sqs_queue, usd_per_hour: 1}]\n")
    assert drift("costs", state, "--prices", "prices.yaml").code == 0
    assert sum(each.usd_per_day is not None for each in reading.records(place / "history.db")) == 2
    assert {each.name for each in tmp_path.iterdir()} <= {"rules.yaml", "prices.yaml", name}
