"""`tagwright dictionary diff`: formats, exit codes, errors with the next step."""

from __future__ import annotations

import html
import json
import subprocess
from pathlib import Path

import pytest

from tagwright_cli.main import main

OLD = """\
schema: 1
name: acme
version: 1.2.0
keys:
  team: {values: {vision: {}, search: {}}}
  owner: {}
requirements:
  - {id: must, for: [gpu], require: [team]}
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TAGWRIGHT_TODAY", "2026-11-01")
    (folder / "old.yaml").write_text(OLD)
    return folder


def _new(*edits):
    text = OLD
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    Path("new.yaml").write_text(text)


BREAKING = ("require: [team]", "require: [team, owner]")


def _run(*arguments):
    return main(["dictionary", "diff", "old.yaml", "new.yaml", *arguments])


def test_text(capsys):
    """What breaks first, with an example; the version last."""
    _new(BREAKING, ("search: {}", "search: {}, lab: {}"), ("  owner: {}", "  owner: {title: Owner}"))
    assert _run() == 1
    assert capsys.readouterr().out == (
        "acme 1.2.0 -> 1.2.0\n"
        "major: 1 value added, 1 key reworded, 1 requirement changed; 1 change breaks those who comply today.\n"
        "\n"
        "tightened: tags that pass now will fail\n"
        "  must: owner is required\n"
        "    requirements.must.require.owner\n"
        '    passes now, will fail: a gpu resource with team = "vision": owner is\n'
        "      required on GPU nodes\n"
        "\n"
        "added\n"
        '  "lab" is added\n'
        "    keys.team.values.lab\n"
        "\n"
        "reworded\n"
        "  the title of owner is reworded\n"
        "    keys.owner.title\n"
        "\n"
        "The version 1.2.0 is too low: after 1.2.0 these changes demand 2.0.0 (major).\n"
    )


@pytest.mark.parametrize(
    ("edit", "version", "code", "told"),
    [
        (BREAKING, "1.2.0", 1, "demand 2.0.0 (major)"),
        (BREAKING, "1.9.0", 1, "demand 2.0.0 (major)"),
        (BREAKING, "2.0.0", 0, "The version 2.0.0 is fine"),
        (BREAKING, "3.1.4", 0, "The version 3.1.4 is fine"),
        (("search: {}", "search: {}, lab: {}"), "1.2.1", 1, "demand 1.3.0 (minor)"),
        (("search: {}", "search: {}, lab: {}"), "1.3.0", 0, "is fine"),
        (("owner: {}", "owner: {title: O}"), "1.2.0", 1, "demand 1.2.1 (patch)"),
        (("owner: {}", "owner: {title: O}"), "1.2.1", 0, "is fine"),
        (("name: acme", "name: acme"), "1.2.0", 0, "Nothing demands another version"),
        (("name: acme", "name: acme"), "1.1.0", 1, "went back from 1.2.0 to 1.1.0"),
        (("name: acme", "name: acme"), "1.3.0", 0, "1.2.0 became 1.3.0 for nothing."),
    ],
)
def test_the_version_decides_the_exit_code(capsys, edit, version, code, told):
    """1 when it is lower than the changes demand, or goes back."""
    _new(edit, ("version: 1.2.0", f"version: {version}"))
    assert _run() == code
    assert told in " ".join(capsys.readouterr().out.split())


def test_json(capsys):
    """Everything, with the examples as data."""
    _new(BREAKING, ("version: 1.2.0", "version: 2.0.0"))
    assert _run("--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: found[name] for name in ("schema", "date", "bump", "demands", "version_matches")} == {
        "schema": 1,
        "date": "2026-11-01",
        "bump": "major",
        "demands": "2.0.0",
        "version_matches": True,
    }
    assert found["summary"] == {
        "added": 0, "removed": 0, "renamed": 0, "changed": 1, "reworded": 0, "tightened": 1, "loosened": 0,
    }  # fmt: skip
    assert found["changes"] == [
        {
            "path": "requirements.must.require.owner",
            "kind": "changed",
            "effects": ["tightened"],
            "bump": "major",
            "message": "must: owner is required",
            "before": "",
            "after": "owner",
            "keys": ["owner", "team"],
            "tightened_by": {
                "resource": "a gpu resource",
                "tags": {"team": "vision"},
                "rule": "missing-tag",
                "message": "owner is required on GPU nodes",
            },
            "loosened_by": None,
        }
    ]
    assert (found["old"]["version"], found["new"]["version"]) == ("1.2.0", "2.0.0")


def test_markdown(capsys):
    """A table a sort."""
    _new(("search: {}", "search: {}, lab: {}"), ("version: 1.2.0", "version: 1.3.0"))
    assert _run("-f", "markdown") == 0
    assert html.unescape(capsys.readouterr().out).replace("\u2060", "") == (
        "### acme 1.2.0 -> 1.3.0\n\n"
        "**minor: 1 value added.** The version 1.3.0 is fine: after 1.2.0 these changes demand at least 1.3.0.\n\n"
        '#### added\n\n| what | change |\n| --- | --- |\n| <code>keys.team.values.lab</code> | "lab" is added |\n'
    )


def test_revisions(here, capsys, monkeypatch):
    """The dictionary in use against what was committed, from anywhere in the repository."""
    for arguments in (["init", "-q", "-b", "main"], ["add", "old.yaml"]):
        subprocess.run(["git", *arguments], check=True, cwd=here)
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", *identity, "commit", "-qm", "x"], check=True, cwd=here)
    (here / ".tagwright.yaml").write_text("dictionary: old.yaml\n")
    (here / "old.yaml").write_text(OLD.replace("search: {}", "search: {}, lab: {}"))
    (here / "deep").mkdir()
    monkeypatch.chdir(here / "deep")
    assert main(["dictionary", "diff", "git:main"]) == 1
    assert "demand 1.3.0" in capsys.readouterr().out
    assert main(["dictionary", "diff", "git:main:old.yaml", "../old.yaml"]) == 1
    assert main(["dictionary", "diff", "git:main", "git:main"]) == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.yaml", "old.yaml"], "nowhere.yaml does not exist"),
        (["old.yaml", "broken.yaml"], "broken.yaml:2:1: not valid YAML"),
        (["old.yaml", "https://tags.acme.example/d.yaml"], "is not pinned"),
        (["git:main", "old.yaml"], "is not in a git repository"),
        (["old.yaml", "new.yaml", "--output", "no/where.txt"], "cannot be written to no/where.txt"),
        ([], "Missing argument"),
        (["old.yaml", "new.yaml", "--format", "yaml"], "not one of"),
    ],
)
def test_errors(capsys, arguments, told):
    """Exit 2, what is wrong, and the next step; stdout stays empty."""
    _new(BREAKING)
    Path("broken.yaml").write_text("schema: [")
    assert main(["dictionary", "diff", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert "help: " in captured.err


def test_output_and_colour(monkeypatch, here, capsys):
    """A file is plain and complete; colour only where it is asked for, and NO_COLOR is heard."""
    _new(BREAKING)
    assert _run() == 1
    plain = capsys.readouterr().out
    assert _run("--output", "out.txt") == 1
    assert capsys.readouterr().out == ""
    assert (here / "out.txt").read_text() == plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert _run() == 1
    assert "\x1b[1;31mtightened" in capsys.readouterr().out
    monkeypatch.delenv("FORCE_COLOR")
    monkeypatch.setenv("NO_COLOR", "1")
    assert _run() == 1
    assert capsys.readouterr().out == plain


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_hostile_words(capsys, form):
    """Words of a dictionary under review do nothing, in whichever format."""
    nasty = json.dumps("<script>x</script> | `y` ::error::z ##[error] [a](http://b) @acme/all")
    _new(
        ("search: {}", f"search: {{}}, lab: {{title: {nasty}}}, '::error::v': {{}}, '|`<b>': {{}}"),
        ("owner: {}", f"owner: {{description: {nasty}}}"),
    )
    assert _run("-f", form) == 1
    out = capsys.readouterr().out
    if form == "json":
        assert len(json.loads(out)["changes"]) == 4
        return
    assert not any(line.lstrip().startswith("::") for line in out.splitlines())
    assert "##[" not in out
    if form == "markdown":
        assert not set("<>`[]@") & set(out.replace("<code>", "").replace("</code>", "").replace("<br>", ""))
        assert {line.count("|") for line in out.splitlines() if line.startswith("|")} == {3}


def test_same_bytes(capsys):
    """Twice the same."""
    _new(BREAKING, ("search: {}", "lab: {}"))
    texts = []
    for _ in range(2):
        _run("-f", "json")
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
