"""`tagwright dictionary propose`: an edit, a patch that git takes, a message that git commits."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tagwright_cli.main import main

TEXT = """\
# Acme's tags
schema: 1
name: acme
version: 1.2.0   # semver
keys:
  team:
    approvers: ["@alice"]
    values:
      vision: {title: Computer vision}   # the eyes

      search: {}
  cost-center: {values_from: centers.csv}
  owner: {format: email}
  stage: {values: {prod: {}, old: {status: deprecated, replaced_by: prod}}}
"""
LAB = ["team", "lab", "--title", "The lab"]


def _git(*arguments):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    done = subprocess.run(["git", *identity, *arguments], env=environment, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TAGWRIGHT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TAGWRIGHT_TODAY", "2026-11-01")
    (folder / "tags.yaml").write_text(TEXT)
    (folder / "centers.csv").write_text("value,title\ncc-1,Research\n")
    (folder / ".tagwright.yaml").write_text("dictionary: tags.yaml\n")
    _git("init", "-q", "-b", "main")
    _git("add", ".")
    _git("commit", "-qm", "start")
    return folder


def _run(*arguments):
    return main(["dictionary", "propose", *arguments])


def test_the_edit(capsys):
    """Comments, blank lines and order stay; the message is ready for git commit -F."""
    assert _run(*LAB, "--message", "../message") == 0
    assert Path("tags.yaml").read_text() == TEXT.replace("1.2.0", "1.3.0").replace(
        "      search: {}\n", "      search: {}\n      lab: {title: The lab}\n"
    )
    out = capsys.readouterr().out
    assert out.endswith("    Needs the approval of @alice.\n\nwritten; review it and commit\n")
    _git("commit", "-qaF", "../message")
    assert _git("log", "-1", "--format=%B").strip() == (
        "feat(tags): approve lab as team\n\nThe lab.\n\nacme 1.2.0 -> 1.3.0 (minor).\nNeeds the approval of @alice."
    )
    assert main(["dictionary", "diff", "git:HEAD~1"]) == 0


def test_the_patch_is_one(capsys):
    """What --dry-run prints, git applies; nothing else was written."""
    assert _run(*LAB, "--dry-run") == 0
    patch, _, rest = capsys.readouterr().out.partition("\ncommit message:\n")
    assert rest.endswith("nothing is written (--dry-run)\n")
    assert Path("tags.yaml").read_text() == TEXT
    Path("../p.patch").write_text(patch)
    _git("apply", "../p.patch")
    applied = Path("tags.yaml").read_text()
    _git("checkout", "-q", "tags.yaml")
    assert _run(*LAB) == 0
    assert Path("tags.yaml").read_text() == applied


def test_two_proposals_raise_the_version_once(capsys):
    """Since the last commit."""
    assert _run(*LAB) == 0
    assert _run("cost-center", "cc-2", "--title", "Production") == 0
    assert "version: 1.3.0   # semver" in Path("tags.yaml").read_text()
    assert Path("centers.csv").read_text() == "value,title\ncc-1,Research\ncc-2,Production\n"
    assert main(["dictionary", "diff", "git:HEAD"]) == 0


@pytest.mark.parametrize(
    ("arguments", "told", "hint"),
    [
        (["taem", "lab"], 'acme has no key "taem"', "its keys: team"),
        (["owner", "a@b.example"], "has no list of values", "just use it"),
        (["owner", "a@b"], 'format email is approved, but "a@b" is not an e-mail address', "write one that is"),
        (["owner", "todo@b.example"], "is nobody's address", "write one that is"),
        (["team", "vision"], "is approved for team already", "just use it"),
        (["stage", "old"], "is approved for stage already, but deprecated", "use prod, or take its status away"),
        (["team", "todo"], 'team: "todo" is a placeholder', "--allow-similar if it is meant"),
        (["team", "-"], "has neither a letter nor a digit", "--allow-similar"),
        (["team", ""], "the value is empty", "propose KEY VALUE"),
        (["team", "  "], "the value is empty", "propose KEY VALUE"),
        (["team", "Visions"], 'is nearly "vision"', "--allow-similar"),
        (["team", "a\x1bb"], "U+001B is not allowed", "plain visible text"),
        (["team", "lab", "--relate", "owner"], "names no value", "--relate cost-center="),
        (["team", "lab", "--relate", "boss=x"], 'no key "boss"', "--relate"),
        (["cost-center", "cc-2", "--owner", "x"], "the table has no column owner", "columns: value, title"),
        (["team", "lab", "--dictionary", "nowhere.yaml"], "nowhere.yaml is not a file", "check --dictionary"),
        (["team", "lab", "--dictionary", "https://x.example/d.yaml#sha256=" + "0" * 64], "none to edit", "run this in"),
        (["team"], "Missing argument", "--help"),
    ],
)
def test_errors(capsys, arguments, told, hint):
    """Exit 2 with the next step; the files stay."""
    assert _run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert hint in captured.err
    assert "\x1b" not in captured.err
    assert Path("tags.yaml").read_text() == TEXT
    assert _git("status", "--short") == ""


def test_a_placeholder_can_be_meant(capsys):
    """`test` is a placeholder almost anywhere, and a stage somewhere."""
    assert _run("team", "test") == 2
    assert "is a placeholder" in capsys.readouterr().err
    assert _run("team", "test", "--allow-similar") == 0
    assert "      test: {}\n" in Path("tags.yaml").read_text()


def test_without_a_dictionary_of_ones_own(capsys):
    """The shipped one is nobody's to edit."""
    Path(".tagwright.yaml").unlink()
    assert _run(*LAB) == 2
    assert "tagwright init" in capsys.readouterr().err


def test_without_git(capsys, tmp_path, monkeypatch):
    """Compared with what stands there."""
    other = tmp_path / "plain"
    other.mkdir()
    monkeypatch.chdir(other)
    (other / "tags.yaml").write_text(TEXT)
    (other / "centers.csv").write_text("value\ncc-1\n")
    assert _run(*LAB, "--dictionary", "tags.yaml") == 0
    assert "version: 1.3.0" in (other / "tags.yaml").read_text()


def test_both_files_or_none(capsys, monkeypatch):
    """Where the second cannot be written the first is as before."""
    from tagwright_cli.commands import dictionary_propose
    from tagwright_dictionary.errors import OutputError

    real = dictionary_propose.write_file
    written = []

    def full(path, text):
        written.append(path)
        if len(written) == 2:
            raise OutputError("the disk is full")
        real(path, text)

    monkeypatch.setattr(dictionary_propose, "write_file", full)
    assert _run("cost-center", "cc-2") == 2
    assert len(written) == 3
    assert Path("tags.yaml").read_text() == TEXT
    assert Path("centers.csv").read_text() == "value,title\ncc-1,Research\n"


def test_hostile_details(capsys):
    """Titles and reasons do nothing in the terminal, and cannot add lines to the message."""
    nasty = "x\n::error::owned\x1b[31m\nSigned-off-by: alice"
    assert _run("team", "lab", "--title", nasty) == 2  # not a plain text
    assert _run("team", "lab", "--title", "::error::owned ##[error]y", "--dry-run") == 0
    out = capsys.readouterr().out
    assert not any(line.lstrip(" +-").startswith("::") for line in out.splitlines())
    assert "##[" not in out
