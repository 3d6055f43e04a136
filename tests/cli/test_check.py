"""`tagwright check` from the command line to the exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tagwright_cli.main import main

GOOD = """\
resource "aws_s3_bucket" "data" {
  bucket = "data"
  tags   = { owner = "ml@acme.example", cost-center = "cc-4100", workload = "training" }
}
"""
BAD = GOOD.replace(', workload = "training"', "")
UNKNOWN = GOOD.replace('"training"', "var.workload") + 'variable "workload" {}\n'


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Writes main.tf in an empty working directory."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def write(text, name="main.tf"):
        (folder / name).write_text(text)
        return folder

    return write


def _check(capsys, *arguments):
    code = main(["check", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        (GOOD, (), 0),
        (BAD, (), 1),
        (UNKNOWN, (), 0),
        (UNKNOWN, ("--on-unknown", "fail"), 1),
        (UNKNOWN, ("--on-unknown", "ignore"), 0),
        (UNKNOWN, ("--var", "workload=training", "--on-unknown", "fail"), 0),
        (UNKNOWN, ("--var", "workload=nonsense"), 1),
        (UNKNOWN, ("--var", "workload=nonsense", "--var", "workload=training", "--on-unknown", "fail"), 0),
        (GOOD, ("main.tf",), 0),
        (BAD, ("--changed-only", "main.tf"), 1),
        (GOOD + "resource {\n", (), 2),
        ("", ("--baseline", "missing.json"), 2),
        (GOOD, ("missing",), 2),
        (GOOD, ("--dictionary", "missing.yaml"), 2),
        (GOOD, ("--output", "missing/report.txt"), 2),
        (GOOD, ("--output", "."), 2),
        (GOOD, ("--format", "xml"), 2),
        (GOOD, ("--today", "tomorrow"), 2),
        (GOOD, ("--var-file", "missing.tfvars"), 2),
        (BAD, ("--changed-only", "--write-baseline", "b.json"), 2),
    ],
)
def test_exit_codes(project, capsys, text, arguments, code):
    """0 only when everything was read and nothing blocks; 1 for findings; 2 for a wrong input."""
    project(text)
    got, out, err = _check(capsys, *arguments)
    assert got == code, out + err
    assert "Traceback" not in out + err


def test_nothing_scanned_is_never_clean(project, capsys, tmp_path):
    """A folder without code is exit 2 and says what to name."""
    project("nothing", "notes.md")
    code, out, err = _check(capsys)
    assert (code, out) == (2, "")
    assert "nothing was scanned" in err
    assert "help: " in err


def test_a_broken_file_does_not_hide_the_rest(project, capsys):
    """What else could be read is still judged and shown, and the exit code is 2."""
    project(BAD, "good.tf")
    folder = project(GOOD + "resource {\n")
    (folder / "other").mkdir()
    (folder / "other" / "main.tf").write_text(BAD)
    code, out, _ = _check(capsys)
    assert code == 2
    assert "main.tf:6:1\n  not read" in out
    assert "other/main.tf:3" in out
    assert "workload is required on buckets" in out


def test_reports_go_where_they_are_sent(project, capsys):
    """Several formats at once: text on stdout, the others whole in their files."""
    folder = project(BAD)
    code, out, _ = _check(capsys, "--format", "text", "--format", "json=a.json", "-f", "sarif=b.sarif", "-f", "junit=c")
    assert code == 1
    assert "blocked: 1 of 1 resource" in out
    assert json.loads((folder / "a.json").read_text())["exit_code"] == 1
    assert json.loads((folder / "b.sarif").read_text())["version"] == "2.1.0"
    assert (folder / "c").read_text().startswith("<?xml")


def test_output_file_leaves_stdout_empty(project, capsys):
    """--output takes the report; one line of verdict goes to stderr."""
    folder = project(BAD)
    code, out, err = _check(capsys, "--output", "report.txt")
    assert (code, out) == (1, "")
    assert "blocked: 1 of 1 resource" in err
    assert "main.tf:3:3" in (folder / "report.txt").read_text()


def test_an_old_report_survives_a_run_that_fails(project, capsys):
    """The output is opened late: a run that could not look does not touch the last report."""
    folder = project(GOOD)
    (folder / "report.txt").write_text("yesterday")
    assert _check(capsys, "--output", "report.txt", "--dictionary", "missing.yaml")[0] == 2
    assert (folder / "report.txt").read_text() == "yesterday"


def test_stdout_is_the_report_and_nothing_else(project, capsys):
    """With --format json stdout is one JSON document; notes go to stderr, and --quiet silences them."""
    project(BAD)
    _, out, err = _check(capsys, "--format", "json")
    assert json.loads(out)["summary"]["non_compliant"] == 1
    assert "the shipped AI/ML dictionary applies" in err
    assert _check(capsys, "--format", "json", "--quiet")[2] == ""


def test_quiet_and_clean_prints_nothing(project, capsys):
    """--quiet on a clean project is silent."""
    project(GOOD)
    assert _check(capsys, "--quiet") == (0, "", "")


def test_baseline_accepts_today_and_blocks_tomorrow(project, capsys):
    """--write-baseline records and passes; --baseline then blocks only what is new; it shrinks and never grows."""
    folder = project(BAD)
    assert _check(capsys, "--write-baseline", "base.json")[0] == 0
    recorded = (folder / "base.json").read_text()
    code, out, _ = _check(capsys, "--baseline", "base.json")
    assert code == 0
    assert "accepted: 1 finding by the baseline." in out
    project(BAD.replace('"data" {', '"new" {'), "new.tf")
    code, out, _ = _check(capsys, "--baseline", "base.json", "--write-baseline", "base.json")
    assert code == 1
    assert "aws_s3_bucket.new" in out
    assert (folder / "base.json").read_text() == recorded
    project(GOOD)
    code, out, _ = _check(capsys, "--baseline", "base.json")
    assert "baseline: 1 entry has no finding any more" in out
    _check(capsys, "--baseline", "base.json", "--write-baseline", "base.json")
    assert json.loads((folder / "base.json").read_text())["findings"] == []


def test_no_baseline_is_written_of_what_was_not_seen(project, capsys):
    """When something could not be read there is nothing to accept."""
    folder = project(BAD + "resource {\n")
    assert _check(capsys, "--write-baseline", "base.json")[0] == 2
    assert not (folder / "base.json").exists()


def test_a_suppression_ends_after_its_day(project, capsys):
    """The last day counts; the day after, the finding is back and the date is named."""
    project('# tagwright:ignore[workload] until=2026-12-31 reason="moves"\n' + BAD)
    assert _check(capsys, "--today", "2026-12-31")[0] == 0
    code, out, _ = _check(capsys, "--today", "2027-01-01")
    assert code == 1
    assert "2026-12-31" in out


def test_settings_of_the_project(project, capsys):
    """.tagwright.yaml sets what an undecided requirement does; the option wins over it."""
    project("on_unknown: fail\n", ".tagwright.yaml")
    project(UNKNOWN)
    assert _check(capsys)[0] == 1
    assert _check(capsys, "--on-unknown", "warn")[0] == 0


def test_colour_is_asked_for(project, capsys):
    """A pipe gets no escape sequences unless asked for."""
    project(BAD)
    assert "\x1b[" not in _check(capsys)[1]
    assert "\x1b[" in _check(capsys, "--color", "always")[1]


def test_same_bytes_whatever_the_hash_seed(project):
    """The report does not depend on PYTHONHASHSEED."""
    folder = project(BAD)
    project(UNKNOWN.replace('"data" {', '"b" {'), "b.tf")
    shown = {
        subprocess.run(
            [sys.executable, "-m", "tagwright_cli", "check", "--no-cache", "--format", form],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
            timeout=60,
        ).stdout
        for seed in ("0", "1", "2")
        for form in ("json",)
    }
    assert len(shown) == 1


def test_interrupted_is_130(project, monkeypatch, capsys):
    """Ctrl-C is exit 130 without a traceback."""
    project(GOOD)

    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("tagwright_cli.pipeline.run", interrupt)
    monkeypatch.setattr("tagwright_cli.reporting.run", interrupt)
    assert _check(capsys) == (130, "", "\ntagwright: interrupted\n") or _check(capsys)[0] == 130


@pytest.mark.parametrize("command", [["inspect"], ["inspect", "--format", "json"]])
def test_inspect_blocks_nothing(project, capsys, command):
    """`inspect` is 0 when everything could be read, and 2 when not."""
    project(BAD)
    assert main(command) == 0
    project(BAD + "resource {\n")
    assert main(command) == 2
