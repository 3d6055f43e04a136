"""`tagwright dictionary export` and `import`: files, stdout, --strict, --check, errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tagwright_cli.commands.dictionary_export import NAMES, SUMMARIES
from tagwright_cli.main import main
from tagwright_policies.exports import TARGETS

CASES = Path(__file__).parent.parent / "policies" / "exports" / "cases" / "dictionary.yaml"


@pytest.fixture(autouse=True)
def day(monkeypatch, tmp_path):
    monkeypatch.setenv("TAGWRIGHT_TODAY", "2026-11-23")
    monkeypatch.chdir(tmp_path)


def _export(*arguments):
    return main(["dictionary", "export", "--dictionary", str(CASES), *arguments])


def test_the_names_are_those_of_the_targets():
    """The command knows every target without loading one."""
    assert tuple(TARGETS) == NAMES
    assert [target.name for target in TARGETS.values()] == list(NAMES)
    assert {target.name: target.summary for target in TARGETS.values()} == SUMMARIES


@pytest.mark.parametrize("target", NAMES)
def test_files_are_written_checked_and_found_stale(capsys, tmp_path, target):
    """--to writes, --check then agrees, and disagrees when a file was changed or is gone."""
    assert _export(target, "--to", "out") == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"tagwright: {target} does not express (tagwright check does):" in captured.err
    assert _export(target, "--to", "out", "--check") == 0
    first = min(path for path in (tmp_path / "out").rglob("*") if path.is_file())
    first.write_text("changed")
    assert _export(target, "--to", "out", "--check") == 1
    assert "is not what the dictionary gives: export again" in capsys.readouterr().err
    assert first.read_text() == "changed"
    first.unlink()
    assert _export(target, "--to", "out", "--check") == 1


def test_a_single_file_goes_to_stdout(capsys):
    """The document and nothing else; what it does not express goes to stderr, unless --quiet."""
    assert _export("json-schema") == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["title"] == "Tags of export-cases 1.4.0"
    assert "  unreached: " in captured.err
    assert _export("aws-tag-policy", "-q") == 0
    captured = capsys.readouterr()
    assert set(json.loads(captured.out)) == {"tags"}
    assert captured.err == ""


def test_several_files_need_a_folder(capsys):
    """The error says how to give one."""
    assert _export("rego") == 2
    assert capsys.readouterr().err == (
        "tagwright: rego is 5 files, which do not fit into one\n  help: tagwright dictionary export rego --to DIR\n"
    )


def test_a_single_file_goes_to_a_file(capsys, tmp_path):
    """--output writes what stdout would get, and not together with --to."""
    assert _export("json-schema", "-q") == 0
    shown = capsys.readouterr().out
    assert _export("json-schema", "-q", "-o", "tags.json") == 0
    assert (tmp_path / "tags.json").read_text() == shown
    assert _export("json-schema", "-q", "-o", "tags.json") == 0
    assert _export("json-schema", "-o", "tags.json", "--to", "out") == 2


def test_help_names_every_target(capsys):
    """With its summary, after the first sentence and the examples."""
    assert main(["dictionary", "export", "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for name, summary in SUMMARIES.items():
        assert f"{name} {summary}" in shown


@pytest.mark.parametrize("target", NAMES)
def test_a_foreign_file_is_never_overwritten(capsys, tmp_path, target):
    """Neither it nor anything beside it is touched, until --force; an earlier export is replaced."""
    assert _export(target, "--to", "out", "-q") == 0
    files = sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())
    written = {path: path.read_bytes() for path in files}
    earlier = files[-1]
    earlier.write_bytes(written[earlier] + b"\n")
    assert _export(target, "--to", "out", "-q") == 0
    assert {path: path.read_bytes() for path in files} == written
    for path in files[1:]:
        path.unlink()
    files[0].write_text("mine\n")
    capsys.readouterr()
    assert _export(target, "--to", "out", "-q") == 2
    assert "is no earlier export, and is left as it is" in capsys.readouterr().err
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == [files[0]]
    assert files[0].read_text() == "mine\n"
    assert _export(target, "--to", "out", "-q", "--force") == 0
    assert {path: path.read_bytes() for path in files} == written


def test_what_an_earlier_export_left_behind_is_named(capsys, tmp_path):
    """A policy that the dictionary no longer gives would still be enforced: it is named, and --check fails."""
    assert _export("custodian", "--to", "out", "-q") == 0
    old = tmp_path / "out" / "policies" / "zzz.yml"
    old.write_bytes((tmp_path / "out" / "policies" / "ec2.yml").read_bytes())
    (tmp_path / "out" / "policies" / "mine.yml").write_text("policies: []\n")
    capsys.readouterr()
    assert _export("custodian", "--to", "out", "--check") == 1
    message = "tagwright: out/policies/zzz.yml is of an earlier export, and not of this one: remove it\n"
    assert capsys.readouterr().err == message
    assert _export("custodian", "--to", "out", "-q") == 0
    assert message in capsys.readouterr().err


def test_strict_refuses_and_writes_nothing(capsys, tmp_path):
    """Exit 1 with the list; what is accepted by name does not count."""
    assert _export("rego", "--to", "out", "--strict") == 1
    assert "tagwright: rego cannot express everything in export-cases 1.4.0\n" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    accepted = [
        "unreached",
        "placeholder-value",
        "key-case",
        "invalid-tag",
        "undecided",
        "carried-tags",
        "exemptions",
        "service-levels",
    ]
    options = [option for subject in accepted for option in ("--accept", subject)]
    assert _export("rego", "--to", "out", "--strict", *options) == 1
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines() if line.startswith("  ")] == [
        "  classes",
        "  classes",
        "  help",
    ]
    assert _export("rego", "--to", "out", "--strict", *options, "--accept", "classes") == 0
    assert (tmp_path / "out" / "policy" / "tags.rego").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sql"], "Invalid value for 'TARGET'"),
        (["rego", "--check"], "--check compares files, so it needs --to"),
        (["rego", "--to", "file/out"], "cannot be made"),
    ],
)
def test_wrong_use_is_exit_2(capsys, tmp_path, arguments, message):
    """With what to do instead."""
    (tmp_path / "file").write_text("")
    assert _export(*arguments) == 2
    assert message in capsys.readouterr().err


def test_a_policy_is_imported_and_valid(capsys, tmp_path):
    """Export, import, validate: the dictionary that comes out is one; notes go to stderr."""
    assert _export("aws-tag-policy", "--to", "out", "-q") == 0
    arguments = [
        "dictionary",
        "import",
        "aws-tag-policy",
        "out/tag-policy.json",
        "--name",
        "acme",
        "--version",
        "2.0.0",
    ]
    capsys.readouterr()
    assert main([*arguments, "-o", "tags.yaml"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "tagwright: Tier is enforced by AWS for s3:ALL_SUPPORTED: a dictionary has no such word\n" in captured.err
    assert main(["dictionary", "validate", "tags.yaml"]) == 0
    assert capsys.readouterr().out.startswith("valid: acme 2.0.0, 15 keys")
    assert main([*arguments, "-q"]) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ((tmp_path / "tags.yaml").read_text(), "")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "p.json cannot be read: No such file or directory"),
        (b"\xff", "p.json is not UTF-8"),
        (b"{", "p.json: this is not JSON"),
    ],
)
def test_an_unreadable_policy_is_exit_2(capsys, tmp_path, content, message):
    """The file is named."""
    if content is not None:
        (tmp_path / "p.json").write_bytes(content)
    assert main(["dictionary", "import", "aws-tag-policy", "p.json"]) == 2
    assert message in capsys.readouterr().err
