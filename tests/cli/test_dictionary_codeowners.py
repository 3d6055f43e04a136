"""`tagwright dictionary codeowners`: lines for the file, and whether it still has them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tagwright_cli.main import main

TEXT = """\
schema: 1
name: acme
version: 1.2.0
keys:
  team: {values: [vision], approvers: ["@alice", finops]}
  cost-center: {values_from: centers.csv, approvers: [finance]}
"""
LINES = "/tags.yaml @alice @acme/finops @acme/finance\n/centers.csv @acme/finance\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    Path("tags.yaml").write_text(TEXT)
    Path("centers.csv").write_text("value\ncc-1\n")
    Path(".tagwright.yaml").write_text("dictionary: tags.yaml\n")


def _run(*arguments):
    return main(["dictionary", "codeowners", *arguments])


def test_printed(capsys):
    """As teams of the organisation, or as members."""
    assert _run("--org", "acme") == 0
    assert capsys.readouterr().out.partition("\n")[2] == LINES
    Path("teams").write_text("finops @bob\nfinance @carol\n")
    assert _run("--teams", "teams") == 0
    assert "/tags.yaml @alice @bob @carol\n" in capsys.readouterr().out


def test_checked(capsys):
    """0 when the file has them, wherever; 1 when a later line takes them away, with that line."""
    Path("CODEOWNERS").write_text("* @acme/all\n" + LINES)
    assert _run("--org", "acme", "--check", "CODEOWNERS") == 0
    assert capsys.readouterr().out == "CODEOWNERS: as it should be\n"
    Path("CODEOWNERS").write_text(LINES + "*.csv @eve \x1b[31m\n")
    assert _run("--org", "acme", "--check", "CODEOWNERS") == 1
    assert capsys.readouterr().out == (
        "CODEOWNERS: line 3 gives /centers.csv to @eve \\x1b[31m: it belongs to @acme/finance\n"
    )
    assert _run("--org", "acme", "--check", "nowhere") == 2


def test_errors(capsys, tmp_path, monkeypatch):
    """An approver that CODEOWNERS does not know; no repository; no dictionary."""
    assert _run() == 2
    assert "give --org ORG" in capsys.readouterr().err
    Path(".tagwright.yaml").unlink()
    assert _run("--org", "acme") == 2
    assert "there is no dictionary of your own here" in capsys.readouterr().err
