"""`tagwright init`: from a repository to a gate that blocks what is new."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tagwright_cli.main import main

CODE = """\
variable "team" {}

resource "aws_s3_bucket" "a" {
  tags = { Owner = "ml@acme.example", env = "Prod", cost_center = "CC-100" }
}

resource "aws_s3_bucket" "b" {
  tags = { owner = "ml@acme.example", env = "production", cost_center = "CC-101", Squad = "vision" }
}

resource "aws_s3_bucket" "c" {
  tags = { owner = "data@acme.example", env = "production", Squad = "Vision" }
}

resource "aws_s3_bucket" "d" {
  tags = { env = "prd", Squad = "vision", team = var.team }
}
"""
NEW = '\nresource "aws_s3_bucket" "fresh" {\n  tags = { owner = "ml@acme.example" }\n}\n'
CHECK = ["check", "--baseline", ".tagwright-baseline.json"]
FILES = [".tagwright-baseline.json", ".tagwright.yaml", "tag-dictionary.yaml"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    folder = tmp_path / "my service"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TAGWRIGHT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TAGWRIGHT_TODAY", "2026-11-01")
    (folder / "main.tf").write_text(CODE)
    return folder


def _written(folder):
    return sorted(path.name for path in folder.iterdir() if path.name not in (".git", "main.tf"))


def test_ten_minutes(here, capsys):
    """The proposal is valid; the gate is clean at once, blocks what is new, and the baseline only shrinks."""
    assert main(["init"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("read 4 resources in 1 file\n\nkeys in use\n")
    assert "  owner: 3 resources, also written Owner\n" in out
    assert "      production instead of prd, Prod\n" in out
    assert "      vision instead of Vision\n" in out
    assert _written(here) == FILES
    assert main(["dictionary", "validate"]) == 0
    assert capsys.readouterr().out.startswith("valid: my-service 0.1.0")
    assert main(CHECK) == 0
    baseline = json.loads(Path(FILES[0]).read_text())["findings"]

    (here / "main.tf").write_text(CODE + NEW)
    capsys.readouterr()
    assert main([*CHECK, "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {each["address"] for each in found if each["blocking"]} == {"aws_s3_bucket.fresh"}
    assert main([*CHECK, "--write-baseline", FILES[0]]) == 1
    assert json.loads(Path(FILES[0]).read_text())["findings"] == baseline  # nothing is added

    mended = CODE.replace('"Prod"', '"production"')
    (here / "main.tf").write_text(mended)
    assert main([*CHECK, "--write-baseline", FILES[0]]) == 0
    smaller = json.loads(Path(FILES[0]).read_text())["findings"]
    assert len(smaller) < len(baseline)
    assert all(each in baseline for each in smaller)
    (here / "main.tf").write_text(CODE)
    assert main(CHECK) == 1  # what was mended may not come back


def test_nothing_is_written_over(here, capsys):
    """Not one of the three; --force says what it does, and keeps other settings."""
    for name in FILES:
        shutil.rmtree(here / name, ignore_errors=True)
        (here / name).write_text("" if name != ".tagwright.yaml" else "on_unknown: fail # strict\n")
        assert main(["init"]) == 2
        assert f"{name} is here already" in capsys.readouterr().err
        assert _written(here) == [name]
        if name != ".tagwright.yaml":
            (here / name).unlink()
        else:
            assert main(["init", "--force"]) == 0
            assert "writing over .tagwright.yaml" in capsys.readouterr().err
            assert (here / name).read_text() == "on_unknown: fail # strict\ndictionary: tag-dictionary.yaml\n"
            for each in FILES:
                (here / each).unlink()


def test_dry_run(here, capsys):
    """The dictionary on stdout, nothing on disk, also where there is one."""
    assert main(["init", "--dry-run", "--name", "acme"]) == 0
    text = capsys.readouterr().out
    assert "\nname: acme\n" in text
    assert _written(here) == []
    (here / "tag-dictionary.yaml").write_text(text)
    assert main(["dictionary", "validate", "tag-dictionary.yaml"]) == 0
    capsys.readouterr()
    assert main(["init", "--dry-run", "--name", "acme"]) == 0
    assert capsys.readouterr().out == text


def test_another_folder(here, capsys, monkeypatch):
    """The files are written there; where one starts does not matter."""
    monkeypatch.chdir(here.parent)
    assert main(["init", "my service"]) == 0
    assert "cd 'my service' && tagwright check" in capsys.readouterr().out
    assert _written(here) == FILES
    monkeypatch.chdir(here)
    assert main(CHECK) == 0


def test_what_cannot_be_read(here, capsys):
    """Every place is told; the hint leaves them out, then and in every check."""
    (here / "docs").mkdir()
    (here / "docs" / "bad.tf").write_text("resource {{{\n")
    (here / "other docs").mkdir()
    (here / "other docs" / "worse.tf").write_text('resource "a" {\n')
    assert main(["init"]) == 2
    err = capsys.readouterr().err
    assert "docs/bad.tf:1" in err
    assert "other docs/worse.tf" in err
    hint = "tagwright init --exclude docs --exclude 'other docs'"
    assert hint in err
    assert _written(here) == ["docs", "other docs"]
    assert main(["init", "--exclude", "docs", "--exclude", "other docs"]) == 0
    assert (here / ".tagwright.yaml").read_text().endswith("exclude: [docs, other docs]\n")
    assert main(CHECK) == 0


def test_exclude_of_another_settings_file(here, capsys):
    """Which would count alone: the globs belong there."""
    (here / "pyproject.toml").write_text('[tool.tagwright]\nexclude = ["x"]\n')
    assert main(["init", "--exclude", "docs"]) == 2
    assert "pyproject.toml" in capsys.readouterr().err
    assert main(["init"]) == 0


def test_a_dictionary_named_in_pyproject(here, capsys):
    """Two files would name one."""
    (here / "pyproject.toml").write_text('[tool.tagwright]\ndictionary = "x.yaml"\n')
    assert main(["init"]) == 2
    assert "names a dictionary already" in capsys.readouterr().err


def test_nothing_to_read(here, capsys):
    """No code, no folder, a file: exit 2 and the next step."""
    (here / "main.tf").unlink()
    assert main(["init"]) == 2
    assert "nothing was scanned" in capsys.readouterr().err
    assert main(["init", "nowhere"]) == 2
    assert "nowhere is not a folder" in capsys.readouterr().err


def test_suppressions_that_are_wrong_are_not_accepted(here, capsys):
    """A baseline takes findings, not faults of suppressions: told with their place, exit 1. Good ones count."""
    good = '# tagwright:ignore[missing-tag] until=2026-12-31 reason="moves"\nresource "aws_s3_bucket" "b"'
    bad = CODE.replace('"a" {', '"a" { # tagwright:ignore[missing-tag]')
    (here / "main.tf").write_text(bad.replace('resource "aws_s3_bucket" "b"', good))
    assert main(["init"]) == 1
    assert "not accepted: 1 finding about suppressions; mend these first:\n  main.tf:3:" in capsys.readouterr().out
    assert main(CHECK) == 1
    out = capsys.readouterr().out
    assert "blocked: 1 of 4 resources (1 error)." in out
    assert "no finding any more" not in out


def test_same_repository_same_bytes(here, tmp_path, monkeypatch, capsys):
    """Wherever it lies, whatever the order of files on disk."""
    other = tmp_path / "elsewhere" / "my service"
    (other / ".git").mkdir(parents=True)
    blocks = CODE.split("\n\n")
    for number, block in enumerate(reversed(blocks)):
        (other / f"f{number}.tf").write_text(block + "\n")
    (here / "main.tf").unlink()
    for number, block in reversed(list(enumerate(reversed(blocks)))):
        (here / f"f{number}.tf").write_text(block + "\n")
    texts = []
    for folder in (here, other):
        monkeypatch.chdir(folder)
        assert main(["init"]) == 0
        texts.append([capsys.readouterr().out, *((folder / name).read_bytes() for name in FILES)])
    assert texts[0] == texts[1]


def test_hostile_tags(here, capsys):
    """Keys and values from code do nothing in the terminal, nor in the file that is written."""
    nasty = "\\u001b[31m\\n::error::x"
    (here / "main.tf").write_text(
        "".join(
            f'resource "aws_s3_bucket" "r{number}" {{\n  tags = {{ "k# {nasty}" = "v {nasty}", env = "{nasty}" }}\n}}\n'
            for number in range(3)
        )
    )
    assert main(["init"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert not any(line.lstrip().startswith("::") for line in out.splitlines())
    text = (here / "tag-dictionary.yaml").read_text()
    assert "\x1b" not in text
    assert main(["dictionary", "validate"]) == 0
    assert main(CHECK) == 0


def test_written_together_or_not_at_all(here, monkeypatch, capsys):
    """A disk that is full at the third file leaves none."""
    from tagwright_cli.governance import starting
    from tagwright_dictionary.errors import OutputError

    real = starting.write_file

    def full(path, text):
        if path == FILES[0]:
            raise OutputError("the disk is full")
        real(path, text)

    monkeypatch.setattr(starting, "write_file", full)
    assert main(["init"]) == 2
    assert _written(here) == []
    assert "the disk is full" in capsys.readouterr().err
